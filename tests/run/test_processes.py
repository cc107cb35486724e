import pytest

from run import processes
from run.parent import SUPERVISED
from settings.environment import load_environment
from settings.errors import StartupError
from settings.file import SettingsFile

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture(autouse=True)
def one_process(monkeypatch):
    monkeypatch.setattr(processes, "PROCESSES", {"clock": "tests.run.starting:ends_well"})


def test_a_process_started_alone_needs_redis():
    environment = load_environment({"REDIS_URL": AWAY}, dotenv="nowhere")
    with pytest.raises(StartupError, match="Could not connect to Redis"):
        processes.start("clock", environment, SettingsFile())


def test_a_process_started_again_by_its_supervisor_outlives_a_redis_that_is_away(monkeypatch):
    monkeypatch.setenv(SUPERVISED, "1")
    environment = load_environment({"REDIS_URL": AWAY}, dotenv="nowhere")
    assert processes.start("clock", environment, SettingsFile()) == 0


def test_a_process_ends_with_the_code_of_its_entry(redis_client, redis_server):
    environment = load_environment({"REDIS_URL": redis_server.url}, dotenv="nowhere")
    assert processes.start("clock", environment, SettingsFile()) == 0
