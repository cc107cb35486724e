"""What is said of our webhook: alerts with the way by hand, and notices of what was repaired."""

from __future__ import annotations

from typing import Final

WHERE: Final = "Aircall's dashboard (Integrations & API, Webhooks)"
KINDS: Final = "calls, messages, group messages, numbers and users"
"""Of which the events are chosen by hand, as the dashboard groups them."""
NOTHING_COMES: Final = "no call and no message arrives"

MOST_NAMED: Final = 5

MISSING: Final = "webhook missing"
DISABLED: Final = "webhook disabled"
INCOMPLETE: Final = "webhook incomplete"
SEVERAL: Final = "webhook several"
UNREADABLE: Final = "webhook unreadable"
ALERTS: Final = (MISSING, DISABLED, INCOMPLETE, SEVERAL, UNREADABLE)

REGISTERED: Final = "webhook registered"
ENABLED: Final = "webhook enabled"
COMPLETED: Final = "webhook completed"
"""Names of notices."""

WELL: Final = "Aircall's webhook leads to us and is active."
LEFT_OUT: Final = "it leaves them out though they were sent"
SWITCH_ON: Final = f"Switch it on in {WHERE}."
CHOOSE_ALL: Final = f"Choose all events of {KINDS} in {WHERE}."
FETCHED: Final = "Calls that did not reach us meanwhile are fetched from Aircall now."


def missing_by_hand() -> str:
    """Say that there is none, and that we were not told where Aircall reaches us."""
    return (
        f"Aircall has no webhook that leads to us: {NOTHING_COMES}. "
        "Set PUBLIC_URL to the address at which Aircall reaches us, and it is made by itself. "
        f"Or make one by hand in {WHERE}: its address ends in /aircall/webhook, its events are all "
        f"of {KINDS}."
    )


def missing_for_http(url: str) -> str:
    """Say that our address cannot be one of Aircall's."""
    return (
        f"Aircall has no webhook that leads to us: {NOTHING_COMES}. "
        f"It takes addresses with https only, and PUBLIC_URL makes ours {url}. "
        "Set PUBLIC_URL to an address of ours with https and a valid certificate."
    )


def missing_refused(url: str, because: str) -> str:
    """Say that Aircall let us make none."""
    return (
        f"Aircall has no webhook that leads to us: {NOTHING_COMES}. "
        f"It refused to make one: {_whole(because)} {by_hand(url)}"
    )


def disabled_by_hand() -> str:
    """Say that it is off, and that we were not told which one is ours."""
    return (
        f"Aircall has switched our webhook off: {NOTHING_COMES}. "
        f"{SWITCH_ON} With PUBLIC_URL set, this is done by itself."
    )


def disabled_refused(because: str) -> str:
    """Say that Aircall did not let us switch it on."""
    return (
        f"Aircall has switched our webhook off: {NOTHING_COMES}. "
        f"It refused to switch it on again: {_whole(because)} {SWITCH_ON}"
    )


def disabled_again(url: str) -> str:
    """Say that it does not stay on, which has a cause on our side most of the time."""
    return (
        "Aircall switches our webhook off again and again, as it does where too many deliveries "
        "fail. It is switched on each time, and calls are fetched, but messages may be lost. "
        f"See that {url} can be reached from the internet, with a valid certificate."
    )


def incomplete_by_hand(events: str) -> str:
    """Say what it does not tell of, where we may not change it."""
    return (
        f"Our webhook does not tell of {events}: what they say is logged late or never. "
        f"{CHOOSE_ALL} With PUBLIC_URL set, this is done by itself."
    )


def incomplete_refused(events: str, because: str) -> str:
    """Say that Aircall did not let us add what it does not tell of."""
    return (
        f"Our webhook does not tell of {events}: what they say is logged late or never. "
        f"Aircall refused to add them: {_whole(because)} {CHOOSE_ALL}"
    )


def several(count: int, url: str, others: str) -> str:
    """Say that others lead to us as well: we delete none of them."""
    return (
        f"{count} webhooks at Aircall lead to {url}: each event comes as often. "
        f"That does no harm, but is of no use. Delete these in {WHERE}: {others}."
    )


def unreadable(because: str) -> str:
    """Say that we cannot see how it stands."""
    return (
        f"Aircall does not let us read its webhooks: {_whole(because)} "
        f"Whether events still reach us, only {WHERE} tells."
    )


def registered(url: str, *, was_there: bool, back: bool) -> str:
    """Say that it was made; `back`: calls of the time without it are fetched."""
    said = (
        f"Our webhook was gone from Aircall: it was made again, for {url}."
        if was_there
        else f"Our webhook was made at Aircall, for {url}."
    )
    return f"{said} {FETCHED}" if back else said


def enabled() -> str:
    """Say that it was off, and is on."""
    return f"Aircall had switched our webhook off: it is on again. {FETCHED}"


def completed(events: str, *, back: bool) -> str:
    """Say that it tells of more again; `back`: calls that were not told of are fetched."""
    said = f"Our webhook at Aircall had lost events: it tells of {events} again."
    return f"{said} {FETCHED}" if back else said


def by_hand(url: str) -> str:
    """Say how one is made in Aircall."""
    return f"Make one by hand in {WHERE}: its address is {url}, its events are all of {KINDS}."


def _whole(because: str) -> str:
    return f"{because.rstrip('. ')}."


def named_hooks(names: list[str]) -> str:
    """Name some webhooks within a sentence; without quotation marks, which differ by language."""
    shown = names[:MOST_NAMED]
    return ", ".join(shown) + (", …" if len(shown) < len(names) else "")
