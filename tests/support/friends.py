"""Referrals to test with: who invites, who comes, and the till that takes their orders in."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from game.plan import template
from server.coupons import commands as coupons
from server.coupons.commands import Sale
from server.kit import db, ids
from server.people import queries, stores, visitors
from server.referrals import commands as referrals
from server.referrals.commands import Seen
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

PLAN, CAMPAIGN = "word-of-mouth", "friends"
OPENS = datetime(2026, 11, 23, 1, tzinfo=UTC)
_made = count(1)
STAFF = [
    ("AN", "安", "staff", "门店/一店", "", "store"),
    ("BAO", "宝", "staff", "门店/二店", "", "store"),
    ("MEI", "梅", "staff", "总部", "", ""),
]


def plan_text(version: int = 1, **changed: str) -> str:
    """The template's document; `changed` replaces the value of a line, `release_days="7"`."""
    text = template(PLAN).replace("version = 1\ntimezone", f"version = {version}\ntimezone")
    for name, value in changed.items():
        lines = [
            f"{name} = {value}" if line.startswith(f"{name} = ") else line
            for line in text.splitlines()
        ]
        assert lines != text.splitlines(), name
        text = "\n".join(lines)
    return text


async def open_campaign(clock: Clock, **changed: str) -> None:
    """Bring the company in and launch the plan, with yesterday's accounts."""
    # A version is read once per process, by when it was made: each test makes its own.
    await clock.set(OPENS - timedelta(days=2, microseconds=next(_made)))
    await bring_in([*STAFF, *DESK])
    await launch(plan_text(**changed))
    await clock.set(OPENS)


async def customer(number: int) -> UUID:
    """The customer with the phone of this number, made two days ago."""
    found = (await visitors.customer_of(f"+86139{number:08d}")).id
    await db.execute(
        "UPDATE person SET created_at = $2 WHERE id = $1", found, OPENS - timedelta(days=2)
    )
    return found


def seen(number: int) -> Seen:
    """A browser and a network of one's own."""
    return Seen(f"device-{number}", f"network-{number}")


async def link_of(person: UUID) -> str:
    """The code of somebody's link."""
    return (await referrals.invite(person, PLAN, CAMPAIGN, Seen())).code


async def bring(referrer: UUID, number: int) -> UUID:
    """Let a new customer claim somebody's invitation; returns the friend."""
    friend = await customer(number)
    await referrals.claim(await link_of(referrer), friend, seen(number))
    return friend


async def order(friend: UUID, amount: int = 128_000, till: str = "AN", payer: str = "") -> UUID:
    """Take in an order of a customer without a coupon."""
    by = await person_id(till)
    store = await stores.store_of(by)
    assert store is not None
    sale = Sale(store, f"R{next(_made)}", amount, by, "till", payer=payer or str(ids.new_id()))
    stored = await queries.stored_phone(friend)
    assert stored is not None
    return await coupons.place_order(sale, stored.opened())


async def held(person: UUID) -> list[str]:
    """The coupons somebody can use, by their rule."""
    return await db.column(
        "SELECT rule FROM coupon WHERE holder = $1 AND state = 'issued' ORDER BY rule", person
    )


async def points(person: UUID) -> int:
    """What somebody has in points after debt."""
    found: Any = await db.value(
        "SELECT coalesce(sum(posted), 0)::bigint FROM account"
        " WHERE owner = $1 AND asset = 'points' AND kind IN ('wallet', 'debt')",
        person,
    )
    return int(found)
