"""What a rehearsal says of leads and money: commissions, statements, and what became of leads."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from game.commissions import explained
from game.deal_rehearsal import Commission
from game.plan import Plan
from game.rehearsal import Rehearsal
from game.settlements import Statement
from server.kit.i18n import gettext as _
from server.kit.i18n import lazy, locale
from server.rehearsals.tables import Table, block, sum_of

OUTCOMES: Final = {
    "valid": lazy("valid leads"),
    "pending": lazy("pending"),
    "struck": lazy("struck by a reviewer"),
    "duplicate_customer": lazy("customer protected for somebody else"),
    "duplicate_lead": lazy("sent before"),
    "unknown_person": lazy("unknown person"),
}
TAXES: Final = {
    "incidental": lazy("incidental income"),
    "labour": lazy("labour remuneration"),
    "business": lazy("business income"),
    "wages": lazy("wages"),
}


def leads_data(result: Rehearsal) -> dict[str, object]:
    """Return what became of leads, in the order received."""
    return {"leads": [{"lead": made.fact.lead, "outcome": made.outcome} for made in result.leads]}


def deals_data(result: Rehearsal) -> dict[str, object]:
    """Return every commission with how it came about, and every statement; sums in 分."""
    return {
        "commissions": [_commission(each) for each in result.commissions],
        "statements": [_statement(each) for each in result.statements],
    }


def _commission(one: Commission) -> dict[str, object]:
    claim = one.accrual.claim
    return {
        "deal": claim.deal,
        "rule": claim.rule,
        "person": claim.person,
        "base": claim.base,
        "amount": one.accrual.amount,
        "paid": one.paid,
        **explained(one.accrual),
    }


def _statement(one: Statement) -> dict[str, object]:
    return {
        "person": one.person,
        "period": one.period,
        "earned": one.earned,
        "netted": one.netted,
        "payable": one.payable,
        "carries": one.carries,
        "taxes": {each.tax: each.payable for each in one.taxes},
        "lines": [
            {"transfer": each.transfer, "kind": each.kind, "amount": each.amount}
            for each in one.lines
        ],
    }


def paid(result: Rehearsal) -> int:
    """Return what all commissions cost, less what was taken back."""
    return sum(
        line.amount
        for stated in result.statements
        for line in stated.lines
        if line.kind.startswith("commission")
    )


def commissions(plan: Plan, result: Rehearsal, names: Mapping[str, str]) -> str:
    """Lay out what each person earned by each rule."""
    rows: Table = [(_("Person"), _("Name"), _("Commission"), _("Deals"), _("Sales"), _("Sum"))]
    found: dict[tuple[str, str], list[Commission]] = {}
    for each in result.commissions:
        claim = each.accrual.claim
        found.setdefault((claim.person, claim.rule), []).append(each)
    rows += [
        (
            person,
            names[person],
            plan.commissions[rule].title.in_locale(locale()),
            str(len(mine)),
            sum_of(sum(each.accrual.claim.base for each in mine), "cash"),
            sum_of(sum(each.accrual.amount for each in mine), "cash"),
        )
        for (person, rule), mine in sorted(found.items())
    ]
    return block(_("Commissions"), rows)


def statements(result: Rehearsal, names: Mapping[str, str]) -> str:
    """Lay out what is paid to whom for which period, under which tax class."""
    rows: Table = [(_("Person"), _("Name"), _("Period"), _("Earned"), _("Payable"), _("Tax class"))]
    rows += [
        (
            each.person,
            names[each.person],
            each.period,
            sum_of(each.earned, "cash"),
            sum_of(each.payable, "cash"),
            ", ".join(str(TAXES[part.tax]) for part in each.taxes),
        )
        for each in result.statements
    ]
    return block(_("Statements"), rows)


def leads(result: Rehearsal) -> str:
    """Count what became of leads."""
    counted: Counter[str] = Counter(made.outcome for made in result.leads)
    return block(
        _("Leads"),
        [
            (str(words), str(counted[outcome]))
            for outcome, words in OUTCOMES.items()
            if counted[outcome]
        ],
    )
