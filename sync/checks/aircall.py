"""Checks of Aircall: our key, the webhook that leads to us, the messages of the numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from clients.aircall.records import Webhook
from clients.errors import NotFound, Rejected, VendorError
from sync.checks.finding import Finding, broken, ended, not_asked, ok, unknown, warning
from sync.checks.world import World
from sync.webhook.events import CORE, lacking, named
from sync.webhook.ours import address_of, our_webhooks
from sync.webhook.sentences import CHOOSE_ALL, SWITCH_ON, by_hand
from worker.intake.tokens import leads_to_us

MOST_NUMBERS: Final = 30
"""Numbers whose messaging is looked at in one check: each costs a request of sixty a minute."""
BY_ITSELF: Final = "This is done by itself within minutes; if it is not, an alert says why."


def check_aircall(world: World) -> Iterator[Finding]:
    """Look at the key, the webhook, and the messaging of the connected numbers."""
    try:
        company = world.aircall.company()
        hooks = world.aircall.webhooks()
    except VendorError as error:
        yield not_asked(
            "aircall.key",
            error,
            "Put an API key (Integrations & API, API keys) into AIRCALL_API_ID and "
            "AIRCALL_API_TOKEN.",
        )
        return
    yield ok("aircall.key", f"Aircall takes the API key, for the company {company.name}.")
    yield from check_webhooks(hooks, world)
    yield from _proxies(world)


def check_webhooks(hooks: tuple[Webhook, ...], world: World) -> Iterator[Finding]:
    """Look at the webhooks of the company for ours."""
    environment = world.environment
    by_itself = environment.network.public_url is not None
    ours = our_webhooks(environment, hooks)
    active = [hook for hook in ours if hook.active]
    several = [h for h in hooks if h.active and leads_to_us(h.url, environment.network.public_url)]
    missed = lacking({event for hook in active for event in hook.events}, CORE)
    if not ours:
        yield broken(
            "aircall.webhook",
            "Aircall has no webhook that leads to us: no call and no message arrives.",
            BY_ITSELF if by_itself else by_hand(address_of(environment)),
        )
    elif not active:
        yield broken(
            "aircall.webhook",
            "Aircall has switched our webhook off: no call and no message arrives.",
            BY_ITSELF if by_itself else SWITCH_ON,
        )
    elif missed:
        yield warning(
            "aircall.webhook",
            f"Our webhook does not tell of {named(missed)}.",
            BY_ITSELF if by_itself else CHOOSE_ALL,
        )
    elif len(several) > 1:
        yield warning(
            "aircall.webhook",
            f"{len(several)} webhooks lead to us: each event comes as often.",
            "Keep one of them; events that come twice do no harm.",
        )
    else:
        yield ok("aircall.webhook", "Aircall's webhook leads to us and is active.")


def _proxies(world: World) -> Iterator[Finding]:
    settings = world.settings()
    if settings is None:
        yield unknown("aircall.messages", "The settings cannot be read now.")
        return
    try:
        lines = [line for line in world.aircall.numbers() if settings.connects(line.id)]
        looked = [line for line in lines if line.id is not None][:MOST_NUMBERS]
        proxied = [line.name for line in looked if _in_proxy_mode(world, line.id or 0)]
    except VendorError as error:
        yield unknown("aircall.messages", ended(error.sentence), "Try again in a minute.")
        return
    if proxied:
        yield warning(
            "aircall.messages",
            f"These numbers send no messages to webhooks (proxy mode): {', '.join(proxied)}.",
            "Their messages cannot be logged, unless Aircall sets them to native messaging.",
        )
    elif len(looked) < len(lines):
        yield ok(
            "aircall.messages",
            f"The first {len(looked)} of {len(lines)} connected numbers send their messages.",
        )
    else:
        yield ok("aircall.messages", "All connected numbers send their messages.")


def _in_proxy_mode(world: World, number: int) -> bool:
    try:
        return world.aircall.in_proxy_mode(number)
    except (Rejected, NotFound):
        return False  # a number that has no messages at all
