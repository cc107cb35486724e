import json

from product import KNOWN, START

from sandbox.traffic import Story, call_events
from worker.__main__ import main
from worker.status import status


def test_status_tells_what_waits_what_failed_and_what_an_admin_should_know(product):
    cause = Story(hangup_cause="carrier_trouble")
    product.log(call_events(1, "outbound_unanswered", start=START, phone=KNOWN, story=cause))
    product.shop.limits.pause("hubspot", 60, "down")
    product.log(call_events(2, "inbound_answered", start=START, phone=KNOWN))
    product.shop.alerts.raise_("a", "Something is wrong.")
    now = status(product.redis)
    assert now.told["waiting"] == 1
    assert now.told["interactions"] == {"logged|outbound_unanswered": 1}
    assert now.told["unknown hangup causes"] == {"carrier_trouble": 1}
    assert now.told["paused"]["hubspot"]["reason"] == "down"
    text = "\n".join(now.lines())
    assert "Something is wrong." in text
    assert "carrier_trouble: 1 (map it in [hangup_causes])" in text
    assert "yes, by revision 1 of Ada (admin)" in text


def test_an_empty_store_has_no_settings_yet(redis_client):
    assert status(redis_client).told["enabled"] == "no settings yet"


def test_a_redis_weaker_than_promised_is_said_until_it_is_mended(redis_client):
    assert status(redis_client).told["redis"] == []
    redis_client.config_set("appendfsync", "everysec")
    try:
        text = "\n".join(status(redis_client).lines())
    finally:
        redis_client.config_set("appendfsync", "always")
    assert "up to one second of accepted events may be lost" in text


def test_status_prints_json_for_machines(product, monkeypatch, capsys):
    for name, value in product.variables.items():
        monkeypatch.setenv(name, value)
    assert main(["status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["waiting"] == 0
