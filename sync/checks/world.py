"""What the checks look at: the environment, the store as far as it answers, and the vendors."""

from __future__ import annotations

from dataclasses import dataclass

import redis

from clients.aircall import Aircall, aircall_http
from clients.gate import OpenGate
from clients.hubspot import HubSpot
from clients.hubspot.connection import hubspot_http
from clients.slack import Slack
from rules.settings import Settings
from settings.environment import Environment
from settings.file import SettingsFile
from store.channel import Channel
from store.connection import connect, redis_url
from store.first_start import checked_defaults
from store.settings import DamagedSettingsError, NoSettingsError, Revisions


@dataclass(frozen=True, slots=True)
class World:
    """All that is looked at; built without network activity."""

    environment: Environment
    file: SettingsFile
    connection: redis.Redis
    slack: Slack
    hubspot: HubSpot
    aircall: Aircall

    @property
    def channel(self) -> str:
        """Return the id of the channel for announcements and alerts; empty while none is chosen."""
        try:
            return self.file.slack.channel or Channel(self.connection).chosen()
        except redis.RedisError:
            return ""

    def settings(self) -> Settings | None:
        """Return the settings in force, those of the file before the first start, else None."""
        try:
            return Revisions(self.connection).current().settings
        except NoSettingsError:
            return checked_defaults(self.file)
        except (redis.RedisError, DamagedSettingsError):
            return None


def world_of(environment: Environment, file: SettingsFile) -> World:
    """Build what `make doctor` looks at: it asks the vendors beside the limiter, a few requests.

    The store may be away while a doctor is needed, and with it the limits that are shared.
    """
    gate = OpenGate()
    aircall, hubspot = environment.aircall, environment.hubspot
    return World(
        environment,
        file,
        connect(redis_url(environment)),
        Slack(environment.slack.base_url, environment.slack.bot_token.get_secret_value()),
        HubSpot(hubspot_http(hubspot.base_url, hubspot.access_token.get_secret_value(), gate)),
        Aircall(
            aircall_http(
                aircall.base_url,
                aircall.api_id.get_secret_value(),
                aircall.api_token.get_secret_value(),
                gate,
            )
        ),
    )
