"""Which language a person gets, and how figures and moments are written in it."""

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from io import StringIO

import pytest

from server.kit import catalogues, formats, i18n, pages

source = cache(catalogues.extracted)
NOW = datetime(2026, 6, 30, 6, 45, 51, tzinfo=UTC)
ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("header", "chosen", "expected"),
    [
        (None, None, "zh_Hans"),
        ("", None, "zh_Hans"),
        ("zh-CN,zh;q=0.9", None, "zh_Hans"),
        ("zh-SG", None, "zh_Hans"),
        ("zh", None, "zh_Hans"),
        ("zh-TW,en;q=0.8", None, "zh_Hant"),
        ("zh-HK", None, "zh_Hant"),
        ("zh-MO", None, "zh_Hant"),
        ("zh-Hant-CN", None, "zh_Hant"),
        ("zh-Hans-TW", None, "zh_Hans"),
        ("yue-HK", None, "zh_Hant"),
        ("en-GB", None, "en"),
        ("fr-FR,en;q=0.5", None, "en"),
        ("en;q=0.3,zh-TW;q=0.9", None, "zh_Hant"),
        ("en;q=0,zh-TW;q=0.1", None, "zh_Hant"),
        ("en;q=often", None, "zh_Hans"),
        ("zh-Nonsense-XX,*", None, "zh_Hans"),
        ("en", "zh_Hant", "zh_Hant"),
        ("zh-TW", "klingon", "zh_Hant"),
        ("zh-CN", None, "zh_Hans"),
        ("zh-MY", None, "zh_Hans"),
        ("zh-hant-hk", None, "zh_Hant"),
        ("ZH-TW", None, "zh_Hant"),
        ("zh-Hant", None, "zh_Hant"),
        ("zh-Hans-HK", None, "zh_Hans"),
        ("zh-yue-HK", None, "zh_Hant"),
        ("en-US,en;q=0.9,zh-TW;q=0.8", None, "en"),
        ("EN-SG", None, "en"),
        ("ja-JP,zh-HK;q=0.7,en;q=0.6", None, "zh_Hant"),
        ("en;q=0.8, zh-HK; q=0.9", None, "zh_Hant"),
    ],
)
def test_language_is_chosen_by_script(header: str, chosen: str, expected: str) -> None:
    assert i18n.negotiate(header, chosen) == expected


@pytest.mark.parametrize(
    ("locale", "word", "sentence"),
    [
        ("zh_Hans", "钱包", "今天 14:02"),
        ("zh_Hant", "錢包", "今天 14:02"),
        ("en", "Wallet", "today 14:02"),
    ],
)
def test_words_come_in_the_language_spoken(locale: str, word: str, sentence: str) -> None:
    later = i18n.lazy("Wallet")
    with i18n.speaking(locale):
        assert str(later) == word
        assert i18n.gettext("today %(clock)s", clock="14:02") == sentence


def test_plural_takes_the_form_that_fits() -> None:
    with i18n.speaking("en"):
        assert i18n.ngettext("%(n)s person", "%(n)s people", 1) == "1 person"
        assert i18n.ngettext("%(n)s person", "%(n)s people", 3) == "3 people"
    with i18n.speaking("zh_Hans"):
        assert i18n.ngettext("%(n)s person", "%(n)s people", 3) == "3 人"


def test_plan_words_fall_back_to_what_there_is() -> None:
    with i18n.speaking("zh_Hant"):
        assert i18n.text({"zh_Hans": "简", "zh_Hant": "繁"}) == "繁"
        assert i18n.text({"zh_Hans": "简"}) == "简"
        assert i18n.text("plain") == "plain"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("2026-06-30T14:02:00+08:00", "今天 14:02"),
        ("2026-06-29T23:59:59+08:00", "昨天 23:59"),
        ("2026-06-29T16:00:00+00:00", "今天 00:00"),
        ("2026-07-01T00:00:00+08:00", "明天 00:00"),
        ("2026-06-02T09:05:00+08:00", "06-02 09:05"),
        ("2025-12-31T09:05:00+08:00", "2025-12-31"),
    ],
)
def test_moments_are_told_in_the_zone(value: str, shown: str) -> None:
    with i18n.speaking("zh_Hans"):
        assert formats.when(value, NOW, ZONE) == shown


@pytest.mark.parametrize(
    ("locale", "this_year", "another", "month"),
    [
        ("zh_Hans", "06-02 09:05", "2025-12-31", "2026 年 06 月"),
        ("zh_Hant", "06-02 09:05", "2025-12-31", "2026 年 06 月"),
        ("en", "Jun 2 09:05", "Dec 31, 2025", "June 2026"),
    ],
)
def test_days_are_written_as_the_language_does(
    locale: str, this_year: str, another: str, month: str
) -> None:
    with i18n.speaking(locale):
        assert formats.when("2026-06-02T09:05:00+08:00", NOW, ZONE) == this_year
        assert formats.day("2025-12-31T09:05:00+08:00", NOW, ZONE) == another
        assert formats.month(NOW) == month


@pytest.mark.parametrize(
    ("value", "hans", "hant", "en"),
    [
        (9999, "9,999", "9,999", "9,999"),
        (10_000, "1万", "1萬", "10K"),
        (123_456, "12.3万", "12.3萬", "123.5K"),
        (-123_456, "−12.3万", "−12.3萬", "−123.5K"),
        (120_000_000, "1.2亿", "1.2億", "120M"),
    ],
)
def test_large_figures_are_short_in_the_units_of_the_language(
    value: int, hans: str, hant: str, en: str
) -> None:
    for locale, shown in (("zh_Hans", hans), ("zh_Hant", hant), ("en", en)):
        with i18n.speaking(locale):
            assert formats.compact(value) == shown


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("2026-06-30T17:45:00+08:00", "今天 13:45–17:45"),
        ("2026-07-01T09:00:00+08:00", "今天 13:45 – 明天 09:00"),
        ("2026-07-12T09:00:00+08:00", "今天 13:45 – 07-12 09:00"),
    ],
)
def test_a_stretch_within_a_day_says_the_day_once(until: str, shown: str) -> None:
    with i18n.speaking("zh_Hans"):
        assert formats.through("2026-06-30T13:45:00+08:00", until, NOW, ZONE) == shown


@pytest.mark.parametrize(
    ("zone", "hans", "hant", "en"),
    [
        ("Asia/Shanghai", "北京时间", "北京時間", "Beijing time"),
        ("Asia/Taipei", "台北时间", "台北時間", "Taiwan Time"),
        ("UTC", "UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_has_a_name_people_know(zone: str, hans: str, hant: str, en: str) -> None:
    for locale, shown in (("zh_Hans", hans), ("zh_Hant", hant), ("en", en)):
        with i18n.speaking(locale):
            assert formats.zone_name(zone) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, "under a minute"),
        (14, "14 min"),
        (240, "4 h"),
        (1440, "1 day"),
        (134, "2 h 14 min"),
        (1500, "1 day 1 h"),
        (3000, "2 days 2 h"),
    ],
)
def test_one_is_not_many(minutes: int, shown: str) -> None:
    with i18n.speaking("en"):
        assert formats.span(NOW + timedelta(minutes=minutes), NOW) == shown
        assert formats.amount(1, "points") == "1 point"
        assert formats.amount(1200, "career") == "1,200 career points"


@pytest.mark.parametrize(
    ("until", "shown"),
    [
        ("2026-06-30T17:00:00+08:00", "02:14:09"),
        ("2026-06-30T14:00:00+08:00", "00:00:00"),
        ("2026-07-03T17:00:00+08:00", "3 天 02:14"),
    ],
)
def test_countdown_is_a_clock(until: str, shown: str) -> None:
    with i18n.speaking("zh_Hans"):
        assert formats.countdown(until, NOW) == shown


@pytest.mark.parametrize(
    ("cents", "shown"), [(770000, "¥7,700"), (46250, "¥462.50"), (5, "¥0.05"), (-5, "−¥0.05")]
)
def test_money_is_yuan(cents: int, shown: str) -> None:
    assert formats.money(cents) == shown


@pytest.mark.parametrize(
    ("score", "shown"), [("609", "609"), ("7/2", "3.5"), ("10/3", "3.33"), ("1200", "1,200")]
)
def test_score_is_exact_or_rounded_for_the_eye(score: str, shown: str) -> None:
    assert formats.score(score) == shown


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("https://pk.example.com/me?x=1", "/me?x=1"),
        ("https://pk.example.com//evil.example", "/"),
        ("javascript:alert(1)", "/"),
        (None, "/"),
    ],
)
def test_way_back_stays_on_this_site(url: str | None, path: str) -> None:
    assert pages.local_path(url) == path


def test_added_lines_are_read_or_refused_with_their_number() -> None:
    new = catalogues.added(StringIO("Join\t加入\t加入\n%(n)s a || %(n)s b\t%(n)s 甲\t%(n)s 乙\n"))
    assert new["zh_Hant"] == {"Join": "加入", ("%(n)s a", "%(n)s b"): "%(n)s 乙"}
    with pytest.raises(ValueError, match="line 2"):
        catalogues.added(["Join\t加入\t加入\n", "Leave\t退出\n"])


@pytest.mark.parametrize("locale", catalogues.TRANSLATED)
def test_nothing_is_left_untranslated(locale: str) -> None:
    catalogue = catalogues.brought_up(catalogues.load(locale), source())
    assert not list(catalogues.faults(locale, catalogue))


NOT_TAIWANESE = re.compile(
    "聯繫|列表|設備|軟件|信息|視頻|默認|打印|激活|登錄名|審批|批准|上報|入職|崗|手機號(?!碼)|門店|質量|屏幕|文檔"
    "|鏈接|文件夾|賬|後臺|數字化|核查|獲取|刷新|點擊量|二維碼|到帳"
)
"""Words of the mainland in traditional characters; the catalogue has those of Taiwan."""


def sentences(locale: str) -> list[str]:
    found = []
    for message in catalogues.load(locale):
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        found += [each for each in said if message.id and each]
    return found


def test_traditional_words_are_those_of_taiwan() -> None:
    assert [each for each in sentences("zh_Hant") if NOT_TAIWANESE.search(each)] == []


@pytest.mark.parametrize(("locale", "charset"), [("zh_Hans", "gb2312"), ("zh_Hant", "big5hkscs")])
def test_no_sign_of_the_other_script_slips_in(locale: str, charset: str) -> None:
    """Big 5 has no simplified signs; of the traditional ones GB 2312 has none."""
    signs = {sign for each in sentences(locale) for sign in each if "\u4e00" <= sign <= "\u9fff"}
    assert {sign for sign in signs if not sign.encode(charset, "ignore")} == set()


@pytest.mark.parametrize(("locale", "quotes"), [("zh_Hans", "「」『』"), ("zh_Hant", "“”‘’")])
def test_chinese_is_set_as_the_house_sets_it(locale: str, quotes: str) -> None:
    """Short and calm: no exclamation, one ellipsis sign, full-width marks, quotes of the script."""
    forbidden = re.compile(f"[{quotes}！]|!|……|\\.\\.\\.|[\u4e00-\u9fff][,;?](?!\\w)")
    assert [each for each in sentences(locale) if forbidden.search(each)] == []


MANY = re.compile(
    r"%\((?:n|count|days|months|points|left|missing|people)\)s (?:\w+ )?"
    r"(?:points|people|days|months|deals|leads|actions|statements|titles|friends|lines)\b"
)
AT_MOST = re.compile(
    r"are usual|within 30 days|in a circle|%\(done\)s|once in|phone numbers today|days at most"
)
"""Sentences about what was found to be too much: it is never one."""


def test_whatever_is_counted_has_a_plural() -> None:
    template = [each.id for each in source() if isinstance(each.id, str)]
    assert [each for each in template if MANY.search(each) and not AT_MOST.search(each)] == []


def test_a_lazy_sentence_takes_the_form_that_fits() -> None:
    left = i18n.counted("%(left)s point", "%(left)s points", "left")
    with i18n.speaking("en"):
        assert [left % {"left": each} for each in (1, "1", 2, "1,000")] == [
            "1 point", "1 point", "2 points", "1,000 points",
        ]  # fmt: skip
