import os
import selectors

import pytest

from run.output import Output


@pytest.fixture
def output():
    """An output whose reader has stalled, and what reads it in the end."""
    reading, writing = os.pipe()
    with selectors.PollSelector() as selector:
        yield Output(selector, writing), selector, reading
    os.close(writing)
    os.close(reading)


def read_all(output, selector, reading) -> str:
    """Let the reader go on until nothing is waiting any more."""
    os.set_blocking(reading, False)
    taken = b""
    while selector.get_map():
        for key, _ in selector.select(1):
            key.data()
        taken += os.read(reading, 1 << 20)
    return taken.decode()


def test_a_line_is_written_after_its_name(output):
    written, selector, reading = output
    written.line("worker", "hello")
    assert read_all(written, selector, reading) == "worker   | hello\n"


def test_what_a_stalled_reader_misses_is_bounded_and_counted(output):
    written, selector, reading = output
    for number in range(3000):
        written.line("worker", f"{number:04} " + "x" * 1000)
    lines = read_all(written, selector, reading).splitlines()
    kept = len(lines)
    assert 1000 < kept < 1100
    assert all(line.startswith(f"worker   | {n:04} x") for n, line in enumerate(lines))
    written.line("worker", "again")
    assert read_all(written, selector, reading).splitlines() == [
        f"output   | {3000 - kept} lines were left out: nobody read them",
        "worker   | again",
    ]


def test_a_line_longer_than_a_pipe_takes_at_once_stays_whole(output):
    written, selector, reading = output
    written.line("worker", "x" * 200_000)
    assert read_all(written, selector, reading) == f"worker   | {'x' * 200_000}\n"


def test_flush_gives_up_on_a_reader_that_stalls(output):
    written, _, _ = output
    written.line("worker", "x" * 200_000)
    written.flush(0.05)


def test_a_reader_that_has_gone_is_no_error():
    reading, writing = os.pipe()
    os.close(reading)
    with selectors.PollSelector() as selector:
        written = Output(selector, writing)
        written.line("worker", "hello")
        written.flush(1)
        written.line("worker", "again")
        assert not selector.get_map()
    os.close(writing)
