"""Deals for the tests of what they pay: told as `server/deals` tells them, judged or not."""

from datetime import datetime, timedelta
from uuid import UUID

from game.antispam import Reason, Verdict
from server.antispam import commands as antispam
from server.antispam import desk
from server.deals.events import DealChecked, DealReversed
from server.kit import clock, db, events, ids
from tests.support.cast import bring_in, launch, person_id

HEAD = """
[plan]
id = "selling"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "卖", zh_Hant = "賣", en = "Selling" }
"""
TITLE = 'title = { zh_Hans = "佣金", zh_Hant = "佣金", en = "Commission" }\n'
STAFF = f"""
[commissions.staff]
{TITLE}who = "employee"
part = "reporter"
rate = "2/100"
refund = "below_zero"
"""
LADDER = f"""
[commissions.sales]
{TITLE}who = "employee"
part = "seller"
per = "month"
tiers = [{{ up_to = 10000000, rate = "1/100" }}, {{ rate = "15/1000" }}]
refund = "below_zero"
"""
PEOPLE = [
    ("OP", "林芳", "manager", "总部/运营", "", "operations"),
    ("FI", "方会计", "staff", "总部/财务", "", "finance"),
    ("R", "梅报告", "staff", "华东/光谷店", "", "store"),
    ("S", "宋销售", "staff", "华东/光谷店", "", "sales"),
    ("M", "马市场", "staff", "总部/市场部/活动组", "", ""),
]
WHAT = {"zh_Hans": "佣金", "zh_Hant": "佣金", "en": "the commission"}
MADE = datetime.fromisoformat("2026-11-10T10:00:00+08:00")


async def open_shop(document: str) -> None:
    """Bring the people in and launch a plan."""
    await bring_in(PEOPLE)
    await launch(document)


async def sell(
    amount: int,
    *,
    reporter: str | None = "R",
    seller: str | None = "S",
    store: str | None = None,
    made_at: datetime = MADE,
    is_first: bool = True,
    lead: UUID | None = None,
    is_clean: bool | None = True,
    plan: str = "selling",
) -> UUID:
    """A checked deal of `amount` 分; `is_clean` None leaves it without a verdict."""
    deal = ids.new_id()
    parts = [await person_id(code) if code else None for code in (reporter, seller)]
    found = await db.value("SELECT id FROM unit WHERE path = $1", store) if store else None
    event = DealChecked(
        deal=deal, plan=plan, lead=lead, order=None, customer="id:1", reporter=parts[0],
        seller=parts[1], store=found, amount=amount, is_first=is_first, made_at=made_at,
        by=await person_id("OP"), at=await clock.now(),
    )  # fmt: skip

    async def told() -> None:
        if is_clean is not None:
            await judge(deal, is_clean=is_clean)
        await events.publish(event)

    await db.in_transaction(told)
    return deal


async def judge(deal: UUID, *, is_clean: bool) -> None:
    """Give the verdict on a deal: clean, or one that waits for a person."""
    odd = Verdict("review", 60, (Reason("unchecked", 60),))
    verdict = Verdict("clean", 0, ()) if is_clean else odd
    await antispam.give(f"deal:{deal}", await person_id("R"), verdict, what=dict(WHAT))


async def decide(deal: UUID, *, clear: bool) -> None:
    """Operations decide about a deal that waits."""
    verdict = await db.value("SELECT id FROM verdict WHERE subject = $1", f"deal:{deal}")
    await desk.decide(verdict, await person_id("OP"), clear=clear, reason="看过了")


async def take_back(deal: UUID, why: str = "refunded", reason: str = "退货") -> None:
    """A checked deal no longer stands."""

    async def told() -> None:
        by, at = await person_id("OP"), await clock.now()
        await events.publish(DealReversed(deal, "selling", why, reason, by, at))

    await db.in_transaction(told)


async def cash(code: str) -> int:
    """What somebody is owed in 分: the wallet less the debt."""
    return await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account"
        " WHERE owner = $1 AND asset = 'cash' AND kind IN ('wallet', 'debt')",
        await person_id(code),
    )


async def pay_out(code: str, amount: int) -> None:
    """Empty a wallet the way a settlement does."""
    await db.execute(
        "SELECT ledger_post($1, 'payment', $2, NULL, '{}', NULL, 'cash',"
        " ARRAY['wallet', 'paid'], ARRAY[$3::uuid, NULL], ARRAY[-$4::bigint, $4::bigint],"
        " ARRAY[]::uuid[], ARRAY[]::bigint[])",
        ids.new_id(), str(ids.new_id()), await person_id(code), amount,
    )  # fmt: skip


async def states() -> list[tuple[str, str, int, int]]:
    """The accruals by what they are of: (state, waits for, amount, posted)."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT state, waits_for, amount, posted FROM accrual ORDER BY made_at, id"
        )
    return [tuple(each) for each in found]


def later(days: int) -> datetime:
    """A moment some days after the first deal."""
    return MADE + timedelta(days=days)
