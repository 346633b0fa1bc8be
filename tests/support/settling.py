"""Months of cash: who earns, whose deals are refunded, and the clock that closes the months."""

from datetime import datetime, timedelta
from uuid import UUID

from game.settlements import Statement, read_body
from server.kit import db, ids
from server.settlements import commands, queries
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

PLAN = """
[plan]
id = "sales"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "销售", zh_Hant = "銷售", en = "Sales" }

[settlement]
partner = { every = "quarter", tax = "labour" }
dealer = { every = "quarter", tax = "business" }
"""
SALES = [
    ("S1", "梅", "staff", "客户成功部", "", ""),
    ("S2", "宝", "staff", "客户成功部", "", ""),
    ("FI2", "钱会计", "staff", "总部/财务", "", "finance"),
]
JUNE = datetime.fromisoformat("2026-06-10T09:00+08:00")
JULY = datetime.fromisoformat("2026-07-01T00:00+08:00")
"""June is over."""
DAY = timedelta(days=1)
TITLE = {"zh_Hans": "云栖湾 8 栋", "zh_Hant": "雲棲灣 8 棟", "en": "Building 8"}


async def open_company(clock: Clock, plan: str = PLAN) -> None:
    """Bring everybody in and launch the plan, on a day in June."""
    await clock.set(JUNE)
    await bring_in([*DESK, *SALES])
    await launch(plan)


async def partner(type_: str, code: str = "P1") -> UUID:
    """Bring a partner of a type in."""
    person = ids.new_id()
    await db.execute(
        "INSERT INTO person (id, code, name, kind) VALUES ($1, $2, '悦活健身', 'partner')",
        person, code,
    )  # fmt: skip
    await db.execute(
        "INSERT INTO partner (person, type, made_by) VALUES ($1, $2, $3)",
        person, type_, await person_id("OP"),
    )  # fmt: skip
    return person


async def earn(person: UUID, amount: int, kind: str = "commission", accrual: str = "") -> UUID:
    """Give a person cash as the clock stands, or take it back where `amount` is below 0."""
    made = ids.new_id()
    await db.value(
        "SELECT ledger_post($1, $2, $1::uuid::text, NULL, $3, NULL, 'cash', ARRAY['issuer'],"
        " ARRAY[NULL]::uuid[], ARRAY[-$5::bigint], ARRAY[$4::uuid], ARRAY[$5::bigint])",
        made, kind, {"title": TITLE} | ({"accrual": accrual} if accrual else {}), person, amount,
    )  # fmt: skip
    return made


async def held(person: UUID) -> tuple[int, int]:
    """Return what a person's cash wallet and debt hold."""
    found: dict[str, int] = await db.value(
        "SELECT coalesce(jsonb_object_agg(kind, posted), '{}') FROM account"
        " WHERE owner = $1 AND asset = 'cash'",
        person,
    )
    return found.get("wallet", 0), found.get("debt", 0)


async def settle(by: str | None = None) -> UUID:
    """Compute the last month; finance approves it."""
    made = await commands.compute("month", await person_id(by) if by else None)
    await commands.approve(made, await person_id("FI" if by != "FI" else "FI2"))
    return made


async def statement_of(settlement: UUID, person: UUID) -> Statement:
    """Return a person's statement of a run, from its bytes."""
    return read_body(await bytes_of(settlement, person))


async def bytes_of(settlement: UUID, person: UUID) -> bytes:
    """Return the bytes of a person's statement."""
    found: bytes = await db.value(
        "SELECT body FROM statement WHERE settlement = $1 AND person = $2", settlement, person
    )
    return found


async def statement_id(settlement: UUID, person: UUID) -> UUID:
    """Return the id of a person's statement."""
    found = await queries.statements_of(settlement)
    return next(one.id for one in found if one.person == person)
