"""Who may do what: every person before every command, button, form and list that there is.

The right of each is written down here once more: whoever adds one, thinks of it twice.
"""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot import app as bot_app
from bot.app import build_app
from bot.asking.people import Person
from bot.asking.routes import Routes
from bot.asking.standing import Policy, Rank, standing
from bot.table import build_routes
from sandbox.slack.workspace import FOREIGN_TEAM, TEAM
from store.grants import Grant
from tests.bot.team import (
    ADMIN,
    GONE,
    GUEST,
    MEMBER,
    OWNER,
    ROBOT,
    SIGNING_SECRET,
    SINGLE_GUEST,
    STRANGER,
    Team,
    file_with,
)

OPEN = {
    "command help": "all",
    "command status": "all",
    "command explain": "members",
    "action explain": "members",
    "action explain.pick": "members",
    "action status.refresh": "all",
    "action status.more": "all",
    "action status.show": "all",
    "action access.ask": "members",
}
"""What somebody who is no admin may do; everything else is for admins."""

PEOPLE = {
    "a workspace admin": (ADMIN, Rank.ADMIN),
    "the owner": (OWNER, Rank.ADMIN),
    "a member": (MEMBER, Rank.MEMBER),
    "a guest": (GUEST, Rank.GUEST),
    "a single-channel guest": (SINGLE_GUEST, Rank.GUEST),
    "a bot": (ROBOT, Rank.STRANGER),
    "a deactivated one": (GONE, Rank.STRANGER),
    "one of another workspace": (STRANGER, Rank.STRANGER),
    "nobody": ("U0NOBODY", Rank.STRANGER),
}
NEEDED = {"all": Rank.GUEST, "members": Rank.MEMBER, "admins": Rank.ADMIN}


class AtOnce(Executor):
    """No thread of its own: what is submitted is done at once."""

    def submit(self, work, /, *args, **kwargs):
        done = Future()
        done.set_result(work(*args, **kwargs))
        return done


class Watched:
    """The bot with every route replaced by one that notes that it was reached."""

    def __init__(self, team: Team, **slack) -> None:
        self.reached: list[str] = []
        file = file_with(**slack)
        desk = replace(team.desk, shop=replace(team.product.shop, file=file))
        real = build_routes(file)
        self.routes = Routes(
            {n: replace(e, run=self._noting(f"command {n}")) for n, e in real.commands.items()},
            {n: replace(e, run=self._noting(f"action {n}")) for n, e in real.actions.items()},
            {n: replace(e, submit=self._noting(f"form {n}", {})) for n, e in real.forms.items()},
            {n: replace(e, find=self._noting(f"list {n}", ())) for n, e in real.choices.items()},
        )
        self.app = build_app(desk, self.routes, acting=AtOnce())
        # In the caller's own thread: thousands of acts need no waiting for one another.
        self.app.listener_runner.process_before_response = True
        self._sign = SignatureVerifier(SIGNING_SECRET)
        self._moment = 0

    def _noting(self, name, answer=None):
        def reach(*_):
            self.reached.append(name)
            return answer

        return reach

    @property
    def names(self) -> list[str]:
        """Every route there is."""
        table = self.routes
        return [
            *(f"command {name}" for name in table.commands),
            *(f"action {name}" for name in table.actions),
            *(f"form {name}" for name in table.forms),
            *(f"list {name}" for name in table.choices),
        ]

    def right(self, name: str) -> str:
        kind, _, of = name.partition(" ")
        table = self.routes
        parts = {
            "command": table.commands,
            "action": table.actions,
            "form": table.forms,
            "list": table.choices,
        }
        return parts[kind][of].right

    def reaches(self, user: str, name: str, team: str = TEAM) -> bool:
        """Let somebody try one route, with a payload as Slack would send it."""
        self.reached.clear()
        kind, _, of = name.partition(" ")
        self._moment += 1
        trigger = f"{self._moment}.1.x"
        who = {
            "team": {"id": team},
            "user": {"id": user, "team_id": team},
            "trigger_id": trigger,
        }
        if kind == "command":
            body = urlencode(
                {"command": "/aircall-hubspot", "text": of, "team_id": team, "user_id": user,
                 "trigger_id": trigger, "channel_id": "C0CALLS"}
            )  # fmt: skip
        else:
            body = urlencode({"payload": json.dumps({**who, **_payload(kind, of, trigger)})})
        stamp = str(int(self._sign.clock.now()))
        signature = self._sign.generate_signature(timestamp=stamp, body=body)
        headers = {
            "content-type": ["application/x-www-form-urlencoded"],
            "x-slack-signature": [signature],
            "x-slack-request-timestamp": [stamp],
        }
        answered = self.app.dispatch(BoltRequest(body=body, headers=headers))
        assert answered.status == 200, f"{user}: {name}: {answered.status} {answered.body}"
        assert self.reached in ([], [name])
        return bool(self.reached)


def _payload(kind, of, trigger):
    if kind == "action":
        action, _, path = of.partition(":")
        element = {"type": "button", "action_id": action, "block_id": path or "b", "value": "1"}
        return {"type": "block_actions", "actions": [{**element, "action_ts": trigger}]}
    if kind == "form":
        view = {"id": "V1", "type": "modal", "callback_id": of, "state": {"values": {}}}
        return {"type": "view_submission", "view": view}
    return {"type": "block_suggestion", "action_id": "value", "block_id": of, "value": ""}


@pytest.fixture
def answers(monkeypatch):
    """Let refusals go nowhere: what is tested is who reaches what."""
    monkeypatch.setattr("bot.asking.asked.Asked.tell", lambda *_, **__: None)
    monkeypatch.setattr("bot.asking.asked.Asked.open", lambda *_: {"id": "V", "hash": "h"})


def expected(name: str) -> str:
    return OPEN.get(name, "admins")


def test_every_route_has_the_right_that_is_written_down_here(team):
    watched = Watched(team)
    assert {name: watched.right(name) for name in watched.names} == {
        name: expected(name) for name in watched.names
    }


@pytest.mark.parametrize("who", ["members", "admins"])
def test_the_settings_file_says_who_may_ask_for_explanations(who):
    table = build_routes(file_with(explain_for=who))
    rights = {each.right for each in (table.commands["explain"], table.actions["explain"])}
    assert rights == {who}


def test_nothing_else_listens(team):
    """A listener beside the table would have no right to be asked for."""
    names = [each.ack_function.__qualname__ for each in team.app._listeners]
    assert len(names) == 5
    assert all(name.startswith("_listen.") for name in names)
    assert bot_app.EVERYTHING.pattern == ".*"


@pytest.mark.parametrize("grant", ["none", "granted", "passed", "revoked"])
@pytest.mark.parametrize("listed", [False, True], ids=["", "listed"])
@pytest.mark.parametrize("workspace", [True, False], ids=["", "no workspace admins"])
def test_everybody_reaches_what_they_may_and_nothing_else(team, answers, grant, listed, workspace):
    everybody = [user for user, _ in PEOPLE.values()]
    watched = Watched(
        team, admins=everybody if listed else [], workspace_admins=workspace, explain_for="members"
    )
    for user in everybody:
        if grant != "none":
            team.desk.grants.give(user, by=OWNER, seconds=0 if grant == "passed" else None)
    if grant == "revoked":
        for user in everybody:
            watched.reaches(user, "command admins")
            team.desk.grants.take(user)
    for who, (user, rank) in PEOPLE.items():
        if rank is Rank.ADMIN and not workspace:
            rank = Rank.MEMBER  # noqa: PLW2901
        if rank >= Rank.MEMBER and (listed or grant == "granted"):
            rank = Rank.ADMIN  # noqa: PLW2901
        for name in watched.names:
            may = rank >= NEEDED[expected(name)]
            home = FOREIGN_TEAM if user == STRANGER else TEAM
            assert watched.reaches(user, name, home) is may, f"{who}: {name}"


@pytest.mark.parametrize("vouched", ["nobody", "listed", "granted"])
def test_while_slack_cannot_be_asked_only_listed_and_granted_ones_are_admins(
    team, answers, vouched
):
    watched = Watched(team, admins=[ADMIN] if vouched == "listed" else [])
    team.desk.introduce()
    if vouched == "granted":
        team.desk.grants.give(ADMIN, by=OWNER)
    team.slack.fault("503", times=None)
    for name in watched.names:
        may = vouched != "nobody" or expected(name) == "all"
        assert watched.reaches(ADMIN, name) is may, name
    team.slack.come_back()


def test_a_slack_that_was_never_reached_makes_nobody_an_admin(team, answers):
    watched = Watched(team)
    team.slack.fault("503", times=None)
    assert not watched.reaches(OWNER, "command admins")
    assert watched.reaches(OWNER, "command help")
    team.slack.come_back()


def test_an_act_from_another_workspace_is_a_strangers_whoever_it_names(team, answers):
    """In a channel shared with others, ids of ours could be named by them."""
    watched = Watched(team, admins=[ADMIN])
    for name in watched.names:
        assert not watched.reaches(ADMIN, name, FOREIGN_TEAM), name


def test_a_demoted_admin_loses_the_right_within_a_minute(team):
    team.command(ADMIN, "admins")
    assert team.shown(ADMIN).startswith("# Admins")
    team.close(ADMIN)
    team.slack.set_roles(ADMIN)
    ttl = team.redis.ttl(f"ah:slack:person:{ADMIN}")
    assert 0 < ttl <= 60
    team.forget_people()
    team.command(ADMIN, "admins")
    assert "Only admins of this integration may do this." in team.shown(ADMIN)


def test_a_revoked_one_loses_it_at_once_even_in_an_open_form(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(MEMBER, "general")
    team.type(MEMBER, "Name", "Phones")
    team.desk.grants.take(MEMBER)
    acted = team.submit(MEMBER)
    assert "Only admins of this integration may do this." in str(acted.errors)
    assert team.product.shop.revisions.current().number == 1


def test_a_replayed_submission_of_somebody_revoked_does_nothing(team):
    team.desk.grants.give(MEMBER, by=OWNER)
    team.command(MEMBER, "general")
    team.type(MEMBER, "Name", "Phones")
    acted = team.submit(MEMBER)
    team.set(name="Before")
    team.desk.grants.take(MEMBER)
    team.redis.delete(*team.redis.keys("ah:slack:acted:*"))
    team.again(acted)
    assert team.product.shop.revisions.current().settings.name == "Before"


PERSON = Person("U1", team="T1")


@pytest.mark.parametrize(
    ("person", "grant", "listed", "rank", "why"),
    [
        (PERSON, None, [], Rank.MEMBER, "member"),
        (PERSON, None, ["U1"], Rank.ADMIN, "listed"),
        (PERSON, Grant("U1", "U2", 1), [], Rank.ADMIN, "granted"),
        (replace(PERSON, runs_workspace=True), None, [], Rank.ADMIN, "workspace"),
        (replace(PERSON, guest=True, runs_workspace=True), None, ["U1"], Rank.GUEST, "guest"),
        (replace(PERSON, bot=True), None, ["U1"], Rank.STRANGER, "stranger"),
        (replace(PERSON, gone=True), None, ["U1"], Rank.STRANGER, "stranger"),
        (replace(PERSON, team="T2"), None, ["U1"], Rank.STRANGER, "stranger"),
        (replace(PERSON, team=""), None, [], Rank.GUEST, "unknown"),
        (None, None, [], Rank.GUEST, "unknown"),
        (None, None, ["U1"], Rank.ADMIN, "listed"),
        (None, Grant("U1", "U2", 1), [], Rank.ADMIN, "granted"),
    ],
)
def test_one_rule_judges_everybody(person, grant, listed, rank, why):
    judged = standing("U1", person, grant, Policy(listed, workspace_admins=True), our_team="T1")
    assert (judged.rank, judged.why) == (rank, why)
