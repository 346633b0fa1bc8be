"""Take the manifest's screenshots of a running demo: `python pwa/take_screenshots.py ORIGIN`.

They go to static/icons/screenshots/, one set a language, and are committed: at most 60 KB each.
"""

import io
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

OUT: Final = Path(__file__).resolve().parent.parent / "static" / "icons" / "screenshots"
CHROMIUM: Final = next(
    (p for p in ("/usr/bin/chromium", "/usr/bin/google-chrome") if Path(p).exists()), None
)
LOCALES: Final = {"zh_Hans": "zh-CN", "zh_Hant": "zh-TW", "en": "en"}
NARROW: Final[dict[str, Any]] = {
    "viewport": {"width": 390, "height": 844}, "device_scale_factor": 1.5, "is_mobile": True,
}  # fmt: skip
WIDE: Final[dict[str, Any]] = {"viewport": {"width": 1280, "height": 800}}
KB_MOST: Final = 60
SHOTS: Final = (
    ("battle", NARROW, 0, "/battles", ".card a[href^='/battles/'], a.card[href^='/battles/']"),
    ("today", NARROW, 0, "/", ""),
    ("wallet", NARROW, 0, "/wallet", ""),
    ("battle-wide", WIDE, 0, "/battles", ".card a[href^='/battles/'], a.card[href^='/battles/']"),
    ("numbers-wide", WIDE, 3, "/numbers", ""),
)
"""Name, screen, which of the cast looks, the page, and the link to follow from there."""


def main(origin: str) -> None:
    """Take all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        for locale, language in LOCALES.items():
            for shot in SHOTS:
                take(browser, origin, locale, language, *shot)
        browser.close()


def take(
    browser: Browser, origin: str, locale: str, language: str,
    name: str, screen: dict[str, Any], part: int, path: str, link: str,
) -> None:  # fmt: skip
    """Step into a part of the demo, open a page, and keep its picture."""
    context = browser.new_context(
        base_url=origin, locale=language, color_scheme="light", reduced_motion="reduce", **screen
    )
    context.add_cookies([{"name": "locale", "value": locale, "url": origin}])
    page = context.new_page()
    page.goto("/cast")
    with page.expect_navigation():
        page.locator("button.cast").nth(part).click()
    page.goto(path)
    if link:
        page.locator(link).first.click()
        page.wait_for_url("**/battles/*")
    page.wait_for_load_state("networkidle")
    page.evaluate(
        "document.querySelectorAll('dialog, #toasts, .tour').forEach(each => each.remove())"
    )
    drawn = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    file = OUT / f"{locale}-{name}.webp"
    for quality in (86, 78, 70, 60):
        drawn.save(file, "WEBP", quality=quality, method=6)
        if file.stat().st_size <= KB_MOST * 1024:
            break
    sys.stdout.write(f"{file.name} {file.stat().st_size // 1024} KB\n")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1])
