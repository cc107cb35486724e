"""The settings of one revision: a frozen value with every setting's choices and default."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Annotated, Literal, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    field_validator,
)

from rules.settings.values import Id, Numbers, OneLine, TagOutcomes, nothing

_LABELS = ("Connected", "No answer", "Busy", "Wrong number", "Left voicemail")


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Outcomes(_Section):
    """The outcome of each kind of call, by HubSpot's own label; None writes no disposition."""

    outbound_answered: Literal["Connected"] | None = "Connected"
    outbound_unanswered: Literal["No answer"] | None = "No answer"
    outbound_busy: Literal["Busy", "No answer"] | None = "Busy"
    outbound_wrong_number: Literal["Wrong number", "No answer"] | None = "Wrong number"
    inbound_answered: Literal["Connected"] | None = "Connected"
    inbound_missed: Literal["No answer"] | None = "No answer"
    inbound_voicemail: Literal["Left voicemail", "No answer"] | None = "Left voicemail"

    @field_validator("*", mode="before")
    @classmethod
    def _in_its_own_spelling(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        labels = {label.casefold(): label for label in _LABELS}
        return labels.get(value.strip().casefold(), nothing(value))


class Stages(_Section):
    """The stage that a ticket of each kind opens in; None opens no ticket."""

    outbound_answered: Id = None
    outbound_unanswered: Id = None
    inbound_answered: Id = None
    inbound_missed: Id = None
    inbound_voicemail: Id = None
    outbound_message: Id = None
    inbound_message: Id = None


class Tickets(_Section):
    """Where tickets go: a HubSpot pipeline and its stages, by id."""

    pipeline: Id = None
    stages: Stages = Stages()


class Settings(_Section):
    """All that admins can choose; one immutable value per revision."""

    name: Annotated[OneLine, StringConstraints(max_length=80)] = "Aircall – HubSpot"
    enabled: StrictBool = False
    numbers: Numbers = frozenset()
    """Aircall number ids whose interactions are logged; `"all"` means new ones too."""
    outcomes: Outcomes = Outcomes()
    tag_outcomes: TagOutcomes = Field(default_factory=lambda: MappingProxyType({}))
    """Aircall tag (id as digits, or name) to HubSpot outcome (guid, or label)."""
    tickets: Tickets = Tickets()
    business_hours_only: StrictBool = False
    create_contacts: StrictBool = True
    sync_contacts: StrictBool = False
    fallback_owner: Id = None

    def connects(self, number: int | None) -> bool:
        """Tell whether the Aircall line of this id is a connected number."""
        return self.numbers == "all" or number in self.numbers


def _paths(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = field.annotation
        if isinstance(inner, type) and issubclass(inner, BaseModel):
            yield from _paths(inner, f"{prefix}{name}.")
        else:
            yield prefix + name


PATHS = tuple(_paths(Settings))
"""Every setting by its dotted path, in the order they are shown; tags follow `tag_outcomes.`."""


def outcome_choices(kind: str) -> tuple[str | None, ...]:
    """List the outcomes that a kind of call may have, in the order a form offers them."""
    labels, _ = get_args(Outcomes.model_fields[kind].annotation)
    return *get_args(labels), None
