"""No sentence stands outside the catalogue: pages, refusals and notices in a pseudo language."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import nodes

from server.config import CHECKOUT
from server.kit import i18n, pages
from server.kit.errors import REFUSALS
from server.notifications.words import GROUPS, WORDS
from tests.pwa.preview import draw
from tests.pwa.samples import samples
from tests.support import pseudo

PLAIN = re.compile(r"[A-Za-z]{2,}")
HAN = re.compile(r"[\u3400-\u9fff]+")
SAME = {"CSV", "XLSX", "TOML", "XX", "XXXX", "XQ", "QXD"}
"""The same in every language: names of formats, the look of a code."""

ADDRESS = re.compile(r"https://\S+")
DEVELOPERS = "styleguide"
"""The page of the pieces names classes and tokens: no user sees it."""

NAMES = sorted(name for name in samples() if not name.startswith(DEVELOPERS))
TEMPLATES = CHECKOUT / "pwa" / "templates"
WRITTEN = sorted(
    str(path.relative_to(TEMPLATES))
    for path in TEMPLATES.rglob("*.html")
    if path.parent.name != DEVELOPERS
)
TOLD = {
    **{code: refusal.sentence for code, refusal in REFUSALS.items()},
    **{f"{kind} (title)": words.title for kind, words in WORDS.items()},
    **{kind: words.sentence for kind, words in WORDS.items()},
    **GROUPS,
}
TRANSLATED = {"_", "gettext", "ngettext"}
SPELLED = re.compile(
    r"\{#.*?#\}|\{% block width %\}.*?\{% endblock %\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
"""What a template says to Jinja; the block `width` is a class."""


@pytest.fixture(scope="module", autouse=True)
def language(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """English is the pseudo language in this file."""
    with pseudo.spoken(tmp_path_factory.mktemp("locales")):
        yield


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_nothing_but_its_catalogue_and_its_data(name: str) -> None:
    shown = ADDRESS.sub("", pseudo.said(draw(name, "en")))
    _template, viewer, context = samples()[name]
    given = "\n".join(pseudo.words_of([context, viewer, list(i18n.LOCALE_NAMES.values())]))
    assert set(PLAIN.findall(shown)) - set(PLAIN.findall(given)) - SAME == set()
    assert {run for run in HAN.findall(shown) if run not in given} == set()


@pytest.mark.parametrize("name", sorted(TOLD))
def test_a_refusal_or_notice_is_in_the_catalogue(name: str) -> None:
    with i18n.speaking("en"):
        assert not PLAIN.search(pseudo.KEPT.sub("", str(TOLD[name])))


@pytest.mark.parametrize("path", WRITTEN)
def test_a_template_writes_no_words_of_its_own(path: str) -> None:
    source = (TEMPLATES / path).read_text("utf-8")
    lines = pseudo.said(ADDRESS.sub("", SPELLED.sub("", source))).splitlines()
    shown = "\n".join(line for line in lines if '="' not in line)  # attributes in a macro
    assert set(PLAIN.findall(shown)) - SAME == set()
    assert HAN.findall(shown) == []
    assert list(sentences_in(pages.environment().parse(source))) == []


def sentences_in(tree: nodes.Template) -> Iterator[str]:
    """Yield the texts in a template's expressions that look like words and are not translated."""
    calls = [call for call in tree.find_all(nodes.Call) if called(call) in TRANSLATED]
    compared = [each for one in tree.find_all(nodes.Compare) for each in one.find_all(nodes.Const)]
    keys = {id(each) for each in [*compared, *(arg for call in calls for arg in call.args)]}
    for each in tree.find_all(nodes.Const):
        if isinstance(each.value, str) and id(each) not in keys and looks_said(each.value):
            yield each.value


def called(call: nodes.Call) -> str:
    """Return the name of what a template calls."""
    return str(getattr(call.node, "name", ""))


def looks_said(text: str) -> bool:
    """Tell words for people from keys, classes and addresses."""
    return bool(HAN.search(text) or re.search(r"\b[A-Z][a-z]+ [a-z]+", text))
