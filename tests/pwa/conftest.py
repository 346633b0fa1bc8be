"""The sample pages of a checkout, and one tab to look at them in."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.pwa.preview import CHROMIUM, site


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """Where the checkout and what is drawn are served."""
    with site() as found:
        yield found


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    """One tab for all pages; nothing moves in it, so that each is judged at rest."""
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM)
        context = chromium.new_context(reduced_motion="reduce", service_workers="block")
        # A wall that hears of no server opens itself anew.
        context.route("**/assets/screen-*.js", lambda route: route.abort())
        yield context.new_page()
        chromium.close()
