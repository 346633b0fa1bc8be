"""An action before its reviewer: who, what, the evidence, and what a verdict would do."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final, Literal
from uuid import UUID

from game import battles as rules
from game.battles import Scored
from game.errors import RuleViolation
from game.points import STANDING
from server.actions import commands as actions
from server.actions.outlook import outlook
from server.actions.queries import Reviewed
from server.actions.words import REASONS, how, kind_title, reason_words
from server.battles import queries
from server.battles.queries import Battle
from server.boards.frames import shown
from server.kit import forms
from server.kit.forms import KEY
from server.kit.i18n import lazy
from server.people.words import RANK_WORDS
from server.plans import queries as plans

FIELDS: Final = ("verdict", "reason", "note", KEY)
WHY_NOT: Final = {
    "cap_reached": lazy("It is over the cap."),
    "duplicate_customer": lazy("This customer counts already."),
    "needs_unmet": lazy("Too few of those named had worked long enough."),
    "starter_counted": lazy("Those who started work count for another action."),
    "within_quota": lazy("It fills the quota of the home unit."),
}


async def card(action: Reviewed) -> dict[str, Any]:
    """Return an action as `reviews/_card.html` wants it."""
    plan = (await plans.plan_version(action.plan, action.plan_version)).plan
    return {
        "id": action.id,
        "person": action.name,
        "side": action.side,
        "rank": str(RANK_WORDS[action.rank]),
        "title": kind_title(plan, action.kind),
        "note": action.note,
        "customer": action.customer_shown,
        "more": how(action, plan),
        "first_in_days": plan.actions[action.kind].once_per_customer
        if action.outcome in {"pending", *STANDING}
        else None,
        "received_at": action.received_at,
        "happened_at": action.happened_at,
        "photos": [f"/evidence/{photo}" for photo in action.photos],
        "verdict": action.verdict,
        "reason": action.reason,
        "decided_by": action.decided_by_name,
        "effect": await _effect(action),
    }


async def _effect(action: Reviewed) -> dict[str, Any]:
    """Say what the verdict that is not given yet would change: points, and a side's score."""
    verdict: Literal["accepted", "struck"] = (
        "struck" if action.verdict == "accepted" else "accepted"
    )
    decision = await outlook(action.id, verdict)
    delta = decision.points - action.points
    if not delta:
        return {"points": 0, "reason": str(WHY_NOT.get(decision.outcome, ""))}
    counting = await queries.counting(action.plan, action.kind, action.received_at, action.person)
    side = await _side_effect(counting[0], action, delta) if counting else {}
    return {"points": delta, "verdict": verdict} | side


async def _side_effect(one: Battle, action: Reviewed, delta: int) -> dict[str, Any]:
    rule, roster = await queries.rule_of(one), await queries.roster(one.id)
    codes = {each.person: each.code for each in roster}
    now = {codes[each.person]: each.points for each in await queries.points_so_far(one)}
    mine = next(each for each in roster if each.person == action.person)

    def score(points: Mapping[str, int]) -> str:
        scored = [
            Scored(code, one.kinds[0], each, one.starts) for code, each in points.items() if each
        ]
        ranked = rules.standings(rule, queries.as_members(roster), scored)
        found = next((place.score for place in ranked if place.side == mine.side), Fraction(0))
        return shown(found)

    after = now | {mine.code: now.get(mine.code, 0) + delta}
    return {"side": mine.side, "before": score(now), "after": score(after)}


def reasons() -> list[dict[str, str]]:
    """Return the reasons of a strike to choose from."""
    return [{"id": choice, "title": str(words)} for choice, words in REASONS.items()]


def keys() -> dict[str, str]:
    """Return the keys of the two forms under a card."""
    return {"accept": forms.new_key(), "strike": forms.new_key()}


async def judge(
    by: UUID, path: str, form: Mapping[str, str], action: UUID, auditing: UUID | None = None
) -> None:
    """Carry out a verdict that a form gives, once."""
    verdict: Any = form["verdict"]
    if verdict not in {"accepted", "struck"}:
        raise RuleViolation("malformed")
    reason = reason_words(form["reason"], form["note"].strip()) if verdict == "struck" else ""

    async def work() -> dict[str, Any]:
        return actions.facts_of(await actions.decide(action, by, verdict, reason, auditing))

    await forms.write(by, path, form, work)


def decided(action: Reviewed) -> dict[str, Any]:
    """Return what a verdict has done, for the notice above the next action."""
    return {"person": action.name, "verdict": action.verdict, "points": action.points}
