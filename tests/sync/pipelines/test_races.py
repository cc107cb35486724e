"""Several who find the same missing stage, and whoever dies on the way."""

import threading

import pytest

from store import keys
from store.settings import BY_SYSTEM
from sync.pipelines.watch import look
from tests.sync.pipelines.stages import STAGE_GONE, about, missed, number, stages
from tests.worker.product import ADMIN
from worker.drain import Drain
from worker.missing import look as look_at_hubspot


def test_a_drain_and_the_clock_that_find_the_same_make_one_revision_and_one_alert(with_stage):
    with_stage.hubspot.delete("stages", "2", "0")
    with_stage.deliver(missed(1))
    before = number(with_stage)
    both = threading.Barrier(2)

    def side(work):
        both.wait(15)
        work()

    threads = [
        threading.Thread(target=side, args=(work,))
        for work in (look, lambda: Drain(with_stage.shop).run())
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(30)
    with_stage.recover()
    assert number(with_stage) == before + 1
    assert set(with_stage.alerts()) == {STAGE_GONE}
    assert about(with_stage, STAGE_GONE)["kinds"] == "outbound_unanswered,inbound_missed"
    assert with_stage.redis.zrange(keys.UNLOGGED, 0, -1) == [b"call-1"]


def test_two_who_find_the_same_at_once_make_one_revision(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")
    real, inside = type(with_stage.shop.revisions).save, []

    def save(self, *args, **how):
        if not inside:
            inside.append(1)
            look_at_hubspot(with_stage.shop)
        return real(self, *args, **how)

    monkeypatch.setattr(type(with_stage.shop.revisions), "save", save)
    before = number(with_stage)
    look()
    assert number(with_stage) == before + 1
    assert about(with_stage, STAGE_GONE)["revision"] == str(before + 1)


def test_who_dies_between_alert_and_revision_leaves_what_is_found_again(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")

    class DiedError(BaseException):
        pass

    def die(*_, **__):
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(type(with_stage.shop.revisions), "save", die)
        with pytest.raises(DiedError):
            look_at_hubspot(with_stage.shop)
    assert set(with_stage.alerts()) == {STAGE_GONE}
    look()
    assert stages(with_stage) == {"inbound_answered": "3"}
    assert about(with_stage, STAGE_GONE)["revision"] == str(number(with_stage))


def test_who_dies_after_the_revision_leaves_an_alert_that_is_completed(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")

    class DiedError(BaseException):
        pass

    real = type(with_stage.shop.revisions).save

    def save(self, *args, **how):
        real(self, *args, **how)
        raise DiedError

    with monkeypatch.context() as patched:
        patched.setattr(type(with_stage.shop.revisions), "save", save)
        with pytest.raises(DiedError):
            look_at_hubspot(with_stage.shop)
    look()
    assert about(with_stage, STAGE_GONE)["revision"] == str(number(with_stage))
    assert about(with_stage, STAGE_GONE)["stage_label"] == "Waiting on contact"


def test_a_save_of_an_admin_at_the_same_moment_is_kept(with_stage, monkeypatch):
    with_stage.hubspot.delete("stages", "2", "0")
    real, between = type(with_stage.shop.revisions).save, []

    def save(self, settings, author, based_on, *args, **how):
        if author == BY_SYSTEM and not between:
            between.append(1)
            with_stage.set(name="Phones")
        return real(self, settings, author, based_on, *args, **how)

    monkeypatch.setattr(type(with_stage.shop.revisions), "save", save)
    look()
    current = with_stage.shop.revisions.current()
    assert current.settings.name == "Phones"
    assert stages(with_stage) == {"inbound_answered": "3"}
    assert with_stage.shop.revisions.get(current.number - 1).author == ADMIN
