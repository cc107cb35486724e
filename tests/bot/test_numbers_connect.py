"""*Connect* beside a new number: on top of what others saved, once, and only by admins."""

from __future__ import annotations

import pytest

from store.settings import Revisions
from sync.directory.numbers import NEW
from sync.directory.reading import refresh_part
from tests.bot.team import ADMIN, CALLS, MEMBER, OWNER
from tests.worker.product import ADMIN as ADA

OFFER = f"{NEW}1004"


@pytest.fixture
def offered(team):
    """A new number at Aircall, offered in the channel."""
    team.set(numbers=[1001, 1002])
    refresh_part("numbers")
    numbers = team.product.aircall.office.numbers
    numbers[1004] = {**numbers[1001], "id": 1004, "name": "Paris <3"}
    refresh_part("numbers")
    team.background()
    assert OFFER in team.product.alerts()
    return team


@pytest.fixture
def meanwhile(monkeypatch, team):
    """Let others save this often between the reading and the saving of a click."""

    def save(times: int, **settings: object) -> None:
        real, left = Revisions.save, [times]

        def saved(self, wanted, author, based_on, *rest, **more):
            if left[0] and author.id == ADMIN:
                left[0] -= 1
                values = settings or {"name": f"Name {left[0]}"}
                current = self.current()
                changed = current.settings.model_copy(update=values)
                real(self, changed, ADA, current.number)
            return real(self, wanted, author, based_on, *rest, **more)

        monkeypatch.setattr(Revisions, "save", saved)

    return save


def test_several_new_numbers_lead_to_the_form_in_which_all_are_connected(offered, number):
    numbers = offered.product.aircall.office.numbers
    for id_ in range(1005, 1009):
        numbers[id_] = {**numbers[1001], "id": id_, "name": f"Line {id_}"}
    refresh_part("numbers")
    offered.background()
    (message,) = [m for m in offered.slack.messages(CALLS) if "things need a look" in m.text]
    said = offered.slack.shown(message, ADMIN)
    assert all(f"“Line {id_}”" in said for id_ in range(1005, 1009))
    assert "[Choose numbers] [Status]" in said
    offered.click(ADMIN, "Choose numbers", where=message)
    assert "Line 1008" in str(offered.slack.modal(ADMIN))
    offered.close(ADMIN)
    offered.command(ADMIN, "status")
    assert "[Choose numbers]" in offered.shown(ADMIN)
    assert "[Connect]" not in offered.shown(ADMIN), "which one would it be?"


def test_one_click_connects_it_announces_it_and_closes_the_offer(offered, stored, number):
    before = number()
    offered.click(ADMIN, "Connect")
    assert stored().numbers == {1001, 1002, 1004}
    assert number() == before + 1
    assert "Paris <3 is connected: its calls and messages are logged from now on." in (
        offered.shown(ADMIN)
    )
    assert OFFER not in offered.product.alerts()
    offered.background()
    assert any("Connected numbers" in each for each in offered.messages(CALLS))
    author = offered.product.shop.revisions.current().author
    assert (author.kind, author.id) == ("admin", ADMIN)


def test_undo_takes_it_out_again_and_it_is_not_offered_twice(offered, stored):
    offered.click(ADMIN, "Connect")
    offered.click(ADMIN, "Undo")
    assert stored().numbers == {1001, 1002}
    refresh_part("numbers")
    assert OFFER not in offered.product.alerts()


def test_a_second_click_on_the_same_message_changes_nothing(offered, number):
    offered.click(ADMIN, "Connect")
    saved = number()
    offered.click(OWNER, "Connect", where=offered.slack.messages(CALLS)[-1])
    assert number() == saved
    assert "Paris <3 is connected already." in offered.shown(OWNER)


def test_what_others_saved_in_between_stays(offered, stored, meanwhile):
    meanwhile(2)
    offered.click(ADMIN, "Connect")
    assert stored().numbers == {1001, 1002, 1004}
    assert stored().name == "Name 0"


def test_who_never_gets_his_turn_is_told_so(offered, stored, meanwhile):
    meanwhile(99)
    offered.click(ADMIN, "Connect")
    assert stored().numbers == {1001, 1002}
    assert "saved" in offered.shown(ADMIN)


def test_where_all_are_connected_meanwhile_nothing_is_to_be_done(offered, stored, number):
    offered.set(numbers="all")
    saved = number()
    offered.click(ADMIN, "Connect")
    assert (stored().numbers, number()) == ("all", saved)
    assert "All numbers are connected, new ones too." in offered.shown(ADMIN)
    assert OFFER not in offered.product.alerts()


def test_a_number_that_is_gone_again_is_not_connected(offered, stored):
    del offered.product.aircall.office.numbers[1004]
    refresh_part("numbers")
    offered.click(ADMIN, "Connect")
    assert stored().numbers == {1001, 1002}
    assert "Aircall has no number with the id 1004." in offered.shown(ADMIN)
    assert "Nothing was changed." in offered.shown(ADMIN)


def test_while_disabled_it_is_said_that_nothing_is_logged_yet(offered):
    offered.set(enabled=False)
    offered.click(ADMIN, "Connect")
    assert "Nothing is logged before the integration is enabled." in offered.shown(ADMIN)


def test_a_member_may_not_connect(offered, stored):
    offered.click(MEMBER, "Connect")
    assert stored().numbers == {1001, 1002}
    assert "Only admins" in offered.shown(MEMBER)


@pytest.mark.parametrize("value", ["1004; 5", "-1", "٣", "9" * 30])
def test_a_value_that_is_no_id_changes_nothing(offered, stored, number, value):
    before = number()
    message = next(m for m in offered.slack.messages(CALLS) if "number.connect" in str(m.blocks))
    for block in message.blocks:
        for element in block.get("elements", []):
            if str(element.get("action_id", "")).startswith("number.connect"):
                element["value"] = value
    offered.click(ADMIN, "Connect", where=message)
    assert number() == before
