"""The page of budgets: what each plan spent, what it would cost if it ended now, what is owed."""

from typing import Any, Final

from litestar import Response, get

from game import budgets as rules
from game.budget_terms import BudgetTerms
from game.budgets import Used
from game.plan import Plan
from server.budgets import queries
from server.kit.i18n import locale
from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import allowed
from server.plans import queries as plans

READERS: Final = [allowed("operations", "finance", "admin")]


@get("/budgets", guards=READERS)
async def show(request: Asked) -> Response[Any]:
    """Show each plan in force with its caps, its stores, and its forecast (G11)."""
    found = [each.plan for each in await plans.in_force()]
    values = [plan.budgets.point_value for plan in found if plan.budgets]
    owed = await queries.owed()
    return page(
        request,
        "budgets/index.html",
        plans=[await _plan(plan) for plan in found if plan.budgets or plan.commissions],
        points=owed.points,
        points_worth=owed.points * max(values, default=0),
        cash=owed.cash,
    )


async def _plan(plan: Plan) -> dict[str, Any]:
    terms = plan.budgets
    sums = await queries.sums(plan.id)
    used = Used(terms.campaign if terms else None, sums.spent, sums.promised, sums.beside)
    income = await queries.income(plan.id)
    return {
        "id": plan.id,
        "title": plan.title.in_locale(locale()),
        **_used(used, terms),
        "beside": used.beside,
        "stores": await _stores(plan, terms),
        "income": income,
        "cost_percent": rules.percent(used.forecast, income),
        "is_dear": _is_dear(terms, used, income),
        "share_percent": int(terms.cost_share * 100) if terms and terms.cost_share else None,
    }


async def _stores(plan: Plan, terms: BudgetTerms | None) -> list[dict[str, Any]]:
    found = await queries.stores(plan.id, sorted(terms.stores) if terms else ())
    return [
        {
            "name": each.name,
            **_used(
                Used(terms.store_cap(each.path) if terms else None, each.spent, each.promised),
                terms,
            ),
        }
        for each in found
    ]


def _used(used: Used, terms: BudgetTerms | None) -> dict[str, Any]:
    return {
        "cap": used.cap,
        "spent": used.together,
        "promised": used.promised,
        "forecast": used.forecast,
        "left": used.left,
        "percent": min(100, rules.percent(used.together, used.cap or 0)),
        "level": rules.level(used, terms.warn_at) if terms else "calm",
    }


def _is_dear(terms: BudgetTerms | None, used: Used, income: int) -> bool:
    """Say whether marketing costs more of the income than the plan says (P2: 15 %)."""
    return bool(terms and terms.cost_share and used.forecast > income * terms.cost_share)


routes = [show]
