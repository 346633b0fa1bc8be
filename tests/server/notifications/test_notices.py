"""One place for news: told once to each, every kind in words, purged when it is old."""

import asyncio
import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from server.config import CHECKOUT
from server.kit import bus, db, i18n, ids
from server.notifications import commands, jobs, queries, telling
from server.notifications.notices import notify
from server.notifications.queries import Notice
from server.notifications.words import GROUPS, WORDS
from server.people import jobs as people_jobs
from server.people import limits
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

COUPON = {"what": {"zh_Hans": "¥200 券", "zh_Hant": "¥200 券", "en": "¥200 coupon"}, "friend": "周"}
NOW = "2026-11-23T04:00:00+00:00"


@pytest.fixture
async def company(pool: None) -> list[UUID]:
    await bring_in(DESK)
    return [await person_id(code) for code, *_ in DESK]


async def reward(people: list[UUID], topic: str = "deal:1") -> None:
    await notify(people, "referral_reward", topic, COUPON, "/coupons")


async def test_many_are_told_by_one_statement_and_each_once(company: list[UUID]) -> None:
    await reward([*company, company[0]])
    await reward(company)
    await reward(company[:1], "deal:2")
    counts = await db.column("SELECT count(*) FROM notice GROUP BY person ORDER BY 1")
    assert counts == [1, 1, 1, 1, 2]


async def test_told_at_once_from_all_sides_nobody_is_told_twice(company: list[UUID]) -> None:
    orders = [company, company[::-1], company[2:] + company[:2]]
    await asyncio.gather(*[reward(orders[turn % 3], f"deal:{turn % 2}") for turn in range(24)])
    assert await db.value("SELECT count(*) FROM notice") == 2 * len(company)


async def test_nobody_to_tell_is_no_fault(company: list[UUID]) -> None:
    await reward([])
    assert await db.value("SELECT count(*) FROM notice") == 0


async def test_a_kind_without_words_or_facts_is_a_fault(company: list[UUID]) -> None:
    with pytest.raises(ValueError, match="no words"):
        await notify(company, "nonsense", "x", {}, "/")
    with pytest.raises(ValueError, match="friend"):
        await notify(company, "referral_reward", "x", {"what": "x"}, "/")


async def test_only_who_is_told_gets_a_hint(company: list[UUID]) -> None:
    told: list[list[str]] = []
    heard = bus.Bus("redis://127.0.0.1:1")
    heard.listen("people", lambda _, data: told.append(data["people"]))
    await heard.start()
    try:
        await reward(company[:1])
        await reward(company[:2])
        await reward(company[:2])
    finally:
        await heard.stop()
    assert told == [[str(company[0])], [str(company[1])]]


@pytest.mark.parametrize("locale", i18n.LOCALES)
@pytest.mark.parametrize("kind", sorted(WORDS))
def test_every_kind_is_told_in_words(kind: str, locale: str) -> None:
    words = WORDS[kind]
    assert words.group in GROUPS
    facts = {key: {"zh_Hans": "简", "zh_Hant": "繁", "en": "said"} for key in words.facts}
    with i18n.speaking(locale):
        shown = telling.told(_notice(kind, facts), *_page())
        assert shown["title"]
        assert shown["sentence"]
        assert "%" not in shown["title"] + shown["sentence"]
        mine = {"zh_Hans": "简", "zh_Hant": "繁", "en": "said"}[locale]
        assert not words.facts or mine in shown["title"] + shown["sentence"]
        if locale != "en":
            assert not re.search("[A-Za-z]{3}", shown["title"] + shown["sentence"])


def test_every_kind_that_is_told_has_words_and_all_words_are_told() -> None:
    """A kind stands as a text in the slice that tells it."""
    sources = [
        path.read_text("utf-8")
        for path in sorted((CHECKOUT / "server").rglob("*.py"))
        if path.name != "words.py" or path.parent.name != "notifications"
    ]
    said = {kind for text in sources for kind in re.findall(r'"(\w+)"', text)}
    assert set(WORDS) <= said, set(WORDS) - said
    direct = {
        kind
        for text in sources
        for kind in re.findall(r'notify\(\s*\[?[\w., *()]+\]?,\s*"(\w+)"', text)
    }
    assert direct <= set(WORDS), direct - set(WORDS)
    assert direct, "no call of notify was found"


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ({"zh_Hans": "简", "en": "x"}, "简"),
        (12345, "12,345"),
        ("2026-11-23T09:30:00+00:00", "今天 17:30"),
        ("2026-11-23", "11-23"),
        ("2027-01-05", "2027-01-05"),
        ("周 100%", "周 100%"),
    ],
)
def test_facts_are_said_as_people_say_them(fact: object, said: str) -> None:
    assert telling.said({"x": fact}, *_page()) == {"x": said}


def test_unread_news_comes_first_then_days_and_groups() -> None:
    notices = [
        _notice("referral_reward", COUPON, hours=30),
        _notice("under_review", {"what": "x", "why": "y"}, hours=31),
        _notice("referral_reward", COUPON, hours=32),
        _notice("referral_reward", COUPON, hours=2, is_read=True),
        _notice("under_review", {"what": "x", "why": "y"}, hours=27, is_read=True),
    ]
    shown = telling.sections(notices, *_page())
    assert [each["title"] for each in shown] == ["新消息", "今天", "昨天"]
    groups = [[group["id"] for group in each["groups"]] for each in shown]
    assert groups == [["money", "review"], ["money"], ["review"]]
    assert len(shown[0]["groups"][0]["notices"]) == 2


def _page() -> tuple[datetime, str]:
    return datetime.fromisoformat(NOW), "Asia/Shanghai"


def _notice(kind: str, facts: dict[str, Any], hours: int = 0, *, is_read: bool = False) -> Notice:
    at = _page()[0] - timedelta(hours=hours)
    return Notice(ids.new_id(), kind, facts, "/", at, at if is_read else None)


async def test_read_news_is_forgotten_after_half_a_year(company: list[UUID], clock: Clock) -> None:
    await clock.set(await clock.now())
    await reward(company[:2])
    [mine] = await queries.inbox(company[0])
    await commands.read(company[0], mine.id)
    await clock.advance(days=179)
    await jobs.sweep({})
    assert await db.value("SELECT count(*) FROM notice") == 2
    await clock.advance(days=2)
    await jobs.sweep({})
    assert await db.column("SELECT person FROM notice") == [company[1]]


async def test_old_attempts_are_forgotten(company: list[UUID], clock: Clock) -> None:
    await clock.set(await clock.now())
    await limits.spend(limits.Limit("a", 1, limits.HOUR, "too_many_tries"))
    await clock.advance(hours=23)
    await limits.spend(limits.Limit("b", 1, limits.HOUR, "too_many_tries"))
    await people_jobs.sweep({})
    assert await db.value("SELECT count(*) FROM attempt") == 2
    await clock.advance(hours=2)
    await people_jobs.sweep({})
    assert await db.column("SELECT name FROM attempt") == ["b"]
