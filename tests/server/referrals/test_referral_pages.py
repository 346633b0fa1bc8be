"""What friends, those who invite, partners and the desk see in their browsers."""

import re
from uuid import UUID

import httpx
import pytest

from server.coupons import commands as coupons
from server.kit import db
from server.people import sessions
from server.referrals import commands as referrals
from tests.server.people.conftest import Gateway, gateway
from tests.support.cast import person_id
from tests.support.friends import (
    bring,
    customer,
    held,
    link_of,
    open_campaign,
    order,
)
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, value_of, visit, words

__all__ = ["gateway"]

PHONE = "139 0000 0777"
LANGUAGES = {"zh-CN": "¥200", "zh-TW": "¥200", "en": "¥200"}


async def as_person(new_client: NewClient, person: UUID) -> Visitor:
    """Sit down as a customer or partner."""
    opened = await sessions.start_session(person)
    client = new_client()
    client.cookies.set("sid", opened.token)
    return Visitor(client)


async def code_in(browser: httpx.AsyncClient, path: str, gateway: Gateway) -> httpx.Response:
    """Ask for a code and type it."""
    asked = await browser.post(path, data={"phone": PHONE})
    assert asked.status_code == 200, words(asked)
    form = {"phone": PHONE, "code": gateway.code}
    return await browser.post(f"{path}/check", data=form)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
async def test_a_link_says_what_both_get_and_until_when(
    client: httpx.AsyncClient, clock: Clock, language: str
) -> None:
    await open_campaign(clock)
    code = await link_of(await person_id("AN"))
    for path in (f"/r/{code}", f"/R/{code}", f"/r/{code.lower()}"):
        answer = await client.get(path, headers={"Accept-Language": language})
        assert answer.status_code == 200
        said = words(answer)
        until = {"zh-CN": "12月31日", "zh-TW": "12月31日", "en": "Dec 31"}[language]
        points = {"zh-CN": "50 积分", "zh-TW": "50 積分", "en": "50 Leitai points"}[language]
        for shown in ("安", "200", until, points):
            assert shown in said, (shown, said)
    title = {"zh-CN": "安 送你 ¥200", "zh-TW": "安 送你 ¥200", "en": "安 has ¥200 for you"}[
        language
    ]
    assert f'property="og:title" content="{title}"' in answer.text
    assert f'property="og:url" content="http://leitai.test/r/{code}"' in answer.text
    assert not re.search(r"%\(|None", said)


async def test_from_a_link_to_the_coupon_with_one_code(
    client: httpx.AsyncClient, clock: Clock, gateway: Gateway
) -> None:
    await open_campaign(clock)
    path = f"/r/{await link_of(await customer(1))}"
    assert (await client.get(path)).status_code == 200
    came = await code_in(client, path, gateway)
    assert (came.status_code, came.headers["location"]) == (303, path)
    ticket = await client.get(path)
    said = words(ticket)
    for shown in (
        "新客见面礼",
        "请店员扫码，或报出券码",
        "首单 9 折",
        "139****0001 也得到",
        "等首单",
    ):
        assert shown in said, (shown, said)
    assert await db.value("SELECT count(*) FROM sighting WHERE role = 'friend'") > 0
    assert await db.value("SELECT device <> '' AND network <> '' FROM referral")
    assert await db.value("SELECT clicks FROM invitation") == 1


async def test_a_wrong_code_keeps_the_phone_and_a_quick_second_one_says_wait(
    client: httpx.AsyncClient, clock: Clock, gateway: Gateway
) -> None:
    await open_campaign(clock)
    path = f"/r/{await link_of(await customer(1))}"
    await client.post(path, data={"phone": PHONE})
    again = await client.post(path, data={"phone": PHONE})
    assert again.status_code == 429
    assert value_of(again, "phone") == PHONE
    assert 'name="code"' in again.text
    wrong = f"{(int(gateway.code) + 1) % 1_000_000:06d}"
    refused = await client.post(f"{path}/check", data={"phone": PHONE, "code": wrong})
    assert refused.status_code == 401
    assert value_of(refused, "phone") == PHONE
    unreadable = await client.post(path, data={"phone": "12"})
    assert unreadable.status_code == 422
    for _ in range(5):
        await clock.advance(minutes=1)
        last = await client.post(path, data={"phone": PHONE})
    assert last.status_code == 429
    assert "明天再试，优惠还在" in words(last)


async def test_everybody_gets_the_same_answer(
    client: httpx.AsyncClient, clock: Clock, gateway: Gateway
) -> None:
    await open_campaign(clock)
    path = f"/r/{await link_of(await customer(1))}"
    old = await customer(2)
    await order(old)
    answers = []
    for number in ("13900000001", "13900000002", "13900000888"):
        answer = await client.post(path, data={"phone": number})
        answers.append(re.sub(r"\d{3}\*{4}\d{4}|139\d{8}|data-now=\S+", "", answer.text))
    assert len(set(answers)) == 1
    assert len(gateway.messages) == 3


async def test_who_has_nothing_to_claim_hears_kindly_what_to_do(
    client: httpx.AsyncClient, new_client: NewClient, clock: Clock
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    path = f"/r/{await link_of(referrer)}"
    old = await customer(2)
    await order(old)
    taken = await bring(await customer(3), 4)
    seen = {
        referrer: "这是你自己的链接",
        old: "你已经是我们的客户了",
        taken: "之前已有朋友邀请你",
        await person_id("MEI"): "这是给客户的",
    }
    for person, said in seen.items():
        visitor = await as_person(new_client, person)
        assert said in await visitor.read(path), said
        sent = await visitor.client.post(f"{path}/claim")
        assert sent.status_code == 303
        assert said in await visitor.read(path)
    unknown = await client.get("/r/00000000")
    assert unknown.status_code == 404
    assert "这个链接打不开" in words(unknown)
    await clock.set(await db.value("SELECT '2027-01-01T00:00:00+08:00'::timestamptz"))
    over = await client.get(path)
    assert over.status_code == 410
    assert "活动在" in words(over)
    # What was claimed stays in sight.
    friend = await as_person(new_client, taken)
    [theirs] = await db.column("SELECT code FROM invitation WHERE person <> $1", referrer)
    assert "新客见面礼" in await friend.read(f"/r/{theirs}")


async def test_a_signed_in_customer_claims_with_one_tap(
    new_client: NewClient, clock: Clock
) -> None:
    await open_campaign(clock)
    path = f"/r/{await link_of(await customer(1))}"
    friend = await customer(2)
    visitor = await as_person(new_client, friend)
    assert "手机号" not in (await visitor.read(path)).replace("手机号加密", "")
    for _ in range(2):
        assert (await visitor.client.post(f"{path}/claim")).status_code == 303
    assert len(await held(friend)) == 3
    assert "请店员扫码" in await visitor.read(path)


async def test_whoever_invites_sees_each_step_and_what_came_of_it(
    new_client: NewClient, clock: Clock
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    visitor = await as_person(new_client, referrer)
    said = await visitor.read("/referrals")
    for shown in ("朋友得到", "¥200", "你得到", "还没有人", "¥800 券", "0/3"):
        assert shown in said, (shown, said)
    friend = await bring(referrer, 2)
    assert "139****0002 等首单" in await visitor.read("/referrals")
    sold = await order(friend)
    said = await visitor.read("/referrals")
    for shown in ("139****0002 已到账", "1 单", "139****0002 由你邀请而来", "满 1 单"):
        assert shown in said, (shown, said)
    other = await as_person(new_client, friend)
    assert "139****0001 邀请了你 已到账" in await other.read("/referrals")

    await coupons.refund(sold, await person_id("AN"), "尺寸不合")
    said = await visitor.read("/referrals")
    for shown in ("139****0002 收回", "已收回：尺寸不合", "0 单"):
        assert shown in said, (shown, said)


@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
async def test_pages_speak_the_language_of_who_reads(
    new_client: NewClient, clock: Clock, language: str
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    await order(await bring(referrer, 2))
    visitor = await as_person(new_client, referrer)
    desk = await visit(new_client, "OP")
    staff = await visit(new_client, "AN")
    opened = [
        (visitor, "/referrals"), (visitor, "/inbox"), (staff, "/stores/me"),
        (staff, "/referrals"), (desk, "/referrals/partners"), (desk, "/referrals/campaigns"),
    ]  # fmt: skip
    for who, path in opened:
        who.client.headers["Accept-Language"] = language
        said = await who.read(path)
        assert not re.search(r"%\(|\bNone\b", said), (path, said)
        if language != "en":
            left = set(re.findall(r"[A-Za-z]{4,}", re.sub(r"https?://\S+", "", said)))
            assert not left, (path, left)


async def test_a_partner_is_brought_in_accepts_and_has_a_code(
    new_client: NewClient, clock: Clock
) -> None:
    await open_campaign(clock)
    desk = await visit(new_client, "OP")
    form = {"name": "陈老师", "phone": "13800000001", "type": "koc"}
    said = await desk.sent("/referrals/partners", form)
    assert "陈老师 KOC 未接受协议" in said
    again = await desk.send("/referrals/partners", form)
    assert (again.status_code, "这里的人" in words(again)) == (409, True)
    for wrong in ({"phone": "12"}, {"name": " "}, {"type": "boss"}):
        assert (await desk.send("/referrals/partners", form | wrong)).status_code == 422
    person = await db.value("SELECT person FROM partner")
    partner = await as_person(new_client, person)
    page = await partner.open("/referrals")
    assert "不夸大" in words(page)
    fields = {"campaign": value_of(page, "campaign"), "version": value_of(page, "version")}
    refused = await partner.send("/referrals/agreement", fields)
    assert refused.status_code == 200
    assert await db.value("SELECT count(*) FROM invitation") == 0
    said = await partner.sent("/referrals/agreement", fields | {"agreed": "yes"})
    assert "置换产品" in said
    friend = await customer(9)
    code = await db.value("SELECT code FROM invitation WHERE person = $1", person)
    await referrals.claim(code, friend, referrals.Seen())
    await order(friend)
    assert await held(person) == ["product_exchange"]
    said = await desk.read("/referrals/partners")
    assert "陈老师 KOC ¥1,280" in said
    assert "1 位朋友 · 1 单" in said


async def test_only_the_desk_sees_partners_and_figures(new_client: NewClient, clock: Clock) -> None:
    await open_campaign(clock)
    staff, friend = await visit(new_client, "MEI"), await as_person(new_client, await customer(1))
    for visitor in (staff, friend):
        for path in ("/referrals/partners", "/referrals/campaigns"):
            assert (await visitor.open(path)).status_code == 403
    assert (await friend.open("/stores/me")).status_code == 403
    finance = await visit(new_client, "FI")
    assert (await finance.open("/referrals/campaigns")).status_code == 200


async def test_the_figures_of_a_campaign_are_those_of_sql(
    new_client: NewClient, client: httpx.AsyncClient, clock: Clock
) -> None:
    await open_campaign(clock)
    referrer = await customer(1)
    path = f"/r/{await link_of(referrer)}"
    for _ in range(3):
        await client.get(path)
    await order(await bring(referrer, 2), amount=128_000)
    await bring(await person_id("MEI"), 3)
    desk = await visit(new_client, "OP")
    said = await desk.read("/referrals/campaigns")
    for shown in (
        "链接 2", "打开 3", "领券 2", "首单 1", "成交额 ¥1,280", "已花成本 ¥0", "发出的券 8", "用掉的券 0", "发出积分 0", "在路上的奖励 0",
    ):  # fmt: skip
        assert shown in said, (shown, said)
    assert await db.value("SELECT count(*) FROM coupon WHERE state <> 'revoked'") == 8


async def test_a_member_of_staff_offers_a_coupon_in_one_tap(
    client: httpx.AsyncClient, new_client: NewClient, clock: Clock, gateway: Gateway
) -> None:
    await open_campaign(clock, exclusive='{ coupon = "exclusive", most = 2, per = "month" }')
    staff = await visit(new_client, "AN")
    assert "本月还剩 2/2 张" in await staff.read("/stores/me")
    code = await db.value("SELECT code FROM invitation")
    path = f"/s/{code}"
    assert "新客见面礼" in words(await client.get(path))
    await staff.sent("/stores/me/greeting", {"greeting": "周二到周日我都在"})
    await staff.sent("/stores/me/offer", {"on": "yes"})
    shown = words(await client.get(path))
    assert "周二到周日我都在" in shown
    assert "专属礼券" in shown
    await code_in(client, path, gateway)
    said = words(await client.get(path))
    assert "专属礼券" in said
    assert "新客见面礼" in said
    # An old customer has it too, once, without being bound.
    old = await customer(2)
    await order(old)
    visitor = await as_person(new_client, old)
    for _ in range(2):
        await visitor.client.post(f"{path}/claim")
    assert await held(old) == ["exclusive"]
    assert await db.value("SELECT count(*) FROM referral") == 1
    assert "本月还剩 0/2 张" in await staff.read("/stores/me")
    late = await as_person(new_client, await customer(3))
    await late.client.post(f"{path}/claim")
    assert "exclusive" not in await held(await customer(3))
    await clock.advance(days=14)
    third = await customer(4)
    fourth = await as_person(new_client, third)
    await fourth.client.post(f"{path}/claim")
    assert "exclusive" in await held(third)
    await staff.sent("/stores/me/offer", {"on": "no"})
    assert "一键发放" in await staff.read("/stores/me")
    long = await staff.send("/stores/me/greeting", {"greeting": "好" * 61})
    assert long.status_code == 422


async def test_without_a_campaign_pages_say_so(new_client: NewClient, clock: Clock) -> None:
    await open_campaign(clock)
    await clock.set(await db.value("SELECT '2027-02-01Z'::timestamptz"))
    visitor = await as_person(new_client, await customer(1))
    assert "现在没有邀请活动" in await visitor.read("/referrals")
    staff = await visit(new_client, "AN")
    assert "现在没有可在小店发放的专属券" in await staff.read("/stores/me")


async def test_the_wallet_says_whose_deal_brought_points_and_why_they_went(
    new_client: NewClient, clock: Clock
) -> None:
    await open_campaign(clock)
    staff = await visit(new_client, "MEI")
    sold = await order(await bring(await person_id("MEI"), 2))
    assert "139****0002 由你邀请而来" in await staff.read("/wallet")
    await coupons.refund(sold, await person_id("AN"), "尺寸不合")
    assert "139****0002：订单退款了" in await staff.read("/wallet")
    back = await db.value("SELECT id FROM transfer WHERE kind = 'referral_back'")
    said = await staff.read(f"/wallet/{back}")
    for shown in ("139****0002", "口碑推荐", "订单退款了", "尺寸不合", "安"):
        assert shown in said, (shown, said)
