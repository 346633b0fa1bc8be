"""Today for each role, and the wallet whose every entry explains itself (C9, G2)."""

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from litestar.types import ASGIApp
from msgspec.structs import replace

from game.ledger import award
from server.actions import commands as actions
from server.battles import commands
from server.kit import db, ids
from server.ledger.commands import Transfer, post
from server.ledger.holds import hold
from tests.support.cast import DESK, bring_in, person_id
from tests.support.field import (
    CUT_OFF,
    EVE,
    FIGHTERS,
    STARTS,
    act,
    begin,
    close,
    open_field,
    open_plan,
)
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit

TITLE = {"zh_Hans": "当日礼", "zh_Hant": "當日禮", "en": "Gift of the day"}


@pytest.fixture
async def battle(app: ASGIApp, clock: Clock) -> UUID:
    return await open_field(clock, sponsor=300)


async def end(clock: Clock, battle: UUID) -> None:
    await close(clock, battle)
    await commands.settle(battle, await person_id("AU"))


async def test_nobody_goes_to_the_door(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


async def test_an_employee_sees_the_one_thing_to_do(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    mei, an = await visit(new_client, "MEI"), await visit(new_client, "AN")
    assert "你在一队，马上开擂" in await mei.read("/")
    assert "选一个战队" in await an.read("/")
    await begin(clock, battle)
    assert "报你的第一条" in await mei.read("/")
    await act("BAO", "visit", "A-1")
    await act("MEI")
    await mei.sees("/", "再得 4 分，你就是一队第一", "一队领先 7 分", "我在队里第 2")
    said = await mei.read("/")
    assert said.index("今天做这几件事") < said.index("报一条就到一队第一") < said.index("电话")
    await (await visit(new_client, "BAO")).sees("/", "你是一队第一", "今天已报 1 条")
    await close(clock, battle)
    assert "时间到，一队等待定榜" in await mei.read("/")


async def test_operations_see_how_much_waits(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    lin = await visit(new_client, "OP")
    assert "今天没有等你的事" in await lin.read("/")
    await act("MEI", by=None)
    await act("OP", by=None)
    assert "1 条等你审核" in await lin.read("/")


async def test_auditors_and_finance_see_what_is_theirs(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    one = await act("MEI", by=None)
    await close(clock, battle)
    guo, fang = await visit(new_client, "AU"), await visit(new_client, "FI")
    assert "对决 还有 1 条待审" in await guo.read("/")
    await guo.send(f"/battles/{battle}/audit/{one}", {"verdict": "accepted"})
    assert "对决 已审完，可以发奖池" in await guo.read("/")
    assert "应付" not in await fang.read("/")
    await guo.send(f"/battles/{battle}/settlement", {})
    assert "对决 应付 ¥10" in await fang.read("/")


async def test_an_administrator_is_led_through_the_set_up(
    app: ASGIApp, new_client: NewClient, clock: Clock
) -> None:
    await clock.set(EVE)
    await bring_in(DESK)
    wen = await visit(new_client, "AD")
    assert "先把人导进来" in await wen.read("/")
    await bring_in([*FIGHTERS, *DESK])
    assert "下一步上线方案" in await wen.read("/")


async def test_set_up_is_over_once_a_battle_is_open(battle: UUID, new_client: NewClient) -> None:
    assert "上线方案" not in await (await visit(new_client, "AD")).read("/")


async def test_the_screen_goes_to_its_board(battle: UUID, new_client: NewClient) -> None:
    await bring_in([("TV", "大屏", "staff", "总部", "", "screen")])
    answer = await (await visit(new_client, "TV")).open("/")
    assert answer.headers["location"] == f"/battles/{battle}/screen"


async def test_a_wallet_adds_up(battle: UUID, new_client: NewClient, clock: Clock) -> None:
    await begin(clock, battle)
    await act("MEI")
    await act("MEI", "visit", "A-1", by=None)
    await end_with_accepted(clock, battle)
    said = await (await visit(new_client, "MEI")).read("/wallet")
    for shown in ("可用积分 2", "待审核 5", "应付现金 ¥10", "2026 年 11 月", "收 2", "擂台奖金"):
        assert shown in said, shown
    assert "电话" not in await (await visit(new_client, "MEI")).read("/wallet?asset=cash")


async def end_with_accepted(clock: Clock, battle: UUID) -> None:
    """Settle, and leave one action waiting that was reported after the cut-off."""
    waiting = await db.value("SELECT id FROM action WHERE outcome = 'pending'")
    await close(clock, battle)
    guo = await person_id("AU")
    await actions.decide(waiting, guo, "struck", "x", battle)
    await commands.settle(battle, guo)
    await clock.set(CUT_OFF + timedelta(hours=1))
    await act("MEI", "visit", "A-2", by=None)


async def test_an_empty_wallet_says_how_to_begin(battle: UUID, new_client: NewClient) -> None:
    assert "报一条" in await (await visit(new_client, "MEI")).read("/wallet")


async def test_points_explain_themselves(battle: UUID, new_client: NewClient, clock: Clock) -> None:
    await begin(clock, battle)
    await clock.set(STARTS + timedelta(hours=3, minutes=30))
    await act("MEI", "visit", "A-1")
    mei = await visit(new_client, "MEI")
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'award'")
    said = await mei.read(f"/wallet/{entry}")
    for shown in (
        "为什么是 +7", "规则 拜访，5 分", "试 第 1 版", "× 1.5", "2026-11-23 12:00", "客户 A-1",
        "同一客户 30 天计一次", "收到时间 2026-11-23 12:30", "审核人 林芳", "擂台 对决",
    ):  # fmt: skip
        assert shown in said, shown
    assert (await (await visit(new_client, "BAO")).open(f"/wallet/{entry}")).status_code == 404


async def test_points_taken_back_say_why_and_lead_to_what_they_were(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    one = await act("MEI")
    await close(clock, battle)
    guo, mei = await visit(new_client, "AU"), await visit(new_client, "MEI")
    strike = {"verdict": "struck", "reason": "false", "note": "回访无人"}
    await guo.send(f"/battles/{battle}/audit/{one}", strike)
    assert "未通过：情况不属实：回访无人" in await mei.read("/wallet")
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'strike'")
    said = await mei.read(f"/wallet/{entry}")
    assert "为什么是 −2" in said
    assert "审核人 郭总" in said
    assert "相关的几笔 电话+2" in said, "what it takes back"


async def test_a_share_of_the_pot_shows_its_arithmetic(
    battle: UUID, new_client: NewClient, clock: Clock
) -> None:
    await begin(clock, battle)
    await act("MEI")
    await act("BAO", "visit", "A-1")
    await end(clock, battle)
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'payout'")
    said = await (await visit(new_client, "MEI")).read(f"/wallet/{entry}")
    for shown in ("奖池 ¥10", "一队所得 ¥10", "× 2 / 7", "合计 +¥2.86", "结算人 郭总"):
        assert shown in said, shown


async def test_a_stake_names_its_battle(new_client: NewClient, app: ASGIApp, clock: Clock) -> None:
    battle = await open_field(clock, asset="points", funded_by="member", stakes=(2, 2, 2))
    await act("MEI")
    await commands.join(battle, await person_id("MEI"), "一队")
    mei = await visit(new_client, "MEI")
    said = await mei.read("/wallet")
    assert "军令状" in said
    assert "冻结 2" in said
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'stake'")
    assert "擂台 对决" in await mei.read(f"/wallet/{entry}")
    await mei.send(f"/battles/{battle}/leave", {})
    back = await db.value("SELECT id FROM transfer WHERE kind = 'stake_back'")
    assert "军令状退回" in await mei.read(f"/wallet/{back}")


async def test_earlier_months_are_one_tap_away(
    app: ASGIApp, new_client: NewClient, clock: Clock
) -> None:
    start = EVE - timedelta(days=150)
    await open_plan(clock, at=start)
    for month in range(5):
        await clock.set(start + timedelta(days=31 * month))
        await act("MEI")
    mei = await visit(new_client, "MEI")
    answer = await mei.open("/wallet")
    older = answer.text.split('href="/wallet?asset=all&amp;before=')[1].split('"')[0]
    first, second = await mei.read("/wallet"), await mei.read(f"/wallet?before={older}")
    assert first.count("收 2") == 3
    assert second.count("收 2") == 2


async def test_an_entry_that_nobody_tells_still_says_what_it_can(
    battle: UUID, new_client: NewClient
) -> None:
    mei = await person_id("MEI")
    for kind, told in (
        ("gift_of_the_day", {"title": TITLE, "plan": "field", "version": 1, "reason": "生日"}),
        ("unheard_of", {}),
    ):
        one = ids.new_id()
        await post(
            Transfer(
                id=one,
                kind=kind,
                reference=str(one),
                actor=await person_id("AU"),
                facts=told,
                posting=award(str(mei), 3),
            )
        )
    said = await (await visit(new_client, "MEI")).read("/wallet")
    assert "当日礼 +3 生日" in said.replace("+3", " +3").replace("  ", " ")
    assert "一笔记录" in said
    for entry in await db.column("SELECT id FROM transfer WHERE facts = '{}' OR facts ? 'reason'"):
        said = await (await visit(new_client, "MEI")).read(f"/wallet/{entry}")
        assert "经手人 郭总" in said
    named = await db.value("SELECT id FROM transfer WHERE kind = 'gift_of_the_day'")
    said = await (await visit(new_client, "MEI")).read(f"/wallet/{named}")
    for shown in ("为什么是 +3", "试 第 1 版", "原因 生日"):
        assert shown in said, shown


async def test_what_is_held_for_rewards_and_careers_stands_apart(
    battle: UUID, new_client: NewClient
) -> None:
    mei = await person_id("MEI")
    for asset, amount in (("points", 400), ("career", 20)):
        one = ids.new_id()
        given = replace(award(str(mei), amount), asset=asset)
        await post(
            Transfer(
                id=one, kind="gift_of_the_day", reference=str(one), actor=None, facts={"title": TITLE},
                posting=given,
            )
        )  # fmt: skip
    await hold(ids.new_id(), mei, "points", 300, "redemption:1")
    visitor = await visit(new_client, "MEI")
    said = await visitor.read("/wallet")
    for shown in ("可用积分 100", "待兑换 300", "职业积分 20"):
        assert shown in said, shown
    said = await visitor.read("/wallet?asset=career")
    assert "+20 职业积分" in said
    assert "+400" not in said
