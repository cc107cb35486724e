"""Fixtures of the clock's tests: a product whose background jobs run in the test itself."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import pytest

from sandbox.server import Sandbox
from store.welcome import Welcome, Welcomes
from sync import slices
from sync.directory import reading as jobs
from tests.worker.product import Product


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def product(redis_client, redis_server, stand_ins, tmp_path, monkeypatch) -> Iterator[Product]:
    stand_ins.reset()
    product = Product(redis_server.url, tmp_path, stand_ins)
    product.start()
    Welcomes(redis_client).write(Welcome(over=True))
    monkeypatch.setattr(jobs, "workshop", lambda: product.shop)
    monkeypatch.setattr(slices, "workshop", lambda: product.shop)
    yield product
    assert not product.hubspot.surprises
    assert not product.aircall.surprises


@pytest.fixture
def half_list(product):
    """Let HubSpot's list of pipelines leave out what is there: a pipeline, or `pipeline/stage`."""

    def leave_out(names: Iterable[str]) -> None:
        product.hubspot.switches.unlisted = frozenset(names)

    return leave_out


@pytest.fixture
def half_pipeline(product, monkeypatch):
    """Let HubSpot leave out the stages of a pipeline that is asked for by its id."""

    def leave_out() -> None:
        hubspot = type(product.shop.hubspot)
        whole = hubspot.pipeline
        monkeypatch.setattr(
            hubspot, "pipeline", lambda self, id_: replace(whole(self, id_), stages=())
        )

    return leave_out
