import pytest
from product import CLAIRE, KNOWN, START, UNKNOWN, call

from clients.errors import Rejected
from clients.hubspot.records import Batch, Record
from sandbox.traffic import aircall_contact, call_events, group_events
from store import due as due_store
from worker.drain import Drain, planning
from worker.drain.gather import remember

TICKETS = {"tickets__pipeline": "0", "tickets__stages__inbound_missed": "1"}
AFTER = ("reset_after", "timeout_after", "500_after", "cut", "empty_200_after")
BEFORE = ("reset", "500", "502", "503", "423", "429", "477", "empty_200")


def missed(id_, phone=KNOWN):
    return call_events(id_, "inbound_missed", start=START, phone=phone)


def each_once(product, count):
    assert sorted(r["properties"]["aircall_id"] for r in product.all("calls")) == sorted(
        f"call-{at}" for at in range(1, count + 1)
    )
    assert len(product.all("tickets")) == count
    for record in product.all("calls"):
        assert len(record["associations"]["contacts"]) == 1
        assert len(record["associations"]["tickets"]) == 1


@pytest.mark.parametrize("kind", [*AFTER, *BEFORE])
@pytest.mark.parametrize("path", ["contacts", "calls", "tickets"])
def test_whatever_befalls_a_create_each_record_is_made_once(product, kind, path):
    product.set(**TICKETS)
    product.hubspot.fault(kind, path=f"*/{path}/batch/create", hold=0.05)
    product.log([*missed(1, UNKNOWN), *missed(2, UNKNOWN), *missed(3)])
    product.recover()
    each_once(product, 3)
    assert len(product.contacts_of(UNKNOWN)) == 1
    assert product.failures() == set()


@pytest.mark.parametrize("kind", AFTER)
def test_an_answer_lost_twice_makes_nothing_twice(product, kind):
    product.set(**TICKETS)
    product.hubspot.fault(kind, path="*/batch/create", times=6, hold=0.05)
    product.log([*missed(1, UNKNOWN), *missed(2)])
    product.recover()
    each_once(product, 2)


@pytest.mark.parametrize("which", ["first", "last", "every"])
@pytest.mark.parametrize("path", ["contacts", "calls", "tickets"])
def test_a_part_of_a_batch_that_fails_for_a_moment_is_made_up_for(product, which, path):
    product.set(**TICKETS)
    product.hubspot.fault("partial", path=f"*/{path}/batch/create", which=which)
    product.log([*missed(1, UNKNOWN), *missed(2, "+33199887700"), *missed(3)])
    product.recover()
    each_once(product, 3)
    assert product.failures() == set()


@pytest.mark.parametrize("which", ["first", "last"])
def test_a_part_of_a_batch_that_is_refused_fails_alone(product, which):
    product.hubspot.fault("partial", path="*/calls/batch/create", which=which, permanent=True)
    product.log([*missed(1), *missed(2), *missed(3)])
    assert len(product.all("calls")) == 2
    (failed,) = product.failures()
    assert product.decision(failed).result == "failed"
    assert "refused by the sandbox" in product.decision(failed).errors[0]
    product.retry()
    assert len(product.all("calls")) == 3
    assert product.failures() == set()
    assert product.decision(failed).result == "logged"


def test_a_batch_that_is_refused_wholly_fails_one_by_one(product):
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log([*missed(1), *missed(2)])
    assert product.failures() == {"call-1", "call-2"}
    assert product.redis.hgetall("ah:totals") == {b"failed|HubSpot refused it": b"2"}


@pytest.mark.parametrize("bad", [1, 4, 7])
def test_a_bad_input_that_fails_a_whole_batch_is_halved_until_it_stands_alone(
    product, monkeypatch, bad
):
    product.set(**TICKETS)
    _refuse_whole_batches(product, monkeypatch, f"call-{bad}")
    product.log(event for at in range(1, 8) for event in missed(at))
    assert product.failures() == {f"call-{bad}"}
    assert len(product.all("calls")) == 6
    assert len(product.all("tickets")) == 6


def test_a_bad_change_that_fails_a_whole_batch_is_halved_until_it_stands_alone(
    product, monkeypatch
):
    for at in range(1, 6):
        product.log(missed(at))
    _refuse_whole_batches(product, monkeypatch, "call-4", update=True)
    product.log(
        event
        for at in range(1, 6)
        for event in call_events(at, "inbound_voicemail", start=START, phone=KNOWN)
    )
    assert product.failures() == {"call-4"}
    held = [one["properties"].get("hs_call_has_voicemail") for one in product.all("calls")]
    assert held.count("true") == 4


def test_a_missing_scope_parks_all_and_says_which(product):
    product.set(**TICKETS)
    product.hubspot.switches.missing_scopes = frozenset({"crm.objects.contacts.write"})
    product.log([*missed(1), *missed(2)])
    assert product.parked("hubspot") == {"call-1", "call-2"}
    assert product.all("calls") == []
    assert product.failures() == set()
    assert "crm.objects.contacts.write" in product.alerts()["hubspot refuses"]
    product.hubspot.switches.missing_scopes = frozenset()
    product.recover()
    each_once(product, 2)
    assert product.alerts() == {}


def test_a_refused_token_parks_all_and_raises_an_alert(product):
    product.hubspot.switches.token = "another"
    product.log(missed(1))
    assert product.parked("hubspot") == {"call-1"}
    assert "access token" in product.alerts()["hubspot refuses"]
    assert "access token" in product.decision("call-1").reason
    assert product.decision("call-1").errors == ()
    product.hubspot.switches.token = "sandbox-hubspot-token"
    product.recover()
    assert len(product.all("calls")) == 1
    assert product.alerts() == {}


@pytest.mark.parametrize("kind", ["calls", "contacts"])
def test_a_unique_property_that_somebody_deleted_is_made_again(product, kind):
    product.log(missed(1))
    name = {"calls": "aircall_id", "contacts": "aircall_phone"}[kind]
    product.hubspot.delete("properties", name, kind)
    product.log(missed(2, UNKNOWN))
    product.recover()
    assert len(product.all("calls")) == 2
    assert product.one("calls", "call-2")["associations"]["contacts"]


def test_an_interaction_that_cannot_be_decided_fails_at_once_and_alone(product, monkeypatch):
    real = planning.decide

    def decide(id_, *rest):
        if id_ == "call-2":
            raise ZeroDivisionError
        return real(id_, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(planning, "decide", decide)
        product.log([*missed(1), *missed(2), *missed(3)])
    assert product.failures() == {"call-2"}
    assert product.decision("call-2").reason == "could not be decided (ZeroDivisionError)"
    assert product.decision("call-2").errors == ()
    assert len(product.all("calls")) == 2
    assert product.shop.due.waiting() == 0
    product.retry()
    assert product.failures() == set()
    assert len(product.all("calls")) == 3


def test_an_event_that_cannot_be_folded_fails_at_once_and_alone(product):
    product.deliver([*missed(1), *missed(2)])
    product.redis.rpush("ah:new:call-1", b"no json at all")
    product.drain()
    assert product.failures() == {"call-1"}
    assert len(product.all("calls")) == 1
    product.redis.lrem("ah:new:call-1", 1, b"no json at all")
    product.retry()
    assert product.failures() == set()
    assert len(product.all("calls")) == 2


def test_a_record_that_cannot_be_read_fails_at_once_and_alone(product):
    product.redis.set("ah:record:call-1", b"{broken")
    product.log([*missed(1), *missed(2)])
    assert product.failures() == {"call-1"}
    assert len(product.all("calls")) == 1


def test_what_stops_the_worker_is_worked_alone_after_three_tries_and_parked_after_five_more(
    product, monkeypatch
):
    claims = []

    class Died(BaseException):
        pass

    def batch(drain, claim):
        claims.append(claim)
        if "call-2" in claim.ids:
            raise Died
        return real(drain, claim)

    real = Drain.batch
    monkeypatch.setattr(due_store, "LEASE_MS", 1)
    monkeypatch.setattr(Drain, "batch", batch)
    product.deliver([*missed(1), *missed(2), *missed(3)])
    for _ in range(40):
        try:
            product.drain()
        except Died:
            product.pass_time(1)
    with_others = [claim for claim in claims if "call-2" in claim.ids and len(claim.ids) > 1]
    alone = [claim for claim in claims if claim.ids == ("call-2",)]
    assert (len(with_others), len(alone)) == (3, 5)
    assert product.failures() == {"call-2"}
    assert product.decision("call-2").reason == "stopped the worker 8 times"
    assert product.decision("call-2").errors == ()
    assert "poisoned call-2" in product.alerts()
    assert len(product.all("calls")) == 2
    monkeypatch.setattr(Drain, "batch", real)
    product.retry()
    assert product.failures() == set()
    assert len(product.all("calls")) == 3


def test_a_contact_deleted_between_search_and_create_is_made_anew(product):
    product.set(**TICKETS, tickets__stages__inbound_answered="1")
    _before(product, "create", lambda: product.hubspot.delete("contacts", CLAIRE))
    product.log(call())
    (fresh,) = product.contacts_of(KNOWN)
    assert product.one("calls", "call-1")["associations"]["contacts"] == [fresh["id"]]
    assert product.one("tickets", "call-1")["associations"]["contacts"] == [fresh["id"]]
    decision = product.decision("call-1")
    assert decision.choices["contact"] == "unknown phone: a contact is made"
    assert any("merged or deleted" in note for note in decision.notes)
    assert (decision.result, decision.errors) == ("logged", ())
    assert product.redis.hgetall("ah:totals") == {b"logged|inbound_answered": b"1"}
    assert product.failures() == set()


def test_a_deleted_contact_that_the_search_still_finds_is_not_found_again(product, monkeypatch):
    """HubSpot's search lags behind a deletion, too."""
    real = product.shop.hubspot.search
    stale = [Record(CLAIRE, dict(product.hubspot.record("contacts", CLAIRE).properties))]
    product.hubspot.delete("contacts", CLAIRE)

    def search(object_type, query, *rest):
        return stale if object_type == "contacts" else real(object_type, query, *rest)

    monkeypatch.setattr(product.shop.hubspot, "search", search)
    product.log([*missed(1), *missed(2)])
    (fresh,) = product.contacts_of(KNOWN)
    for id_ in ("call-1", "call-2"):
        assert product.one("calls", id_)["associations"]["contacts"] == [fresh["id"]]


def test_a_deleted_contact_that_only_an_e_mail_still_finds_leaves_the_call_without(
    product, monkeypatch
):
    real = product.shop.hubspot.search
    nina = product.hubspot.record("contacts", "12360").properties
    stale = [Record("12360", dict(nina))]
    product.hubspot.delete("contacts", "12360")

    def search(object_type, query, *rest):
        return stale if object_type == "contacts" else real(object_type, query, *rest)

    monkeypatch.setattr(product.shop.hubspot, "search", search)
    emails = [{"id": 1, "label": "Work", "value": nina["email"]}]
    person = aircall_contact(900, "Nina", "Mail", UNKNOWN, emails=emails)
    product.log(call_events(1, "inbound_missed", start=START, phone="anonymous", contact=person))
    assert "contacts" not in product.one("calls", "call-1")["associations"]
    chosen = product.decision("call-1").choices["contact"]
    assert chosen == "the contact was deleted in HubSpot: logged without one"
    assert product.failures() == set()


def test_a_contact_deleted_where_none_is_made_leaves_the_call_logged_without_it(product):
    product.set(**TICKETS, create_contacts=False)
    _before(product, "create", lambda: product.hubspot.delete("contacts", CLAIRE))
    product.log(call(id_=1))
    assert "contacts" not in product.one("calls", "call-1")["associations"]
    assert product.record("call-1").written.contacts == ()
    decision = product.decision("call-1")
    assert any("merged or deleted" in note for note in decision.notes)
    assert decision.choices["contact"].startswith(
        "the contact was deleted in HubSpot: logged without one"
    )
    assert product.failures() == set()


def test_a_deleted_contact_whose_phone_a_company_has_gives_way_to_the_company(product):
    product.hubspot.edit("companies", "8004", {"phone": KNOWN})
    _before(product, "create", lambda: product.hubspot.delete("contacts", CLAIRE))
    product.log(call())
    assert product.one("calls", "call-1")["associations"] == {"companies": ["8004"]}
    assert product.contacts_of(KNOWN) == []
    chosen = product.decision("call-1").choices["contact"]
    assert chosen == "a company has this phone: no contact is made"


def test_a_deleted_participant_of_a_group_is_told_and_the_others_stay_linked(product):
    _before(product, "create", lambda: product.hubspot.delete("contacts", CLAIRE))
    product.log(group_events("g-1", "inbound", start=START, phones=[KNOWN, "+33199004568"]))
    assert product.one("communications", "group-g-1")["associations"]["contacts"] == ["12346"]
    chosen = product.decision("group-g-1").choices["contact"]
    assert chosen.endswith("one of them was deleted in HubSpot")


def test_a_contact_deleted_between_search_and_create_gives_way_to_another_of_that_phone(product):
    product.set(**TICKETS, tickets__stages__inbound_answered="1")
    _before(product, "create", lambda: product.hubspot.delete("contacts", "12351"))
    product.hubspot.edit("contacts", "12351", {"firstname": "Newest"})
    product.log(call(phone="+33199004580"))
    assert product.one("calls", "call-1")["associations"]["contacts"] == ["12352"]
    assert product.one("tickets", "call-1")["associations"]["contacts"] == ["12352"]
    assert product.record("call-1").written.contacts == ("12352",)
    chosen = product.decision("call-1").choices["contact"]
    assert chosen == "the contact was deleted in HubSpot: another one was found instead"


def test_a_contact_merged_between_search_and_create_is_followed(product):
    product.set(**TICKETS, tickets__stages__inbound_answered="1")
    _before(product, "create", lambda: product.hubspot.merge("contacts", "12346", CLAIRE))
    with product.asking("tickets/batch/create") as asked:
        product.log(call())
    assert product.one("calls", "call-1")["associations"]["contacts"] == ["12346"]
    assert product.one("tickets", "call-1")["associations"]["contacts"] == ["12346"]
    assert len(asked) == 1
    assert product.failures() == set()


def test_a_remembered_contact_that_was_deleted_is_made_anew_by_the_next_call(product):
    product.log(missed(1, UNKNOWN))
    (contact,) = product.contacts_of(UNKNOWN)
    product.hubspot.delete("contacts", contact["id"])
    product.log([*missed(2, UNKNOWN), *missed(3, UNKNOWN)])
    (fresh,) = product.contacts_of(UNKNOWN)
    for id_ in ("call-2", "call-3"):
        assert product.one("calls", id_)["associations"]["contacts"] == [fresh["id"]]
        assert product.decision(id_).choices["contact"] == "unknown phone: a contact is made"


def test_a_contact_that_another_worker_made_of_a_deleted_ones_phone_is_used(product):
    def happen():
        product.hubspot.delete("contacts", CLAIRE)
        remember(product.shop, {KNOWN: ("12346", None)})

    _before(product, "create", happen)
    product.log(call())
    assert product.one("calls", "call-1")["associations"]["contacts"] == ["12346"]
    assert product.contacts_of(KNOWN) == []


def test_a_remembered_contact_that_was_deleted_is_made_once_around_a_crash(product, monkeypatch):
    product.log(missed(1, UNKNOWN))
    product.hubspot.delete("contacts", product.contacts_of(UNKNOWN)[0]["id"])
    product.deliver(missed(2, UNKNOWN))
    for _ in range(2):
        with monkeypatch.context() as patched:
            patched.setattr(product.shop.due, "commit", lambda *_: ["call-2"])
            Drain(product.shop).run()
        product.pass_time(60)
    product.recover()
    (fresh,) = product.contacts_of(UNKNOWN)
    assert product.one("calls", "call-2")["associations"]["contacts"] == [fresh["id"]]


def _before(product, name, act):
    """Let a person do something in HubSpot just before our first request of this name."""
    real, done = getattr(product.shop.hubspot, name), []

    def first_act(*args, **how):
        if not done:
            done.append(True)
            act()
        return real(*args, **how)

    setattr(product.shop.hubspot, name, first_act)


def _refuse_whole_batches(product, monkeypatch, bad, *, update=False):
    """Let HubSpot refuse a batch as a whole, without a word on which input is to blame."""
    hubspot = product.shop.hubspot
    name = "update" if update else "create"
    real = getattr(hubspot, name)

    def write(object_type, inputs):
        if object_type == "calls" and any(each.key == bad for each in inputs):
            return Batch(whole=Rejected("hubspot", "no", status=400))
        return real(object_type, inputs)

    monkeypatch.setattr(hubspot, name, write, raising=False)


def test_a_value_that_fails_a_whole_search_stands_alone_in_the_failures(product, monkeypatch):
    """HubSpot refuses the search for the whole batch; only the call that it is about suffers."""
    search = product.shop.hubspot.search

    def picky(object_type, query, *rest):
        if "33199887702" in str(query):
            raise Rejected("hubspot", "That is no phone.", status=400)
        return search(object_type, query, *rest)

    monkeypatch.setattr(product.shop.hubspot, "search", picky)
    for number in range(1, 8):
        product.deliver(call(id_=number, phone=f"+3319988770{number}"))
    product.drain()
    assert [product.record(f"call-{n}").decision.result for n in range(1, 8)] == [
        "failed" if n == 2 else "logged" for n in range(1, 8)
    ]
    assert product.record("call-2").decision.errors == ("That is no phone.",)
    monkeypatch.undo()
    product.retry()
    assert product.record("call-2").decision.result == "logged"
    assert len(product.all("calls")) == 7


def test_a_value_that_fails_a_reading_after_the_marks_doubles_nothing(product, monkeypatch):
    """The batch is worked anew in halves after some of it was written: read back, not repeated."""
    create = product.shop.hubspot.create

    def picky(object_type, inputs):
        if object_type == "tickets" and any(each.key == "call-3" for each in inputs):
            raise Rejected("hubspot", "Not this one.", status=400)
        return create(object_type, inputs)

    product.set(tickets__pipeline="0", tickets__stages__inbound_answered="1")
    monkeypatch.setattr(product.shop.hubspot, "create", picky)
    for number in range(1, 5):
        product.deliver(call(id_=number, phone=f"+3319988770{number}"))
    product.drain()
    assert len(product.all("calls")) == 4
    assert len(product.all("tickets")) == 3
    monkeypatch.undo()
    product.retry()
    assert len(product.all("calls")) == len(product.all("tickets")) == 4
