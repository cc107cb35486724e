"""How long a request waits for a limit that others use up first."""

import pytest
from product import KNOWN, START

from clients.errors import Unavailable
from sandbox.traffic import call_events
from settings.file import Limits as LimitSettings
from store import keys
from store.limits import Limit, Limits
from worker.gate import LeaseGate


def test_who_is_overtaken_again_and_again_waits_two_seconds_in_all_and_pauses_nobody(redis_client):
    limits, slept = Limits(redis_client), []
    search = Limit("hubspot-search", 1, 1_000)

    def overtaken(seconds: float) -> None:
        slept.append(seconds)
        assert len(slept) < 20
        redis_client.delete(keys.window("hubspot-search"))
        assert limits.ask("hubspot", [search]).kind == "go"

    overtaken(0)
    settings = LimitSettings(hubspot_burst=100, hubspot_search=1, aircall=60)
    gate = LeaseGate(limits, settings, lambda: None, overtaken)
    with pytest.raises(Unavailable) as parked:
        gate.enter("hubspot", ("hubspot_search",))
    assert parked.value.reason == "rate limit"
    assert 0.5 < sum(slept) <= 2
    assert limits.paused("hubspot") == {}


def test_what_was_overtaken_is_parked_and_follows_at_the_next_sweep(product, monkeypatch):
    real = product.shop.limits.ask
    busy = [type(real("aircall", []))("wait", ms=900)] * 5
    monkeypatch.setattr(product.shop.gate, "_sleep", lambda _: None)
    monkeypatch.setattr(product.shop.limits, "ask", lambda *how: busy.pop() if busy else real(*how))
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    assert product.parked("hubspot") == {"call-1"}
    busy.clear()
    product.shop.due.sweep()
    product.drain()
    assert len(product.all("calls")) == 1
