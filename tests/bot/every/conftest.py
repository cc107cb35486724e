"""Fixtures of the scenes: a stage of one process, on which each is played once per language."""

from __future__ import annotations

import pytest

from tests.bot.every.stage import Stage, played, setting


@pytest.fixture(scope="session")
def stage(stand_ins, line, redis_server, tmp_path_factory) -> Stage:
    """Play scenes, each once per language, however many tests look at it."""

    def play(scene, language):
        folder = tmp_path_factory.mktemp("scene")
        with setting(scene, language, redis_server.url, stand_ins, line, folder) as it:
            return played(scene, it)

    return Stage(play)


@pytest.fixture(scope="session", autouse=True)
def no_proxies():
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"):
            monkeypatch.delenv(name, raising=False)
        yield
