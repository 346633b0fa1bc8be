"""Every template renders its sample in every language, and says what is in the context."""

import re

import pytest

from server.kit import i18n, pages
from tests.pwa.preview import draw
from tests.pwa.samples import samples

NAMES = sorted(samples())


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("name", NAMES)
def test_page_renders(name: str, locale: str) -> None:
    html = draw(name, locale)
    assert f'<html lang="{i18n.language_tag(locale)}"' in html
    assert html.count("<h1") == html.count("</h1>") >= 1
    assert not re.search(r"%\(\w+\)s", re.sub(r"<[^>]*>", "", html)), "a placeholder is not filled"


@pytest.mark.parametrize("name", NAMES)
def test_ids_are_unique_and_labels_point_somewhere(name: str) -> None:
    html = draw(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for target in re.findall(r'\sfor="([^"]+)"', html):
        assert target in ids


REFUSED = [name for name, (_, _, context) in samples().items() if context.get("refusal")]


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_said_once(name: str) -> None:
    assert draw(name).count(samples()[name][2]["refusal"]) == 1


def test_chinese_pages_speak_no_english() -> None:
    for name in ("battle", "wallet", "report", "review", "me"):
        words = re.sub(
            r"<(script|style|svg|template)\b.*?</\1>|<[^>]*>", " ", draw(name), flags=re.DOTALL
        )
        left = set(re.findall(r"[A-Za-z]{3,}", words)) - {"English"}
        assert not left, (name, left)


def test_what_people_typed_is_escaped() -> None:
    said = pages.environment().from_string("{{ _('Invite %(name)s', name=name) }}")
    assert "<b>" not in said.render(name="<b>")
    one = "{{ ngettext('%(n)s thing to put right in %(file)s', '%(n)s things', 1, file=name) }}"
    assert "<b>" not in pages.environment().from_string(one).render(name="<b>")


def test_size_and_theme_reach_the_page() -> None:
    html = draw("today", theme="dark", size="large")
    assert 'data-theme="dark" data-size="large"' in html


@pytest.mark.parametrize("name", ["battle", "battle_delayed", "screen"])
def test_board_carries_its_frame(name: str) -> None:
    html = draw(name)
    assert 'data-frame="' in html
    assert "data-board=" in html


@pytest.mark.parametrize("name", NAMES)
def test_nobody_types_twice_what_a_browser_knows(name: str) -> None:
    """Own phones, passwords and codes say what they are (WCAG 1.3.5, 3.3.8); others' say off."""
    for field in re.findall(r"<input[^>]*>", draw(name)):
        if re.search(r'type="(tel|email|password)"|code-input"', field):
            assert "autocomplete=" in field, field


def test_a_card_writes_a_large_score_short() -> None:
    template = '{% from "_macros/pieces.html" import duel_of %}{{ duel_of(frame, compact=true) }}'
    sides = [{"name": "一队", "place": 1, "score": "123456", "shown": "123,456"}]
    for locale, shown in (("zh_Hans", "12.3万"), ("zh_Hant", "12.3萬"), ("en", "123.5K")):
        with i18n.speaking(locale):
            html = pages.environment().from_string(template).render(frame={"sides": sides})
        assert f">{shown}</span>" in html


def test_a_page_lights_the_first_of_its_places_that_a_bar_has() -> None:
    lit = re.compile(r'href="([^"]+)" aria-current="page"')
    assert lit.findall(draw("rewards")) == ["/rewards"]
    assert lit.findall(draw("reward_shelves")) == ["/me"], "operations have no rewards in their bar"
    assert lit.findall(draw("store_page")) == ["/me"]
    assert 'class="tap back" href="/me"' in draw("rewards_staff")
    assert 'class="tap back"' not in draw("rewards")


def test_a_wall_whose_battle_is_settled_says_each_thing_once() -> None:
    html = draw("screen_final")
    assert html.count("¥7,700") == html.count('class="seal') == 1
    assert "data-moment" not in html


def test_where_there_is_one_side_no_shape_tells_people_apart() -> None:
    row = re.compile(r'<li class="standing[^"]*"[^>]*><span class="rank">\d*</span><svg')
    assert row.search(draw("battle"))
    assert not row.search(draw("challenge"))
