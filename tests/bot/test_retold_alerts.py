"""What alerts and Redis' shortfalls say is known to the catalogue by its shape."""

import itertools
import re

import pytest

from bot.words.retold_troubles import ALERTS, REDIS
from rules.settings import Settings
from store.alerts import Alerts
from store.limits import Limits
from store.promise import compare
from sync.directory.reading import _tell_unique
from sync.watches.limits import watch_daily
from sync.watches.pauses import _SENTENCES, NAMES, watch_pauses
from tests.bot.team import ADMIN
from worker.drain.tickets import note_scopes
from worker.intake.server import _tell
from worker.workshop import begin


def shape(text: str) -> re.Pattern[str]:
    parts = re.split(r"\{\w+\}", text)
    return re.compile(".+?".join(map(re.escape, parts)), re.DOTALL)


def is_known(sentence: str, texts) -> bool:
    return any(shape(text).fullmatch(sentence) for text in texts)


def test_every_shortfall_of_a_redis_is_known():
    settings = [
        {},
        *(
            {
                "appendonly": only,
                "appendfsync": sync,
                "no-appendfsync-on-rewrite": rewrite,
                "maxmemory-policy": policy,
                "maxmemory": "0",
            }
            for only, sync, rewrite, policy in itertools.product(
                ("yes", "no"),
                ("always", "everysec", "no"),
                ("yes", "no"),
                ("noeviction", "allkeys-lru"),
            )
        ),
    ]
    abouts = [
        {},
        {"redis_version": "5.0.9", "role": "slave", "cluster_enabled": 1, "connected_slaves": 2},
    ]
    said = {one for a, s in itertools.product(abouts, settings) for one in compare(a, s)}
    assert [each for each in said if not is_known(each, REDIS)] == []
    assert [text for text in REDIS if not any(shape(text).fullmatch(one) for one in said)] == []


@pytest.mark.parametrize("vendor", NAMES.values())
def test_every_pause_that_is_told_is_known(vendor):
    for sentence in _SENTENCES.values():
        assert is_known(sentence.format(vendor=vendor), ALERTS)


def test_every_alert_of_the_product_is_known(team):
    from clients.errors import Rejected  # noqa: PLC0415

    shop = team.product.shop
    alerts, limits = Alerts(team.redis), Limits(team.redis)
    limits.learn("hubspot", {"daily": 1000, "daily_remaining": 3})
    watch_daily(limits, alerts)
    limits.pause("hubspot", 60, "credentials")
    watch_pauses(team.redis, limits, alerts)
    _tell_unique(alerts, {"calls": False})
    _tell(alerts, "Redis uses 80 % of its memory")
    for scopes in ((), ("tickets",)):
        refusal = Rejected("hubspot", "no", status=403, scopes=scopes)
        note_scopes(shop, [refusal], [])
        assert_all_known(alerts)
    assert alerts.names() == {
        "daily limit near",
        "hubspot unavailable",
        "no unique properties",
        "door closed",
        "tickets scope missing",
    }
    begin(shop)
    (shop.data_dir / "initialised").write_text("another store")
    team.redis.flushall()
    begin(shop)
    assert [each.name for each in alerts.open()] == ["store emptied"]
    assert_all_known(alerts)
    shop.revisions.save(Settings(), shop.revisions.current().author, 1)
    from store.welcome import Welcome, Welcomes  # noqa: PLC0415

    Welcomes(team.redis).write(Welcome(over=True))
    team.command(ADMIN)
    assert "The store was found empty" in team.shown(ADMIN)


def assert_all_known(alerts: Alerts) -> None:
    opened = alerts.open()
    assert opened
    assert [each.sentence for each in opened if not is_known(each.sentence, ALERTS)] == []
