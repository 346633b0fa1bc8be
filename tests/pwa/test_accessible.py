"""axe finds nothing on the pages, in light and in dark, at a phone's width."""

from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from server.config import CHECKOUT
from tests.pwa.preview import CHROMIUM, OUT, PHONE, Files, draw

AXE = CHECKOUT / "pwa" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "today", "battles", "battle", "battle_joining", "battle_final", "side", "result", "audit",
    "review", "report_faults", "actions", "wallet", "entry", "plan", "launch", "people", "import",
    "invite", "sign_in", "me", "error", "offline", "cast", "screen",
]  # fmt: skip


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    OUT.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=CHROMIUM)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    page = browser.new_page(viewport=PHONE)
    yield page
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing(tab: Page, origin: str, name: str, theme: str) -> None:
    file = OUT / f"axe-{name}-{theme}.html"
    file.write_text(draw(name, theme=theme), "utf-8")
    tab.goto(f"{origin}/var/preview/{file.name}", wait_until="domcontentloaded")
    tab.add_script_tag(path=AXE)
    found = tab.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    faults = [
        (each["id"], node["target"], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
    ]
    assert not faults


@pytest.mark.parametrize("name", PAGES)
def test_nothing_sticks_out_at_320(tab: Page, origin: str, name: str) -> None:
    tab.set_viewport_size({"width": 320, "height": 640})
    file = OUT / f"narrow-{name}.html"
    file.write_text(draw(name, "en", size="large"), "utf-8")
    tab.goto(f"{origin}/var/preview/{file.name}")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 320
