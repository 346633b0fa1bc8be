"""Lay every page side by side, to look at: `python -m tests.pwa.sheets [a-l | name…]`.

Each row is one page: phone light in 简体, a small dark phone with large English text, desktop in 繁體.
Two rows a sheet, in var/preview/sheets. Scripts are off: what is looked at is what the server drew.
"""

import re
import sys
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image, ImageDraw
from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.pwa.preview import CHROMIUM, OUT, STORE, draw, site
from tests.pwa.samples import samples

SHEETS = OUT / "sheets"
ROWS = 2
HEIGHT = 880
GAP = 10


class Look(NamedTuple):
    """One way to see a page, and how wide it stands on the sheet."""

    locale: str
    theme: str
    size: str
    viewport: ViewportSize
    wide: int


LOOKS = (
    Look("zh_Hans", "light", "normal", ViewportSize(width=390, height=844), 270),
    Look("en", "dark", "large", ViewportSize(width=360, height=640), 250),
    Look("zh_Hant", "light", "normal", ViewportSize(width=1280, height=860), 700),
)


def picture(tab: Page, origin: str, name: str, look: Look) -> Image.Image:
    """Return one page in one look at its full length, cut where the row ends."""
    # A file of its own for each look: the browser keeps what it fetched.
    file = OUT / f"{name}-{look.locale}-sheet.html"
    file.write_text(draw(name, look.locale, look.theme, look.size), "utf-8")
    tab.set_viewport_size(STORE if name.startswith("screen") else look.viewport)
    tab.goto(f"{origin}/var/preview/{file.name}")
    # At full length, or the bars would stand in the middle of the picture.
    length = tab.evaluate("document.documentElement.scrollHeight")
    viewport = tab.viewport_size or look.viewport
    tab.set_viewport_size({**viewport, "height": max(viewport["height"], length)})
    shot = Image.open(BytesIO(tab.screenshot())).convert("RGB")
    scale = look.wide / shot.width
    small = shot.resize((look.wide, round(shot.height * scale)), Image.Resampling.LANCZOS)
    return small.crop((0, 0, look.wide, min(small.height, HEIGHT)))


def lay(rows: list[tuple[str, list[Image.Image]]], path: Path) -> None:
    """Put rows of pictures under each other."""
    tall = [max(each.height for each in pictures) + 24 for _, pictures in rows]
    wide = sum(look.wide for look in LOOKS) + GAP * (len(LOOKS) + 1)
    sheet = Image.new("RGB", (wide, sum(tall) + GAP), "#808080")
    pen, top = ImageDraw.Draw(sheet), GAP
    for (name, pictures), height in zip(rows, tall, strict=True):
        pen.text((GAP, top - 6), name, fill="white")
        left = GAP
        for each in pictures:
            sheet.paste(each, (left, top + 8))
            left += each.width + GAP
        top += height
    sheet.save(path)


def chosen(words: list[str]) -> list[str]:
    """Return the samples that are named, or whose first letter is in a range such as `a-l`."""
    ranges = [word for word in words if re.fullmatch(r"\w-\w", word)]
    return [
        name
        for name in sorted(samples())
        if not words or name in words or any(r[0] <= name[0] <= r[2] for r in ranges)
    ]


def main(words: list[str]) -> None:
    """Draw the sheets."""
    SHEETS.mkdir(parents=True, exist_ok=True)
    names = chosen(words)
    with site() as origin, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM)
        tab = browser.new_page(java_script_enabled=False)
        for first in range(0, len(names), ROWS):
            part = names[first : first + ROWS]
            rows = [(name, [picture(tab, origin, name, look) for look in LOOKS]) for name in part]
            lay(rows, SHEETS / f"{'+'.join(part)}.png")
            sys.stdout.write(f"{' '.join(part)}\n")
            sys.stdout.flush()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
