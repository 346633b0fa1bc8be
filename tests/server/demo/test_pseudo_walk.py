"""Whoever walks through the demo in a pseudo language reads nothing that is not in the catalogue."""

import re
import tomllib
from collections.abc import Iterator

import httpx
import pytest

from server.config import CHECKOUT
from server.demo import company
from server.kit import i18n
from tests.support import pseudo

HREF = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
NO_PAGE = re.compile(r"^/(static|sign-out|demo|api|plans/|me/data/copy)|\.(csv|xlsx)\b")
"""Files, ways out, and the page that shows a plan as its author wrote it."""

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|\d+")
PLAIN = re.compile(r"[A-Za-z]*[a-z][A-Za-z]{2,}")
ADDRESS = re.compile(r"https?://\S+")
PLANS = CHECKOUT / "game" / "plans"
STEPS = 24
WALKERS = ["employee", "operations", "administrator", "finance", "store manager", "customer"]


@pytest.fixture(autouse=True)
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """English is the pseudo language in this file."""
    with pseudo.spoken(tmp_path_factory.mktemp("locales")):
        yield


def given() -> set[str]:
    """Return the English that a company writes itself: its plans, its people, its name."""
    plans = [tomllib.loads(path.read_text("utf-8")) for path in PLANS.glob("*.toml")]
    written = [*plans, company.people_file().decode(), company.COMPANY, i18n.LOCALE_NAMES]
    return set(PLAIN.findall("\n".join(pseudo.words_of(written))))


@pytest.mark.parametrize("role", WALKERS)
async def test_a_walk_meets_no_sentence_outside_the_catalogue(
    visitor: httpx.AsyncClient, role: str
) -> None:
    visitor.headers["Accept-Language"] = "en"
    part = next(each for each in company.CAST if each.role.message == role)
    first = await visitor.post("/demo/become", data={"person": part.person})
    ahead, seen, left = [first.headers["Location"]], set[str](), dict[str, str]()
    while ahead and len(seen) < STEPS:
        path = ahead.pop(0)
        if NO_PAGE.search(path) or ID.sub("0", path) in seen:
            continue
        seen.add(ID.sub("0", path))
        page = await visitor.get(path, follow_redirects=True)
        ahead += HREF.findall(page.text)
        words = set(PLAIN.findall(ADDRESS.sub("", pseudo.said(page.text)))) - given()
        left |= dict.fromkeys(words, path)
    assert left == {}
    assert len(seen) > STEPS // 3
