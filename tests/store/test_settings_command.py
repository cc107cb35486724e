"""`python -m store settings` from a shell, against a real store."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rules.owners import Owner
from rules.settings import Known, Settings, validated, with_values
from store import settings_command
from store.directory import DirectoryStore, Number, Pipeline
from store.settings import Author, Revisions

ROOT = Path(__file__).parents[2]


@pytest.fixture
def shell(redis_server, redis_client, tmp_path, monkeypatch, capsys):
    """Run the command in this process; answers (exit code, stdout, stderr)."""
    monkeypatch.chdir(tmp_path)
    for name in [
        name for name in os.environ if name.startswith(("SLACK_", "AIRCALL_", "HUBSPOT_"))
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("REDIS_URL", redis_server.url)
    monkeypatch.setenv("USER", "ann")
    monkeypatch.setenv("LOGNAME", "ann")

    def run(*arguments):
        code = settings_command.main(arguments)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def revisions(redis_client):
    revisions = Revisions(redis_client)
    revisions.save(Settings(), Author("file", name="settings.toml"), 0)
    return revisions


def test_current_settings_are_an_aligned_list_with_revision_author_and_time(shell, revisions):
    revisions.save(
        with_values(
            Settings(),
            {"numbers": [8, 7], "tag_outcomes.VIP": "Live", "outcomes.inbound_missed": None},
        ),
        Author("admin", "U1", "Ann"),
        1,
        "why not",
    )
    code, out, err = shell()
    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert "name                               = Aircall – HubSpot" in lines
    assert "enabled                            = no" in lines
    assert "numbers                            = 7, 8" in lines
    assert "outcomes.inbound_missed            = none" in lines
    assert "tag_outcomes.VIP                   = Live" in lines
    assert "create_contacts                    = yes" in lines
    assert lines[-1].startswith("revision 2, 20")
    assert lines[-1].endswith(", by Ann (admin): why not")


def test_json_holds_the_whole_revision(shell, revisions):
    code, out, _ = shell("--json")
    told = json.loads(out)
    assert (code, told["number"], told["author"]["kind"]) == (0, 1, "file")
    assert validated(told["settings"]) == Settings()


def test_set_saves_one_revision_by_the_shells_user(shell, revisions):
    code, out, err = shell(
        "set",
        "numbers=7, 8",
        "enabled=yes",
        "name=Phones = all",
        "outcomes.inbound_missed=none",
        "tag_outcomes.VIP=Left live message",
        "tickets.pipeline=0",
        "tickets.stages.inbound_missed=1",
        "create_contacts=FALSE",
    )
    assert (code, err) == (0, "")
    revision = revisions.current()
    assert (revision.number, revision.based_on) == (2, 1)
    assert (revision.author.kind, revision.author.name) == ("cli", "ann")
    assert revision.settings == with_values(
        Settings(),
        {
            "numbers": [7, 8],
            "enabled": True,
            "name": "Phones = all",
            "outcomes.inbound_missed": None,
            "tag_outcomes.VIP": "Left live message",
            "tickets.pipeline": "0",
            "tickets.stages.inbound_missed": "1",
            "create_contacts": False,
        },
    )
    assert "  numbers: none → 7, 8" in out.splitlines()
    assert "  outcomes.inbound_missed: No answer → none" in out.splitlines()


@pytest.mark.parametrize(
    ("typed", "numbers"), [("all", "all"), ("ALL", "all"), ("none", ()), ("", ()), ("7", (7,))]
)
def test_numbers_are_all_none_or_a_list(shell, revisions, typed, numbers):
    shell("set", "numbers=9")
    assert shell("set", f"numbers={typed}")[0] == 0
    assert revisions.current().settings.model_dump()["numbers"] == numbers


def test_tag_is_taken_out_by_none(shell, revisions):
    shell("set", "tag_outcomes.VIP=Busy")
    assert shell("set", "tag_outcomes.VIP=none")[0] == 0
    assert dict(revisions.current().settings.tag_outcomes) == {}
    assert revisions.current().number == 3


def test_set_refuses_field_by_field_and_stores_nothing(shell, revisions):
    code, out, err = shell(
        "set", "outcomes.inbound_missed=Busy", "enabled=maybe", "numbers=7;8", "nam=x"
    )
    assert (code, out) == (1, "")
    assert sorted(err.splitlines()) == [
        "enabled: Must be yes or no (true or false in a file), not 'maybe'.",
        "nam: There is no such setting; the nearest is name.",
        "numbers: Must be a list of Aircall number ids, or \"all\", not '7;8'.",
        "outcomes.inbound_missed: Must be No answer or None, not 'Busy'.",
    ]
    assert revisions.current().number == 1


def test_set_refuses_what_does_not_go_together(shell, revisions):
    code, _, err = shell("set", "enabled=yes", "tickets.stages.inbound_missed=1")
    assert code == 1
    assert [line.split(":")[0] for line in err.splitlines()] == [
        "enabled",
        "tickets.stages.inbound_missed",
    ]
    assert revisions.current().number == 1


def test_set_is_checked_against_what_the_vendors_have(shell, revisions, redis_client):
    directory = DirectoryStore(redis_client)
    directory.write("tags", {17: "VIP"})
    directory.write("outcomes", {"guid-live": "Left live message"})
    directory.write("owners", (Owner("12", "eve@example.com", "Eve", active=False),))
    code, _, err = shell("set", "fallback_owner=12", "tag_outcomes.Sales=Busy")
    assert (code, revisions.current().number) == (1, 1)
    assert err.splitlines() == [
        "tag_outcomes.Sales: Aircall has no tag “Sales”.",
        "tag_outcomes.Sales: HubSpot has no call outcome “Busy”.",
        "fallback_owner: The owner 12 (Eve) is archived in HubSpot.",
    ]


@pytest.fixture
def known(redis_client):
    """What the vendors have, as it was last read."""
    directory = DirectoryStore(redis_client)
    directory.write("tags", {31: "Quote"})
    directory.write("outcomes", {"guid-live": "Left live message"})
    directory.write("owners", (Owner("11", "eve@example.com", "Eve", active=True),))
    directory.write("numbers", (Number(7, "Sales", "+33199000123"), Number(8, "", "+33199000124")))
    directory.write(
        "pipelines",
        (Pipeline("0", "Support", {"1": "New"}), Pipeline("5", "Sales", {"1": "Inbox"})),
    )


CHOSEN = (
    *("numbers=7,8", "fallback_owner=11", "tag_outcomes.quote=Left live message"),
    *("tickets.pipeline=5", "tickets.stages.inbound_missed=1"),
)


def test_what_is_kept_by_id_is_shown_with_its_label(shell, revisions, known):
    code, out, _ = shell("set", *CHOSEN)
    assert code == 0
    assert out.splitlines()[1:] == [
        "  numbers: none → 7 (Sales), 8 (+33199000124)",
        "  tag_outcomes.31 (Quote): none → guid-live (Left live message)",
        "  tickets.pipeline: none → 5 (Sales)",
        "  tickets.stages.inbound_missed: none → 1 (Inbox)",
        "  fallback_owner: none → 11 (Eve)",
    ]
    shown = dict(line.split(" = ") for line in shell()[1].splitlines() if " = " in line)
    assert {path.strip(): value for path, value in shown.items()}.items() >= {
        "numbers": "7 (Sales), 8 (+33199000124)",
        "tag_outcomes.31 (Quote)": "guid-live (Left live message)",
        "tickets.pipeline": "5 (Sales)",
        "tickets.stages.inbound_missed": "1 (Inbox)",
        "fallback_owner": "11 (Eve)",
    }.items()
    assert len({len(path) for path in shown}) == 1
    assert out.strip() in shell("history")[1]


def test_history_names_a_stage_by_the_pipeline_of_its_time(shell, revisions, known):
    shell("set", *CHOSEN)
    shell("set", "tickets.pipeline=0", "tickets.stages.inbound_missed=1")
    shell("set", "tickets.pipeline=none", "tickets.stages.inbound_missed=none")
    newest, between, _, _ = shell("history")[1].split("\n\n")
    assert newest.splitlines()[1:] == [
        "  tickets.pipeline: 0 (Support) → none",
        "  tickets.stages.inbound_missed: 1 (New) → none",
    ]
    assert between.splitlines()[1:] == ["  tickets.pipeline: 5 (Sales) → 0 (Support)"]


def test_refusal_names_the_path_as_it_was_typed(shell, revisions, known):
    assert shell("set", "tag_outcomes.Quote=Bussy", "fallback_owner=12") == (
        1,
        "",
        "tag_outcomes.Quote: HubSpot has no call outcome “Bussy”.\n"
        "fallback_owner: HubSpot has no owner with the id 12.\n",
    )
    code, _, err = shell("set", "tag_outcomes.QUOTE=a\nb")
    assert (code, err.partition(":")[0]) == (1, "tag_outcomes.QUOTE")


def test_tag_and_outcome_typed_by_name_are_kept_by_id(shell, revisions, redis_client):
    shell("set", "tag_outcomes.vip=left live message")
    DirectoryStore(redis_client).write("tags", {17: "VIP"})
    DirectoryStore(redis_client).write("outcomes", {"guid-live": "Left live message"})
    assert shell("set", "create_contacts=no")[0] == 0
    assert dict(revisions.current().settings.tag_outcomes) == {"17": "guid-live"}
    assert shell("set", "tag_outcomes.VIP=none")[0] == 0
    assert dict(revisions.current().settings.tag_outcomes) == {}


def test_tag_kept_by_name_from_the_file_can_be_taken_out(shell, revisions, redis_client):
    shell("set", "tag_outcomes.VIP=Busy")
    DirectoryStore(redis_client).write("tags", {17: "VIP"})
    assert shell("set", "tag_outcomes.VIP=none")[0] == 0
    assert dict(revisions.current().settings.tag_outcomes) == {}


def test_save_that_came_in_between_is_said(shell, revisions, monkeypatch):
    def known_while_ann_saves(connection):
        revisions.save(
            with_values(Settings(), {"fallback_owner": "5"}), Author("admin", "U1", "Ann"), 1
        )
        return Known()

    monkeypatch.setattr(settings_command, "known_from_store", known_while_ann_saves)
    code, _, err = shell("set", "create_contacts=no")
    assert (code, revisions.current().number) == (1, 2)
    assert "revision 2 by Ann (admin) changed fallback_owner" in err


def test_set_without_a_change_says_so(shell, revisions):
    assert shell("set", "enabled=no") == (0, "Nothing changed; revision 1 stays.\n", "")


def test_history_lists_the_newest_first_with_its_changes(shell, revisions):
    shell("set", "create_contacts=no")
    code, out, _ = shell("history")
    newest, oldest = out.strip().split("\n\n")
    assert code == 0
    assert newest.startswith("revision 2, ")
    assert newest.splitlines()[1:] == ["  create_contacts: yes → no"]
    assert oldest.startswith("revision 1, ")
    assert [each["number"] for each in json.loads(shell("history", "--json")[1])] == [1, 2]


@pytest.mark.parametrize(
    "arguments",
    [("set",), ("sett", "a=b"), ("--jason",), ("history", "x"), ("set", "name"),
     ("set", "name=a", "name=b")],
)  # fmt: skip
def test_bad_usage_is_one_sentence_and_exit_2(shell, revisions, arguments):
    code, out, err = shell(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert revisions.current().number == 1


def test_store_without_settings_is_said(shell):
    assert shell() == (
        1,
        "",
        "The store holds no settings yet: start the product once (make run).\n",
    )


def test_redis_that_is_not_there_is_said_without_its_password(shell, monkeypatch, tmp_path):
    monkeypatch.setenv("REDIS_URL", f"unix://:secret@{tmp_path}/none.sock")
    code, out, err = shell()
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"error: Could not connect to Redis at unix://{tmp_path}/none.sock")
    assert "secret" not in err


def test_half_an_environment_is_said(shell, monkeypatch):
    monkeypatch.setenv("HUBSPOT_ACCESS_TOKEN", "secret")
    code, _, err = shell()
    assert (code, "SLACK_BOT_TOKEN" in err) == (2, True)


def test_refusing_redis_is_said(shell, revisions, redis_client):
    limit = redis_client.config_get("maxmemory")["maxmemory"]
    redis_client.config_set("maxmemory", 1)
    try:
        code, _, err = shell("set", "name=Phones")
    finally:
        redis_client.config_set("maxmemory", limit)
    assert (code, err.count("\n")) == (2, 1)
    assert "maxmemory" in err


def test_user_without_a_name_is_known_by_number(shell, revisions, monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 4_000_001)
    assert shell("set", "create_contacts=no")[0] == 0
    assert revisions.current().author == Author("cli", "4000001")


def test_command_runs_as_a_module(shell, revisions):
    def run(*arguments):
        return subprocess.run(
            [sys.executable, "-m", "store", *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )

    assert "revision 1, " in run("settings").stdout
    assert run("settings", "--help").stdout.startswith("usage: python -m store settings ")
    for wrong in ((), ("setting",)):
        ended = run(*wrong)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
