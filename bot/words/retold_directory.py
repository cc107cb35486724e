"""What is said of our webhook, of what the settings name, and of others who log: by its shape."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

WEBHOOK: Final = (
    N_("Set PUBLIC_URL to the address at which Aircall reaches us, and it is made by itself."),
    N_(
        "Or make one by hand in Aircall's dashboard (Integrations & API, Webhooks): its address "
        "ends in /aircall/webhook, its events are all of calls, messages, group messages, numbers "
        "and users."
    ),
    N_("It takes addresses with https only, and PUBLIC_URL makes ours {url}."),
    N_("Set PUBLIC_URL to an address of ours with https and a valid certificate."),
    N_("It refused to make one: {because}."),
    N_(
        "Make one by hand in Aircall's dashboard (Integrations & API, Webhooks): its address is "
        "{url}, its events are all of calls, messages, group messages, numbers and users."
    ),
    N_("Switch it on in Aircall's dashboard (Integrations & API, Webhooks)."),
    N_("With PUBLIC_URL set, this is done by itself."),
    N_("It refused to switch it on again: {because}."),
    N_(
        "Aircall switches our webhook off again and again, as it does where too many deliveries "
        "fail."
    ),
    N_("It is switched on each time, and calls are fetched, but messages may be lost."),
    N_("See that {url} can be reached from the internet, with a valid certificate."),
    N_("Our webhook does not tell of {events}: what they say is logged late or never."),
    N_(
        "Choose all events of calls, messages, group messages, numbers and users in Aircall's "
        "dashboard (Integrations & API, Webhooks)."
    ),
    N_("Aircall refused to add them: {because}."),
    N_("it leaves them out though they were sent"),
    N_("{count} webhooks at Aircall lead to {url}: each event comes as often."),
    N_("That does no harm, but is of no use."),
    N_("Delete these in Aircall's dashboard (Integrations & API, Webhooks): {names}."),
    N_("Aircall does not let us read its webhooks: {because}."),
    N_(
        "Whether events still reach us, only Aircall's dashboard (Integrations & API, Webhooks) "
        "tells."
    ),
    N_("Our webhook was gone from Aircall: it was made again, for {url}."),
    N_("Our webhook was made at Aircall, for {url}."),
    N_("Aircall had switched our webhook off: it is on again."),
    N_("Our webhook at Aircall had lost events: it tells of {events} again."),
    N_("Calls that did not reach us meanwhile are fetched from Aircall now."),
    N_("This is done by itself within minutes; if it is not, an alert says why."),
)
FOREIGN: Final = (
    N_(
        "Another integration, such as Aircall's own app, logs calls in HubSpot as well: {count} "
        "in the last 24 hours, for example call {id}."
    ),
    N_("Each call may be there twice until the other one is switched off."),
    N_("Switch the other one off: two of them log each call twice."),
    N_("No other integration has logged calls in the last 24 hours."),
)
NAMED: Final = (
    N_(
        "The connected number “{number}” is gone from Aircall: no call and no message of it comes "
        "any more."
    ),
    N_("It stays connected until you take it out."),
    N_("The owner “{owner}”, chosen where none is found, is archived in HubSpot."),
    N_("The owner “{owner}”, chosen where none is found, is gone from HubSpot."),
    N_("Until you choose another one, what has no owner of its own is logged without."),
    N_("The tag “{tag}” is gone from Aircall: it gives no call its outcome any more."),
    N_("It stays among the settings until you take it out."),
    N_("The call outcome “{outcome}” is gone from HubSpot."),
    N_("These tags give none until you choose another: {tags}."),
    N_("It is not written any more for: {why}."),
    N_("It is there again."),
    N_("The settings do not name it any more."),
)
NUMBERS: Final = (
    N_(
        "Aircall has a new number, “{number}”, which is not connected: its calls and messages are "
        "not logged."
    ),
    N_("The number is gone from Aircall again."),
    N_("The number is connected."),
    N_("These numbers are new and not connected: {numbers}."),
    N_("Connect them, if their calls and messages are to be logged."),
    N_("The integration was deleted."),
)
DIRECTORY: Final = (*WEBHOOK, *FOREIGN, *NAMED, *NUMBERS)
