"""What a plan says of leads, deals, commissions, settlement and budgets, in words."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final

from game.budget_terms import BudgetTerms
from game.commission_terms import CommissionRule, Part, Policy, Span
from game.deal_terms import DealTerms
from game.lead_terms import LeadTerms
from game.plan import Plan, Title
from game.settlement_terms import SettlementTerms, Tax, Who
from server.kit import formats
from server.kit.i18n import Lazy, _, lazy, locale, ngettext

PARTS: Final[dict[Part, Lazy]] = {
    "reporter": lazy("for who brought the customer"),
    "seller": lazy("for who sold"),
    "solution": lazy("for whose solution was adopted"),
}
SPANS: Final[dict[Span, Lazy]] = {
    "month": lazy("counted over each month"),
    "quarter": lazy("counted over each quarter"),
}
REFUNDS: Final[dict[Policy, Lazy]] = {
    "pending_only": lazy("what was paid stays"),
    "to_zero": lazy("taken back as far as the wallet holds it"),
    "below_zero": lazy("taken back; what is missing is owed"),
}
EVERY: Final = {"month": lazy("every month"), "quarter": lazy("every quarter")}
TAXES: Final[dict[Tax, Lazy]] = {
    "incidental": lazy("incidental income"),
    "labour": lazy("labour remuneration"),
    "business": lazy("business income"),
    "wages": lazy("wages"),
}
PEOPLE: Final[dict[Who, Lazy]] = {
    "employee": lazy("colleagues"),
    "customer": lazy("customers"),
    "partner": lazy("partners"),
    "ally": lazy("allied trade"),
    "dealer": lazy("dealers"),
    "koc": lazy("opinion leaders"),
}
Row = dict[str, Any]


def of(plan: Plan) -> list[tuple[str, list[Row]]]:
    """Return heading and rows of each table that the plan has."""
    return [
        (_("Leads"), [_leads(plan, plan.leads)] if plan.leads else []),
        (_("Deals"), [_deals(plan.deals)] if plan.deals else []),
        (_("Commissions"), [_commission(each) for each in plan.commissions.values()]),
        (_("Settlement"), [_settlement(plan.settlement)] if plan.settlement else []),
        (_("Budgets"), [_budget(plan.budgets)] if plan.budgets else []),
    ]


def _row(title: str, end: str, under: list[str], terms: list[tuple[str, str]]) -> Row:
    found = [(label, value) for label, value in terms if value]
    return {"title": title, "end": end, "under": [each for each in under if each], "terms": found}


def _said(title: Title) -> str:
    return title.in_locale(locale())


def _days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n)


def _hours(n: int) -> str:
    return ngettext("%(n)s hour", "%(n)s hours", n)


def percent(part: Fraction) -> str:
    """Write a share: 3/200 → 1.5%."""
    return f"{float(part * 100):g}%"


def _leads(plan: Plan, terms: LeadTerms) -> Row:
    scores = [_said(plan.actions[kind].title) for kind in terms.scores.values()]
    return _row(
        _("A customer belongs to who reports them first"),
        _days(terms.protection_days),
        [],
        [
            (
                _("reviewed within"),
                ngettext("%(n)s working day", "%(n)s working days", terms.review_days),
            ),
            (_("first contact within"), _hours(terms.contact_hours)),
            (_("what they need"), _(", ").join(_said(title) for title in terms.needs.values())),
            (
                _("where they come from"),
                _(", ").join(_said(each) for each in terms.channels.values()),
            ),
            (_("what a stage scores"), _(", ").join(scores)),
        ],
    )


def _deals(terms: DealTerms) -> Row:
    calls = terms.calls
    return _row(
        _("Checked before anything is paid"),
        "",
        [],
        [
            (_("customers called back, by lot"), percent(calls.share)),
            (_("of new or suspicious sellers"), percent(calls.watched_share)),
            (_("at least one of each seller"), _("every week") if calls.weekly else ""),
            (_("forbidden"), _(", ").join(_said(each) for each in terms.forbidden)),
        ],
    )


def _commission(rule: CommissionRule) -> Row:
    under = " · ".join(
        [
            str(PEOPLE[rule.who]),
            str(PARTS[rule.part]),
            *([str(SPANS[rule.per])] if rule.per else []),
        ]
    )
    return _row(_said(rule.title), _pays(rule), [under], list(_terms(rule)))


def _pays(rule: CommissionRule) -> str:
    if rule.amount:
        return formats.money(rule.amount)
    return " / ".join(percent(tier.rate) for tier in rule.tiers)


def _terms(rule: CommissionRule) -> Iterator[tuple[str, str]]:
    if len(rule.tiers) > 1:
        for tier in rule.tiers:
            if tier.up_to is not None:
                yield _("up to %(sum)s", sum=formats.money(tier.up_to)), percent(tier.rate)
            else:
                yield _("on the part above"), percent(tier.rate)
    if rule.bonus is not None:
        mark = formats.money(int(rule.bonus.mark))
        yield _("past %(sum)s", sum=mark), f"× {formats.score(rule.bonus.times)}"
    yield _("for people of"), _(", ").join(rule.units)
    yield _("after a refund"), str(REFUNDS[rule.refund])


def _settlement(terms: SettlementTerms) -> Row:
    people = [
        (str(PEOPLE[who]), f"{EVERY[each.every]} · {TAXES[each.tax]}")
        for who, each in terms.people.items()
    ]
    days = _("computed by day %(compute)s, paid by day %(pay)s", compute=terms.compute_by,
             pay=terms.pay_by)  # fmt: skip
    netting = (_("of a period goes to older debt at most"), percent(terms.netting))
    return _row(_("What is earned is stated and paid"), "", [days], [*people, netting])


def _budget(terms: BudgetTerms) -> Row:
    def cap(amount: int | None) -> str:
        return formats.money(amount) if amount is not None else ""

    stores = [(path.rpartition("/")[2], cap(amount)) for path, amount in terms.stores.items()]
    return _row(
        _("What it may cost"),
        cap(terms.campaign),
        [_("a warning at %(percent)s", percent=percent(terms.warn_at))],
        [
            (_("a store"), cap(terms.each_store)),
            *stores,
            (_("cost to income, watched"), percent(terms.cost_share) if terms.cost_share else ""),
        ],
    )
