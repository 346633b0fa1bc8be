"""Draw every page with its sample and take its picture: `python -m tests.pwa.preview [name…]`.

Pictures go to var/preview: phone light and dark, desktop, and the store screen.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from server.config import CHECKOUT
from server.kit import i18n, pages
from tests.pwa.samples import NOW, samples

OUT = CHECKOUT / "var" / "preview"
CHROMIUM = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
)
"""The system's browser; without one Playwright looks for its own."""
PHONE = ViewportSize(width=390, height=844)
DESKTOP = ViewportSize(width=1280, height=860)
STORE = ViewportSize(width=1920, height=1080)


class Files(SimpleHTTPRequestHandler):
    """Serves the checkout, so that /static and the drawn pages are one site."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args, directory=str(CHECKOUT))  # type: ignore[arg-type]

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def site() -> Iterator[str]:
    """Serve the checkout with what is drawn; gives its origin."""
    OUT.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Files)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def draw(name: str, locale: str = "zh_Hans", theme: str = "auto", size: str = "normal") -> str:
    """Render one sample."""
    template, viewer, context = samples()[name]
    bar = pages.places(viewer.roles, viewer.kind) if viewer else ()
    with i18n.speaking(locale):
        shared = {"viewer": viewer, "places": bar, "now": NOW, "theme": theme, "size": size}
        return pages.render(template, **(shared | context))


def shoot(browser: Browser, origin: str, name: str, kind: str, **look: str) -> None:
    """Take one picture."""
    file = OUT / f"{name}-{kind}.html"
    file.write_text(draw(name, **look), "utf-8")
    viewport = STORE if name.startswith("screen") else DESKTOP if kind == "desktop" else PHONE
    tab = browser.new_page(viewport=viewport, device_scale_factor=1)
    # Countdowns run on the clock of the samples.
    tab.clock.set_fixed_time(NOW)
    tab.goto(f"{origin}/var/preview/{file.name}")
    tab.screenshot(path=OUT / f"{name}-{kind}.png", full_page=kind == "long")
    tab.close()


def main(names: list[str]) -> None:
    """Draw `names` (all without any) in each look."""
    with site() as origin, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        for name in names or samples():
            shoot(browser, origin, name, "light", theme="light")
            shoot(browser, origin, name, "dark", theme="dark")
            shoot(browser, origin, name, "long", theme="light")
            shoot(browser, origin, name, "desktop", theme="light")
            sys.stdout.write(f"{name}\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
