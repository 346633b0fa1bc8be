"""What waits from a lead to its money stands on the day of whoever it waits for."""

from datetime import timedelta

import pytest
from litestar.types import ASGIApp

from server.kit import db
from server.leads.stages import advance
from tests.server.analytics.test_numbers import lead
from tests.support.cast import bring_in, launch, person_id
from tests.support.field import STARTS, open_plan
from tests.support.services import Clock
from tests.support.visitor import NewClient, visit

OF_LEADS = [
    ("SA", "沙", "staff", "总部/销售", "", "sales"),
    ("SE", "佘", "staff", "总部/客服", "", "service"),
]


@pytest.fixture
async def company(app: ASGIApp, clock: Clock) -> None:
    await open_plan(clock)
    await bring_in(OF_LEADS)


@pytest.mark.usefixtures("company")
async def test_operations_see_leads_to_review_but_not_their_own(
    new_client: NewClient, clock: Clock
) -> None:
    lin = await visit(new_client, "OP")
    one = await lead("MEI", "A")
    await lead("OP", "B")
    await db.execute("UPDATE lead SET review_due = $2 WHERE id = $1", one, STARTS + timedelta(1))
    assert "1 条线索等你审核" in await lin.read("/")
    await clock.advance(days=2)
    assert "1 条已超时" in await lin.read("/")
    await db.execute("UPDATE lead SET is_held = true WHERE id = $1", one)
    assert "线索等你审核" not in await lin.read("/")


@pytest.mark.usefixtures("company")
async def test_sales_see_who_waits_for_their_call(new_client: NewClient) -> None:
    one, sales = await lead("MEI", "A"), await visit(new_client, "SA")
    assert "位客户等你联系" not in await sales.read("/")
    await advance(one, "valid", await person_id("OP"))
    assert "1 位客户等你联系" in await sales.read("/")
    await advance(one, "contacted", await person_id("SA"))
    assert "位客户等你联系" not in await sales.read("/")


@pytest.mark.usefixtures("company")
async def test_sales_fight_as_colleagues_do(new_client: NewClient) -> None:
    said = await (await visit(new_client, "SA")).read("/")
    assert "我报的" in said


@pytest.mark.usefixtures("company")
async def test_reporting_begins_with_a_lead_where_a_plan_takes_leads(
    new_client: NewClient,
) -> None:
    mei = await visit(new_client, "MEI")
    page = {"Accept": "text/html"}
    assert 'href="/actions/new"' in (await mei.client.get("/", headers=page)).text
    await launch(PLAN_WITH_LEADS)
    assert 'href="/leads/new"' in (await mei.client.get("/", headers=page)).text


PLAN_WITH_LEADS = """
[plan]
id = "takes-leads"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "线索", zh_Hant = "線索", en = "Leads" }

[leads]
"""
