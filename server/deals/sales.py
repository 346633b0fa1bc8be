"""What somebody typed of a deal, read; and the plans that take deals in."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, Final
from uuid import UUID

from game.errors import RuleViolation
from game.plan import Plan
from server.coupons.words import cents_of
from server.deals import commands
from server.deals.commands import Sale
from server.kit import clock, db
from server.people.auth import Caller
from server.people.stores import store_of
from server.plans import queries as plans
from server.plans.words import as_builtins

SELLING: Final = frozenset({"sales", "store", "store_manager"})


async def read(caller: Caller, form: Mapping[str, str], photos: Sequence[bytes]) -> Sale:
    """Return the deal that a form tells of.

    Refused as `photo_missing`, `deals_not_running`, `amount_unreadable`, `deal_date_unreadable`,
    `seller_unknown`.
    """
    if not photos:
        raise RuleViolation("photo_missing")
    now = await clock.now()
    plan = await commands.running(form["plan"], now)
    seller = await seller_of(caller, form["seller"])
    store = await store_of(seller) if seller else None
    return Sale(
        plan=plan.id,
        contract=form["contract"],
        customer=form["customer"],
        name=form["name"].strip(),
        amount=cents_of(form["amount"]),
        made_at=day_read(form["made_on"], plan),
        seller=seller,
        lead=form["lead"],
        proof=form["proof"],
        note=form["note"],
        store=store.id if store else None,
        photos=photos,
    )


def day_read(typed: str, plan: Plan) -> datetime:
    """Return the moment a typed day begins in the plan's zone; refused as `deal_date_unreadable`."""
    try:
        return datetime.combine(date.fromisoformat(typed.strip()), time(), plan.zone)
    except ValueError:
        raise RuleViolation("deal_date_unreadable") from None


async def seller_of(caller: Caller, code: str) -> UUID | None:
    """Return who made a deal: operations name a colleague, others made it themselves.

    None where operations name nobody. Refused as `seller_unknown`.
    """
    named = code.strip() if "operations" in caller.roles else ""
    if not named:
        return caller.id if not caller.roles.isdisjoint(SELLING) else None
    found: UUID | None = await db.value(
        "SELECT id FROM person WHERE code = $1 AND active AND kind = 'employee'", named
    )
    if found is None:
        raise RuleViolation("seller_unknown")
    return found


async def plans_taking() -> list[Plan]:
    """Return the plans in force that take deals in."""
    found = [each.plan for each in await plans.in_force()]
    return [each for each in found if each.deals is not None]


def choice(plan: Plan) -> dict[str, Any]:
    """Return a plan as a form offers it."""
    return {"id": plan.id, "title": as_builtins(plan.title)}


def today(plan: Plan, now: datetime) -> str:
    """Return today's date in the plan's zone, as a date field writes it."""
    return now.astimezone(plan.zone).date().isoformat()
