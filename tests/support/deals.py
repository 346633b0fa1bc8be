"""Deals to test with: who sells, checks, calls and pays, and a plan that takes deals in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from server.deals import commands, queries
from server.deals.commands import Sale
from server.deals.queries import Deal
from server.kit import db
from server.leads import reviewing
from tests.support import leads
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

# A Wednesday, 10:00 in Shanghai; the people came three weeks before, so nobody is new.
WEDNESDAY = datetime(2026, 11, 25, 2, tzinfo=UTC)
CAME = WEDNESDAY - timedelta(days=21)
PHONE = "13812340001"

PEOPLE = [
    ("MEI", "梅", "staff", "华东/仓库", "", ""),
    ("SAL", "沙莉", "staff", "华东/滨江店", "", "sales"),
    ("TIM", "田明", "staff", "华东/滨江店", "", "sales"),
    ("TILL", "丁店员", "staff", "华东/滨江店", "", "store"),
    ("SER", "白露", "staff", "总部/客服", "", "service"),
    ("SER2", "柏舟", "staff", "总部/客服", "", "service"),
    ("OP2", "欧阳", "staff", "总部/运营", "", "operations"),
    ("FI2", "范会计", "staff", "总部/财务", "", "finance"),
]

PLAN = """
[plan]
id = "sold"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "成交", zh_Hant = "成交", en = "Sold" }}

[leads]
assign = {{ by = "hand" }}

[leads.needs]
home = {{ zh_Hans = "刚需买房", zh_Hant = "剛需買房", en = "First home" }}

[leads.channels]
friend = {{ zh_Hans = "亲友", zh_Hant = "親友", en = "Friends" }}

[leads.limits]
device_day = 1000
network_day = 1000
person_day = 1000
burst = 1000
gap_seconds = 0

[deals]
forbidden = [
  {{ zh_Hans = "假单", zh_Hant = "假單", en = "A false sale" }},
  {{ zh_Hans = "买存款", zh_Hant = "買存款", en = "Bought deposits" }},
]

[deals.calls]
share = "{share}"
weekly = {weekly}
"""


async def open_desk(clock: Clock, share: str = "0/1", weekly: str = "false") -> None:
    """Bring the company in and launch the plan; `share` of deals is drawn."""
    await clock.set(CAME)
    await bring_in([*PEOPLE, *DESK])
    await launch(PLAN.format(version=1, share=share, weekly=weekly))
    await clock.set(WEDNESDAY)


async def lead(phone: str = PHONE, by: str = "MEI", *, valid: bool = True) -> UUID:
    """A lead of the plan, reviewed unless it shall not be."""
    found = (await leads.report(by, phone)).lead
    if valid:
        await reviewing.review(found, await person_id("OP"), "valid")
    return found


def sale(**more: Any) -> Sale:
    """What a seller says of a deal."""
    usual: dict[str, Any] = {
        "plan": "sold", "contract": "HT-1", "customer": PHONE, "amount": 12_800_000,
        "made_at": WEDNESDAY - timedelta(hours=1), "seller": None,
    }  # fmt: skip
    return Sale(**(usual | more))


async def deal(contract: str = "HT-1", seller: str = "SAL", **more: Any) -> UUID:
    """Report a deal as its seller."""
    who = await person_id(seller)
    return await commands.report(who, sale(contract=contract, seller=who, **more))


async def check(found: UUID, by: str = "OP") -> Deal:
    """Check a deal with both practices ruled out; returns it as it then is."""
    await commands.check(found, await person_id(by), [0, 1])
    return await queries.deal(found)


async def stage_of(found: UUID) -> str:
    return str(await db.value("SELECT stage FROM lead WHERE id = $1", found))


async def told(code: str) -> list[str]:
    """The kinds of news about deals that somebody got."""
    found = await db.column(
        "SELECT kind FROM notice WHERE person = $1 AND kind LIKE 'deal%' ORDER BY kind",
        await person_id(code),
    )
    return list(found)
