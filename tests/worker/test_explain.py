import json

import pytest
from scenarios import KNOWN, START, TICKETS, UNKNOWN

from sandbox.traffic import call_events, message_events
from worker.__main__ import main
from worker.explain import explain
from worker.failures import readable
from worker.meaning import meant_by


def story(product, asked):
    return explain(product.redis, asked).told


@pytest.fixture
def shell(product, monkeypatch, tmp_path):
    """Run `python -m worker` against the product's store."""
    monkeypatch.chdir(tmp_path)
    for name, value in product.variables.items():
        monkeypatch.setenv(name, value)
    return lambda *words: main(words)


def test_a_logged_call_is_told_with_its_ids_links_and_reasons(product):
    product.set(**{path.replace(".", "__"): value for path, value in TICKETS.items()})
    product.log(call_events(1, "inbound_missed", start=START, phone=KNOWN))
    told = story(product, "1")
    call = product.one("calls", "call-1")
    assert told["result"] == "logged"
    assert told["kind"] == "inbound_missed"
    assert told["revisions"] == {"accepted": 2, "planned": 2}
    assert told["hubspot"]["activity"] == call["id"]
    assert told["hubspot"]["ticket"] == product.one("tickets", "call-1")["id"]
    assert told["hubspot"]["contact"] == call["associations"]["contacts"][0]
    assert told["links"]["activity"].endswith(f"/contacts/123456/record/0-48/{call['id']}")
    assert set(told["choices"]) == {"hours", "contact", "outcome", "owner", "ticket"}
    text = "\n".join(explain(product.redis, "1").lines())
    assert "found by phone" in text
    assert "No answer" in text


def test_an_ignored_call_names_the_setting_that_decided(product):
    product.set(numbers=[1002])
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    told = story(product, "call-1")
    assert (told["result"], told["reason"]) == ("ignored", "number not connected")
    assert told["hubspot"] == {"activity": None, "ticket": None, "contact": None}


def test_a_call_that_has_not_ended_is_pending(product):
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN)[:2])
    assert story(product, "1")["result"] == "pending"


def test_a_call_that_waits_for_hubspot_says_so(product):
    product.shop.limits.pause("hubspot", 60, "down")
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    told = story(product, "1")
    assert told["result"] == "pending"
    assert told["state"] == "waits for HubSpot (down)"


def test_a_call_that_waits_for_enabling_says_so(product):
    product.deliver(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    product.set(enabled=False)
    product.drain()
    assert story(product, "1")["state"] == "waits until the integration is enabled"


def test_an_event_not_looked_at_yet_is_due(product):
    product.deliver(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    assert story(product, "1")["state"].startswith("due since ")


def test_a_message_is_found_by_its_own_id(product):
    product.log(message_events("m-7", "inbound", start=START, phone=UNKNOWN))
    assert story(product, "m-7")["kind"] == "inbound_message"


def test_what_outlived_its_record_is_told_by_the_map_of_ids(product):
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    product.redis.delete("ah:record:call-1")
    told = story(product, "1")
    assert told["result"] == "logged"
    assert told["hubspot"]["activity"] == product.one("calls", "call-1")["id"]


def test_a_link_or_an_id_of_any_form_is_understood():
    assert meant_by("https://api.aircall.io/v1/calls/4001", ()).ids == (
        "call-4001", "message-4001", "group-4001",
    )  # fmt: skip
    assert meant_by(" call-5 ", ()).ids == ("call-5",)


def test_explain_prints_json_for_machines(product, shell, capsys):
    product.log(call_events(1, "outbound_busy", start=START, phone=KNOWN))
    assert shell("explain", "1", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert {"kind", "revisions", "result", "reason", "hubspot"} <= set(told)
    assert told["kind"] == "outbound_busy"


def test_an_unknown_id_is_said_and_exits_with_1(shell, capsys):
    assert shell("explain", "404") == 1
    assert "404 is not known" in capsys.readouterr().err


def test_misuse_prints_the_usage_and_exits_with_2(shell, capsys):
    assert shell("explian") == 2
    assert "usage:" in capsys.readouterr().err


def test_failures_are_listed_with_the_vendors_words_and_retried(product, shell, capsys):
    product.hubspot.fault(
        "partial", path="*/calls/batch/create", which="first", permanent=True, times=None
    )
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    assert shell("failures") == 0
    listed = capsys.readouterr().out
    assert "call-1" in listed
    assert "1 failure." in listed
    said = story(product, "1")["errors"]
    assert said
    assert readable(said[0]) in listed
    product.hubspot.faults.clear()
    assert shell("failures", "retry", "1") == 0
    product.drain()
    assert story(product, "1")["result"] == "logged"
    assert shell("failures") == 0
    assert "0 failures." in capsys.readouterr().out
    assert shell("failures", "retry", "all") == 1


def test_a_redis_that_is_away_is_named_without_its_password(shell, monkeypatch, capsys):
    monkeypatch.setenv("REDIS_URL", "redis://somebody:secret@127.0.0.1:1/3")
    for words in (("status",), ("explain", "1"), ("failures", "retry", "all")):
        assert shell(*words) == 2
        said = capsys.readouterr().err
        assert "Could not connect to Redis at redis://127.0.0.1:1/3. Is it running?" in said
        assert "secret" not in said
        assert "somebody" not in said


def test_an_unreadable_delivery_is_one_line_whatever_it_says(product, shell, capsys):
    event = {"event": "a\nunknown event  b\x1b[2J", "data": "\u202ec\x9b2J"}
    entry = json.dumps({"reason": "unknown event", "event": event})
    product.redis.lpush("ah:unreadable", entry, '{"reason":"unknown event","event":{}}')
    assert shell("unreadable") == 0
    lines = capsys.readouterr().out.split("\n")
    assert len(lines) == 3
    assert lines[0].endswith("no name: {}")
    assert all(line.isprintable() for line in lines)


def test_unreadable_deliveries_are_shown(product, shell, capsys):
    product.redis.lpush("ah:unreadable", '{"reason":"unknown event","event":{"event":"call.x"}}')
    assert shell("unreadable") == 0
    assert "unknown event" in capsys.readouterr().out


def test_several_calls_of_one_phone_are_told_newest_first(product, shell, capsys):
    for n in (1, 2):
        product.log(call_events(n, "inbound_answered", start=START + n, phone=KNOWN))
    assert shell("explain", "01 99 00 45 67") == 0
    told = capsys.readouterr().out
    assert told.index("call-2: logged") < told.index("call-1: logged")
    assert shell("explain", KNOWN, "--json") == 0
    assert [each["id"] for each in json.loads(capsys.readouterr().out)] == ["call-2", "call-1"]


def test_a_call_is_found_by_the_id_of_its_record_in_hubspot(product, shell, capsys, tmp_path):
    (tmp_path / "settings.toml").write_text("")
    product.log(call_events(4001, "inbound_answered", start=START, phone=KNOWN))
    assert shell("explain", product.one("calls", "call-4001")["id"]) == 0
    assert "call-4001: logged" in capsys.readouterr().out


def test_hubspot_being_down_is_said_when_only_it_could_tell(product, shell, capsys, tmp_path):
    (tmp_path / "settings.toml").write_text("")
    product.hubspot.fault("503", times=None)
    assert shell("explain", "999999") == 1
    assert "HubSpot was asked: HubSpot is in trouble" in capsys.readouterr().err


def test_a_failure_is_dismissed_with_a_reason_from_a_shell(product, shell, capsys, tmp_path):
    (tmp_path / "settings.toml").write_text("")
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log(call_events(1, "inbound_answered", start=START, phone=KNOWN))
    assert shell("failures", "dismiss", "1", "only", "a", "test") == 0
    assert "call-1 is dismissed" in capsys.readouterr().out
    assert product.failures() == set()
    assert shell("explain", "1") == 0
    assert "only a test" in capsys.readouterr().out
    assert shell("failures") == 0
    assert "0 failures. 1 dismissed." in capsys.readouterr().out
    assert shell("failures", "dismiss", "1", "again") == 1
    assert shell("failures", "dismiss", "1") == 2
    assert shell("failures", "retry", "1") == 0
    product.hubspot.faults.clear()
    product.drain()
    assert story(product, "1")["result"] == "logged"


def test_failures_are_grouped_by_cause(product, shell, capsys):
    product.hubspot.fault(
        "partial", path="*/calls/batch/create", which="every", permanent=True, times=None
    )
    for n in range(1, 6):
        product.log(call_events(n, "inbound_answered", start=START + n, phone=KNOWN))
    assert shell("failures") == 0
    told = capsys.readouterr().out
    assert "5 x  HubSpot: Property values were not valid: refused by the sandbox" in told
    assert "and 2 more" in told
    assert "5 failures." in told
