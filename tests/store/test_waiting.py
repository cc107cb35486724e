"""How many wait is exact after every step, whatever happens in whatever order."""

from dataclasses import dataclass

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from store.due import Due, Settled
from store.limits import Limits

CALLS = ("call-1", "call-2")
IDS = st.sampled_from(CALLS)


@dataclass
class Model:
    """One interaction as a person would tell of it."""

    place: str = "out"
    """`out`, `due`, `later`, `held` or why it is parked."""
    ended: bool = False
    settled: bool = False
    events: int = 0
    loaded: int = 0
    loaded_ended: bool = False
    failed: bool = False

    @property
    def waits(self) -> bool:
        return self.place != "out" and (self.ended or self.settled or self.failed)


class Waiting(RuleBasedStateMachine):
    client = None

    @initialize()
    def empty(self):
        self.client.flushall()
        self.due, self.limits = Due(self.client), Limits(self.client)
        self.limits.pause("hubspot", 3600, "down")
        self.calls = {id_: Model() for id_ in CALLS}
        self.hints = 0

    @rule(id_=IDS, ending=st.booleans())
    def event(self, id_, ending):
        self.due.enter(id_, "{}", ending=ending)
        call = self.calls[id_]
        call.events += 1
        call.ended |= ending
        if call.place != "held":
            call.place = "due"

    @rule()
    def hint(self):
        self.due.enter("hint-number-1", "{}", ending=False)

    @rule()
    def claim(self):
        claim = self.due.claim("me")
        for id_ in claim.ids:
            if id_ in self.calls:
                call = self.calls[id_]
                assert call.place == "due"
                call.place, call.loaded, call.loaded_ended = "held", call.events, call.ended
            else:
                self.due.commit("me", [Settled(id_, "out", 1)])

    @rule(id_=IDS, how=st.sampled_from(["done", "park:hubspot", "park:disabled", "fail"]))
    def commit(self, id_, how):
        held = [each for each in (id_, *CALLS) if self.calls[each].place == "held"]
        if not held:
            return
        id_, call = held[0], self.calls[held[0]]
        open_ = not (call.loaded_ended or call.settled)
        more = call.events > call.loaded
        if how == "fail":
            settled = Settled(id_, "stay", failure="add")
            call.place, call.failed = "out", True
        elif open_:
            # It has not ended as far as was read: looked at again later, or not at all.
            next_ = "in:600000" if how == "park:hubspot" else "out"
            settled = Settled(id_, next_, call.loaded, unended=True, failure="drop")
            # What had failed and got more meanwhile waits until that is looked at, too.
            call.failed = call.failed and more
            call.events -= call.loaded
            call.place = "due" if more else "later" if next_ != "out" else "out"
        elif how == "done":
            settled = Settled(id_, "out", call.loaded, ids="{}", ids_seconds=900, failure="drop")
            call.settled, call.failed, call.events = True, False, call.events - call.loaded
            call.place = "due" if more else "out"
        else:
            settled = Settled(id_, how, call.loaded)
            call.events -= call.loaded
            call.place = "due" if more else how
        assert self.due.commit("me", [settled]) == ()

    @rule(why=st.sampled_from(["hubspot", "disabled"]))
    def resume(self, why):
        self.due.resume(why)
        for call in self.calls.values():
            if call.place == f"park:{why}":
                call.place = "due"
        self.limits.pause("hubspot", 3600, "down")

    @rule(id_=IDS)
    def retry(self, id_):
        self.due.retry([id_])
        call = self.calls[id_]
        if call.failed and call.place != "held":
            call.place = "due"

    @invariant()
    def counted(self):
        if hasattr(self, "calls"):
            assert self.due.waiting() == sum(call.waits for call in self.calls.values())
            parts = ("ah:due", "ah:parked:hubspot", "ah:parked:disabled")
            for id_, call in self.calls.items():
                places = sum(self.client.zscore(key, id_) is not None for key in parts)
                assert places == (call.place != "out")


@pytest.mark.timeout(120)
def test_waiting_is_exact_after_every_step(redis_client):
    Waiting.client = redis_client
    run_state_machine_as_test(
        Waiting, settings=settings(max_examples=120, stateful_step_count=25, deadline=None)
    )
