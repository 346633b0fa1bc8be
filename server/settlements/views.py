"""Settlements as pages want them."""

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import segno
from litestar.connection import ASGIConnection
from markupsafe import Markup

from game import settlements as rules
from game.errors import RuleViolation
from game.settlement_terms import EVERY, TAXES
from game.settlements import TaxedLine, read_body
from server.kit import clock, db, formats, i18n
from server.kit.web import origin_of
from server.settlements import queries, words
from server.settlements.queries import Settlement, Stated

HASH_SHOWN: Final = 16


async def overview() -> dict[str, Any]:
    """Return the runs that stand, what may be computed now, and what is open beyond them."""
    return {
        "runs": [await _run(one) for one in await queries.settlements()],
        "open": await queries.open_cash(),
        "offers": await _offers(),
    }


async def _offers() -> list[dict[str, Any]]:
    """Return the last month and quarter while nothing has settled them."""
    try:
        terms, zone = await queries.terms()
    except RuleViolation:
        return []
    found = []
    for every in EVERY:
        period = rules.period_before(every, await clock.now(), zone)
        if await queries.standing(every, period.name) is None:
            day, until = rules.days_of(period, terms.settlement, zone)
            found.append({
                "every": every,
                "period": words.period_said(period.name),
                "day": formats.month_day(day),
                "until": formats.month_day(until),
            })  # fmt: skip
    return found


async def _run(one: Settlement) -> dict[str, Any]:
    terms, zone = await queries.terms_of(one.plan, one.plan_version)
    _day, until = rules.days_of(one.span, terms.settlement, zone)
    is_done = one.state == "approved" and one.paid_people == one.owing
    return {
        "id": one.id,
        "period": words.period_said(one.period),
        "state": "paid" if is_done else one.state,
        "people": one.owing,
        "statements": one.statements,
        "payable": one.payable,
        "paid": one.paid,
        "left": one.owing - one.paid_people,
        "until": formats.month_day(until),
        "is_late": one.state == "approved"
        and not is_done
        and (await clock.now()).astimezone(zone).date() > until,
    }


async def run(settlement: UUID, viewer: UUID) -> dict[str, Any]:
    """Return one run with its statements, and who may do what with it."""
    one = await queries.settlement(settlement)
    found = await queries.statements_of(settlement)
    return await _run(one) | {
        "plan": one.plan,
        "version": one.plan_version,
        "computed_by": one.computed_by_name or "",
        "computed_at": one.computed_at,
        "decided_by": one.decided_by_name or "",
        "decided_at": one.decided_at,
        "reason": one.reason,
        "is_own": one.computed_by == viewer,
        "taxes": _taxes(found),
        "carries": sum(each.carries for each in found),
        "people_rows": [_row(each) for each in found],
    }


def _taxes(found: list[Stated]) -> list[dict[str, Any]]:
    sums = dict.fromkeys(TAXES, 0)
    for each in found:
        for part in read_body(each.body).taxes:
            sums[part.tax] += part.payable
    return [{"label": str(words.TAX_WORDS[tax]), "sum": sum_} for tax, sum_ in sums.items() if sum_]


def _row(one: Stated) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "under": one.unit or str(words.WHO_WORDS[one.who]),
        "payable": one.payable,
        "carries": one.carries,
        "paid_at": one.paid_at,
    }


def listed(one: Stated) -> dict[str, Any]:
    """Return a statement as its owner's list shows it."""
    return {
        "id": one.id,
        "period": words.period_said(one.period),
        "payable": one.payable,
        "paid_at": one.paid_at,
    }


async def statement(connection: ASGIConnection[Any, Any, Any, Any], one: Stated) -> dict[str, Any]:
    """Return one statement with how its sum came about and what it is verified by."""
    told = read_body(one.body)
    titles = await _titles([UUID(line.transfer) for line in told.lines])
    terms, zone = await queries.terms_of(told.plan, told.version)
    run_ = await queries.settlement(one.settlement)
    _day, until = rules.days_of(run_.span, terms.settlement, zone)
    shown = [_line(line, titles) for line in reversed(told.lines)]
    return {
        "id": one.id,
        "settlement": one.settlement,
        "name": one.name,
        "period": words.period_said(one.period),
        "state": "paid" if one.payment else one.state,
        "until": formats.month_day(until),
        "paid_at": one.paid_at,
        "payable": told.payable,
        "earned": told.earned,
        "carried": told.carried,
        "netted": told.netted,
        "carries": told.carries,
        "share": _percent(terms.settlement.netting),
        "taxes": [
            {"label": str(words.TAX_WORDS[part.tax]), "sum": part.payable} for part in told.taxes
        ],
        "earnings": [each for each in shown if each["tax"] and each["amount"] >= 0],
        "corrections": [each for each in shown if each["tax"] and each["amount"] < 0],
        "payments": [each for each in shown if not each["tax"]],
        "code": one.hash.hex()[:HASH_SHOWN],
        "link": f"/v/{one.hash.hex()}",
        "qr": qr_code(connection, one),
    }


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):.4g}%"


def _line(line: TaxedLine, titles: dict[UUID, str]) -> dict[str, Any]:
    title, about = words.line_title(line.kind), titles.get(UUID(line.transfer), "")
    corrects = words.corrects(line.corrects)
    return {
        "id": line.transfer,
        "title": title,
        "cause": corrects or (about if about != title else ""),
        "amount": line.amount,
        "when": line.at,
        "tax": line.tax,
    }


async def _titles(transfers: list[UUID]) -> dict[UUID, str]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT id, coalesce(facts -> 'period', facts -> 'title') AS title FROM transfer"
            " WHERE id = ANY ($1) AND kind = 'payment'"
            " UNION ALL SELECT id, facts -> 'title' FROM transfer"
            " WHERE id = ANY ($1) AND kind <> 'payment'",
            transfers,
        )
    return {each["id"]: i18n.text(each["title"]) for each in found}


def qr_code(connection: ASGIConnection[Any, Any, Any, Any], one: Stated) -> Markup:
    """Return the QR code that verifies a statement: an upper-case link makes it small."""
    link = f"{origin_of(connection)}/v/{one.hash.hex()}".upper()
    return Markup(segno.make(link, error="m").svg_inline(omitsize=True))  # noqa: S704  # drawn here


async def verified(text: str) -> dict[str, Any] | None:
    """Return what anybody may know of the statement with this hash; None where none has it."""
    try:
        one = await queries.by_hash(bytes.fromhex(text))
    except ValueError:
        return None
    if one is None:
        return None
    return {
        "period": words.period_said(one.period),
        "payable": one.payable,
        "is_paid": one.payment is not None,
        "code": one.hash.hex()[:HASH_SHOWN],
    }
