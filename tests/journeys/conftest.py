"""Every test here begins with an empty company."""

import pytest


@pytest.fixture(autouse=True)
def _empty(reset: None) -> None:
    """Reset the database and Valkey before each test."""
