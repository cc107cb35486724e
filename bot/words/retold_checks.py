"""What the checks find, and how to mend it: each sentence by its shape, for the catalogue."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

STORE: Final = (
    N_("The store does not answer ({error})."),
    N_("Redis answers, and keeps every event it has taken."),
    N_("Redis at {where} does not answer ({error})."),
    N_("Start the product (make run); the embedded server starts with it."),
    N_("Start it, or correct REDIS_URL."),
    N_("docs/things-that-go-wrong.md says what may be lost."),
)
SLACK: Final = (
    N_("Slack takes the bot token, for the workspace {team}."),
    N_("Slack has granted every permission we need."),
    N_("Slack has not granted {scope}: {why}."),
    N_("the slash command"),
    N_("answers, announcements and alerts"),
    N_("who is an admin, and in which language and time zone somebody reads"),
    N_("to see whether we may post in a public channel, before we have to"),
    N_("the same of a private channel"),
    N_("Add it to the Slack app (manifest.yaml lists all) and reinstall the app."),
    N_("The Slack app has permissions that nothing here needs: {scopes}."),
    N_("Take them out of the Slack app, unless something else uses them."),
    N_("HTTP mode: Slack speaks to us, signed with our secret."),
    N_("Socket Mode: Slack takes the app token."),
    N_("Put the token of the installed Slack app into {variable} and start again."),
    N_("No channel is chosen: announcements and alerts go to the admins directly."),
    N_("Choose one in the direct message of the first start, or in settings.toml."),
    N_("The channel {channel} cannot be seen ({code})."),
    N_("Invite the bot to it, or choose another channel."),
    N_("The channel {channel} is archived."),
    N_("Choose another one."),
    N_("The bot is not in the channel {channel}."),
    N_("Invite it there: /invite and its name."),
    N_("The bot may post in the channel that is chosen."),
)
AIRCALL: Final = (
    N_("Aircall takes the API key, for the company {company}."),
    N_("Put an API key (Integrations & API, API keys) into AIRCALL_API_ID and AIRCALL_API_TOKEN."),
    N_("Aircall has no webhook that leads to us: no call and no message arrives."),
    N_("Aircall has switched our webhook off: no call and no message arrives."),
    N_("Our webhook does not tell of {events}."),
    N_("{count} webhooks lead to us: each event comes as often."),
    N_("Keep one of them; events that come twice do no harm."),
    N_("Aircall's webhook leads to us and is active."),
    N_("These numbers send no messages to webhooks (proxy mode): {numbers}."),
    N_("Their messages cannot be logged, unless Aircall sets them to native messaging."),
    N_("The first {some} of {all} connected numbers send their messages."),
    N_("All connected numbers send their messages."),
)
HUBSPOT: Final = (
    N_("HubSpot takes the token, for the portal {portal}."),
    N_("Put the token of a service key or private app into HUBSPOT_ACCESS_TOKEN."),
    N_("HubSpot lets us read contacts, companies, tickets and owners."),
    N_("HubSpot does not let us read contacts."),
    N_("HubSpot does not let us read companies."),
    N_("HubSpot does not let us read tickets."),
    N_("HubSpot does not let us read owners."),
    N_("Add the scope {scopes} to the token."),
    N_("Our unique properties are there: nothing is written twice."),
    N_("These unique properties are not there: {properties}."),
    N_(
        "They are made at the start; if that is refused, give the token the schema scopes "
        "(crm.schemas.contacts.write, tickets). Until then one worker writes at a time."
    ),
)
SETTINGS: Final = (
    N_("Try again in a minute."),
    N_("The settings cannot be read now."),
    N_("The integration is disabled: no call and no message is logged."),
    N_("Enable it when numbers are chosen."),
    N_("Choose anew in its form."),
    N_("HubSpot has no call outcome “{outcome}” any more."),
    N_("Choose another one, or none."),
    N_("All that the settings name is there, in Aircall and in HubSpot."),
)
CHECKS: Final = (*STORE, *SLACK, *AIRCALL, *HUBSPOT, *SETTINGS)
