from sandbox.arrived import Arrival, Names, arrivals, plain

NAMES = Names({"out-1": "Connected"}, {"7": "Jeanne Martin"}, {"1": "Support: New"})


def record(properties, *, archived=False, **links):
    return {"properties": properties, "associations": links, "archived": archived}


def portal(**records):
    return {"calls": {}, "communications": {}, "contacts": {}, "tickets": {}, **records}


def test_a_call_is_told_with_the_names_of_all_it_is_linked_to():
    call = record(
        {
            "hs_timestamp": "2026-09-21T09:05:00.000Z",
            "hs_call_title": "Missed call &ndash; Claire",
            "hs_call_body": "<p>Missed call</p><p>Call ID: 5</p>",
            "hs_call_disposition": "out-1",
            "hubspot_owner_id": "7",
        },
        contacts=["3", "9"],
        tickets=["4"],
    )
    records = portal(
        calls={"2": call},
        contacts={"3": record({"firstname": "Claire", "lastname": "Dubois"}), "9": record({})},
        tickets={"4": record({"subject": "Call back", "hs_pipeline_stage": "1"})},
    )
    assert arrivals(records, NAMES) == [
        Arrival(
            id="2",
            kind="calls",
            time="2026-09-21T09:05:00.000Z",
            activity="Missed call – Claire",
            outcome="Connected",
            owner="Jeanne Martin",
            contact="Claire Dubois",
            ticket="Call back",
            stage="Support: New",
            body="Missed call\nCall ID: 5",
            linked={"contacts": ["3", "9"], "companies": [], "tickets": ["4"]},
        )
    ]


def test_what_is_archived_has_not_arrived():
    assert arrivals(portal(calls={"2": record({}, archived=True)}), NAMES) == []


def test_calls_and_messages_come_in_the_order_of_their_time():
    records = portal(
        calls={"2": record({"hs_timestamp": "2026-09-21T09:05:00Z"})},
        communications={"1": record({"hs_timestamp": "2026-09-21T08:00:00Z"})},
    )
    assert [one.id for one in arrivals(records, NAMES)] == ["1", "2"]


def test_html_becomes_lines_of_plain_text():
    assert plain("<p>Tom &amp; Ann</p>\n<ul><li>a &lt;b&gt;</li><li> c</li></ul>x<br/>y") == (
        "Tom & Ann\na <b>\nc\nx\ny"
    )
