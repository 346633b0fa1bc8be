"""The numbers as a table, for XLSX and CSV: every figure raw, shares left to the spreadsheet."""

from collections.abc import Sequence

from server.analytics.views import Part
from server.battles.exports import Cell
from server.kit.i18n import _


def table(parts: Sequence[Part]) -> list[list[Cell]]:
    """Return a header, a row for each part, and all together last; money in yuan."""
    header: list[Cell] = [
        _("channel, person or store"), _("leads received"), _("valid leads"), _("duplicate"), _("invalid"), _("lost"),
        _("contacted within 24 h"), _("of those due"), _("contacted"), _("visiting"), _("deals"),
        _("deals in this month"), _("income, yuan"), _("cost, yuan"), _("profit, yuan"),
    ]  # fmt: skip
    everything, *found = parts
    return [header, *(_row(each, each.name) for each in found), _row(everything, _("together"))]


def _row(one: Part, name: str) -> list[Cell]:
    leads, money = one.leads, one.money
    return [
        name, leads.received, leads.valid, leads.duplicate, leads.invalid, leads.lost,
        leads.in_time, leads.due, leads.contacted, leads.visiting, leads.deals,
        money.deals, money.income / 100, money.cost / 100, (money.income - money.cost) / 100,
    ]  # fmt: skip
