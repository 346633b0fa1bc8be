"""An audit at a glance: the lists of actions, the score before and after, what settling does."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

import msgspec

from game import battles as rules
from game.battles import Outcome
from game.errors import RuleViolation
from game.plan import Plan
from game.points import STANDING, points_for
from server.actions.words import kind_title
from server.battles import faces, queries
from server.battles.queries import Audited, Battle, RosterMember
from server.battles.results import name_for_all, sides_of
from server.kit import formats
from server.kit.i18n import _, ngettext
from server.plans import queries as plans
from server.plans.words import as_builtins

LISTS: Final = ("pending", "accepted", "struck", "refused")
SHOWN_MOST: Final = 50
LIST_OF: Final = {
    "pending": "pending",
    "scored": "accepted",
    "within_quota": "accepted",
    "struck": "struck",
}
"""On which list an outcome stands; a repeated customer or an action over its cap is refused."""


class Audit(msgspec.Struct, frozen=True):
    """Everything of one audit; figures are as they are now."""

    plan: Plan
    title: dict[str, str]
    lists: dict[str, list[Audited]]
    sides: list[dict[str, Any]]
    moved: list[dict[str, Any]]
    """People whose points changed since the cut-off: name, side, before, after."""
    sentence: str

    @property
    def counts(self) -> dict[str, int]:
        """How long each list is."""
        return {name: len(self.lists[name]) for name in LISTS}

    @property
    def progress(self) -> dict[str, int]:
        """How far the audit is."""
        counts = self.counts
        decided = counts["accepted"] + counts["struck"]
        pending = counts["pending"]
        return {"decided": decided, "total": decided + pending, "pending": pending}

    def chosen(self, shown: str, action: UUID | None) -> UUID | None:
        """Return the action to look at: the one asked for, else the first that waits."""
        known = {each.id for every in self.lists.values() for each in every}
        if action in known:
            return action
        waiting = self.lists["pending"]
        return waiting[0].id if shown == "pending" and waiting else None

    def rows(self, shown: str, skip: int) -> list[dict[str, Any]]:
        """Return one page of a list."""
        first = max(0, skip)
        return [self._row(each) for each in self.lists[shown][first : first + SHOWN_MOST]]

    def older(self, shown: str, skip: int) -> str | None:
        """Return the way to the next page of a list."""
        following = max(0, skip) + SHOWN_MOST
        more = len(self.lists[shown]) > following
        return f"?state={shown}&skip={following}" if more else None

    def _row(self, each: Audited) -> dict[str, Any]:
        worth, _reason = points_for(self.plan, each.kind, each.received_at, each.mode)
        return {
            "id": each.id,
            "person": each.name,
            "side": each.side,
            "title": kind_title(self.plan, each.kind),
            "points": each.points if each.outcome in STANDING else worth,
            "when": each.received_at,
        }


async def audit(one: Battle) -> Audit:
    """Gather an audit; refused as `battle_not_auditing`."""
    if one.state != "auditing":
        raise RuleViolation("battle_not_auditing")
    plan = (await plans.plan_version(one.plan, one.plan_version)).plan
    rule, roster = plan.battle(one.rule), await queries.roster(one.id)
    members, scored = queries.as_members(roster), await queries.scored(one)
    ended, points = rules.outcome(rule, members, scored), rules.person_points(rule, members, scored)
    lists = _lists(await queries.audited(one))
    return Audit(
        plan=plan,
        title=as_builtins(rule.title),
        lists=lists,
        sides=sides_of(
            faces.result_as_data(rule, ended, roster, points),
            one.frozen,
            await queries.sides(one.id),
        ),
        moved=_moved(one.frozen or {}, points, roster),
        sentence=_sentence(ended, len(lists["pending"])),
    )


def _lists(actions: Sequence[Audited]) -> dict[str, list[Audited]]:
    """Sort actions by what became of them: what waits oldest first, the others newest first."""
    lists: dict[str, list[Audited]] = {name: [] for name in LISTS}
    for each in actions:
        lists[LIST_OF.get(each.outcome, "refused")].append(each)
    lists["pending"].reverse()
    return lists


def _moved(
    frozen: dict[str, Any], points: dict[str, int], roster: Sequence[RosterMember]
) -> list[dict[str, Any]]:
    before: dict[str, int] = frozen.get("people", {})
    return [
        {
            "name": name_for_all(each),
            "side": each.side,
            "before": before.get(each.code, 0),
            "after": points.get(each.code, 0),
        }
        for each in roster
        if before.get(each.code, 0) != points.get(each.code, 0)
    ]


def _sentence(ended: Outcome, pending: int) -> str:
    """Say what settling would do now."""
    if pending:
        return ngettext(
            "%(n)s action still waits for a decision. The pot can be paid after that.",
            "%(n)s actions still wait for a decision. The pot can be paid after that.",
            pending,
        )
    if ended.state == "void":
        return _("No side can win. Every stake goes back.")
    total = formats.amount(ended.pot.total, ended.pot.asset or "points")
    return ngettext(
        "%(sides)s takes %(sum)s.",
        "%(sides)s takes %(sum)s, shared among %(n)s people.",
        sum(1 for paid in ended.payouts.values() if paid),
        sides=_(", ").join(ended.winners),
        sum=total,
    )
