"""Leads to test with: colleagues, a desk, and a plan that takes leads."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from server.kit import db
from server.leads import commands
from server.leads.commands import Received, Submission
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

# A Tuesday, 10:00 in Shanghai; a review is due on Wednesday at 10:00.
TUESDAY = datetime(2026, 11, 24, 2, tzinfo=UTC)

COLLEAGUES = [
    ("MEI", "梅", "staff", "华东/滨江店", "", "store"),
    ("BAO", "宝", "staff", "华东/仓库", "", ""),
    ("CHEN", "陈磊", "staff", "华东/厨房", "", ""),
    ("SAL", "沙莉", "staff", "华东/销售", "", "sales"),
    ("OP2", "欧阳", "staff", "总部/运营", "", "operations"),
]

PLAN = """
[plan]
id = "leads"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "线索", zh_Hant = "線索", en = "Leads" }}

[leads]
protection_days = 30
checks_per_day = {checks}
assign = {{ by = "hand" }}

[leads.needs]
home = {{ zh_Hans = "刚需买房", zh_Hant = "剛需買房", en = "First home" }}
renovation = {{ zh_Hans = "改善型装修", zh_Hant = "改善型裝修", en = "Renovation" }}

[leads.channels]
friend = {{ zh_Hans = "亲友", zh_Hant = "親友", en = "Friends" }}

[leads.limits]
device_day = {limit}
network_day = 1000
person_day = 1000
burst = 1000
gap_seconds = 0
"""


async def take_leads(
    clock: Clock, at: datetime = TUESDAY, *, checks: int = 20, limit: int = 1000
) -> None:
    """Bring the company in and launch the plan at a moment."""
    await clock.set(at)
    await bring_in([*COLLEAGUES, *DESK])
    await launch(PLAN.format(version=1, checks=checks, limit=limit))


def said(**more: Any) -> Submission:
    """What somebody reports."""
    return Submission(**({"name": "周女士", "tags": ["home"], "agrees": True} | more))


async def report(code: str, phone: str = "13812340001", **more: Any) -> Received:
    """Report a lead as somebody."""
    return await commands.submit(await person_id(code), phone, said(**more))


async def stage_of(lead: UUID) -> str:
    return str(await db.value("SELECT stage FROM lead WHERE id = $1", lead))


async def told(code: str) -> list[str]:
    """The kinds of news somebody got."""
    found = await db.column(
        "SELECT kind FROM notice WHERE person = $1 ORDER BY kind", await person_id(code)
    )
    return list(found)
