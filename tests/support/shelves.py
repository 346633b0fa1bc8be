"""A catalogue to test with: who redeems, what with, and what is on the shelves."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from game.errors import RuleViolation
from game.ledger import award
from game.rewards import Limit
from server.kit import db, ids
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.rewards import catalogue, commands
from server.rewards.catalogue import Terms
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

# A Wednesday, 10:00 in Shanghai.
MORNING = datetime(2026, 11, 25, 2, tzinfo=UTC)

PEOPLE = [
    ("MEI", "梅", "staff", "总部/一队", "", ""),
    ("BAO", "宝", "supervisor", "总部/一队", "", ""),
    ("CHEN", "陈", "manager", "华东/二队", "", ""),
    ("TILL", "丁店员", "staff", "华东/滨江店", "", "store"),
    ("BOSS", "包店长", "supervisor", "华东/滨江店", "", "store_manager"),
    ("OP2", "何", "staff", "总部/运营", "", "operations"),
]
TITLE = {"zh_Hans": "保温杯", "zh_Hant": "保溫杯", "en": "Thermos"}


async def open_shelves(clock: Clock, at: datetime = MORNING) -> None:
    """Bring everybody in, with an empty catalogue and empty wallets."""
    await clock.set(at)
    await bring_in([*PEOPLE, *DESK])


async def give(code: str, points: int) -> None:
    """Post points to somebody; fewer than none takes them back."""
    new = ids.new_id()
    await ledger.post(
        Transfer(
            id=new, kind="test", reference=str(new), actor=None, facts={"title": {}},
            posting=award(str(await person_id(code)), points),
        )
    )  # fmt: skip


async def put(kind: str = "gift", *, stock: int | None = None, **more: Any) -> UUID:
    """Put a reward on the shelf: 100 points, unlimited, for everybody."""
    limit = more.pop("limit", None)
    terms = {"kind": kind, "title": TITLE, "points": 100} | more
    if limit is not None:
        terms["limit"] = Limit(*limit)
    return await catalogue.create(Terms(**terms), stock, await person_id("OP"))


async def redeem(code: str, reward: UUID, points: int = 100, note: str = "") -> UUID:
    return await commands.redeem(reward, await person_id(code), points, note)


async def refused(work: Any) -> str:
    """The code of the refusal that some work ends with, "" without one."""
    try:
        await work
    except RuleViolation as refusal:
        return refusal.code
    return ""


async def code_of(redemption: UUID) -> str:
    return str(await db.value("SELECT code FROM redemption WHERE id = $1", redemption))


async def state_of(redemption: UUID) -> str:
    return str(await db.value("SELECT state FROM redemption WHERE id = $1", redemption))


async def stock_of(reward: UUID) -> int | None:
    found: int | None = await db.value("SELECT stock FROM reward WHERE id = $1", reward)
    return found


async def purse(code: str) -> tuple[int, int]:
    """What somebody can spend, and what is held."""
    async with db.connection() as one:
        row = await one.fetchrow(
            "SELECT coalesce(sum(posted - held), 0)::bigint, coalesce(sum(held), 0)::bigint"
            " FROM account WHERE owner = $1 AND asset = 'points'",
            await person_id(code),
        )
    return (row[0], row[1])


async def notices_of(code: str) -> list[str]:
    """The kinds of news in somebody's inbox, in their order."""
    return await db.column(
        "SELECT kind FROM notice WHERE person = $1 ORDER BY at, id", await person_id(code)
    )
