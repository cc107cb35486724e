"""What tests of contact sync share: it is on, and the portal is the one that was asked before."""

import pytest

from sync.contacts.source import check_portal
from tests.sync.contacts.people import ADA, add


@pytest.fixture
def syncing(product):
    product.set(sync_contacts=True)
    check_portal(product.shop)  # which each process asks for once


@pytest.fixture
def ada(product):
    return add(product, **ADA, email="ada@example.com", jobtitle="Countess")
