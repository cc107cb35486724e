"""Announcements: every revision once, in the channel, with its diff and *Undo*."""

import re
import threading

import pytest

from bot.channel import announcements
from bot.channel.announcements import PUBLISH, announce
from bot.channel.delivery import reachable_admins
from bot.labels import author_name
from bot.words import words_in
from rules.settings import Settings, with_values
from store import keys
from store.settings import BY_FILE, BY_SYSTEM, Author
from sync.clock import tick
from tests.bot.team import ADMIN, CALLS, GERMAN, MEMBER, OLD, OWNER

ADAM = Author("admin", ADMIN, "adam")


def save(team, author=ADAM, note="", **values):
    revisions = team.product.shop.revisions
    current = revisions.current()
    wanted = with_values(
        current.settings, {path.replace("__", "."): value for path, value in values.items()}
    )
    return revisions.save(wanted, author, current.number, note)


@pytest.fixture
def told(team):
    """A team that was told of all so far."""
    team.redis.set(keys.ANNOUNCED, team.product.shop.revisions.current().number)
    return team


def test_a_change_is_announced_with_author_and_diff(told):
    save(told, name="Phones")
    announce(told.desk)
    text = told.channel(CALLS)
    assert "The settings were changed by @adam:" in text
    assert "Name: Aircall – HubSpot → Phones" in text
    assert "[Undo] [History]" in text


def test_it_is_announced_once(told):
    save(told, name="Phones")
    announce(told.desk)
    announce(told.desk)
    assert len(told.messages(CALLS)) == 1


def test_every_author_is_named(told):
    save(told, name="One")
    save(told, BY_SYSTEM, "A stage was missing.", name="Two")
    save(told, Author("cli", name="root"), name="Three")
    save(told, BY_FILE, name="Four")
    announce(told.desk)
    texts = told.messages(CALLS)
    authors = ["@adam", "the integration itself", "root in a shell", "settings.toml"]
    assert len(texts) == len(authors)
    for text, author in zip(texts, authors, strict=True):
        assert f"changed by {author}:" in text
    assert "A stage was missing." in texts[1]


def test_the_first_revision_from_the_file_is_no_news(team):
    team.redis.delete(keys.SETTINGS_HEAD, keys.SETTINGS_REVISIONS)
    team.product.shop.revisions.save(Settings(), BY_FILE, 0)
    announce(team.desk)
    assert team.messages(CALLS) == []
    save(team, name="Phones")
    announce(team.desk)
    assert len(team.messages(CALLS)) == 1


def test_what_is_older_than_a_day_when_we_begin_is_no_news(team, monkeypatch):
    save(team, name="Phones")
    monkeypatch.setattr(announcements, "now_ms", lambda _: 4_000_000_000_000)
    announce(team.desk)
    assert team.messages(CALLS) == []


def test_enabling_is_said_as_such(told):
    save(told, enabled=False)
    announce(told.desk)
    assert "The integration was disabled by @adam." in told.channel(CALLS)


def test_a_save_in_slack_is_announced_by_the_background_job(told):
    told.command(ADMIN, "general")
    told.type(ADMIN, "Name", "Phones")
    told.submit(ADMIN)
    told.background()
    assert "Name: Aircall – HubSpot → Phones" in told.channel(CALLS)


@pytest.mark.slack(language="de")
def test_it_speaks_the_language_of_the_channel(told):
    save(told, name="Phones")
    announce(told.desk)
    words = words_in("de")
    who = author_name(Author("admin", ADMIN), words)
    said = told.slack.messages(CALLS)[-1].blocks[0]["text"]["text"]
    assert said.startswith(words.md("*The settings were changed* by {who}:", who=who))


def test_two_processes_never_announce_the_same_twice(told):
    for number in range(5):
        save(told, name=f"Phones {number}")
    threads = [threading.Thread(target=announce, args=(told.desk,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    announce(told.desk)
    assert [text.split("→ ")[1].split("\n")[0] for text in told.messages(CALLS)] == [
        f"Phones {number}" for number in range(5)
    ]


def test_whoever_dies_before_noting_it_makes_it_come_twice_not_never(told):
    save(told, name="Phones")
    announce(told.desk)
    told.redis.decr(keys.ANNOUNCED)
    announce(told.desk)
    assert len(told.messages(CALLS)) == 2


def test_a_slack_that_asks_to_wait_is_asked_later(told):
    told.slack.fault("429", retry_after=30, path="/api/chat.postMessage")
    save(told, name="Phones")
    announce(told.desk)
    assert told.messages(CALLS) == []
    asked = told.slack.count("POST", "/api/chat.postMessage")
    announce(told.desk)
    assert told.slack.count("POST", "/api/chat.postMessage") == asked, "too soon"
    assert 25 < told.redis.ttl(keys.ANNOUNCING) <= 30
    told.redis.delete(keys.ANNOUNCING)
    announce(told.desk)
    assert len(told.messages(CALLS)) == 1


@pytest.mark.slack(channel=OLD, admins=[MEMBER])
def test_an_archived_channel_is_replaced_by_messages_to_the_admins(told):
    told.desk.grants.give(GERMAN, by=ADMIN)
    save(told, name="Phones")
    announce(told.desk)
    assert "Name: Aircall – HubSpot → Phones" in told.direct(MEMBER)[-1]
    assert len(told.direct(GERMAN)) == 1
    assert told.messages(OLD) == []


@pytest.mark.slack(channel=CALLS, admins=[MEMBER])
def test_a_channel_without_the_bot_is_replaced_and_said_in_status(told):
    told.slack.kick(CALLS)
    save(told, name="Phones")
    announce(told.desk)
    assert len(told.direct(MEMBER)) == 1
    told.command(ADMIN, "status")
    assert "nothing reaches #phone-ops" in told.shown(ADMIN)
    told.slack.invite(CALLS)
    save(told, name="Telephones")
    announce(told.desk)
    assert len(told.messages(CALLS)) == 1
    told.command(ADMIN, "status")
    assert "nothing reaches" not in told.shown(ADMIN)


@pytest.mark.slack(channel="")
def test_without_channel_and_named_admins_who_saved_lately_is_told(told):
    save(told, name="Phones")
    save(told, Author("admin", MEMBER, "jeanne"), name="Telephones")
    announce(told.desk)
    assert len(told.direct(ADMIN)) == 2
    assert told.direct(MEMBER) == [], "no admin any more"


@pytest.mark.slack(channel="", admins=[f"U0ADMIN{number}" for number in range(12)])
def test_of_many_admins_ten_are_written_to_directly(told):
    assert reachable_admins(told.desk) == tuple(f"U0ADMIN{number}" for number in range(10))


@pytest.mark.slack(channel="")
def test_where_nobody_can_be_told_nothing_is_held_up(told):
    save(told, BY_SYSTEM, name="Phones")
    announce(told.desk)
    head = told.product.shop.revisions.current().number
    assert int(told.redis.get(keys.ANNOUNCED)) == head


@pytest.mark.slack(channel="", admins=[MEMBER, OWNER])
def test_one_admin_who_cannot_be_reached_does_not_keep_the_others_from_it(told):
    told.slack.person(MEMBER).deleted = True
    save(told, name="Phones")
    announce(told.desk)
    assert len(told.direct(OWNER)) == 1


def test_a_revision_that_cannot_be_read_is_passed_over(told):
    number = save(told, name="Phones").number
    save(told, name="Telephones")
    told.redis.hset(keys.SETTINGS_REVISIONS, str(number), "{}")
    announce(told.desk)
    assert "→ Telephones" in told.channel(CALLS)
    assert len(told.messages(CALLS)) == 1


def test_a_store_that_was_brought_back_is_announced_from_where_it_stands(told):
    told.redis.set(keys.ANNOUNCED, 900)
    announce(told.desk)
    save(told, name="Phones")
    announce(told.desk)
    assert len(told.messages(CALLS)) == 1


def test_a_name_full_of_markup_calls_nobody(told):
    save(told, name="<!channel> & <@U0OWNER>")
    announce(told.desk)
    assert "→ <!channel> & <@U0OWNER>" in told.channel(CALLS)
    # The team's own end looks for surprises: unescaped text would be one.


def test_a_very_long_change_is_cut_to_what_slack_takes(told):
    tags = {f"tag_outcomes__tag {number} {'x' * 60}": "y" * 60 for number in range(80)}
    save(told, **tags)
    announce(told.desk)
    assert re.search(r"and \d\d more changes", told.channel(CALLS))


def test_the_clock_calls_for_what_was_not_announced(told):
    save(told, name="Phones")
    tick(told.product.shop)
    assert PUBLISH in told.background()
    assert len(told.messages(CALLS)) == 1
    tick(told.product.shop)
    assert PUBLISH not in told.background()
