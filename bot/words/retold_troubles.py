"""What goes wrong outside of us: vendors, Slack, Redis; each sentence by its shape."""

from __future__ import annotations

from typing import Final

from bot.words.marked import N_

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
    N_("HubSpot answered without total"),
    N_("HubSpot answered without an object"),
    N_("HubSpot told of a pipeline without id"),
    N_("HubSpot told of another stage"),
    N_("HubSpot told of another owner"),
    N_("HubSpot did not name its portal"),
    N_("HubSpot read only a part"),
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
    N_("Aircall answered without {what}"),
    N_("Aircall told of a number without id"),
    N_("Aircall told of a contact without id"),
    N_("Aircall did not tell how long its list is"),
    N_("Aircall told of a webhook without id"),
    N_("Slack did not answer"),
    N_("Slack answered what is no JSON"),
    N_("Slack asks us to wait"),
    N_("Slack refuses our bot token ({code})"),
    N_("The address to answer to is not Slack's."),
)
DOOR: Final = (
    N_("Redis uses {percent} % of its memory"),
    N_("Redis does not answer: {error}"),
    N_("only {free} MiB of disk are free"),
    N_("the free disk space cannot be read: {error}"),
)
CONNECTION: Final = (
    N_("Slack refuses our app token ({code}); make doctor says how to mend that."),
    N_("Slack is in trouble ({code}); we try again."),
    N_("Slack does not answer ({error}); we try again."),
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
        "What was stored of {id} is damaged, as by a fault of the disk. Nothing of that is "
        "written to HubSpot, and it was put among the failures."
    ),
    N_("Tried again, it is read from Aircall anew."),
    N_("Aircall does not tell it again."),
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
TROUBLES: Final = (*VENDORS, *DOOR, *CONNECTION, *ALERTS, *REDIS)
