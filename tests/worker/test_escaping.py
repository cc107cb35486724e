from product import KNOWN, START, UNKNOWN, call, later

from sandbox.traffic import Story, aircall_contact, call_events

EVIL = "<img src=x onerror=alert(1)>"


def spoilt(events):
    """Put markup and control characters into all that a person can type."""
    for event in events:
        data = event["data"]
        changed = {
            "tags": [{**tag, "name": f"{EVIL}\x00\x1b[31m"} for tag in data["tags"]],
            "comments": [{**one, "content": f"{EVIL}\x07\nnext"} for one in data["comments"]],
            "number": {**data["number"], "name": f"{EVIL}\x08line"},
        }
        yield later(event, 0, **changed)


def test_markup_in_names_tags_comments_and_lines_arrives_escaped(product):
    product.set(name=f"{EVIL} & co", tickets__pipeline="0", tickets__stages__inbound_answered="1")
    person = aircall_contact(900, EVIL, "O'Neil\x00", KNOWN)
    product.log(spoilt(call(Story(tags=(33,), comments=("c",)), contact=person)))
    held = product.one("calls", "call-1")["properties"]
    ticket = product.one("tickets", "call-1")["properties"]
    for text in (held["hs_call_body"], held["hs_call_title"], ticket["subject"], ticket["content"]):
        assert "<img" not in text
        assert not any(ord(character) < 32 and character != "\n" for character in text)
    assert held["hs_call_body"].count("&lt;img src=x onerror=alert(1)&gt;") == 5
    assert "&lt;img src=x onerror=alert(1)&gt; &amp; co" in held["hs_call_body"]


def test_control_characters_in_a_name_do_not_reach_the_new_contact(product):
    person = aircall_contact(900, "Max\x00\x1b", "Mus\u2028ter", UNKNOWN)
    product.log(call_events(1, "inbound_missed", start=START, phone=UNKNOWN, contact=person))
    (contact,) = product.contacts_of(UNKNOWN)
    names = contact["properties"]["firstname"], contact["properties"]["lastname"]
    assert names == ("Max", "Mus ter")


def test_a_link_is_written_only_if_it_leads_to_aircalls_assets(product):
    events = [later(e, 0, asset='https://assets.aircall.io/"><script>') for e in call()]
    product.log(events)
    assert "<script>" not in product.body()
    assert "href" not in product.body()
