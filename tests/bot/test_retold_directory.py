"""Whatever is said of our webhook, of what settings name and of others is listed, and fits."""

from __future__ import annotations

import re

import pytest

from bot.labels import KINDS
from bot.status.alerts import LONGEST_ALERT
from bot.words import words_in
from sync.directory.named import KINDS as CALLS
from sync.directory.reading import refresh_all
from sync.foreign import Foreign, sentence
from sync.webhook import sentences as of
from tests.bot.test_retold import is_listed

URL = "https://phone.example.com/aircall/webhook"
REFUSED = "Method Not Allowed: The user is currently unavailable"
MANY = "call.ended, message.received, group_message.received, message.sent, group_message.sent, …"
SAID = (
    of.missing_by_hand(),
    of.missing_for_http("http://phone.example.com/aircall/webhook"),
    of.missing_refused(URL, REFUSED),
    of.disabled_by_hand(),
    of.disabled_refused(REFUSED),
    of.disabled_again(URL),
    of.incomplete_by_hand(MANY),
    of.incomplete_refused(MANY, REFUSED),
    of.incomplete_refused(MANY, of.LEFT_OUT),
    of.several(3, URL, of.named_hooks(["a", "b", "c", "d", "e", "f"])),
    of.unreadable(REFUSED),
    of.registered(URL, was_there=False, back=False),
    of.registered(URL, was_there=True, back=True),
    of.enabled(),
    of.completed(MANY, back=True),
    of.completed("user.created", back=False),
    of.WELL,
    sentence(Foreign(3, "4001")),
)


def unlisted(said: str) -> list[str]:
    return [each for each in re.split(r"(?<=\.) ", said) if not is_listed(each)]


@pytest.mark.parametrize("said", SAID)
def test_each_sentence_on_our_webhook_is_listed_and_fits_into_an_alert(said):
    assert unlisted(said) == []
    assert max(len(said), len(words_in("de").retell(said))) <= LONGEST_ALERT


def test_kinds_of_calls_are_called_as_in_the_forms():
    assert CALLS.items() <= KINDS.items()


def test_each_alert_on_what_the_settings_name_is_listed_and_why_it_ended(team):
    product = team.product
    product.set(
        numbers=[1001, 1002], fallback_owner="11349275740", tag_outcomes={"33": "Demo booked"}
    )
    refresh_all()
    office = product.aircall.office
    office.numbers[1004] = {**office.numbers[1001], "id": 1004, "name": "Paris"}
    gone = office.numbers.pop(1002), office.tags.pop(33)
    product.hubspot.delete("owners", "11349275740")
    for outcome, label in list((product.shop.directory.read().outcomes or {}).items()):
        if label in {"Demo booked", "No answer", "Busy"}:
            product.hubspot.delete("outcomes", outcome)
    refresh_all()
    assert len(product.alerts()) == 7
    assert [each for said in product.alerts().values() for each in unlisted(said)] == []
    office.numbers[1002], office.tags[33] = gone
    del office.numbers[1004]
    product.set(fallback_owner=None, outcomes__outbound_busy=None)
    refresh_all()
    why = [each.because for each in product.shop.alerts.all()[1]]
    assert len(why) > 4
    assert [each for each in why if each and unlisted(each)] == []


def test_english_is_said_as_it_is():
    assert [words_in("en").retell(each) for each in SAID] == list(SAID)
