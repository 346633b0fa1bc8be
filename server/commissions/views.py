"""Commissions as the pages show them."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from game.commission_terms import CommissionRule, Policy
from server.commissions import lists, queries, words
from server.commissions.lists import Listed, Moved
from server.commissions.queries import Stored
from server.kit import formats
from server.kit.i18n import Lazy, _, lazy, locale
from server.ledger.words import Fact, plan_fact
from server.plans.money_sections import PARTS, SPANS

TAKES: Final[dict[Policy, Lazy]] = {
    "pending_only": lazy("what was given stays; what still waits is dropped"),
    "to_zero": lazy("taken back as far as the wallet reaches"),
    "below_zero": lazy("taken back; what the wallet lacks is netted from what comes next"),
}


async def rows(found: Iterable[Listed]) -> list[dict[str, Any]]:
    """Return accruals as a list wants them."""
    return [await row(each) for each in found]


async def row(one: Listed) -> dict[str, Any]:
    """Return one accrual: `given` is what of it is in the wallet now."""
    terms = await queries.terms_of(one)
    return {
        "id": one.id,
        "deal": one.deal,
        "title": terms.title.in_locale(locale()),
        "name": one.name,
        "what": " · ".join(filter(None, [one.customer or one.contract, formats.money(one.base)])),
        "amount": one.amount if one.state != "clawed" else one.posted,
        "state": one.state,
        "seal": seal(one),
        "made_at": one.made_at,
    }


def seal(one: Stored) -> tuple[str, str]:
    """Return the stamp of an accrual and its words; none where all is as it should be."""
    if one.waits_for:
        return "live", str(words.WAITS_FOR[one.waits_for])
    if one.state != "clawed":
        return "", ""
    if one.posted:
        return "quiet", _("stays yours")
    return "void", _("taken back") if one.moves else _("not given")


async def explanation(one: Listed, moves: Sequence[Moved]) -> dict[str, Any]:
    """Return everything that makes an accrual what it is (C9)."""
    terms = await queries.terms_of(one)
    return {
        **await row(one),
        "steps": words.steps(one.explanation, one.amount) if one.state != "clawed" else [],
        "facts": [each for each in await _facts(one, terms) if each.value],
        "moves": [_move(each) for each in moves],
        "reason": one.reason,
        "was": str(words.WHY[one.standing]) if one.standing in words.WHY else "",
    }


async def _facts(one: Listed, terms: CommissionRule) -> list[Fact]:
    before = one.explanation.get("before") if one.starts else None
    return [
        Fact(_("customer"), one.customer),
        Fact(_("contract"), one.contract),
        Fact(_("rule"), f"{words.pays(terms)} · {PARTS[terms.part]}"),
        Fact(_("period"), _period(one, terms)),
        Fact(_("deals before it"), formats.money(before) if before is not None else ""),
        Fact(_("after a refund"), str(TAKES[terms.refund])),
        await plan_fact({"plan": one.plan, "version": one.version}),
    ]


def _period(one: Listed, terms: CommissionRule) -> str:
    return str(SPANS[terms.per]) if terms.per and one.starts else ""


def _move(one: Moved) -> dict[str, Any]:
    return {
        "transfer": one.transfer,
        "amount": one.posted,
        "waived": one.waived,
        "why": str(words.WHY[one.why]),
        "reason": one.reason,
        "by": one.by_name,
        "at": one.at,
    }


async def climbs(person: UUID, now: datetime) -> list[dict[str, Any]]:
    """Return how far this period's deals are from a better rate, one for each rule."""
    found = []
    for one in await lists.periods_now(person, now):
        terms = await queries.terms_of(one)
        reached, ahead = await lists.progress(one)
        found.append(
            {
                "title": terms.title.in_locale(locale()),
                "pays": words.pays(terms),
                "period": str(SPANS[terms.per]) if terms.per else "",
                "reached": reached,
                "missing": ahead[0] if ahead else 0,
                "rate": words.percent(ahead[1]) if ahead else "",
                "percent": reached * 100 // (reached + ahead[0]) if ahead else 100,
            }
        )
    return found
