"""What became of an action, in words (C9)."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from fractions import Fraction
from typing import Any, Final

from game.action_terms import ActionRule, Mode
from game.plan import Multiplier, Plan
from game.points import STANDING, points_for
from server.actions.queries import Mine, Waiting
from server.kit import formats
from server.kit.i18n import Lazy, _, lazy
from server.plans import queries as plans
from server.plans.words import as_builtins, cap_words, home_words, needs_words

REASONS: Final[dict[str, Lazy]] = {
    "false": lazy("it did not happen like this"),
    "unclear": lazy("the evidence can't be made out"),
    "wrong_kind": lazy("it belongs to another kind"),
    "other": lazy("another reason"),
}
"""Why a reviewer strikes, in one tap; `other` needs words of their own."""

MODES: Final[Mapping[Mode, Lazy]] = {
    "direct": lazy("brought about directly"),
    "handed_over": lazy("handed over"),
}

Versions = Mapping[tuple[str, int], Plan]


async def versions_of(actions: Iterable[Any]) -> Versions:
    """Return the plan versions that these actions name in `plan` and `plan_version`."""
    wanted = sorted({(each.plan, each.plan_version) for each in actions})
    return {each: (await plans.plan_version(*each)).plan for each in wanted}


def kind_title(plan: Plan, kind: str) -> dict[str, str]:
    """Return what a kind of action is called, by locale."""
    return as_builtins(plan.actions[kind].title)


def times_words(base: int, multipliers: Iterable[Multiplier]) -> str:
    """Write what was multiplied: 30 × 2; nothing where nothing was."""
    factors = [formats.score(each.times) for each in multipliers if each.times != Fraction(1)]
    return " × ".join([formats.number(base), *factors]) if factors else ""


def reason_words(choice: str, note: str) -> str:
    """Return the reason of a strike as it is kept: the choice in words, then what was added."""
    chosen = "" if choice == "other" else str(REASONS.get(choice, ""))
    return (
        _("%(reason)s: %(note)s", reason=chosen, note=note) if chosen and note else chosen or note
    )


def struck_words(by: str | None, reason: str) -> str:
    """Say who struck an action and why; what is gone by itself has nobody who did."""
    if by is None:
        return _("taken back: %(reason)s", reason=reason)
    return _("struck by %(name)s: %(reason)s", name=by, reason=reason)


def _owed(rule: ActionRule) -> str:
    return home_words(rule.home) if rule.home else ""


def how(action: Waiting, plan: Plan) -> str:
    """Say how an action came about and who started work, for those who decide (C2, C3)."""
    rule = plan.actions[action.kind]
    mode = str(MODES[action.mode]) if rule.handed_over is not None else ""
    started = [
        _("%(who)s since %(day)s", who=each.shown, day=formats.month_day(each.since))
        for each in action.starters
    ]
    return " · ".join(filter(None, [mode, *started]))


def row(action: Mine, plan: Plan) -> dict[str, Any]:
    """Return one of my actions as `actions/_row.html` wants it."""
    is_open = action.outcome == "pending" or action.outcome in STANDING
    state = "scored" if action.outcome in STANDING else action.outcome
    return {
        "id": action.id,
        "title": kind_title(plan, action.kind),
        "customer": action.customer_shown,
        "state": state if is_open else "refused",
        "points": action.points,
        "when": action.received_at,
        "under": why(action, plan),
    }


def why(action: Mine, plan: Plan) -> str:
    """Say why an action stands where it stands."""
    rule = plan.actions[action.kind]
    worth, reason = points_for(plan, action.kind, action.received_at, action.mode)
    handed_over = str(MODES[action.mode]) if action.mode == "handed_over" else ""
    if action.outcome == "pending":
        waits = _("%(points)s once it is accepted", points=formats.signed(worth))
        return " · ".join(filter(None, [handed_over, waits]))
    if action.outcome in STANDING:
        by = action.decided_by_name
        reviewed = _("reviewed by %(name)s", name=by) if by else ""
        product = times_words(reason.points, reason.multipliers)
        counts = _owed(rule) if action.outcome == "within_quota" else product
        return " · ".join(filter(None, [counts, handed_over, reviewed]))
    if action.outcome == "struck":
        return struck_words(action.decided_by_name, action.reason)
    if action.outcome == "cap_reached" and rule.cap:
        return _("over the cap: %(cap)s", cap=cap_words(rule.cap))
    if action.outcome == "needs_unmet" and rule.needs:
        return needs_words(rule.needs)
    if action.outcome == "starter_counted":
        return _("who started work counts for another action")
    if action.held_at is None or rule.once_per_customer is None:
        return _("this customer counts already")
    until = (action.held_at + timedelta(days=rule.once_per_customer)).astimezone(plan.zone)
    return _("this customer counts already, until %(until)s", until=formats.month_day_clock(until))
