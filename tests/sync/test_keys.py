"""After a busy day every key in Redis is one that `store/keys.py` gives a reason for."""

import inspect
import re

from sandbox.messages import message_events
from sandbox.traffic import CALL_KINDS, call_events, number_event
from store import keys
from store.aircall_contacts import AircallContacts
from store.aircall_entries import Entry
from store.backfills import Backfill, Backfills, Previews
from store.contact_holds import Hold
from store.dismissals import dismiss
from store.gaps import Gaps, Look
from store.left_out import note_asked
from store.outages import Outages
from store.quiet import Quieted
from store.told import Post, Told
from store.wanted_contacts import SETS, WantedContacts
from sync.clock import tick
from sync.directory.reading import refresh_all
from worker.nudge import nudge

START = 1_790_000_000


def documented() -> re.Pattern[str]:
    """All names of `store/keys.py`: constants as they are, functions of anything."""
    names = [
        re.escape(value)
        for name, value in vars(keys).items()
        if name.isupper() and isinstance(value, str)
    ]
    for _, make in inspect.getmembers(keys, inspect.isfunction):
        names.append(re.escape(make("WHATEVER")).replace("WHATEVER", ".+"))
    return re.compile("|".join(names))


def test_every_key_has_its_reason(product, redis_client):
    product.set(**{"tickets.pipeline": "0", "tickets.stages.inbound_missed": "1"})
    for n, kind in enumerate(CALL_KINDS):
        events = call_events(n, kind, start=START + n, phone=f"+3319988776{n}")
        product.log(events)
        product.log([{**events[-1], "event": "call.tagged", "timestamp": START + 900}])
        assert redis_client.exists("ah:due") == 0
    product.log(message_events("m-1", "inbound", start=START, phone="+33199887700"))
    product.log([number_event("closed", 1001, START)])
    product.deliver([*call_events(50, "inbound_missed", start=START, phone="+33199887766")][:-1])
    product.drain()
    product.hubspot.delete("stages", "1", "0")
    product.log(call_events(54, "inbound_missed", start=START, phone="+33199887760"))
    assert product.shop.due.want_tickets(["call-54"])[0] == 1
    note_asked(redis_client, "U1", ["call-54"])
    product.hubspot.fault("partial", path="*/calls/batch/create", which="every", permanent=True)
    product.log(call_events(53, "inbound_missed", start=START, phone="+33199887769"))
    assert dismiss(redis_client, ["call-53"], by="U1", name="", reason="a test", seconds=900)
    product.hubspot.fault("503", times=None)
    product.log(call_events(51, "inbound_missed", start=START, phone="+33199887767"))
    product.set(enabled=False)
    product.log(call_events(52, "inbound_missed", start=START, phone="+33199887768"))
    product.shop.alerts.raise_("an alert", "A sentence.")
    product.shop.alerts.raise_("another alert", "A sentence.")
    product.shop.alerts.resolve("another alert")
    product.shop.alerts.notice("a notice", "A sentence.")
    Quieted(redis_client).rest(["an alert"], "U1", 1)
    told = Told(redis_client)
    told.keep(Post("1", (), (), "C1", 1, 1, 1))
    told.all_said("", None)
    refresh_all()
    Outages(redis_client).heard()
    Outages(redis_client).webhook_well()
    Outages(redis_client).note("door", START * 1000, (START + 600) * 1000)
    Gaps(redis_client).note_found({"call-1": START})
    Gaps(redis_client).keep(Look(START, START + 1, ()), updated=1)
    tick(product.shop)
    nudge(redis_client)
    product.shop.due.claim("somebody")
    preview = Previews(redis_client).begin("U1", "", START, START + 1, 1)
    Previews(redis_client).counted(preview, frozenset({"+33199887766"}))
    Backfills(redis_client).note(Backfill("1", "U1", "", START * 1000, START, START + 1))
    refused = Entry(aircall=7, reason="A sentence.", refused=True)
    AircallContacts(redis_client).keep("12345", refused, None, {"+33199004567": ["12345"]})
    for why in SETS:
        WantedContacts(redis_client).add(why, ["12345"])
    Hold(redis_client, ["contact:12345"]).__enter__()
    found = {key.decode() for key in redis_client.scan_iter()}
    pattern = documented()
    assert not sorted(
        key for key in found if not key.startswith("rq:") and not pattern.fullmatch(key)
    )
    assert len(found) > 40
    for kind in (
        *("ah:record:", "ah:ids:", "ah:window:", "ah:parked:", "ah:learned:", "ah:contact:"),
        *("ah:phone:", "ah:dismissed", "ah:unlogged-tickets", "ah:tickets-asked"),
    ):
        assert any(key.startswith(kind) for key in found), kind


def test_every_documented_key_is_used_and_explained():
    assert not documented().fullmatch("ah:made-up")
    source = inspect.getsource(keys)
    constants = re.findall(r'^([A-Z_]+): Final = "ah:[^"]+"\n"""[^"]+"""', source, re.MULTILINE)
    assert set(constants) == {
        name for name, value in vars(keys).items() if name.isupper() and isinstance(value, str)
    }
    assert all(make.__doc__ for _, make in inspect.getmembers(keys, inspect.isfunction))
