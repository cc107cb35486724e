"""Fixtures of the worker's tests: a product that is enabled for all numbers."""

import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from sandbox.server import Sandbox

sys.path.insert(0, str(Path(__file__).parent))
from product import Product


@pytest.fixture(scope="module", autouse=True)
def quiet() -> Iterator[None]:
    """Thousands of faults would make as many warnings."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)


@pytest.fixture(scope="session")
def stand_ins() -> Iterator[Sandbox]:
    with Sandbox() as sandbox:
        yield sandbox


@pytest.fixture
def product(redis_client, redis_server, stand_ins, tmp_path) -> Iterator[Product]:
    stand_ins.reset()
    product = Product(redis_server.url, tmp_path, stand_ins)
    product.start()
    yield product
    assert not product.hubspot.surprises
    assert not product.aircall.surprises
