"""What lower rooms say in English and Slack shows: each sentence by its shape, for the catalogue.

A choice of the rules is one or more of these, between `PARTS`; each is said again by itself.
"""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_
from bot.words.retold_backfill import BACKFILL
from bot.words.retold_checks import CHECKS
from bot.words.retold_clock import CLOCK
from bot.words.retold_contact_copy import CONTACT_COPY
from bot.words.retold_contacts import CONTACTS
from bot.words.retold_directory import DIRECTORY
from bot.words.retold_gaps import GAPS
from bot.words.retold_pipelines import PIPELINES
from bot.words.retold_troubles import TROUBLES

PARTS: Final = "; "


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
    N_("linked before"),
    N_("how it was found is not kept"),
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
    N_("what was stored of it is damaged"),
    N_("stopped the worker {count} times"),
    N_("older than what we remember: it may have been logged before"),
    N_("its record has expired"),
    N_("what is kept cannot be read ({places})"),
)
NOTES: Final = (
    N_("call: HubSpot refused the owner, written without"),
    N_("message: HubSpot refused the owner, written without"),
    N_("ticket: HubSpot refused the owner, written without"),
    N_("call: HubSpot refused the owner, changed without"),
    N_("message: HubSpot refused the owner, changed without"),
    N_("call: a linked record was merged or deleted"),
    N_("message: a linked record was merged or deleted"),
    N_("ticket: a linked record was merged or deleted"),
    N_("the ticket was deleted in HubSpot"),
    N_("the ticket's pipeline or stage is missing in HubSpot: no ticket"),
    N_("Aircall does not tell messages again"),
    N_("Aircall tells nothing of it that can be read"),
    N_("it is no call of Aircall's"),
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
    N_("yes or no (true or false in a file)"),
    N_("1 to 80 characters on one line"),
    N_('a list of Aircall number ids, or "all"'),
    N_("a table of Aircall tags, each once, with one HubSpot outcome"),
    N_("a table of settings"),
    N_("one HubSpot outcome, or none"),
    N_("the id of a HubSpot ticket pipeline, or none"),
    N_("the id of a stage of the chosen pipeline, or none"),
    N_("the id of a HubSpot owner, or none"),
    N_("Connected"),
    N_("No answer"),
    N_("Busy"),
    N_("Wrong number"),
    N_("Left voicemail"),
    N_("Left live message"),
    N_("Connected or None"),
    N_("No answer or None"),
    N_("Busy, No answer or None"),
    N_("Wrong number, No answer or None"),
    N_("Left voicemail, No answer or None"),
)
REVISIONS: Final = (
    N_("The store was found empty although it was set up before; check, then enable."),
    N_("stage {stage} of pipeline {pipeline} is missing in HubSpot"),
    N_("pipeline {pipeline} is missing in HubSpot"),
    N_("Undo of revision {number}."),
    N_("The store holds no settings yet: start the product once (make run)."),
    N_("There is no revision {number} of the settings."),
)
PEOPLE: Final = (N_("anonymous caller"), N_("unknown number"), N_("a group"))
RETOLD: Final = (
    *HOURS, *CONTACT, *OUTCOME, *OWNER, *TICKET, *REASONS, *NOTES, *SETTINGS,
    *REVISIONS, *PEOPLE, *TROUBLES, *CHECKS, *DIRECTORY, *CLOCK, *GAPS, *PIPELINES,
    *CONTACT_COPY, *CONTACTS, *BACKFILL,
)  # fmt: skip
"""All of them; a test holds what the product really says against these."""
