"""What each background job did last, whatever came in its way."""

import pytest

from store.runs import Run, Runs

JOB = "sync.somewhere.look"


@pytest.fixture
def runs(redis_client, monkeypatch):
    """The runs, in a time that passes when `runs.at` is set."""
    kept = Runs(redis_client)
    kept.at = 1_000
    monkeypatch.setattr("store.runs.now_ms", lambda _: kept.at)
    return kept


def test_a_job_that_never_ran_has_no_run(runs):
    assert runs.of(JOB) is None
    assert runs.all() == {}


def test_a_run_that_goes_on_has_no_end(runs):
    runs.begin(JOB)
    assert runs.of(JOB) == Run(began=1_000)


def test_a_run_without_trouble_went_well(runs):
    runs.begin(JOB)
    runs.at = 3_000
    runs.end(JOB)
    assert runs.all() == {JOB: Run(began=1_000, ended=3_000, well=3_000)}


def test_trouble_is_kept_with_when_it_last_went_well_and_since_when_it_does_not(runs):
    runs.begin(JOB)
    runs.end(JOB)
    for runs.at in (5_000, 9_000):
        runs.begin(JOB)
        runs.end(JOB, "Nobody answers.")
    assert runs.of(JOB) == Run(9_000, 9_000, "Nobody answers.", well=1_000, troubled=5_000)


def test_while_it_runs_again_it_is_known_that_it_did_not_go_well_so_far(runs):
    runs.begin(JOB)
    runs.end(JOB, "Nobody answers.")
    runs.at = 2_000
    runs.begin(JOB)
    assert runs.of(JOB) == Run(2_000, troubled=1_000)


def test_that_it_failed_for_good_is_known_while_it_runs_again_until_a_slice_went_well(runs):
    runs.begin(JOB)
    runs.end(JOB, "It failed.", lasting=True)
    runs.at = 2_000
    runs.begin(JOB)
    assert runs.of(JOB) == Run(2_000, troubled=1_000, lasting=True)
    runs.go_on(JOB)
    assert runs.of(JOB) == Run(2_000)


def test_trouble_that_is_over_is_forgotten(runs):
    runs.begin(JOB)
    runs.end(JOB, "Nobody answers.")
    runs.begin(JOB)
    runs.end(JOB)
    assert runs.of(JOB) == Run(1_000, 1_000, well=1_000)


def test_jobs_do_not_mix(runs):
    runs.begin(JOB)
    runs.end("another", "Trouble.")
    assert runs.of(JOB).trouble == ""
    assert runs.of("another").trouble == "Trouble."
