"""How a work leaves its batch: the record that is kept, the counters, and when it comes again."""

from __future__ import annotations

from typing import Final, Literal

from rules.hours import UNKNOWN
from rules.parties import phones_of
from rules.plan import Decision, Plan, Record, Written
from rules.records import Call, Interaction, Message
from settings.file import SettingsFile
from store.due import NO_PHONE, ByPhone, Settled
from store.records import Ids, ids_json, record_json
from worker.drain.work import ANEW, Work

DAY: Final = 86_400
DELETED: Final = "deleted in HubSpot"
REFUSED: Final = "HubSpot refused it"
MOST_NOTES: Final = 20
WAITS: Final = 365 * DAY
"""Seconds for which a phone finds what waits: its end is not known, and sets the true time."""


def record_of(
    interaction: Interaction | None, written: Written | None, decision: Decision | None
) -> Record:
    """Put a record together."""
    return Record(
        call=interaction if isinstance(interaction, Call) else None,
        message=interaction if isinstance(interaction, Message) else None,
        written=written,
        decision=decision,
    )


def pending(work: Work, file: SettingsFile, *, again_ms: int | None) -> Settled:
    """A call that has not ended: out of the due set, or looked at again if it hung up."""
    decision = Decision("pending", "the call has not ended", kind=work.kind)
    return Settled(
        work.id,
        "out" if again_ms is None else f"in:{again_ms}",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, None, decision)),
        record_seconds=file.retention.calls * DAY,
        failure="drop",
        unended=True,
        by_phone=_by_phone(work.interaction, file.retention.decisions * DAY),
    )


def ignored(work: Work, file: SettingsFile, reason: str, hours: str, now: int) -> Settled:
    """Not to be written, by a setting; counted once."""
    decision = Decision(
        "ignored",
        reason,
        kind=work.kind,
        accepted_revision=_accepted(work),
        choices={"hours": hours},
        at=now,
    )
    return Settled(
        work.id,
        "out",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, work.record.written, decision)),
        record_seconds=file.retention.decisions * DAY,
        ids=ids_json(Ids("ignored"), work.id),
        ids_seconds=file.retention.ids * DAY,
        counter=_counter(work, decision),
        failure="drop",
        by_phone=_by_phone(work.interaction, file.retention.decisions * DAY),
    )


def ignored_still(work: Work, file: SettingsFile) -> Settled:
    """Ignored before: its facts are kept, the decision stands."""
    return Settled(
        work.id,
        "out",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, None, work.record.decision)),
        record_seconds=file.retention.decisions * DAY,
        failure="drop",
        by_phone=_by_phone(work.interaction, file.retention.decisions * DAY),
    )


def parked(work: Work, why: str, reason: str, now: int) -> Settled:
    """Waits for a vendor, or for the integration to be enabled; its facts are kept till then.

    Its events are folded into the record: that must not expire while it waits.
    """
    before = work.record.decision
    logged = before is not None and before.result == "logged"
    decision = before if logged else Decision(
        "pending",
        reason,
        kind=work.kind,
        accepted_revision=_accepted(work),
        errors=tuple(each for each in work.errors if each != reason),
        at=now,
    )  # fmt: skip
    return Settled(
        work.id,
        f"park:{why}" if not why.startswith("in:") else why,
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, work.record.written, decision)),
        keep_mark=True,
        by_phone=_by_phone(work.interaction, WAITS),
    )


def unchanged(work: Work, file: SettingsFile, now: int) -> Settled:
    """Nothing new for HubSpot; the facts are kept all the same."""
    decision = work.record.decision
    if decision is None or decision.result != "logged":
        # It failed on its way to a change that is not wanted any more, or its record had expired.
        reason = DELETED if work.written_.deleted else str(work.kind)
        decision = Decision(
            "logged", reason, kind=work.kind, accepted_revision=_accepted(work), at=now
        )
    return Settled(
        work.id,
        "out",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, work.written, decision)),
        record_seconds=_days(work, file) * DAY,
        failure="drop",
        missing_ticket=_missing_ticket(work),
        by_phone=_by_phone(work.interaction, file.retention.decisions * DAY),
    )


def _days(work: Work, file: SettingsFile) -> int:
    """Keep what an admin may still want to mend for as long as the failures."""
    left_out = work.written is not None and work.written.ticket_left_out
    kept_long = work.troubled or left_out
    return _failure_days(file) if kept_long else file.retention.decisions


def _failure_days(file: SettingsFile) -> int:
    """Failures are forgotten once a day: one without its record would look damaged till then."""
    return file.retention.failures + 1


def _missing_ticket(work: Work) -> Literal["", "add", "drop", "stay"]:
    """Tell whether its ticket counts as left out from now on."""
    done = work.written
    if work.ticket_missing:
        return "add"
    was = work.loaded.wanted or (work.before is not None and work.before.ticket_left_out)
    if was and done is not None and (done.deleted or not done.ticket_left_out):
        return "drop"
    return "stay" if work.loaded.wanted else ""


def written(work: Work, file: SettingsFile, now: int, *, sync_contacts: bool) -> Settled:
    """Logged, or refused by HubSpot: then it stands among the failures with the vendor's words.

    With `sync_contacts` its contacts are wanted in Aircall, at once with the commit.

    What lost its contact before anything was written is due again, to be planned once more.
    """
    if work.anew:
        return _anew(work, now)
    plan, done = work.plan_, work.written
    result: Literal["failed", "logged"] = "failed" if work.failed else "logged"
    decision = Decision(
        result,
        _reason(work, plan),
        kind=plan.kind,
        accepted_revision=_accepted(work),
        planned_revision=plan.revision,
        choices=plan.choices,
        notes=_notes(work),
        errors=tuple(work.errors),
        tries=work.loaded.tries,
        at=now,
    )
    ids = ""
    if done is not None:
        contact = done.contacts[0] if done.contacts else None
        ids = ids_json(Ids("logged", done.type, done.activity, done.ticket, contact), work.id)
    return Settled(
        work.id,
        "again" if work.again else "out",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, done, decision)),
        record_seconds=_days(work, file) * DAY,
        ids=ids,
        ids_seconds=file.retention.ids * DAY,
        counter=_counter(work, decision),
        failure="add" if work.troubled else "drop",
        missing_ticket=_missing_ticket(work),
        hours_unknown=plan.choices.get("hours", "").startswith(UNKNOWN),
        by_phone=_by_phone(work.interaction, file.retention.decisions * DAY),
        contacts=done.contacts if sync_contacts and done and result == "logged" else (),
    )


def failed(  # noqa: PLR0913, PLR0917 - what is known differs with where it failed
    id_: str,
    interaction: Interaction | None,
    old: Record,
    file: SettingsFile,
    words: str,
    now: int,
    said: str = "",
    note: str = "",
) -> Settled:
    """Parked by hand: we could not work on it at all; its events stay for another try.

    `words` is the reason, `said` HubSpot's own sentence, `note` what else is to be said.
    """
    decision = Decision(
        "failed", words, notes=(note,) if note else (), errors=(said,) if said else (), at=now
    )
    counter = "" if old.decision and old.decision.result == "failed" else f"failed|{words}"
    return Settled(
        id_,
        "stay",
        record=record_json(record_of(interaction or old.interaction, old.written, decision)),
        record_seconds=_failure_days(file) * DAY,
        keep_mark=True,
        counter=counter,
        failure="add",
        by_phone=_by_phone(interaction or old.interaction, file.retention.decisions * DAY),
    )


def _by_phone(interaction: Interaction | None, seconds: int) -> ByPhone:
    if interaction is None:
        return NO_PHONE
    return ByPhone(phones_of(interaction), interaction.start * 1000, seconds)


def _anew(work: Work, now: int) -> Settled:
    decision = Decision(
        "pending",
        ANEW,
        kind=work.kind,
        accepted_revision=_accepted(work),
        notes=_notes(work),
        at=now,
    )
    return Settled(
        work.id,
        "again",
        eaten=work.eaten,
        record=record_json(record_of(work.interaction, None, decision)),
    )


def _notes(work: Work) -> tuple[str, ...]:
    """Keep what was noted when it was first written; a later event does not undo it."""
    before = work.record.decision.notes if work.record.decision else ()
    return tuple(dict.fromkeys((*before, *work.notes)))[-MOST_NOTES:]


def _reason(work: Work, plan: Plan) -> str:
    if work.failed:
        return REFUSED
    if work.written and work.written.deleted:
        return DELETED
    return str(plan.kind)


def _accepted(work: Work) -> int | None:
    return work.interaction.accepted.revision if work.interaction.accepted else None


def _counter(work: Work, decision: Decision) -> str:
    """Count an interaction once for each result it comes to, not for each event."""
    before = work.record.decision
    if before is not None and before.result == decision.result:
        return ""
    return f"{decision.result}|{decision.reason}"
