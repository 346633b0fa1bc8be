"""A small battle to test with: who fights, the plan, and what the database says of it."""

import asyncio
import os
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from server import config, wiring
from server.actions import commands as actions
from server.actions.commands import Report
from server.battles import commands as battles
from server.kit import db
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

T = TypeVar("T")

TIMES = int(os.environ.get("SOAK_TIMES", "1"))
"""How much longer than in `make test` a property is tried: `make soak` says."""

# A Monday in Shanghai: joining from the eve, the fight from 9:00 to 17:00.
EVE = datetime(2026, 11, 22, 1, tzinfo=UTC)
STARTS = datetime(2026, 11, 23, 1, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 23, 9, tzinfo=UTC)
TICK = timedelta(microseconds=1)

# 梅 and 宝 fight for one side, 陈 and 戴 for the other, 安 for none.
FIGHTERS = [
    ("MEI", "梅", "staff", "总部/一队", "一队", ""),
    ("BAO", "宝", "supervisor", "总部/一队", "一队", ""),
    ("CHEN", "陈", "manager", "总部/二队", "二队", ""),
    ("DAI", "戴", "staff", "总部/二队", "二队", ""),
    ("AN", "安", "staff", "总部", "", ""),
    ("OP2", "何", "staff", "总部/运营", "", "operations"),
]

PLAN = """
[plan]
id = "field"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "试", zh_Hant = "試", en = "Trial" }}

[actions.call]
title = {{ zh_Hans = "电话", zh_Hant = "電話", en = "Call" }}
points = {call}

[actions.chat]
title = {{ zh_Hans = "加微信", zh_Hant = "加微信", en = "Chat" }}
points = 1
cap = {{ per = "day", most = 2 }}

[actions.visit]
title = {{ zh_Hans = "拜访", zh_Hant = "拜訪", en = "Visit" }}
points = 5
once_per_customer = 30

[[multipliers]]
actions = ["visit"]
from = 2026-11-23T12:00:00+08:00
until = 2026-11-23T13:00:00+08:00
times = "3/2"
"""

BATTLE = """
[[battles]]
id = "duel"
title = {{ zh_Hans = "对决", zh_Hant = "對決", en = "Duel" }}
sides = [{sides}]
actions = ["call", "chat", "visit"]
starts = {starts}
cut_off = {cut_off}
score = "{score}"
tie = "{tie}"
share = "{share}"
"""

STAKE = """
[battles.stake]
asset = "{asset}"
funded_by = "{funded_by}"
by_rank = {{ staff = {staff}, supervisor = {supervisor}, manager = {manager} }}
"""


def plan_text(
    *,
    version: int = 1,
    call: int = 2,
    battle: bool = True,
    sides: tuple[str, ...] = ("一队", "二队"),
    score: str = "sum",
    best_n: int | None = None,
    tie: str = "first_to_reach",
    share: str = "by_points",
    funded_by: str | None = "company",
    asset: str = "cash",
    stakes: tuple[int, int, int] = (100, 200, 300),
    sponsor: int = 0,
    starts: datetime = STARTS,
    cut_off: datetime = CUT_OFF,
) -> str:
    """A plan with three kinds of actions; `stakes` are of staff, supervisor, manager."""
    text = PLAN.format(version=version, call=call)
    if not battle:
        return text
    text += BATTLE.format(
        sides=", ".join(f'"{side}"' for side in sides), starts=starts.isoformat(),
        cut_off=cut_off.isoformat(), score=score, tie=tie, share=share,
    )  # fmt: skip
    if best_n is not None:
        text += f"best_n = {best_n}\n"
    if funded_by is not None:
        staff, supervisor, manager = stakes
        text += STAKE.format(
            asset=asset, funded_by=funded_by, staff=staff, supervisor=supervisor, manager=manager
        )
    if sponsor:
        text += f'[battles.sponsor]\nasset = "{asset}"\namount = {sponsor}\n'
    return text


async def at(moment: datetime) -> None:
    """Stop the database's clock at a moment, over the pool."""
    await db.execute(
        "WITH gone AS (DELETE FROM test_clock) INSERT INTO test_clock VALUES ($1)", moment
    )


async def open_field(clock: Clock, **terms: Any) -> UUID:
    """Bring everybody in and open the battle of `plan_text(**terms)` on its eve."""
    await clock.set(EVE)
    await bring_in([*FIGHTERS, *DESK])
    [battle] = await launch(plan_text(**terms))
    return battle


async def open_plan(clock: Clock, at: datetime = STARTS, **terms: Any) -> None:
    """Bring everybody in and launch a plan without battles at a moment."""
    await clock.set(at)
    await bring_in([*FIGHTERS, *DESK])
    await launch(plan_text(battle=False, **terms))


async def begin(clock: Clock, battle: UUID, at: datetime = STARTS) -> None:
    """Start a battle on time."""
    await clock.set(at)
    assert await battles.start(battle)


async def close(clock: Clock, battle: UUID, at: datetime = CUT_OFF) -> None:
    """Freeze a battle on time."""
    await clock.set(at)
    assert await battles.freeze(battle)


async def act(code: str, kind: str = "call", customer: str = "", by: str | None = "OP") -> UUID:
    """Report an action, and have it accepted by somebody."""
    said = Report(plan="field", kind=kind, customer=customer)
    reported = await actions.report(await person_id(code), said)
    if by is not None:
        await actions.decide(reported.action, await person_id(by), "accepted")
    return reported.action


async def earn(code: str, points: int) -> None:
    """Give somebody an even number of points by calls of 2, before a battle."""
    for _ in range(points // 2):
        await act(code)


async def wallets(asset: str = "points") -> dict[str, int]:
    """What everybody has after debt, by code; zeros left out."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.code, sum(a.posted)::bigint AS amount FROM account a"
            " JOIN person p ON p.id = a.owner WHERE a.kind IN ('wallet', 'debt') AND a.asset = $1"
            " GROUP BY p.code HAVING sum(a.posted) <> 0",
            asset,
        )
    return {each["code"]: each["amount"] for each in found}


async def escrow(battle: UUID) -> int:
    """What is in the escrow of a battle, over all assets."""
    found = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account WHERE kind = 'escrow' AND owner = $1",
        battle,
    )
    return int(found)


async def everything() -> str:
    """All that a refused command may not change, as one text to compare."""
    tables = (
        "account", "transfer", "entry", "action", "customer", "battle", "battle_member",
        "standing", "change", "command", "audit_record", "plan",
    )  # fmt: skip
    kept = [
        await db.value(f"SELECT coalesce(jsonb_agg(t ORDER BY t::text), '[]')::text FROM {name} t")
        for name in tables
    ]
    return "\n".join(kept)


@contextmanager
def commanding(
    settings: config.Settings,
) -> Iterator[Callable[[Coroutine[Any, Any, T]], T]]:
    """One loop and one pool for all examples of a property; gives the way to run a coroutine."""

    async def start() -> None:
        db.configure(settings.database_url or "")
        wiring.wire()
        await db.open_pool()

    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        runner.run(start())
        try:
            yield runner.run
        finally:
            runner.run(db.close_pool())
