"""Whoever forgets the tokens must not mix the sandbox's invented calls with real ones."""

import pytest

from run.apart import keep_apart
from settings.errors import StartupError
from settings.file import SettingsFile
from store.first_start import first_start
from tests.run.starting import ACCOUNTS, SLEEPER


@pytest.mark.parametrize("arguments", [(), ("worker",)])
def test_the_sandbox_refuses_a_store_that_was_set_up_with_accounts(
    start_run, redis_client, redis_server, tmp_path, arguments
):
    first_start(redis_client, SettingsFile(), tmp_path)
    run = start_run(*arguments, procfile=f"worker: {SLEEPER}", REDIS_URL=redis_server.url)
    assert run.code() == 2
    assert "error: No account is set, and REDIS_URL names a store" in run.text()
    assert redis_client.exists("ah:settings:head")


@pytest.mark.parametrize("arguments", [(), ("clock",)])
def test_accounts_refuse_a_store_that_the_sandbox_used(
    start_run, redis_client, redis_server, arguments
):
    keep_apart(redis_server.url, sandbox=True, afresh=True)
    run = start_run(
        *arguments, procfile=f"worker: {SLEEPER}", **ACCOUNTS, REDIS_URL=redis_server.url
    )
    assert run.code() == 2
    assert "error: REDIS_URL names a store that the sandbox used" in run.text()


def test_a_new_sandbox_forgets_the_old_one_and_nothing_of_others(
    redis_client, redis_server, tmp_path
):
    keep_apart(redis_server.url, sandbox=True, afresh=True)
    first_start(redis_client, SettingsFile(), tmp_path)
    redis_client.set("theirs", "1")
    keep_apart(redis_server.url, sandbox=True, afresh=True)
    assert sorted(redis_client.keys()) == [b"ah:sandbox", b"theirs"]


def test_a_process_of_a_running_sandbox_leaves_its_store_as_it_is(
    redis_client, redis_server, tmp_path
):
    keep_apart(redis_server.url, sandbox=True, afresh=True)
    first_start(redis_client, SettingsFile(), tmp_path)
    keep_apart(redis_server.url, sandbox=True, afresh=False)
    assert redis_client.exists("ah:settings:head")


def test_accounts_take_a_store_that_is_new_or_theirs(redis_client, redis_server, tmp_path):
    keep_apart(redis_server.url, sandbox=False, afresh=True)
    first_start(redis_client, SettingsFile(), tmp_path)
    keep_apart(redis_server.url, sandbox=False, afresh=True)


def test_a_sandbox_starts_on_a_redis_of_ones_own(start_run, redis_client, redis_server):
    run = start_run(procfile=f"worker: {SLEEPER}", REDIS_URL=redis_server.url)
    run.pid("worker")
    assert redis_client.exists("ah:sandbox")
    run.process.terminate()
    assert run.code() == 0


def test_a_redis_that_takes_no_writes_is_told(redis_client, redis_server):
    redis_client.execute_command("ACL", "SETUSER", "reader", "on", ">pass", "~*", "+@read", "+ping")
    try:
        with pytest.raises(StartupError, match="does not do what is needed"):
            keep_apart(
                redis_server.url.replace("unix://", "unix://reader:pass@"),
                sandbox=True,
                afresh=True,
            )
    finally:
        redis_client.execute_command("ACL", "DELUSER", "reader")
