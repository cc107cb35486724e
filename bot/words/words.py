"""The reader's language: English is written in the code, German stands in `de.po`.

A sentence with holes is one message: `words("{count} numbers", count=3)`. What lower rooms say in
English (a refused setting, a reason, an alert) is found in `bot.words.retold` by its shape and said
again: `words.retell("Aircall has no number with the id 7.")`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final, Literal

from babel.dates import format_timedelta
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations

from bot.markup import Markup, escape
from bot.words.retold import RETOLD

Language = Literal["en", "de"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "de")
LOCALES: Final = Path(__file__).parent
_HOLE: Final = re.compile(r"\{(\w+)\}")
_SENTENCES: Final = re.compile(r"(?<=\.) ")
MOST_SENTENCES: Final = 12
"""Sentences that are told apart in what another room said; the rest counts as one."""
AGAIN: Final = frozenset({"because", "why", "reason", "choices"})
"""Holes of retold sentences that hold another sentence of ours."""


def language_of(locale: str) -> Language:
    """Return the language we speak to a reader of this locale (`de-DE`): German or English."""
    return "de" if locale.lower().startswith("de") else "en"


class Words:
    """Says our sentences in one language."""

    def __init__(self, language: Language) -> None:
        """Speak `language`, from its catalogue."""
        self.language: Language = language
        self._catalogue: NullTranslations = _translations(language)

    def __call__(self, text: str, /, **values: object) -> str:
        """Say `text` in plain words, its holes filled with plain `values`."""
        said = self._catalogue.gettext(text)
        return _filled(said, {name: str(value) for name, value in values.items()})

    def md(self, text: str, /, **values: object) -> Markup:
        """Say `text` as mrkdwn: it is ours; every value is escaped unless it is Markup."""
        said = self._catalogue.gettext(text)
        return Markup(_filled(said, {name: escape(value) for name, value in values.items()}))

    def count(self, one: str, many: str, number: int, /, **values: object) -> str:
        """Say `one` or `many` by `number`, which fills the hole `{count}`."""
        said = self._catalogue.ngettext(one, many, number)
        filled = {name: str(value) for name, value in values.items()}
        return _filled(said, {"count": self.number(number), **filled})

    def number(self, number: float) -> str:
        """Write a number as this language does."""
        return format_decimal(number, locale=self.language)

    def duration(self, seconds: float) -> str:
        """Write a span of time in its largest unit: "3 minutes"."""
        return format_timedelta(
            timedelta(seconds=max(seconds, 0)), locale=self.language, threshold=1.5
        )

    def from_now(self, seconds: float) -> str:
        """Say when that is: "3 minutes ago", or "in 3 minutes"."""
        return format_timedelta(
            timedelta(seconds=seconds), locale=self.language, threshold=1.5, add_direction=True
        )

    def retell(self, said: str, /) -> str:
        """Say again, in this language, what another room said in English; unknown stays as it is.

        Several sentences are said again if each of them is known, however many a value in one of
        them has. Values that fill the holes stay as they are, for a vendor's words are not ours to
        translate, but for those in `AGAIN`.
        """
        if self.language == "en" or not said:
            return said
        told = self._in_sentences(_SENTENCES.split(said, MOST_SENTENCES))
        return said if told is None else " ".join(told)

    def _in_sentences(self, rest: Sequence[str]) -> list[str] | None:
        """Say these again, as few at a time as are known together; None if one is not known."""
        if not rest:
            return []
        for end in range(1, len(rest) + 1):
            told = self._retold(" ".join(rest[:end]))
            if told and (others := self._in_sentences(rest[end:])) is not None:
                return [told, *others]
        return None

    def _retold(self, said: str) -> str | None:
        exact = self._catalogue.gettext(said)
        if exact != said:
            return exact
        ended = said.endswith(".")
        for pattern, message in _patterns():
            if ended and not message.endswith("."):
                continue  # a full stop is no part of a value
            if match := pattern.fullmatch(said):
                values = {
                    name: self.retell(value) if name in AGAIN else value
                    for name, value in match.groupdict().items()
                }
                return _filled(self._catalogue.gettext(message), values)
        # A vendor's error ends in nothing, and some rooms put a full stop after it.
        told = self._retold(said[:-1]) if ended else None
        return f"{told}." if told else None


@cache
def words_in(language: Language) -> Words:
    """Return the words of a language, read once per process."""
    return Words(language)


def _filled(text: str, values: Mapping[str, str]) -> str:
    """Fill the holes; nothing in a value is looked at again, and a hole without value stays."""
    return _HOLE.sub(lambda hole: values.get(hole[1], hole[0]), text)


def catalogue(language: Language) -> Catalog:
    """Read a language's catalogue; English has none and needs none."""
    path = LOCALES / f"{language}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def _translations(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogue(language))
    compiled.seek(0)
    return Translations(compiled)


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """What may be said again, as patterns; those that fix the most text first."""
    texts = [text for text in RETOLD if _HOLE.search(text)]
    texts.sort(key=lambda text: len(_HOLE.sub("", text)), reverse=True)
    return tuple((_pattern(text), text) for text in texts)


def _pattern(text: str) -> re.Pattern[str]:
    seen: set[str] = set()
    parts = []
    at = 0
    for hole in _HOLE.finditer(text):
        parts.append(re.escape(text[at : hole.start()]))
        name = hole[1]
        parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.+?)")
        seen.add(name)
        at = hole.end()
    return re.compile("".join([*parts, re.escape(text[at:])]), re.DOTALL)
