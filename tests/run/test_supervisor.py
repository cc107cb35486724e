import fcntl
import os
import re
import signal
import socket
import struct
import termios
from pathlib import Path

import pytest

from run import children, supervisor
from tests.patience import until
from tests.run.starting import ACCOUNTS, SLEEPER, alive, parent_of

STUBBORN = (
    'python -c "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); '
    "print('up', os.getpid(), flush=True); time.sleep(600)\""
)
PARENT = (
    'python -c "import os, time; child = os.fork(); '
    "child or print('up', os.getpid(), flush=True); time.sleep(600)\""
)
STUBBORN_PARENT = (
    'python -c "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); '
    "child = os.fork(); child or print('up', os.getpid(), flush=True); time.sleep(600)\""
)


@pytest.fixture
def with_accounts(redis_server):
    return {**ACCOUNTS, "REDIS_URL": redis_server.url}


def test_a_killed_process_runs_again_after_a_tenth_of_a_second(start_run, with_accounts):
    run = start_run(procfile=f"worker: {SLEEPER}", **with_accounts)
    os.kill(run.pid("worker"), signal.SIGKILL)
    assert alive(run.pid("worker", 2))
    assert said(run) == [
        "worker ended (killed by signal 9)",
        "worker starts again in 0.1 s",
    ]


def test_what_a_killed_process_had_started_is_gone_before_it_runs_again(start_run, with_accounts):
    run = start_run(procfile=f"worker: {PARENT}", **with_accounts)
    grandchild = run.pid("worker")
    child = parent_of(grandchild)
    os.kill(child, signal.SIGKILL)
    run.pid("worker", 2)
    assert not alive(grandchild)


def test_a_process_that_ends_at_once_is_waited_longer_for_each_time(start_run, with_accounts):
    run = start_run(procfile='worker: python -c "raise SystemExit(1)"', **with_accounts)
    until(lambda: "worker starts again in 0.4 s" in run.text())
    assert run.text().index("again in 0.1 s") < run.text().index("again in 0.4 s")


def test_every_line_carries_the_name_of_its_process(start_run, with_accounts):
    noisy = (
        "python -c \"import sys, time; print('a'); print('b', file=sys.stderr); time.sleep(600)\""
    )
    run = start_run(procfile=f"intake: {noisy}\nclock: {noisy}", **with_accounts)
    wanted = {"intake   | a", "intake   | b", "clock    | a", "clock    | b"}
    until(lambda: wanted <= set(run.text().splitlines()))


@pytest.mark.parametrize("wish", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_with_exit_0(start_run, with_accounts, wish):
    run = start_run(procfile=f"worker: {SLEEPER}\nclock: {SLEEPER}", **with_accounts)
    pids = [run.pid("worker"), run.pid("clock")]
    run.process.send_signal(wish)
    assert run.code() == 0
    assert said(run) == []
    assert not any(alive(pid) for pid in pids)


def test_a_process_that_will_not_end_is_killed_and_what_it_started_with_it(
    start_run, with_accounts
):
    run = start_run(procfile=f"worker: {STUBBORN_PARENT}", **with_accounts)
    grandchild = run.pid("worker")
    child = parent_of(grandchild)
    run.process.terminate()
    assert run.code() == 0
    assert said(run) == ["worker did not end in time and is killed"]
    assert not alive(child)
    until(lambda: not alive(grandchild))


def test_all_have_ended_within_ten_seconds_by_what_is_planned_for_each():
    """First those that need Redis, then Redis, then the last lines."""
    planned = supervisor._STOP_SECONDS + supervisor._LAST_STOP_SECONDS + children._FLUSH_SECONDS
    assert planned < 10


def test_a_killed_supervisor_leaves_no_process_behind(start_run):
    run = start_run(procfile=f"worker: {STUBBORN}", **ACCOUNTS)
    pid = run.pid("worker")
    server = int((start_run.folder / "data" / "redis.pid").read_text())
    assert alive(server)
    run.process.kill()
    until(lambda: not alive(pid) and not alive(server))


def test_a_killed_make_takes_the_supervisor_and_all_processes_with_it(start_run, with_accounts):
    make = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'run'])"
    run = start_run(
        procfile=f"worker: {SLEEPER}", program=("-c", make), MAKELEVEL="1", **with_accounts
    )
    pid = run.pid("worker")
    supervising = parent_of(pid)
    assert parent_of(supervising) == run.process.pid
    run.process.kill()
    until(lambda: not alive(pid) and not alive(supervising))


def test_redis_is_there_until_the_last_process_has_ended(start_run):
    last_words = (
        'python -c "import os, redis, signal, time; from store.connection import socket_url; '
        "from pathlib import Path; store = redis.Redis.from_url(socket_url("
        "Path(os.environ['DATA_DIR']))); signal.signal(signal.SIGTERM, lambda *_: "
        "(time.sleep(1), print('heard', store.ping(), flush=True), os._exit(0))); "
        "print('up', os.getpid(), flush=True); time.sleep(600)\""
    )
    run = start_run(procfile=f"worker: {last_words}", **ACCOUNTS)
    run.pid("worker")
    run.process.terminate()
    assert run.code() == 0
    assert "worker   | heard True" in run.text()


def test_a_process_with_a_bad_environment_ends_the_whole_start_with_exit_2(
    start_run, with_accounts
):
    unfit = 'python -c "raise SystemExit(2)"'
    run = start_run(procfile=f"worker: {SLEEPER}\nclock: {unfit}", **with_accounts)
    assert run.code() == 2
    assert not any(alive(pid) for pid in run.pids("worker"))


def test_redis_that_died_comes_back_with_what_it_held(start_run):
    run = start_run(procfile=f"worker: {SLEEPER}", **ACCOUNTS)
    run.pid("worker")
    place = start_run.folder / "data" / "redis.sock"
    pid_file = start_run.folder / "data" / "redis.pid"
    assert _ask(place, b"SET kept 1\r\n") == b"+OK\r\n"
    server = int(pid_file.read_text())
    os.kill(server, signal.SIGKILL)
    until(lambda: _ask(place, b"PING\r\n") == b"+PONG\r\n")
    assert said(run) == ["redis ended (killed by signal 9)", "redis starts again in 0.1 s"]
    assert _ask(place, b"GET kept\r\n") == b"$1\r\n1\r\n"


def test_a_second_supervisor_on_the_same_folder_says_so_and_exits_2(start_run, with_accounts):
    first = start_run(procfile=f"worker: {SLEEPER}", **with_accounts)
    first.pid("worker")
    second = start_run(procfile=f"worker: {SLEEPER}", **with_accounts)
    assert second.code() == 2
    folder = start_run.folder / "data"
    assert second.text() == (
        f"error: The product already runs on {folder} (process {first.process.pid}). "
        "Stop it first, or set another DATA_DIR.\n"
    )
    assert alive(first.pid("worker"))


def test_a_reader_that_stalls_does_not_keep_the_supervisor_from_ending(start_run, with_accounts):
    chatty = "python -c \"while True: print('x' * 999)\""
    reading, writing = os.pipe()
    try:
        run = start_run(procfile=f"worker: {chatty}", stdout=writing, **with_accounts)
        os.close(writing)
        until(lambda: _held(reading) > 60_000)
        run.process.terminate()
        assert run.code() == 0
    finally:
        os.close(reading)


def said(run) -> list[str]:
    """The lines of the supervisor's own."""
    return re.findall(r"^run +\| (.*)$", run.text(), re.MULTILINE)


def _ask(place: Path, command: bytes) -> bytes:
    """What the server at the socket `place` answers to an inline command; nothing if it is away."""
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(place))
            line.sendall(command)
            return line.recv(100)
        except OSError:
            return b""


def _held(pipe: int) -> int:
    """How many bytes a pipe holds."""
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]
