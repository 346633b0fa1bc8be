"""The numbers of a month in words: totals, the funnel, and a row for each part of it (L1 to L3)."""

from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any, Final

import msgspec

from game.efficiency import cost_to_profit, gain_to_cost, per_promoter, profit, share
from server.analytics import queries
from server.analytics.queries import By, Leads, Money
from server.kit import clock, formats
from server.kit.i18n import Lazy, _, lazy, locale
from server.plans import queries as plans

NO_FIGURE: Final = "–"
DOORS: Final[Mapping[str, Lazy]] = {
    "form": lazy("typed in by colleagues"),
    "self": lazy("entered by customers"),
    "api": lazy("from company systems"),
}
"""Where leads come from that no plan names a channel for."""

NOBODY: Final[Mapping[By, Lazy]] = {
    "channel": lazy("without a lead"),
    "person": lazy("nobody"),
    "store": lazy("no store"),
}
"""What is not of any channel, person or store."""


class Part(msgspec.Struct, frozen=True):
    """The leads and the money of one channel, person or store, or of all of them."""

    name: str
    leads: Leads
    money: Money


async def parts(by: By, start: datetime, end: datetime) -> list[Part]:
    """Return all together first, then whoever brought most: income, then valid leads."""
    leads = {each.key: each for each in await queries.leads(by, start, end, await clock.now())}
    money = {each.key: each for each in await queries.money(by, start, end)}
    titles = await _channels() if by == "channel" else {}

    def part(key: str | None) -> Part:
        brought, paid = leads.get(key, Leads(key)), money.get(key, Money(key))
        name = brought.name or paid.name or titles.get(key or "", key if titles else "")
        return Part(name or str(NOBODY[by]), brought, paid)

    found = [part(key) for key in {*leads, *money} if key is not None]
    found.sort(key=lambda one: (-one.money.income, -one.leads.valid, one.name))
    return [part(None), *found]


async def _channels() -> dict[str, str]:
    """Return what channels are called: by the plans in force, and those that every plan has."""
    titles = {door: str(words) for door, words in DOORS.items()}
    for plan in await plans.running():
        if plan.leads is not None:
            channels = plan.leads.channels.items()
            titles |= {name: title.in_locale(locale()) for name, title in channels}
    return titles


def percent(part: Fraction | None) -> str:
    """Write a share: 3/4 → 75%."""
    return NO_FIGURE if part is None else f"{float(part * 100):.0f}%"


def times(figure: Fraction | None) -> str:
    """Write a reading of ROI: 4 → 4.00×."""
    return NO_FIGURE if figure is None else _("%(n)s×", n=f"{float(figure):.2f}")


def total(one: Part, opened: int) -> dict[str, Any]:
    """Return what the page says of everything together."""
    leads, money = one.leads, one.money
    each = per_promoter(money.income, leads.promoters)
    return {
        "income": formats.money(money.income),
        "cost": formats.money(money.cost),
        "profit": formats.money(profit(money.income, money.cost)),
        "cost_to_profit": percent(cost_to_profit(money.income, money.cost)),
        "gain_to_cost": times(gain_to_cost(money.income, money.cost)),
        "in_time": percent(share(leads.in_time, leads.due)),
        "pairs": [
            (_("links opened"), formats.number(opened)),
            (_("waiting for review"), formats.number(leads.waiting)),
            (_("duplicate"), formats.number(leads.duplicate)),
            (_("invalid"), formats.number(leads.invalid)),
            (_("lost"), formats.number(leads.lost)),
            (_("lead to deal"), percent(share(leads.deals, leads.valid))),
            (_("deals in this month"), formats.number(money.deals)),
            (_("of them by customers who came back"), formats.number(money.again)),
            (_("promoters"), formats.number(leads.promoters)),
            (_("income per promoter"), NO_FIGURE if each is None else formats.money(each)),
        ],
        "funnel": [
            (_("leads received"), formats.number(leads.received)),
            (_("valid leads"), formats.number(leads.valid)),
            (_("contacted"), formats.number(leads.contacted)),
            (_("deals"), formats.number(leads.deals)),
        ],
    }


def row(one: Part) -> dict[str, Any]:
    """Return what the page says of one channel, person or store."""
    leads, money = one.leads, one.money
    return {
        "name": one.name,
        "income": formats.money(money.income) if money.deals else "",
        "under": " · ".join(
            [
                _("%(n)s received", n=leads.received),
                _("%(n)s valid", n=leads.valid),
                _("%(n)s converted", n=leads.deals),
            ]
        ),
        "pairs": [
            (_("contacted within 24 h"), percent(share(leads.in_time, leads.due))),
            (_("lead to deal"), percent(share(leads.deals, leads.valid))),
            (_("duplicate"), formats.number(leads.duplicate)),
            (_("invalid"), formats.number(leads.invalid)),
            (_("cost"), formats.money(money.cost)),
            (_("cost ÷ profit"), percent(cost_to_profit(money.income, money.cost))),
            (_("profit ÷ cost"), times(gain_to_cost(money.income, money.cost))),
        ],
    }
