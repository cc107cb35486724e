"""What tests of missing pipelines and stages begin with."""

import pytest


@pytest.fixture
def with_stage(product):
    """Two kinds open their tickets in stage 2, one in stage 3."""
    product.set(
        tickets__pipeline="0",
        tickets__stages__inbound_missed="2",
        tickets__stages__outbound_unanswered="2",
        tickets__stages__inbound_answered="3",
    )
    return product


@pytest.fixture
def with_pipeline(product):
    product.set(
        tickets__pipeline="81234567",
        tickets__stages__inbound_missed="158001",
        tickets__stages__inbound_answered="158002",
    )
    return product
