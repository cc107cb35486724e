"""What lower rooms say in English and Slack shows: each sentence by its shape, for the catalogue.

A choice of the rules is one or more of these, between `PARTS`; each is said again by itself.
"""

from __future__ import annotations

from typing import Final

from bot.words import N_, Words

PARTS: Final = "; "


def retell_parts(words: Words, said: str) -> str:
    """Say a choice again, part by part."""
    return PARTS.join(words.retell(each) for each in said.split(PARTS))


HOURS: Final = (
    N_("Aircall says: missed outside opening hours"),
    N_("the number is set to always closed"),
    N_("the number is set to always open"),
    N_("the number had opened before"),
    N_("the number had closed before"),
    N_("the event says that it was open"),
    N_("the event says that it was closed"),
    N_("hours unknown: the number never told of its hours"),
    N_("hours unknown: no word of the number's hours at that time"),
    N_("hours unknown: the number opened or closed meanwhile"),
)
CONTACT: Final = (
    N_("found by phone"),
    N_("found by e-mail"),
    N_("none found"),
    N_("the most recently modified, others are {others}"),
    N_("nobody outside took part"),
    N_("{found} of {all} participants found"),
    N_("none is made of a group"),
    N_("a company has this phone: no contact is made"),
    N_("unknown phone: a contact is made"),
    N_("unknown phone: HubSpot had its contact already"),
    N_("unknown phone"),
    N_("making contacts is on"),
    N_("making contacts is off"),
    N_("no contact is made of: anonymous"),
    N_("no contact is made of: empty"),
    N_("no contact is made of: extension"),
    N_("no contact is made of: short code"),
    N_("no contact is made of: emergency number"),
    N_("no contact is made of: not a phone number"),
    N_("no contact is made of: one of our own numbers"),
    N_("the contact was deleted in HubSpot: another one was found instead"),
    N_("the contact was deleted in HubSpot: logged without one"),
    N_("one of them was deleted in HubSpot"),
    N_("HubSpot refused the contact: logged without one"),
)
OUTCOME: Final = (
    N_("messages have no outcome"),
    N_("by tag: {tags}"),
    N_("the setting for {kind}: none"),
    N_("the setting for {kind}: {outcome}"),
    N_("the tags disagree"),
    N_("the tag's outcome is gone from HubSpot"),
    N_("that outcome is gone from HubSpot"),
)
OWNER: Final = (
    N_("the agent's e-mail"),
    N_("the contact's owner"),
    N_("the fallback owner"),
    N_("nobody"),
    N_("there is no agent"),
    N_("the agent's owner is not active"),
    N_("no owner has the agent's e-mail"),
    N_("the contact's owner is not active"),
    N_("there is no fallback owner"),
    N_("the fallback owner is not active"),
)
TICKET: Final = (
    N_("no ticket for this kind"),
    N_("the kind has a stage"),
    N_("no ticket, as no pipeline is chosen"),
)
REASONS: Final = (
    N_("the call has not ended"),
    N_("disabled"),
    N_("number not connected"),
    N_("outside business hours"),
    N_("the integration is disabled"),
    N_("deleted in HubSpot"),
    N_("HubSpot refused it"),
    N_("HubSpot is asked soon"),
    N_("{id} is making the contact"),
    N_("the contact was deleted in HubSpot: planned once more"),
    N_("could not be understood ({error})"),
    N_("could not be decided ({error})"),
    N_("stopped the worker {count} times"),
    N_("older than what we remember: it may have been logged before"),
    N_("its record has expired"),
    N_("what is kept cannot be read ({places})"),
)
NOTES: Final = (
    N_("calls: HubSpot refused the owner, written without"),
    N_("communications: HubSpot refused the owner, written without"),
    N_("tickets: HubSpot refused the owner, written without"),
    N_("calls: HubSpot refused the owner, changed without"),
    N_("communications: HubSpot refused the owner, changed without"),
    N_("calls: a linked record was merged or deleted"),
    N_("communications: a linked record was merged or deleted"),
    N_("tickets: a linked record was merged or deleted"),
    N_("the ticket was deleted in HubSpot"),
    N_("the ticket's pipeline or stage is missing in HubSpot: no ticket"),
    N_("a person changed the owner, it was left alone"),
    N_("a person changed the outcome, it was left alone"),
    N_("a person changed the title, it was left alone"),
    N_("a person changed the text, it was left alone"),
    N_("a person changed the ticket's stage, it was left alone"),
    N_("a person changed the ticket's subject, it was left alone"),
    N_("a person changed the ticket's text, it was left alone"),
    N_("{vendor} refused the request with status {status} (missing scopes: {scopes})"),
)
SETTINGS: Final = (
    N_("Choose at least one number before you enable the integration."),
    N_("Keep at least one number while the integration is enabled, or disable it first."),
    N_("Aircall has no number with the id {id}."),
    N_("Aircall has no tag “{tag}”."),
    N_("This tag already has an outcome, as “{tag}”."),
    N_("HubSpot has no call outcome “{outcome}”."),
    N_("HubSpot has no ticket pipeline with the id {pipeline}."),
    N_("Choose a pipeline before you choose a stage of it."),
    N_("The stage {stage} is not one of pipeline {pipeline}."),
    N_("The owner {owner} is archived in HubSpot."),
    N_("HubSpot has no owner with the id {owner}."),
    N_("Must be {choices}, not {value}."),
    N_("There is no such setting; the nearest is {setting}."),
    N_("Connected"),
    N_("No answer"),
    N_("Busy"),
    N_("Wrong number"),
    N_("Left voicemail"),
)
VENDORS: Final = (
    N_("{vendor} refused the request with status {status}"),
    N_("{vendor} does not know what it was asked for"),
    N_("{vendor} is in trouble: it answered {status}"),
    N_("{vendor} is not asked now: {reason}"),
    N_("{vendor} did not answer in time"),
    N_("{vendor} broke the connection off"),
    N_("{vendor} could not be reached"),
    N_("{vendor} could not be reached: its certificate was not accepted"),
    N_("{vendor} answered with more than {count} bytes"),
    N_("{vendor} answered {status} with a body that is not JSON"),
    N_("HubSpot answered without results"),
    N_("HubSpot answered with a record without an id"),
    N_("HubSpot could not do all of a batch just now"),
    N_("HubSpot did not say what it created"),
    N_("HubSpot did not say what it changed"),
    N_("HubSpot did not give a key back"),
    N_("HubSpot refuses our access token"),
    N_("HubSpot has locked the record"),
    N_("HubSpot is moving this portal's data"),
    N_("HubSpot's daily limit of requests is used up"),
    N_("HubSpot's limit of requests is reached"),
    N_("HubSpot refuses our requests: {because}"),
    N_("HubSpot refuses our requests: {because} (missing scopes: {scopes})"),
    N_("HubSpot refuses to tell its set-up: {because}"),
    N_("HubSpot refuses to tell its set-up: {because} (missing scopes: {scopes})"),
    N_("HubSpot's set-up could not be read yet"),
    N_("Aircall refuses our API key"),
    N_("Aircall's limit of requests is reached"),
    N_("our own limit of requests is reached"),
)
ALERTS: Final = (
    N_(
        "The store was found empty although it was set up before: the integration starts "
        "disabled. Check the settings, then enable it."
    ),
    N_(
        "{id} stopped the worker {count} times and was put among the failures. "
        "See python -m worker explain {id}."
    ),
    N_(
        "HubSpot refuses our tickets: the token lacks the scopes {scopes}. Calls and messages are "
        "logged without; once that is mended, retry the failures."
    ),
    N_(
        "HubSpot refuses our tickets: the token may not write them. Calls and messages are "
        "logged without; once that is mended, retry the failures."
    ),
    N_(
        "HubSpot does not let us make a unique property on {types}: one drain works at a time, "
        "and a process frozen in the middle of a request may double a batch."
    ),
    N_(
        "HubSpot allows {left} more requests today, of {daily} that all apps share. "
        "When they are used up, calls wait, and follow after the portal's midnight."
    ),
    N_("No events are taken in: {why}. Make room; Aircall delivers again for some hours."),
    N_("{vendor} does not answer. Nothing is lost: what waits follows when it does."),
    N_(
        "{vendor} refuses our token. Put a valid one into the environment and restart; "
        "what waits follows."
    ),
    N_("{vendor} has locked the account: nothing can be written until it is opened again."),
    N_("{vendor} is moving the account to another data centre; what waits follows."),
    N_("{vendor} has asked us to wait for minutes: another app may use up its limit."),
    N_("{vendor}'s daily limit is used up; what waits follows when the new day begins."),
)
REDIS: Final = (
    N_(
        "Redis has appendfsync everysec: up to one second of accepted events may be lost. "
        "Set appendfsync always."
    ),
    N_(
        "Redis has appendfsync no: about 30 seconds of accepted events may be lost. "
        "Set appendfsync always."
    ),
    N_("Redis does not tell how it stores (CONFIG GET): accepted events may be lost."),
    N_(
        "Redis has appendonly no: every event accepted since its last snapshot may be lost. "
        "Set appendonly yes and appendfsync always."
    ),
    N_(
        "Redis has no-appendfsync-on-rewrite yes: events accepted while it rewrites its log "
        "may be lost. Set it to no."
    ),
    N_("Redis does not tell its maxmemory-policy: it may drop events when it is full."),
    N_("Redis has maxmemory-policy {policy}: it may drop events when it is full. Set noeviction."),
    N_(
        "Redis has no maxmemory: the door cannot close before the machine's memory is full. "
        "Set maxmemory."
    ),
    N_("Redis does not tell its version: 6.2 or newer is needed."),
    N_("Redis {version} is too old: 6.2 or newer is needed."),
    N_("Redis runs as a cluster: scripts over several keys will fail there."),
    N_("Redis is a replica: it takes no writes. Name the primary."),
    N_("Redis has replicas: a failover may lose events accepted just before it."),
)
RETOLD: Final = (
    *HOURS, *CONTACT, *OUTCOME, *OWNER, *TICKET, *REASONS, *NOTES, *SETTINGS,
    *VENDORS, *ALERTS, *REDIS,
)  # fmt: skip
"""All of them; a test holds what the product really says against these."""
