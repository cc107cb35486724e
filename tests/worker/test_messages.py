import pytest
from product import CLAIRE, KNOWN, START

from sandbox.traffic import group_events, message_events


def held(product, id_="message-m-1"):
    return product.one("communications", id_)["properties"]


@pytest.mark.parametrize("direction", ["inbound", "outbound"])
def test_a_message_becomes_one_communication_at_once(product, direction):
    product.log(message_events("m-1", direction, start=START, phone=KNOWN, body="Hi\nthere"))
    assert held(product)["hs_communication_channel_type"] == "SMS"
    assert held(product)["hs_communication_logged_from"] == "CRM"
    assert held(product)["hs_timestamp"] == "2026-09-21T14:13:20Z"
    assert "Hi<br>there" in held(product)["hs_communication_body"]
    assert product.one("communications", "message-m-1")["associations"]["contacts"] == [CLAIRE]
    decision = product.decision("message-m-1")
    assert (decision.result, decision.kind) == ("logged", f"{direction}_message")
    assert decision.choices["outcome"] == "messages have no outcome"


def test_a_whatsapp_message_is_logged_as_such_and_a_template_by_its_content(product):
    product.log(
        message_events(
            "m-1", "outbound", start=START, phone=KNOWN, channel="whatsapp", template="Your order"
        )
    )
    assert held(product)["hs_communication_channel_type"] == "WHATS_APP"
    assert "Your order" in held(product)["hs_communication_body"]


def test_an_mms_names_its_files_and_not_their_dying_links(product):
    product.log(message_events("m-1", "inbound", start=START, phone=KNOWN, media=["roof.jpg"]))
    assert "roof.jpg" in held(product)["hs_communication_body"]
    assert "Amz" not in held(product)["hs_communication_body"]
    assert held(product)["hs_communication_channel_type"] == "SMS"


def test_a_group_message_is_one_communication(product):
    phones = [KNOWN, "+33199004568"]
    product.log(group_events("g-1", "outbound", start=START, phones=phones))
    product.log(group_events("g-1", "outbound", start=START, phones=phones))
    assert len(product.all("communications")) == 1
    assert held(product, "group-g-1")["hs_timestamp"] == "2026-09-21T14:13:20Z"


def test_a_status_that_comes_before_its_message_makes_one_communication(product):
    sent, failed = message_events(
        "m-1", "outbound", start=START, phone=KNOWN, statuses=("failed",), body="Hello"
    )
    product.log([failed])
    product.log([sent])
    assert len(product.all("communications")) == 1
    assert "not delivered" in held(product)["hs_communication_body"]
    assert "Hello" in held(product)["hs_communication_body"]


def test_what_people_typed_arrives_escaped_and_without_control_characters(product):
    product.log(
        message_events(
            "m-1", "inbound", start=START, phone=KNOWN, body="<script>x</script>\x00 & \ud800co"
        )
    )
    body = held(product)["hs_communication_body"]
    assert "&lt;script&gt;x&lt;/script&gt; &amp; co" in body
    assert "<script>" not in body
