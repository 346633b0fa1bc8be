"""The wallet: what can be spent, what is on its way, and why each entry is what it is."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get

from game.errors import RuleViolation
from game.periods import window
from game.points import points_for
from server.actions import queries as actions
from server.actions.words import versions_of
from server.config import settings
from server.home import statements
from server.kit import formats
from server.kit.pages import page
from server.ledger import queries as ledger
from server.ledger.queries import Line
from server.people.auth import Caller
from server.people.forms import Asked
from server.people.guards import caller_in, signed_in

MONTHS_SHOWN: Final = 3
ASSETS: Final = ("all", "points", "cash", "career")


@get("/wallet", guards=[signed_in])
async def show_wallet(request: Asked, asset: str = "all", before: str = "") -> Response[Any]:
    """Show what the caller has, and their statement by month, newest first."""
    caller, zone = caller_in(request), settings().company_timezone
    shown = asset if asset in ASSETS else "all"
    posted = await ledger.months(caller.id, zone)
    months = [each for each in posted if not before or each < before]
    last = months[MONTHS_SHOWN - 1] if len(months) > MONTHS_SHOWN else None
    return page(
        request,
        "wallet/show.html",
        wallet=await figures(caller),
        shown=shown,
        months=[await _month(caller, each, shown, zone) for each in months[:MONTHS_SHOWN]],
        older=f"/wallet?asset={shown}&before={last}" if last else None,
    )


@get("/wallet/{transfer:uuid}", guards=[signed_in])
async def show_entry(request: Asked, transfer: UUID) -> Response[Any]:
    """Explain one entry of the caller's own (C9)."""
    caller, zone = caller_in(request), settings().company_timezone
    line = await ledger.line(caller.id, transfer)
    if line is None:
        raise RuleViolation("not_found")
    return page(
        request,
        "wallet/entry.html",
        entry=await statements.row(line),
        facts=await statements.facts(line, zone),
        sum=await statements.arithmetic(line, caller.id),
        related=[await statements.row(each) for each in await _related(caller, line)],
    )


async def figures(caller: Caller) -> dict[str, int]:
    """Return what the caller can spend, owes, waits for, has at stake or held, and is owed."""
    balances = await ledger.balances(caller.id)
    points, cash, career = balances["points"], balances.get("cash"), balances.get("career")
    return {
        "points": points.available,
        "debt": points.debt,
        "pending": await _pending(caller.id),
        "staked": points.staked,
        "held": points.held,
        "cash_owed": cash.available if cash else 0,
        "career": career.available if career else 0,
    }


async def _pending(person: UUID) -> int:
    """Return what the person's pending actions are worth once accepted."""
    waiting = await actions.pending_of(person)
    versions = await versions_of(waiting)
    return sum(
        points_for(versions[each.plan, each.plan_version], each.kind, each.received_at, each.mode)[
            0
        ]
        for each in waiting
    )


async def _month(caller: Caller, month: str, shown: str, zone: str) -> dict[str, Any]:
    noon = datetime.fromisoformat(f"{month}-15T12:00:00").replace(tzinfo=ZoneInfo(zone))
    lines = await ledger.statement(caller.id, *window("month", noon, ZoneInfo(zone)))
    points = [each.amount for each in lines if each.asset == "points"]
    return {
        "title": formats.month(noon),
        "earned": sum(each for each in points if each > 0),
        "spent": -sum(each for each in points if each < 0),
        "lines": [await statements.row(each) for each in lines if shown in {"all", each.asset}],
    }


async def _related(caller: Caller, line: Line) -> list[Line]:
    """Return what a line reverses, or what reversed it."""
    ids = [line.reverses, await ledger.reversal_of(line.transfer)]
    found = [await ledger.line(caller.id, each) for each in ids if each is not None]
    return [each for each in found if each is not None]


routes = [show_wallet, show_entry]
