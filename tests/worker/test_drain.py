from sandbox.traffic import call_events

START = 1_790_000_000


def test_an_answered_call_becomes_one_hubspot_call(product):
    product.log(call_events(1, "inbound_answered", start=START, phone="+33199887766"))
    call = product.one("calls", "call-1")
    print(call)
    print(product.redis.get("ah:record:call-1"))
    print(product.hubspot.log()[-8:])
    assert call["properties"]["hs_call_status"] == "COMPLETED"
    assert not product.hubspot.surprises
