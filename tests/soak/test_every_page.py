"""Every sample page, where `make test` looks at one of each template (some minutes)."""

import pytest
from playwright.sync_api import Page

from tests.pwa.conftest import origin, tab
from tests.pwa.test_accessible import PAGES, complaints

__all__ = ["origin", "tab"]


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_every_page(tab: Page, origin: str, name: str) -> None:
    assert complaints(tab, origin, name) == {}
