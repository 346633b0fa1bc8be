"""The funnel of a month, taken apart by channel, person and store (L1 to L3)."""

from datetime import datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
import python_calamine
from litestar.types import ASGIApp

from server.deals import commands as deals
from server.kit import db, ids
from server.leads.stages import advance
from tests.support import deals as selling
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import STARTS, open_plan
from tests.support.selling import STAFF
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit

MONTH = "month=2026-11"


async def lead(who: str, customer: str, channel: str = "", at: datetime = STARTS) -> UUID:
    """A lead as its slice keeps it."""
    made = ids.new_id()
    await db.execute("INSERT INTO customer VALUES ($1, $1) ON CONFLICT DO NOTHING", customer)
    await db.execute(
        "INSERT INTO lead (id, plan, plan_version, reporter, customer, name, door, channel,"
        " received_at, stage, stage_at)"
        " VALUES ($1, 'field', 1, $2, $3, '王女士', 'form', $4, $5, 'submitted', $5)",
        made, await person_id(who), customer, channel, at,
    )  # fmt: skip
    return made


async def go(clock: Clock, one: UUID, *stages: str) -> None:
    """Bring a lead further; `+25` lets hours pass before the next stage."""
    for stage in stages:
        if stage.startswith("+"):
            await clock.advance(hours=int(stage))
        else:
            await advance(one, stage, await person_id("OP"), "试")


@pytest.fixture
async def month(app: ASGIApp, clock: Clock) -> None:
    """Mei: one contacted in time that became a visit, one late; Chen: one invalid, one waiting."""
    await open_plan(clock)
    await go(clock, await lead("MEI", "A", "expo"), "valid", "assigned", "+2", "contacted",
             "visiting")  # fmt: skip
    await go(clock, await lead("MEI", "B"), "valid", "assigned", "+25", "contacted", "lost")
    await go(clock, await lead("CHEN", "C"), "invalid")
    await lead("CHEN", "D", "expo")
    await lead("CHEN", "E", at=STARTS - timedelta(days=30))


@pytest.mark.usefixtures("month")
async def test_the_funnel_of_a_month(new_client: NewClient) -> None:
    desk = await visit(new_client, "OP")
    said = await desk.read(f"/numbers?{MONTH}")
    for shown in ("收到 4", "有效 2", "已联系 2", "24 小时内联系 50%", "无效 1", "流失 1"):
        assert shown in said, (shown, said)
    assert "收到 1" in await desk.read("/numbers?month=2026-10")


@pytest.mark.usefixtures("month")
async def test_taken_apart(new_client: NewClient) -> None:
    desk = await visit(new_client, "OP")
    channels = await desk.read(f"/numbers?{MONTH}&by=channel")
    assert "expo" in channels
    assert "同事录入" in channels
    people = await desk.read(f"/numbers?{MONTH}&by=person")
    assert people.index("梅") < people.index("陈"), "who brought most comes first"
    assert "不在门店" in await desk.read(f"/numbers?{MONTH}&by=store")


@pytest.mark.usefixtures("month")
async def test_the_export_has_the_same_figures(new_client: NewClient) -> None:
    desk = await visit(new_client, "FI")
    answer = await desk.open(f"/numbers.xlsx?{MONTH}&by=person")
    book = python_calamine.load_workbook(BytesIO(answer.content))
    rows = book.get_sheet_by_index(0).to_python()
    assert [row[:3] for row in rows[2:]] == [["梅", 2, 2], ["陈", 2, 0], ["合计", 4, 2]]
    text = (await desk.open(f"/numbers.csv?{MONTH}&by=person")).content.decode("utf-8-sig")
    assert text.splitlines()[-1].startswith("合计,4,2,")


@pytest.mark.usefixtures("month")
@pytest.mark.parametrize("asked", ["month=9999-99", "month=0001-01", "by=phone", "month="])
async def test_nonsense_is_this_month(new_client: NewClient, asked: str) -> None:
    said = await (await visit(new_client, "OP")).read(f"/numbers?{asked}")
    assert "收到 4" in said


@pytest.mark.usefixtures("month")
async def test_only_a_desk_sees_the_numbers(new_client: NewClient) -> None:
    mei = await visit(new_client, "MEI")
    for path in ("/numbers", "/numbers.xlsx", "/numbers.csv"):
        assert (await mei.open(path)).status_code == 403, path


async def test_what_a_deal_brought_and_cost(
    app: ASGIApp, new_client: NewClient, clock: Clock
) -> None:
    await clock.set(selling.CAME)
    await bring_in([*selling.PEOPLE, *DESK])
    terms = selling.PLAN.format(version=1, share="0/1", weekly="false")
    await launch(terms + STAFF)
    await clock.set(selling.WEDNESDAY)
    await selling.lead()
    sold = await selling.deal()
    await selling.check(sold)
    desk = await visit(new_client, "FI")
    said = await desk.read("/numbers?by=person")
    # ¥128,000 at 2 %: 2,560 of 125,440, and 49 times as much back.
    for shown in ("收入 ¥128,000", "成本 ¥2,560", "利润：收入减成本 ¥125,440", "2%", "49.00"):
        assert shown in said, (shown, said)
    await deals.reverse(sold, await person_id("OP"), "refunded", "客户退房")
    gone = await desk.read("/numbers?by=person")
    for shown in ("收入 ¥0", "成本 ¥0", "成本 ÷ 利润 –"):
        assert shown in gone, (shown, gone)
