"""The inbox: unread first, in the reader's language, read by a tap or all at once."""

import re
from uuid import UUID

import pytest

from server.kit import db, ids
from server.notifications.notices import notify
from tests.support.cast import DESK, bring_in, person_id
from tests.support.visitor import NewClient, Visitor, visit, words

WHAT = {"zh_Hans": "¥200 优惠券", "zh_Hant": "¥200 優惠券", "en": "a ¥200 coupon"}


@pytest.fixture
async def zhou(new_client: NewClient) -> Visitor:
    """A customer, with the company around."""
    await bring_in(DESK)
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, '周', '周', 'customer')",
        ids.new_id(),
    )
    return await visit(new_client, "周")


async def news(number: int = 1, code: str = "周") -> UUID:
    """Tell of a reward; returns the notice."""
    person = await person_id(code)
    facts = {"friend": f"友{number}", "what": WHAT}
    await notify([person], "referral_reward", f"deal:{number}", facts, "/coupons?x=1")
    return await db.value(
        "SELECT id FROM notice WHERE person = $1 AND topic = $2", person, f"deal:{number}"
    )


async def unread(code: str = "周") -> int:
    return int(
        await db.value(
            "SELECT count(*) FROM notice WHERE person = $1 AND read_at IS NULL",
            await person_id(code),
        )
    )


async def test_an_empty_inbox_says_so(zhou: Visitor) -> None:
    assert "还没有消息" in await zhou.read("/inbox")


@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("zh_Hans", ("奖励和积分", "奖励到账", "友1", "¥200 优惠券", "刚刚")),
        ("zh_Hant", ("獎勵和積分", "獎勵入帳", "友1", "¥200 優惠券", "剛剛")),
        ("en", ("Rewards and points", "Reward arrived", "友1", "a ¥200 coupon", "just now")),
    ],
)
async def test_news_in_the_reader_s_language(
    zhou: Visitor, locale: str, said: tuple[str, ...]
) -> None:
    await news()
    zhou.client.cookies.set("locale", locale)
    shown = await zhou.read("/inbox")
    for each in said:
        assert each in shown, each


async def test_a_tap_reads_it_and_leads_to_it(zhou: Visitor) -> None:
    first = await news()
    await news(2)
    answer = await zhou.open(f"/inbox/{first}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/coupons?x=1")
    assert await unread() == 1
    shown = await zhou.open("/inbox")
    assert shown.text.count("inbox-new") == 1
    said = words(shown)
    assert said.index("友2") < said.index("友1"), "unread news comes first"
    assert "今天" in said
    assert (await zhou.open(f"/inbox/{first}")).status_code == 303


async def test_a_notice_leads_to_our_own_pages_only(zhou: Visitor) -> None:
    await notify([await person_id("周")], "review_cleared", "x", {"what": "x"}, "//evil.example/")
    notice = await db.value("SELECT id FROM notice")
    assert (await zhou.open(f"/inbox/{notice}")).headers["location"] == "/"


async def test_all_are_read_at_once_but_not_what_came_since(zhou: Visitor) -> None:
    for number in range(3):
        await news(number)
    page = await zhou.open("/inbox")
    newest = re.search(r'name="newest" value="([^"]+)"', page.text)
    assert newest
    assert "3 条全部已读" in words(page)
    await db.execute("UPDATE notice SET at = at - interval '1 minute'")
    await news(9)
    said = await zhou.sent("/inbox/read", {"newest": newest[1]})
    assert await unread() == 1
    assert "1 条全部已读" in said
    refused = await zhou.send("/inbox/read", {"newest": "x"})
    assert refused.status_code == 400


async def test_the_bell_counts_what_is_unread(zhou: Visitor) -> None:
    for number in range(2):
        await news(number)
    zhou.client.headers["Accept"] = "text/html"
    assert 'data-unread="2"' in (await zhou.open("/me")).text
    await zhou.open(f"/inbox/{await news(1)}")
    assert 'data-unread="1"' in (await zhou.open("/me")).text


async def test_news_comes_in_pages(zhou: Visitor) -> None:
    for number in range(45):
        await news(100 + number)
    first, second = await zhou.open("/inbox"), await zhou.open("/inbox?skip=40")
    assert "友144" in first.text
    assert "友100" not in first.text
    assert "/inbox?skip=40" in first.text
    assert "友100" in second.text
    assert "skip=80" not in second.text
    assert (await zhou.open("/inbox?skip=-5")).status_code == 200


async def test_nobody_reads_the_news_of_others(zhou: Visitor, new_client: NewClient) -> None:
    notice = await news()
    lin = await visit(new_client, "OP")
    assert (await lin.open(f"/inbox/{notice}")).status_code == 404
    await news(7, "OP")
    assert (await lin.send("/inbox/read", {"newest": str(notice)})).status_code == 303
    assert await unread() == 1
    assert "友1" not in await lin.read("/inbox")


@pytest.mark.parametrize("code", ["OP", "AU", "FI", "AD", "周"])
async def test_everybody_has_an_inbox(zhou: Visitor, new_client: NewClient, code: str) -> None:
    await news(1, code)
    assert "友1" in await (await visit(new_client, code)).read("/inbox")


async def test_a_stranger_is_asked_in(zhou: Visitor, new_client: NewClient) -> None:
    stranger = Visitor(new_client())
    answer = await stranger.open("/inbox")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/inbox")
    assert (await stranger.send("/inbox/read", {"newest": "x"})).status_code == 401


async def test_a_kind_that_has_no_words_any_more_is_left_out(zhou: Visitor) -> None:
    await news()
    await db.execute(
        "INSERT INTO notice (id, person, kind, topic, facts, href)"
        " VALUES ($1, $2, 'retired', 'x', '{}', '/')",
        ids.new_id(), await person_id("周"),
    )  # fmt: skip
    assert "1 条全部已读" in await zhou.read("/inbox")
