"""A rehearsal needs no database; so these tests start none."""

import pytest

from server.kit.i18n import speaking


@pytest.fixture(autouse=True)
def _empty():
    """Nothing to empty. English, so that the sentences of the code are what is said."""
    with speaking("en"):
        yield
