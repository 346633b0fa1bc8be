"""The drawing of pictures: words fit, rare signs are drawn, codes can be read, badges tell apart."""

import io
import re
from itertools import pairwise

import pytest
import segno
from hypothesis import given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from msgspec.structs import replace
from PIL import Image

from server.cards.canvas import ART, CINNABAR, INK, PAPER, SIDES, WIDTH, Sheet
from server.cards.pictures import picture
from server.cards.words import Badge, Card, Offer, Side, Win, key_of
from server.kit.pages import environment

KB_MOST = 120
WIN = Win(
    locale="zh_Hans", name="安", day="2026-06-30", title="六月客户开发擂台", verdict="赢下擂台",
    stamp="胜", ours=Side("一队", 1, "762"), theirs=Side("三队", 2, "609"), part=55.58,
    mine="为一队得 88 分",
)  # fmt: skip
BADGE = Badge(
    locale="zh_Hans", name="安", day="2026-06-28", art="tea", tier="gold", title="热茶常在",
    tier_word="金章", story="写客户故事，让好口碑有人听",
)  # fmt: skip
OFFER = Offer(
    locale="zh_Hans", name="安", day="12月31日前", says="安 邀请你", before="¥", figure="200",
    after="", title="新客见面礼 · 首单可用", more="还有 首单 9 折、迎新礼包一份", hint="长按识别，或扫一扫",
    under="填手机号就能领，不用安装。", link="https://pk.example.com/r/7K2M9QXD",
)  # fmt: skip
LONG = "一个非常非常长的名字不会撑破任何一张图片也不会盖住旁边的字"


def drawn(card: Card) -> Image.Image:
    return Image.open(io.BytesIO(picture(card))).convert("RGB")


def edges(image: Image.Image) -> set[tuple[int, int, int]]:
    """The colours along both sides of a picture."""
    x = (0, WIDTH - 1)
    return {image.getpixel((each, y)) for each in x for y in range(image.height)}  # type: ignore[misc]


@pytest.mark.parametrize("card", [WIN, BADGE, OFFER], ids=["win", "badge", "offer"])
def test_a_picture_has_ink_and_is_small(card: Card) -> None:
    image = drawn(card)
    assert image.size == (1080, 1440)
    colours = {colour for count, colour in image.getcolors(1 << 21) or [] if count > 200}
    assert len(colours) > 4
    assert len(picture(card)) <= KB_MOST * 1024


@pytest.mark.parametrize(
    "card",
    [
        replace(WIN, name=LONG, title=LONG, mine=LONG * 3, ours=Side(LONG, 1, "1,234,567.33"), theirs=Side(LONG, 7, "987,654.25")),
        replace(BADGE, name=LONG, title=LONG, story=LONG * 4, tier_word=LONG[:20]),
        replace(OFFER, name=LONG, says=LONG, figure=LONG, title=LONG, more=LONG * 4, under=LONG * 4),
    ],
    ids=["win", "badge", "offer"],
)  # fmt: skip
def test_long_words_stay_on_the_sheet(card: Card) -> None:
    assert len(edges(drawn(card))) == 1


def ink(words: str, locale: str) -> bytes:
    sheet = Sheet(locale)
    sheet.text((100, 200), words, 64)
    return sheet.image.crop((80, 100, 700, 300)).tobytes()


@pytest.mark.parametrize("locale", ["zh_Hans", "zh_Hant", "en"])
@pytest.mark.parametrize(
    "words", ["梅", "客戶", "们", "門", "Ann", "¥200", "“热茶”", "「熱茶」", "é", "…", "·"]
)
def test_every_sign_is_drawn_though_one_font_lacks_it(words: str, locale: str) -> None:
    lacking = ink("\U0010fffd" * len(words), locale)
    assert ink(words, locale) not in {lacking, ink(" ", locale)}


def test_a_sign_takes_the_shape_of_the_language() -> None:
    assert ink("骨", "zh_Hans") != ink("骨", "zh_Hant")


@given(st.text(st.sampled_from("客户故事，。A b-c12％“”"), max_size=120), st.integers(1, 4))
@bounds(max_examples=40)
def test_lines_are_never_wider_than_their_room(words: str, most: int) -> None:
    said = re.sub(r"\s+(?=[，。”])", "", words)
    sheet = Sheet("zh_Hans")
    lines = sheet.lines(said, 40, 400, most)
    assert 1 <= len(lines) <= most
    assert [line for line in lines if sheet.width(line, 40) > 400] == []
    for before, after in pairwise(lines):
        assert before
        assert after[:1] not in "，。”", "no line begins with a comma"


def test_the_code_can_be_read() -> None:
    image = drawn(OFFER)
    matrix = [list(row) for row in segno.make(OFFER.link.upper(), error="m", micro=False).matrix]
    white = [
        (x, y)
        for y in range(900, 1344, 2)
        for x in range(100, 520, 2)
        if image.getpixel((x, y)) == (255, 255, 255)
    ]
    left, top = min(x for x, _ in white), min(y for _, y in white)
    module = 336 // (len(matrix) + 8)
    for down, row in enumerate(matrix):
        for along, dark in enumerate(row):
            at = (
                left + (along + 4) * module + module // 2,
                top + (down + 4) * module + module // 2,
            )
            assert (sum(image.getpixel(at)) < 200) is bool(dark)  # type: ignore[arg-type]


def test_each_badge_has_a_seal_of_its_own() -> None:
    arts = environment().get_template("_macros/badges.html").module.glyphs  # type: ignore[attr-defined]
    missing = [name for name in arts if not (ART / f"glyph-{name}.png").exists()]
    assert missing == [], "python pwa/draw_icons.py"
    tiers = [picture(replace(BADGE, tier=tier)) for tier in ("bronze", "silver", "gold")]
    assert len(set(tiers)) == 3


def test_the_colours_are_those_of_the_pages() -> None:
    assert len(set(SIDES)) == 8
    assert {CINNABAR, INK, PAPER}.isdisjoint({"", None})


def test_other_words_are_another_picture() -> None:
    cards = [WIN, BADGE, OFFER]
    assert len({key_of(each) for each in cards}) == 3
    assert key_of(WIN) == key_of(replace(WIN))
