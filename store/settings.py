"""The settings' revisions: immutable, numbered from 1, and never saved over somebody's head."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any, Final, Literal

import redis

from rules.settings import Change, InvalidSettings, Settings, Value, diff, to_json, validated
from store import keys
from store.connection import text
from store.scripts import Scripts
from store.seal import check_seal

AuthorKind = Literal["file", "admin", "system", "cli"]


class NoSettingsError(Exception):
    """The store holds no revision: nobody has started the product on it yet."""

    def __init__(self) -> None:
        super().__init__("The store holds no settings yet: start the product once (make run).")


class DamagedSettingsError(Exception):
    """What the store holds is not what was saved; a person has to look."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a revision: settings.toml, an admin (Slack id and name), we, or a shell's user."""

    kind: AuthorKind
    id: str = ""
    name: str = ""

    def __str__(self) -> str:
        return f"{self.name or self.id or self.kind} ({self.kind})"


BY_FILE: Final = Author("file", name="settings.toml")
BY_SYSTEM: Final = Author("system", name="aircall-hubspot")


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of the settings, as it was saved."""

    number: int
    based_on: int
    """The revision its author had seen; 0 for the first."""
    at: int
    """Milliseconds since 1970, by the store's clock."""
    author: Author
    settings: Settings
    changes: tuple[Change, ...]
    """Against the revision before; of the first, against the built-in defaults."""
    note: str = ""


class StaleSettings(Exception):  # noqa: N818  (design's name: it says what the form was)
    """A save was based on a revision that is no longer in force; `between` came since."""

    def __init__(self, between: Iterable[Revision]) -> None:
        self.between = tuple(between)
        saves = "; ".join(
            f"revision {each.number} by {each.author} changed "
            + (", ".join(change.path for change in each.changes) or "nothing")
            for each in self.between
        )
        super().__init__(f"Somebody saved in between, so nothing was stored: {saves}.")


class Revisions:
    """The settings revisions of one Redis; every method raises redis-py's errors too."""

    def __init__(self, connection: redis.Redis) -> None:
        self._connection = connection
        self._scripts = Scripts(connection)

    def current(self) -> Revision:
        """Read the revision in force; raises NoSettingsError, DamagedSettingsError."""
        number = self._head()
        while True:
            fields = [str(number), str(number + 1)]
            raw, after = self._connection.hmget(keys.SETTINGS_REVISIONS, fields)
            if after is None:
                break
            before, number = number, self._head()  # somebody may have saved in between
            if number == before:
                raise DamagedSettingsError(
                    f"Revision {number} of the settings is in force, and a later one is there."
                )
        if raw is None:
            raise DamagedSettingsError(
                f"Revision {number} of the settings is in force and not in the store."
            )
        return _parsed(raw, number)

    def _head(self) -> int:
        raw = self._connection.get(keys.SETTINGS_HEAD)
        if raw is None:
            raise NoSettingsError
        try:
            return int(raw)
        except ValueError:
            raise DamagedSettingsError(
                f"{keys.SETTINGS_HEAD} is no revision's number: {raw!r}."
            ) from None

    def get(self, number: int) -> Revision:
        """Read one revision; raises LookupError if there never was one of this number."""
        raw = self._connection.hget(keys.SETTINGS_REVISIONS, str(number))
        if raw is None:
            raise LookupError(f"There is no revision {number} of the settings.")
        return _parsed(raw, number)

    def all(self) -> tuple[Revision, ...]:
        """Read every revision, oldest first."""
        return _sorted(self._connection.hgetall(keys.SETTINGS_REVISIONS))

    def changing(self, path: str) -> tuple[Revision, ...]:
        """Read the first revision and those that changed this setting, oldest first.

        Cheaper than `all`: of the others nothing is parsed.
        """
        said = f'"path":{_json(path)}'
        kept = self._connection.hgetall(keys.SETTINGS_REVISIONS)
        return _sorted({n: raw for n, raw in kept.items() if text(n) == "1" or said in text(raw)})

    def since(self, number: int) -> tuple[Revision, ...]:
        """Read the revisions that came after this one, oldest first."""
        kept = self._connection.hgetall(keys.SETTINGS_REVISIONS)
        return _sorted({n: raw for n, raw in kept.items() if _number(n) > number})

    def at_time(self, ms: int) -> Revision:
        """Read the revision in force at a moment (milliseconds since 1970), as `in_force` tells it.

        Raises NoSettingsError, DamagedSettingsError.
        """
        kept = self._connection.hgetall(keys.SETTINGS_REVISIONS)
        by_number = {_number(field): raw for field, raw in kept.items()}
        found = None
        # The newest first: an older one that is damaged is not asked for.
        for number in sorted(by_number, reverse=True):
            found = _parsed(by_number[number], number)
            if found.at <= ms:
                break
        if found is None:
            raise NoSettingsError
        return found

    def save(
        self,
        settings: Settings,
        author: Author,
        based_on: int,
        note: str = "",
        *,
        even_unchanged: bool = False,
    ) -> Revision:
        """Make these settings the next revision and return it.

        `based_on` is the revision that the author had seen, 0 for the first one. Without a change,
        also when the same save comes twice, no revision is made and the one in force is returned.
        Raises StaleSettings with what was saved in between; then nothing is stored.
        """
        changes = self._changes(settings, based_on)
        if changes == () and based_on and not even_unchanged:
            return self.current()
        if changes is None or not (answer := self._run(settings, author, based_on, note, changes)):
            current = self.current()
            if current.settings == settings:
                return current
            raise StaleSettings(self.all() if changes is None else self.since(based_on))
        return _parsed(answer, based_on + 1)

    def _run(
        self,
        settings: Settings,
        author: Author,
        based_on: int,
        note: str,
        changes: tuple[Change, ...],
    ) -> bytes:
        answer: bytes | int = self._scripts.run(
            "save_settings",
            based_on,
            _json(asdict(author)),
            to_json(settings),
            _json([asdict(change) for change in changes]),
            _json(note),
            uuid.uuid4().hex,
        )
        if isinstance(answer, int):
            raise DamagedSettingsError(
                f"Revision {answer} of the settings is there although {keys.SETTINGS_HEAD} says "
                f"{based_on}."
            )
        return answer

    def _changes(self, settings: Settings, based_on: int) -> tuple[Change, ...] | None:
        if based_on == 0:
            return diff(Settings(), settings)
        try:
            return diff(self.get(based_on).settings, settings)
        except LookupError:
            # The form is older than this store: stale, whatever it says.
            return None


def in_force(revisions: Sequence[Revision], ms: int) -> Revision:
    """Return which of all revisions, oldest first, was in force at a moment (ms since 1970).

    Of a time before the first revision, that is the first. Where the store's clock once stepped
    back, the newest revision dated before the moment counts.
    """
    return next((each for each in reversed(revisions) if each.at <= ms), revisions[0])


def revision_as_json(revision: Revision) -> dict[str, Any]:
    """Give a revision as JSON-able values, in the shape it is kept in."""
    return {
        "number": revision.number,
        "based_on": revision.based_on,
        "at": revision.at,
        "author": asdict(revision.author),
        "note": revision.note,
        "changes": [asdict(change) for change in revision.changes],
        "settings": revision.settings.model_dump(),
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _sorted(kept: Mapping[bytes | str, bytes | str]) -> tuple[Revision, ...]:
    read = (_parsed(raw, _number(field)) for field, raw in kept.items())
    return tuple(sorted(read, key=lambda each: each.number))


def _number(field: bytes | str) -> int:
    try:
        return int(field)
    except ValueError:
        raise DamagedSettingsError(
            f"{keys.SETTINGS_REVISIONS} holds {field!r}, which is no revision's number."
        ) from None


@lru_cache(maxsize=256)
def _parsed(raw: bytes | str, number: int) -> Revision:
    try:
        kept = json.loads(check_seal(raw, str(number)))
        return Revision(
            number=int(kept["number"]),
            based_on=int(kept["based_on"]),
            at=int(kept["at"]),
            author=Author(**kept["author"]),
            settings=validated(kept["settings"]),
            changes=tuple(_change(change) for change in kept["changes"]),
            note=str(kept["note"]),
        )
    except (InvalidSettings, ValueError, LookupError, TypeError) as error:
        raise DamagedSettingsError(
            f"A revision of the settings in {keys.SETTINGS_REVISIONS} cannot be read ({error}): "
            f"{raw[:80]!r}."
        ) from error


def _change(kept: Mapping[str, Any]) -> Change:
    return Change(kept["path"], _value(kept["old"]), _value(kept["new"]))


def _value(kept: Any) -> Value:  # noqa: ANN401  (what JSON held)
    return tuple(kept) if isinstance(kept, list) else kept
