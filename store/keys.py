"""Every key we keep in Redis, with the reason it exists and what bounds it."""

from __future__ import annotations

from typing import Final

VENDORS: Final = ("hubspot", "aircall")
"""Whom we ask over HTTP: each may be paused, and interactions wait for it."""
WAITS_FOR: Final = (*VENDORS, "disabled")
"""What an interaction may be parked for; the scripts name the same."""

DUE: Final = "ah:due"
"""Sorted set: interactions with work, scored by the time (ms) before which nobody touches them."""
UNENDED: Final = "ah:unended"
"""Set: those in DUE or parked that do not count as waiting (calls that have not ended, hints)."""
OWNER: Final = "ah:owner"
"""Hash id -> token of the drain that holds it; gone at commit."""
TRIES: Final = "ah:tries"
"""Hash id -> claims since its last commit; gone at commit."""
CALLED: Final = "ah:called"
"""A drain has been called or runs; expires after ten seconds."""
DRAINING: Final = "ah:draining"
"""Token of the only drain allowed while a portal has no unique properties; expires as a lease."""
CLOCK: Final = "ah:clock"
"""The last time (ms) a sweep saw: a smaller one now means that the wall clock stepped back."""
TOTALS: Final = "ah:totals"
"""Hash `result|reason` -> interactions that ended so, since the store began."""
RECENT: Final = "ah:recent"
"""List of at most 50, newest first: JSON of what ended how, and when (ms)."""
FAILURES: Final = "ah:failures"
"""Sorted set: interactions that could not be written, scored by when (ms)."""
DISMISSED: Final = "ah:dismissed"
"""Sorted set: failures that an admin gave up, scored by when (ms); kept as long as FAILURES."""
UNREADABLE: Final = "ah:unreadable"
"""List, newest first, capped: authentic deliveries that we could not read."""
CAUSES: Final = "ah:hangup-causes"
"""Hash of hangup causes that the settings do not know -> times seen; at most 200 fields."""
DIRECTORY: Final = "ah:directory"
"""Hash part -> JSON snapshot of what Aircall and HubSpot have (numbers, owners, pipelines ...)."""
LINE_HOURS: Final = "ah:line-hours"
"""Hash number id -> JSON of its last number.opened or number.closed event."""
ALERTS: Final = "ah:alerts"
"""Hash alert -> JSON: what an admin should know, until resolved."""
ALERTS_CLOSED: Final = "ah:alerts:closed"
"""Hash alert -> JSON of it and how it was resolved, until that is said where it was told."""
ALERTS_VERSION: Final = "ah:alerts:version"
"""Number that rises with every change of alerts and notices."""
ALERT_POSTS: Final = "ah:alerts:posts"
"""Hash id -> JSON of a message in Slack on alerts, until how all of them ended stands in it."""
ALERTS_SEEN: Final = "ah:alerts:seen"
"""JSON of what was last told of alerts, when there is next something to tell, and until when
Slack asked us to wait."""
ALERTS_QUIET: Final = "ah:alerts:quiet"
"""Hash open alert -> JSON of who wanted to hear no more of it, or later, and until when."""
NOTICES: Final = "ah:notices"
"""Hash digest -> JSON of what happened and needs no mending, until it was said once."""
ASIDE: Final = "ah:aside"
"""Hash `key` or `key field` -> what nobody could read of it, a whole key as DUMP tells it; a week
from the last."""
REQUESTS: Final = "ah:requests"
"""Hash `vendor|status` -> answers so received."""
JOBS: Final = "ah:jobs"
"""Hash background job -> time (ms) of its last call."""
RUNS: Final = "ah:runs"
"""Hash background job -> JSON of its last run: began, ended (ms), what was in its way."""
BACKFILLS: Final = "ah:backfills"
"""List of at most 100, newest first: JSON of who had a past time logged, which one, and when."""
BACKFILL_PREVIEWS: Final = "ah:backfill:previews"
"""List of previews that are being counted or were not told of in full, oldest first."""
SCHEDULE: Final = "ah:schedule"
"""JSON of the background jobs, with the seconds between two calls, as the clock calls them."""
LEADER: Final = "ah:leader"
"""Hash token/at/since: which of several clocks leads, its last beat, since when any beats (ms)."""
BEAT: Final = "ah:beat"
"""Time (ms) of the clock's last beat."""
READY: Final = "ah:ready"
"""Written by `/readyz` to see that Redis takes writes; gone after a second."""
SETTINGS_HEAD: Final = "ah:settings:head"
"""Number of the settings revision in force; the door's script reads it with every event."""
SETTINGS_REVISIONS: Final = "ah:settings:revisions"
"""Hash number -> JSON of a settings revision; kept for ever."""
STORE_ID: Final = "ah:store-id"
"""Random id of this store, made with its first revision."""
SANDBOX: Final = "ah:sandbox"
"""Set in a Redis of one's own that the sandbox uses: accounts must never meet it."""
LAST_EVENT: Final = "ah:last-event"
"""Time (ms) of the last accepted delivery."""
WEBHOOK_WELL: Final = "ah:webhook:well"
"""Time (ms) at which our webhook was last seen at Aircall as it is to be."""
DOOR_OPEN: Final = "ah:door-open"
"""Time (ms) at which a door last said that it is open."""
OUTAGES: Final = "ah:outages"
"""Hash of spans in which events could not reach us, until calls were compared and it was said."""
GAPS: Final = "ah:gaps"
"""Hash: how far calls were compared with Aircall's list, the look at it that goes on, totals."""
GAPS_FOUND: Final = "ah:gaps:found"
"""Sorted set: calls that this look found missing, scored by when they ended (ms); gone with it."""
COPY_INDEX: Final = "ah:copy:index"
"""Hash of the index of Aircall's contacts that a full copy reads first: of which operation it is;
gone with the copy, or after six hours without it. So are the next two."""
COPY_PHONES: Final = "ah:copy:phones"
"""Hash digits of a phone -> ids of the Aircall contacts that have it."""
COPY_CONTACTS: Final = "ah:copy:contacts"
"""Hash Aircall id -> JSON of the contact as it was read; at most 200,000."""
ANNOUNCED: Final = "ah:announced"
"""Number of the last settings revision that was announced in Slack."""
ANNOUNCING: Final = "ah:announcing"
"""Held by the process that announces, for half a minute at a time, or as long as Slack asks."""
UNLOGGED: Final = "ah:unlogged-tickets"
"""Sorted set: interactions whose ticket was left out because its pipeline or stage was missing."""
WANTED_TICKETS: Final = "ah:wanted-tickets"
"""Set: those of UNLOGGED whose ticket an admin asks for; each until its commit answers it."""
TICKETS_ASKED: Final = "ah:tickets-asked"
"""Hash Slack user id -> JSON of the tickets they asked for, until they are told what came of it."""

GRANTS: Final = "ah:grants"
"""Hash Slack user id -> JSON of who granted the right to change settings, when and until
when, and the name of who holds it."""
CHANNEL: Final = "ah:slack:channel"
"""JSON of the channel chosen in Slack for announcements and alerts: id, by whom, when."""
CHANNEL_TROUBLE: Final = "ah:slack:channel-trouble"
"""JSON of why we could not post in the channel, since when; gone with the next post."""
VISITORS: Final = "ah:slack:visitors"
"""Sorted set of at most 50 people by when (ms) they last opened the Home tab."""
WELCOME: Final = "ah:slack:welcome"
"""JSON of the first start: whom it leads, in which message, how far; kept for ever."""
WELCOMING: Final = "ah:slack:welcoming"
"""Set while a process leads through the first start: no other posts its message again."""
TEAM: Final = "ah:slack:team"
"""JSON of who we are in Slack (`auth.test`): team, bot user; read again when we start."""
WEBHOOK: Final = "ah:webhook"
"""JSON of our webhook at Aircall, as last seen: its id, and the name that we sent."""
WEBHOOK_TRIED: Final = "ah:webhook:tried"
"""What was last done to our webhook, or refused; an hour, in which the same is not tried again."""
WEBHOOK_WITHOUT: Final = "ah:webhook:without"
"""Set for a day after Aircall refused those events that we can do without."""
NUMBERS_SEEN: Final = "ah:numbers-seen"
"""Hash number id -> name of every Aircall number that was ever seen: others are new."""
CONTACT_MAP: Final = "ah:contacts:map"
"""Hash HubSpot contact id -> JSON of its contact in Aircall and what we wrote there, or of why it
has none; as long as HubSpot has the contact."""
CONTACT_OF: Final = "ah:contacts:aircall"
"""Hash Aircall contact id -> HubSpot contact id: the other way of CONTACT_MAP."""
CONTACTS_OURS: Final = "ah:contacts:ours"
"""Set: Aircall contact ids of CONTACT_OF that we made, so that they may be removed."""
CONTACT_PHONES: Final = "ah:contacts:phones"
"""Hash phone (E.164) -> HubSpot ids: the contact that has it in Aircall, then others that share it,
50 in all; as long as the contact has it."""
CONTACTS_WANTED: Final = "ah:contacts:wanted"
"""Sorted set: HubSpot contacts of logged interactions, to be carried to Aircall, scored by the time
(ms) before which nobody touches them; gone when carried."""
CONTACTS_CHANGED: Final = "ah:contacts:changed"
"""Sorted set: mapped contacts that changed in HubSpot, the same way."""
CONTACTS_REFUSED: Final = "ah:contacts:refused"
"""Sorted set of the newest 1,000 contacts that Aircall refused, scored by when (ms)."""
COMPANY_NAMES: Final = "ah:contacts:companies"
"""Hash HubSpot company id -> its name as contacts in Aircall show it; kept with the map."""
COMPANIES_UNREAD: Final = "ah:contacts:companies-unread"
"""Set of companies whose names contacts are to show and nobody has read yet, or was let."""
COMPANIES_RENAMED: Final = "ah:contacts:companies-renamed"
"""Hash id of a company that has another name -> its last contact that is to be carried with it;
until that are all."""
CONTACTS_STATE: Final = "ah:contacts:state"
"""Hash: how far HubSpot's changes were followed, where the daily look stands, how fast it goes."""


def person(user: str) -> str:
    """JSON of what Slack told of a person; a minute, so that a demoted admin loses the right."""
    return f"ah:slack:person:{user}"


def acted(digest: str) -> str:
    """Set when an act in Slack was carried out; an hour, so that a second delivery does nothing."""
    return f"ah:slack:acted:{digest}"


def access(user: str) -> str:
    """JSON of a person's open request for access, and where admins read it; a week."""
    return f"ah:slack:access:{user}"


def decided(user: str) -> str:
    """JSON of who decided on a request for access, and how; a day, in which none is asked again."""
    return f"ah:slack:decided:{user}"


def working(job: str) -> str:
    """Held by the process that does a slice of this job; half a minute, renewed at each step."""
    return f"ah:working:{job}"


def operation(kind: str) -> str:
    """Hash of the newest long work of a kind that an admin asked for; until the next one."""
    return f"ah:operation:{kind}"


def operation_untold(kind: str) -> str:
    """Hash id -> JSON of a former long work of a kind, until it was told how it ended."""
    return f"ah:operation-untold:{kind}"


def operation_message(kind: str) -> str:
    """JSON of where the message on the newest long work of a kind stands, and what it last said."""
    return f"ah:operation-message:{kind}"


def operation_telling(kind: str) -> str:
    """Held by the process that tells of a long work of this kind; half a minute at a time."""
    return f"ah:operation-telling:{kind}"


def backfill_preview(id_: str) -> str:
    """Hash of what a backfill would do, as far as it is counted; an hour from its last change."""
    return f"ah:backfill:preview:{id_}"


def backfill_phones(id_: str) -> str:
    """Set of the phones (E.164) that a backfill would make contacts of; as long as its preview."""
    return f"ah:backfill:phones:{id_}"


def backfill_telling(id_: str) -> str:
    """Held by the process that tells of a preview; half a minute at most."""
    return f"ah:backfill:telling:{id_}"


def carrying(name: str) -> str:
    """Held by whoever carries a HubSpot contact, or a phone (E.164), to Aircall; half a minute."""
    return f"ah:carrying:{name}"


def parked(why: str) -> str:
    """Sorted set of interactions that wait for one of `WAITS_FOR`."""
    return f"ah:parked:{why}"


def new(interaction: str) -> str:
    """List of an interaction's events that were not folded yet."""
    return f"ah:new:{interaction}"


def record(interaction: str) -> str:
    """JSON of what is known and decided; expires by its result's retention, not while it waits."""
    return f"ah:record:{interaction}"


def ids(interaction: str) -> str:
    """JSON Aircall id -> HubSpot ids; outlives the record, expires after the retention of ids."""
    return f"ah:ids:{interaction}"


def mark(interaction: str) -> str:
    """JSON of the frozen plan that is being written; gone at commit."""
    return f"ah:mark:{interaction}"


def pause(vendor: str) -> str:
    """Hash until/at/since/reason: nobody asks this vendor before `until` (ms)."""
    return f"ah:pause:{vendor}"


def window(limit: str) -> str:
    """Sorted set of the requests in a limit's moving window."""
    return f"ah:window:{limit}"


def learned(vendor: str) -> str:
    """Hash of what a vendor's headers told of its limits."""
    return f"ah:learned:{vendor}"


def contact(phone: str) -> str:
    """JSON of the contact made for a phone (E.164); an hour, while HubSpot's search lags."""
    return f"ah:contact:{phone}"


def quarter(number: int) -> str:
    """Hash of TOTALS' fields and `hours unknown` for a quarter of an hour since 1970; two days."""
    return f"ah:quarter:{number}"


def phone(e164: str) -> str:
    """Sorted set of the last 20 interactions with a phone, by when they began (ms).

    Found by it for as long as decisions are kept, counted from the last.
    """
    return f"ah:phone:{e164}"


def missed(part: str) -> str:
    """Set while a part of the directory was just read again because something was not in it."""
    return f"ah:missed:{part}"


def hinted(part: str) -> str:
    """Set for ten seconds after an event asked for a part of the directory to be read again."""
    return f"ah:hinted:{part}"
