"""What a customer sees: their coupons, a ticket with its code, and nothing of anybody else's."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from server.coupons import codes, commands, queries
from server.kit import db
from server.people.sessions import start_session
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop, qr, sale, the_store
from tests.support.visitor import NewClient, Visitor, visit, words


@pytest.fixture
async def who(clock: Clock, app: object) -> UUID:
    await open_shop(clock)
    return await customer()


async def in_front_of(new_client: NewClient, person: UUID) -> Visitor:
    client = new_client()
    client.cookies.set("sid", (await start_session(person)).token)
    return Visitor(client)


@pytest.fixture
async def zhou(who: UUID, new_client: NewClient) -> Visitor:
    return await in_front_of(new_client, who)


async def test_without_a_coupon_there_is_one_sentence_and_one_action(zhou: Visitor) -> None:
    answer = await zhou.open("/coupons")
    assert "你的券会在这里" in words(answer)
    assert 'href="/referrals"' in answer.text


async def test_the_list_begins_with_what_can_be_used_and_ends_first(
    zhou: Visitor, who: UUID, clock: Clock
) -> None:
    used, later = await give(who, "thanks"), await give(who, "thanks")
    await commands.redeem(qr(used), await sale("1"))
    await give(who, "pack")
    revoked = await give(who, "fee")
    await commands.revoke(revoked, "活动取消", None)
    said = await zhou.read("/coupons")
    order = [said.index(each) for each in ("欢迎礼包", "感谢券", "已用", "已失效", "活动取消")]
    assert order == sorted(order)
    assert "满 ¥500 可用" in said
    until = (await queries.coupon(later)).expires_at
    await clock.set(until)
    zhou.client.cookies.set("sid", (await start_session(who)).token)
    assert "已失效3" in (await zhou.read("/coupons")).replace(" ", "")


async def test_a_ticket_says_everything_and_shows_its_code(zhou: Visitor, who: UUID) -> None:
    coupon = await give(who, giver="安", source="friend", store=(await the_store()).id)
    answer = await zhou.open(f"/coupons/{coupon}")
    said = words(answer)
    assert "安 邀请你 · 首单可用" in said
    assert "滨江店 · 12月23日前" in said
    assert codes.shown(codes.code_of(coupon)) in said
    assert "<svg" in answer.text
    # The token is in the picture alone: no link, no script, no attribute speaks it.
    assert codes.token_of(coupon) not in answer.text
    assert "data-awake" in answer.text


async def test_once_used_it_says_when_and_where_and_shows_no_code(
    zhou: Visitor, who: UUID, clock: Clock
) -> None:
    coupon = await give(who)
    await commands.redeem(qr(coupon), await sale("1"))
    answer = await zhou.open(f"/coupons/{coupon}")
    assert "在滨江店用了。" in words(answer)
    assert codes.shown(codes.code_of(coupon)) not in answer.text
    assert "data-awake" not in answer.text


async def test_what_is_over_shows_no_code_before_the_sweep_comes(
    zhou: Visitor, who: UUID, clock: Clock
) -> None:
    coupon = await give(who)
    ends = (await queries.coupon(coupon)).expires_at
    await clock.set(ends - timedelta(milliseconds=1))
    client = zhou.client
    client.cookies.set("sid", (await start_session(who)).token)
    assert codes.shown(codes.code_of(coupon)) in await zhou.read(f"/coupons/{coupon}")
    await clock.set(ends)
    said = await zhou.read(f"/coupons/{coupon}")
    assert codes.shown(codes.code_of(coupon)) not in said
    assert "最后一天是 12月23日。" in said
    assert await db.value("SELECT state FROM coupon") == "issued"


async def test_nobody_sees_a_ticket_of_somebody_else(who: UUID, new_client: NewClient) -> None:
    coupon = await give(who)
    other = await in_front_of(new_client, await customer("13900001111", "赵"))
    for visitor in (other, await visit(new_client, "TILL"), await visit(new_client, "AD")):
        answer = await visitor.open(f"/coupons/{coupon}")
        assert answer.status_code == 404
        assert "新客见面礼" not in answer.text


async def test_the_link_tells_nobody_but_a_till_anything(
    who: UUID, zhou: Visitor, client: httpx.AsyncClient, new_client: NewClient
) -> None:
    coupon = await give(who)
    used = await give(who, "thanks")
    await commands.redeem(qr(used), await sale("1"))
    tokens = [codes.token_of(coupon), codes.token_of(used), "0" * 26, "nonsense"]
    for visitor in (Visitor(client), zhou, await visit(new_client, "AD")):
        pages = {words(await visitor.open(f"/c/{token}")) for token in tokens}
        assert len(pages) == 1
        assert "这个码给门店用" in pages.pop()


@pytest.mark.parametrize(
    ("rule", "zh_hans", "zh_hant", "en"),
    [
        ("welcome", "¥200", "¥200", "¥200"),
        ("tenth", "9折", "9折", "10% off"),
        ("pack", "收纳三件套", "收納三件組", "A set of boxes"),
        ("fee", "免费", "免費", "Free"),
    ],
)
async def test_its_figure_speaks_three_languages(
    zhou: Visitor, who: UUID, rule: str, zh_hans: str, zh_hant: str, en: str
) -> None:
    coupon = await give(who, rule)
    for locale, said in (("zh_Hans", zh_hans), ("zh_Hant", zh_hant), ("en", en)):
        zhou.client.cookies.set("locale", locale)
        assert said in await zhou.read(f"/coupons/{coupon}"), locale
