"""Walk-in customers: now and then one of them redeems a coupon in one of the stores."""

import asyncio
from random import Random
from typing import Final
from uuid import UUID

import structlog

from game.errors import RuleViolation
from server.coupons import commands as coupons
from server.demo import company
from server.demo.stage import id_of
from server.demo.word_of_mouth import PLAN, redeem
from server.kit import clock, db

log = structlog.get_logger()

GAP_S: Final = (150.0, 420.0)
CASHIERS: Final = ("S103", "S202", "S302")
RULE: Final = "thanks"
AMOUNTS: Final = (69_900, 98_000, 128_000, 159_900, 236_000)
WALK_IN: Final = company.FRIENDS[-1].phone


@db.command
async def serve(dice: Random) -> UUID:
    """Give the walk-in customer a coupon and redeem it at once; returns the order."""
    cashier = dice.choice(CASHIERS)
    holder = await id_of(WALK_IN)
    by = await id_of(cashier)
    now = await clock.now()
    version = await db.value(
        "SELECT max(version) FROM plan WHERE id = $1 AND launched_at IS NOT NULL", PLAN
    )
    coupon = await coupons.issue(
        holder, PLAN, version, RULE, source="gift", reference=f"walk-in:{now:%Y%m%d%H%M%S}"
    )
    receipt = f"W{now:%m%d%H%M%S}"
    return await redeem(coupon, cashier, {cashier: by}.__getitem__, dice.choice(AMOUNTS), receipt)


async def keep_going(dice: Random) -> None:
    """Serve one after the other at an irregular pace, until cancelled."""
    while True:
        await asyncio.sleep(dice.uniform(*GAP_S))
        try:
            await serve(dice)
        except RuleViolation as refusal:
            log.info("not_served", reason=refusal.code)
        except Exception as error:  # noqa: BLE001 - PostgreSQL comes back
            log.warning("not_served", error=repr(error))
