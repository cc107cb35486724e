"""The rules themselves: each finds what it is there for, and leaves alone what is right."""

from __future__ import annotations

from typing import Any

import pytest

from bot.blocks import Option, actions, button, header, modal, overflow, section
from bot.markup import Markup
from tests.bot.every.foreign import alike, english_words
from tests.bot.every.reach import building_sites
from tests.bot.every.recording import Recording, Sent
from tests.bot.every.rules import broken_rules

RIGHT = "All is well."
SECRETS = frozenset({"xoxb-secret"})


def message(*blocks: dict[str, Any], text: str = RIGHT, **more: Any) -> Sent:
    return Sent("message", "respond", "", {"text": text, "blocks": list(blocks)}, **more)


def said(text: str) -> dict[str, Any]:
    return section(Markup(text))


def pressed(text: str = "Edit", label: str = "Edit the connected numbers", n: int = 0) -> Any:
    return button(text, f"edit#{n}", label=label)


def found(sent: Sent, **more: Any) -> str:
    return " ".join(broken_rules(sent, SECRETS, **more))


def test_what_is_right_is_left_alone():
    menu = overflow("more", [Option("History", "history")])
    undo = pressed("Undo", "Undo what revision 4 changed", n=1)
    right = message(header("Status"), said(RIGHT), actions(pressed(), undo, menu))
    assert found(right) == ""
    view = modal("Numbers", [said(":warning: HubSpot does not answer.")], close="Close")
    assert found(Sent("modal", "views.open", "", view)) == ""


@pytest.mark.parametrize(
    ("sent", "rule"),
    [
        (message(said("<!channel>")), "everybody would be called"),
        (message(said("a < b")), "an angle bracket is not escaped"),
        (message(said(RIGHT), text="<!here> is well."), "everybody would be called"),
        (message(said("token xoxb-secret")), "tells the secret"),
        (message(said("")), ""),
        (message(*[said(RIGHT)] * 41), "41 blocks"),
        (message(*[said("x" * 2999)] * 2), "2 blocks of 5998 characters"),
        (message(*[said(RIGHT)] * 51), "51"),
        (message(actions(*(pressed(n=n) for n in range(3)))), "3 buttons"),
        (message(actions(pressed(), pressed("Change", n=1))), "2 buttons are called 'Edit the"),
        (message(actions(pressed(label="Edit"))), "only repeats it"),
        (message(actions(pressed(label="Edit."))), "only repeats it"),
        (message(actions(pressed(label="Numbers"))), "is no sentence"),
        (message(actions(pressed(label="Edit " + "x" * 90))), "is cut"),
        (message(actions(pressed(text="x" * 90))), "text is cut"),
        (message(header("Status of it."), text="Status of it."), "only the heading"),
        (message(said(RIGHT), text="Status"), "no full sentence"),
        (message(said(RIGHT), text="It goes on"), "no full sentence"),
        (message(said(RIGHT), text="It is *well*."), "markup in the text"),
        (message(said(RIGHT), text=""), "a text of 0 characters"),
        (message(said(RIGHT), quiet=False), "unfolded"),
        (message(said(":warning:")), "without words"),
        (message(said("It is :x: broken.")), "without words"),
        (message(said(":rocket: It flies.")), "nobody explained"),
        (message(said("{count} failed.")), "a hole that nobody filled"),
        (message(said("Choose tickets.stages.inbound_missed.")), "a path instead of words"),
        (message(said("The kind is inbound_missed.")), "a path instead of words"),
        (message(said("Choose create_contacts.")), "a path instead of words"),
        (message(said("The disposition is None.")), "a word of ours"),
        (message({"type": "section", "text": {"type": "mrkdwn", "text": "x"}}), "may link"),
        (message(said("evil \u202egnp.exe")), "turns"),
        (Sent("errors", "reply", "", {"name": "Enter a name"}), "no full sentence"),
        (Sent("options", "reply", "", [Option("x", "1").block()] * 2), "two options of one value"),
        (Sent("modal", "views.open", "", modal("x" * 30, [], close="Close")), "title is cut"),
    ],
)
def test_what_is_wrong_is_found(sent, rule):
    assert rule in found(sent)


def test_names_may_hold_anything_where_a_world_is_wild():
    odd = message(said(":rocket: {count} inbound_missed"), text="Sales :x:")
    assert found(odd, wild=True) == ""
    assert found(message(said("<!channel>")), wild=True)


def test_english_in_german_is_found():
    there = ["Nothing waits.", "Tickets", "Aircall"]
    assert alike(["Nothing waits.", "Tickets", "Aircall", "Es wartet nichts."], there, ()) == [
        "Nothing waits."
    ]
    assert english_words(["Es wartet: the call has not ended", "Es wartet nichts."]) == [
        "Es wartet: the call has not ended"
    ]


def test_a_place_that_builds_something_and_is_not_reached_is_found():
    sites = building_sites()
    assert len(sites) > 50
    recording = Recording(sites={(sites[0].file, sites[0].last)})
    assert [each for each in sites if each.reached(recording)] == [sites[0]]
