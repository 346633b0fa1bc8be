"""What a plan says beside points and battles, in words: badges, honours, challenges, coupons."""

from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Final

from game.badge_terms import BadgeRule, Tier
from game.campaign_terms import CampaignRule, ReferrerTerms, Role
from game.challenge_terms import ChallengeRule, Lasts
from game.coupon_terms import CouponRule
from game.honour_terms import By, HonourRule, Who
from game.periods import Per, Season
from game.plan import Plan, Title
from server.kit import formats
from server.kit.i18n import Lazy, _, lazy, locale, ngettext
from server.plans import money_sections

HOURS_OF_DAY: Final = 24
OPEN_MOST: Final = 6
"""A section with more rows is folded."""

TIERS: Final[dict[Tier, Lazy]] = {
    "bronze": lazy("bronze %(n)s"),
    "silver": lazy("silver %(n)s"),
    "gold": lazy("gold %(n)s"),
}
SEASONS: Final[dict[Season, Lazy]] = {
    "month": lazy("every month"),
    "quarter": lazy("every quarter"),
    "year": lazy("every year"),
}
FOUND: Final[dict[By, Lazy]] = {
    "rule": lazy("by what was done"),
    "vote": lazy("by colleagues' votes"),
    "decision": lazy("nominated by colleagues"),
}
WHO: Final[dict[Who, Lazy]] = {
    "employee": lazy("for colleagues"),
    "customer": lazy("for customers"),
    "partner": lazy("for partners"),
    "team": lazy("for teams"),
}
UNTIL: Final[dict[Per, Lazy]] = {
    "day": lazy("to the end of the day"),
    "week": lazy("to the end of the week"),
    "month": lazy("to the end of the month"),
}
OFTEN: Final[dict[Per, Lazy]] = {
    "day": lazy("%(n)s a day at most"),
    "week": lazy("%(n)s a week at most"),
    "month": lazy("%(n)s a month at most"),
}
INVITERS: Final[dict[Role, Lazy]] = {
    "customer": lazy("a customer gets for a deal"),
    "employee": lazy("a colleague gets for a deal"),
    "partner": lazy("a partner gets for a deal"),
}


def of(plan: Plan) -> list[dict[str, Any]]:
    """Return the sections that a plan has: a heading, and its rows with terms as label and value."""
    found = [
        (_("Badges"), [_badge(each) for each in plan.badges.values()]),
        (_("Honours"), [_honour(each) for each in plan.honours.values()]),
        (_("Challenges"), [_challenge(each) for each in plan.challenges.values()]),
        (_("Coupons"), [_coupon(each) for each in plan.coupons.values()]),
        (_("Inviting friends"), [_campaign(plan, each) for each in plan.campaigns.values()]),
        *money_sections.of(plan),
    ]
    return [
        {"heading": heading, "rows": rows, "is_open": len(rows) <= OPEN_MOST}
        for heading, rows in found
        if rows
    ]


def _row(
    title: Title, end: str, under: Iterable[str], terms: Iterable[tuple[str, str]] = ()
) -> dict[str, Any]:
    return {
        "title": said(title),
        "end": end,
        "under": [each for each in under if each],
        "terms": [(label, value) for label, value in terms if value],
    }


def said(title: Title) -> str:
    """Return a title in the reader's language."""
    return title.in_locale(locale())


def _badge(rule: BadgeRule) -> dict[str, Any]:
    tiers = " · ".join(TIERS[tier] % {"n": count} for tier, count in rule.tiers.items())
    return _row(rule.title, tiers, [said(rule.story)])


def _honour(rule: HonourRule) -> dict[str, Any]:
    winners = ngettext("%(n)s winner", "%(n)s winners", rule.top)
    how = " · ".join([str(WHO[rule.who]), winners, str(FOUND[rule.by])])
    reward = formats.amount(rule.reward.amount, rule.reward.asset) if rule.reward else ""
    end = " · ".join(filter(None, [str(SEASONS[rule.period]), reward]))
    return _row(rule.title, end, [said(rule.story), how])


def _challenge(rule: ChallengeRule) -> dict[str, Any]:
    pool = rule.pool
    tasks = [(said(task.title), _target(task.per, task.target)) for task in rule.tasks]
    bonus = formats.amount(pool.amount, pool.asset) if pool else ""
    often = OFTEN[rule.often.per] % {"n": rule.often.most}
    reached = (
        _("at %(percent)s of all steps", percent=_percent(pool.reached_at))
        if pool and pool.reached_at < 1
        else ""
    )
    terms = [*tasks, (_("bonus to share"), " ".join(filter(None, [bonus, reached])))]
    return _row(rule.title, _lasts(rule.lasts), [said(rule.story), often], terms)


def _target(per: str, target: int) -> str:
    if per == "person":
        return _("%(n)s each", n=target)
    return _("%(n)s together", n=target)


def _lasts(lasts: Lasts) -> str:
    if lasts.closes:
        return _("until %(clock)s", clock=f"{lasts.closes:%H:%M}")
    if lasts.until:
        return str(UNTIL[lasts.until])
    hours = lasts.hours or 0
    if hours and hours % HOURS_OF_DAY == 0:
        return _days(hours // HOURS_OF_DAY)
    return ngettext("%(n)s hour", "%(n)s hours", hours)


def _percent(part: Fraction) -> str:
    return f"{float(part * 100):g}%"


def _coupon(rule: CouponRule) -> dict[str, Any]:
    conditions = [
        _("first order only") if rule.first_order_only else "",
        _("orders from %(sum)s", sum=formats.money(rule.least_order)) if rule.least_order else "",
        _("%(sum)s off at most", sum=formats.money(rule.most_off)) if rule.most_off else "",
        ngettext("good for %(n)s day", "good for %(n)s days", rule.valid_days),
        _(", ").join(path.rpartition("/")[2] for path in rule.stores),
    ]
    return _row(rule.title, _worth(rule), [" · ".join(filter(None, conditions))])


def _worth(rule: CouponRule) -> str:
    if rule.kind == "amount":
        return formats.money(rule.value)
    if rule.gives is not None:
        return said(rule.gives)
    off = _("free") if rule.rate == 0 else _("pay %(percent)s", percent=_percent(rule.rate))
    if rule.kind == "percent":
        return off
    return ngettext(
        "service fee of %(n)s month: %(off)s",
        "service fee of %(n)s months: %(off)s",
        rule.months,
        off=off,
    )


def _campaign(plan: Plan, rule: CampaignRule) -> dict[str, Any]:
    window = _(
        "%(from)s to %(until)s",
        **{"from": formats.exact(rule.starts, plan.timezone)},
        until=formats.exact(rule.ends, plan.timezone),
    )
    inviters = [term for role in rule.referrers for term in _inviter(plan, rule, role)]
    terms = [
        (_("a friend gets"), _coupons(plan, rule.friend)),
        *inviters,
        (_("a friend belongs to who invited them"), _days(rule.binding.days)),
        (_("the reward waits"), _days(rule.release_days) if rule.release_days else ""),
        (_("after a refund"), _refund(rule)),
        (_("a colleague's own coupon"), _exclusive(plan, rule)),
    ]
    return _row(rule.title, "", [window], terms)


def _coupons(plan: Plan, names: Iterable[str]) -> str:
    return _(", ").join(said(plan.coupons[name].title) for name in names)


def _days(n: int) -> str:
    return ngettext("%(n)s day", "%(n)s days", n)


def _inviter(plan: Plan, rule: CampaignRule, role: Role) -> list[tuple[str, str]]:
    terms = rule.referrers[role]
    ladder = [
        (ngettext("at %(n)s deal", "at %(n)s deals", rung.deals), _coupons(plan, rung.coupons))
        for rung in terms.ladder
    ]
    found = [(str(INVITERS[role]), _deal(plan, terms)), *ladder]
    if terms.high_value is not None:
        label = _("from %(sum)s on", sum=formats.money(terms.high_value.order_at_least))
        found.append((label, _coupons(plan, terms.high_value.coupons)))
    return found


def _deal(plan: Plan, terms: ReferrerTerms) -> str:
    points = formats.amount(terms.points, "points") if terms.points else ""
    return _(", ").join(filter(None, [_coupons(plan, terms.coupons), points])) or _(
        "the steps below"
    )


def _refund(rule: CampaignRule) -> str:
    """Say what a refund takes back, in the order in which it was given."""
    given = {
        _("coupons not redeemed yet"): rule.refund.coupons,
        _("points"): rule.refund.points,
        _("the place on the ladder"): rule.refund.ladder,
    }
    taken = [words for words, policy in given.items() if policy == "take"]
    if not taken:
        return _("nothing is taken back")
    return _("taken back: %(what)s", what=_(", ").join(taken))


def _exclusive(plan: Plan, rule: CampaignRule) -> str:
    if rule.exclusive is None:
        return ""
    most = OFTEN[rule.exclusive.per] % {"n": rule.exclusive.most}
    return f"{_coupons(plan, [rule.exclusive.coupon])} · {most}"


def summary(plan: Plan) -> str:
    """Say in one line what is in a plan: 10 kinds of action · 2 battles · 20 badges."""
    counts = [
        (
            plan.actions,
            ngettext("%(n)s kind of action", "%(n)s kinds of action", len(plan.actions)),
        ),
        (plan.battles, ngettext("%(n)s battle", "%(n)s battles", len(plan.battles))),
        (plan.badges, ngettext("%(n)s badge", "%(n)s badges", len(plan.badges))),
        (plan.honours, ngettext("%(n)s honour", "%(n)s honours", len(plan.honours))),
        (plan.challenges, ngettext("%(n)s challenge", "%(n)s challenges", len(plan.challenges))),
        (plan.coupons, ngettext("%(n)s coupon", "%(n)s coupons", len(plan.coupons))),
        (plan.campaigns, ngettext("%(n)s campaign", "%(n)s campaigns", len(plan.campaigns))),
        (
            plan.commissions,
            ngettext("%(n)s commission", "%(n)s commissions", len(plan.commissions)),
        ),
    ]
    return " · ".join(words for found, words in counts if found)
