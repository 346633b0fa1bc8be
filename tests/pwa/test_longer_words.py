"""Sentences two fifths longer still fit: nothing is cut off, nothing sticks out of a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, ViewportSize

from tests.pwa.preview import OUT, draw
from tests.pwa.samples import first_of_each, samples
from tests.support import pseudo

PHONE = ViewportSize(width=360, height=740)
NAMES = sorted(
    first_of_each(
        name
        for name, (template, _viewer, _context) in samples().items()
        if not template.startswith(("screens/", "styleguide/"))
    )
)
"""The first sample of each template; a television is read from afar, and shows no sentences."""

CUT = """() => {
  const FOLDED = "details:not([open]) > :not(summary)";
  const seen = (box) => box.width > 1 && box.height > 1;
  const own = (element) => [...element.childNodes].some(
    (node) => node.nodeType === Node.TEXT_NODE && node.textContent.includes("⟦"));
  const faults = [];
  for (const element of document.querySelectorAll("body *")) {
    if (!own(element) || element.closest(`.hush, [hidden], ${FOLDED}`)) continue;
    const box = element.getBoundingClientRect();
    if (!seen(box)) continue;
    const style = getComputedStyle(element);
    const clipped = style.overflowX !== "visible" && style.overflowX !== "auto";
    const scrolls = element.closest(".table-wrap, .chips");
    if (clipped && element.scrollWidth > element.clientWidth + 1) faults.push("cut off");
    else if (!scrolls && (box.right > innerWidth + 1 || box.left < -1)) faults.push("sticks out");
    else continue;
    faults.push(`${element.className}: ${element.textContent.trim().slice(0, 60)}`);
  }
  return faults;
}"""


@pytest.fixture(scope="module", autouse=True)
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """English is the pseudo language in this file."""
    with pseudo.spoken(tmp_path_factory.mktemp("locales")):
        yield


@pytest.mark.parametrize("name", NAMES)
def test_longer_words_fit(tab: Page, origin: str, name: str) -> None:
    file = OUT / f"pseudo-{name}.html"
    file.write_text(draw(name, "en"), "utf-8")
    tab.set_viewport_size(PHONE)
    tab.goto(f"{origin}/var/preview/{file.name}", wait_until="load")
    assert tab.evaluate(CUT) == []
    assert tab.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
