"""What a phone has to load stays small: limits on what the build made, gzipped."""

import re
from collections.abc import Iterator

import pytest

from server.config import CHECKOUT
from server.kit.assets import BUILD, URL, manifest
from tests.pwa.weights import CSS, FIRST_VIEW_JS, PRECACHE, WORKER, catalogue, gzipped

ENTRIES = {name: each["file"] for name, each in manifest().items() if each.get("isEntry")}


def with_imports(name: str) -> Iterator[str]:
    """The file of an entry, and of all that it imports before it runs."""
    seen, left = set(), [name]
    while left:
        if (each := left.pop()) in seen:
            continue
        seen.add(each)
        yield manifest()[each]["file"]
        left += manifest()[each].get("imports", [])


@pytest.mark.parametrize("entry", [name for name in ENTRIES if name.endswith(".ts")])
def test_a_page_begins_with_few_scripts(entry: str) -> None:
    files = set(with_imports(entry))
    assert sum(map(gzipped, files)) + catalogue() <= FIRST_VIEW_JS


def test_a_battle_has_few_scripts_too() -> None:
    files = {*with_imports("src/main.ts"), *with_imports("src/islands/battles/live.ts")}
    assert sum(map(gzipped, files)) + catalogue() <= FIRST_VIEW_JS


@pytest.mark.parametrize("entry", [name for name in ENTRIES if name.endswith(".css")])
def test_styles_are_light(entry: str) -> None:
    own = gzipped(ENTRIES[entry])
    whole = own if entry == "styles/main.css" else own + gzipped(ENTRIES["styles/main.css"])
    assert whole <= CSS


def test_the_worker_is_light_and_fetches_little() -> None:
    assert gzipped("service_worker.js") <= WORKER
    text = (BUILD / "service_worker.js").read_text()
    kept = [BUILD / name for name in re.findall(rf'"?url"?:"{URL}(assets/[^"]+)"', text)]
    assert kept, "nothing is kept for a start without a network"
    assert sum(each.stat().st_size for each in kept) <= PRECACHE


def test_no_font_and_nothing_foreign_is_asked_for() -> None:
    """Fonts may lie in the build for the server's pictures; no page may ask for one."""
    for path in BUILD.glob("assets/*.css"):
        text = path.read_text()
        assert "@font-face" not in text, path.name
        assert not re.search(r"url\(\s*[\"']?(https?:)?//", text), path.name
    for path in (CHECKOUT / "pwa" / "templates").rglob("*.html"):
        assert not re.search(
            r"<(script|link|img|iframe)\b[^>]*(src|href)=\"(https?:)?//", path.read_text()
        ), path
