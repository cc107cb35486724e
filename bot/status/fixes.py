"""What an admin can do about an alert: the buttons beside it, by how the alert's name begins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from bot.blocks import Element, button
from bot.words import N_, Words
from rules.missing import Missing
from store.alerts import Alert

BESIDE: Final = "alert"
"""Begins what tells the buttons beside alerts apart from each other and from all others."""
About = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fix:
    """A way to mend something: a button's action, and the sub-command that does the same."""

    action: str
    command: str
    """Empty where no sub-command does the same: then it stands in no menu."""
    text: str
    label: str
    """The full sentence, at most 75 characters."""
    value: str = ""
    """What the action is told; where empty, the sub-command."""
    taken: Callable[[About], str] | None = field(default=None, compare=False)
    """Takes the value from what an alert is about."""
    helps: Callable[[About], bool] | None = field(default=None, compare=False)
    """Tells whether it helps now, by what an alert is about; by default it does."""

    def of(self, about: About) -> Fix:
        """Return it for an alert that is about this."""
        value = self.taken(about) if self.taken else self.value
        return replace(self, value=value, taken=None, helps=None)

    def button(self, words: Words, number: int = 0, text: str = "") -> Element:
        """Build the button, with another `text` where its name is enough.

        `number` tells several of one message apart.
        """
        id_ = f"{self.action}#{number}" if number else self.action
        label = words(self.label)
        return button(words(text or self.text), id_, label=label, value=self.value or self.command)

    def button_beside(self, alert: int, words: Words) -> Element:
        """Build the button beside the alert that stands at this place, counted from one."""
        text = words(self.text)
        label = words("{fix}: what helps against alert {number}", fix=text, number=alert)
        id_ = f"{self.action}#{BESIDE}{alert}"
        return button(text, id_, label=label, value=self.value or self.command)


def _stage(about: About) -> str:
    """Name the field of the first kind that lost its stage, where the form opens."""
    first = about.get("kinds", "").partition(",")[0]
    return f"tickets.stages.{first}" if first else ""


def _name(about: About) -> str:
    """Name the alert of a pipeline or stage again."""
    return Missing(about["pipeline"], about.get("stage") or None).alert


def _is_back(about: About) -> bool:
    return bool(about.get("back"))


RESTORE: Final = Fix(
    "tickets.restore",
    "",
    N_("Put the old choice back"),
    N_("Choose the stages again that were taken out of the settings"),
    taken=_name,
    helps=_is_back,
)
CREATE: Final = Fix(
    "tickets.create",
    "",
    N_("Create the missing tickets"),
    N_("Create the tickets that were left out, each of them once"),
    value="all",
)
TICKETS: Final = Fix(
    "edit.tickets",
    "tickets",
    N_("Choose stages"),
    N_("Open the form that chooses the ticket pipeline and stages"),
)
STAGE: Final = Fix(
    "edit.tickets",
    "tickets",
    N_("Choose a new stage"),
    N_("Open the form of tickets at the stage that is missing"),
    taken=_stage,
)
NUMBERS: Final = Fix(
    "edit.numbers",
    "numbers",
    N_("Choose numbers"),
    N_("Open the form that chooses the connected numbers"),
)
CONNECT: Final = Fix(
    "number.connect",
    "",
    N_("Connect"),
    N_("Connect this number: its calls and messages are logged from then on"),
    taken=lambda about: about.get("number", ""),
)
GENERAL: Final = Fix(
    "edit.general",
    "general",
    N_("Choose an owner"),
    N_("Open the form with the owner where none is found"),
)
OUTCOMES: Final = Fix(
    "edit.outcomes",
    "outcomes",
    N_("Choose outcomes"),
    N_("Open the form that chooses outcomes by kind and by tag"),
)
SETTINGS: Final = Fix(
    "open.settings", "settings", N_("Settings"), N_("Open the overview of all settings")
)
FAILURES: Final = Fix(
    "status.more", "failures", N_("See failures"), N_("Show what could not be written, and why")
)
SYNC: Final = Fix(
    "status.more", "sync", N_("See contacts"), N_("Show which contacts Aircall refused, and why")
)
CHECK: Final = Fix(
    "status.more", "check", N_("Check now"), N_("Compare the settings with Aircall and HubSpot now")
)

BY_NAME: Final[tuple[tuple[str, tuple[Fix, ...]], ...]] = (
    ("stage missing ", (RESTORE, STAGE)),
    ("pipeline missing ", (RESTORE, TICKETS)),
    ("tickets left out", (CREATE,)),
    ("tickets scope missing", (FAILURES,)),
    ("store emptied", (SETTINGS,)),
    ("poisoned ", (FAILURES,)),
    ("damaged ", (FAILURES,)),
    ("failures", (FAILURES,)),
    ("number new ", (CONNECT, NUMBERS)),
    ("number ", (NUMBERS,)),
    ("foreign app", (CHECK,)),
    ("owner ", (GENERAL,)),
    ("tag ", (OUTCOMES,)),
    ("outcome ", (OUTCOMES,)),
    ("hubspot refuses", (CHECK,)),
    ("aircall refuses", (CHECK,)),
    ("no unique properties", (CHECK,)),
    ("webhook", (CHECK,)),
    ("contacts refused", (SYNC,)),
)
"""The first whose beginning fits; of its fixes the first two become buttons.
About a full disk or a used-up day no button helps."""


def fixes_of(alert: Alert) -> tuple[Fix, ...]:
    """Return what helps against an alert, the best first; nothing if nothing here does."""
    fixes: tuple[Fix, ...] = next((f for start, f in BY_NAME if alert.name.startswith(start)), ())
    about = alert.about
    return tuple(fix.of(about) for fix in fixes if fix.helps is None or fix.helps(about))


def shared_fix(alerts: Sequence[Alert]) -> Fix | None:
    """Return the form or list that helps against each of these alerts; None if there is none."""
    fixes, *others = (fixes_of(each) for each in alerts)
    ways = [{(fix.action, fix.command) for fix in each} for each in others]
    return next(
        (f for f in fixes if f.command and all((f.action, f.command) in each for each in ways)),
        None,
    )
