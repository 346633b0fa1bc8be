"""The battle that concerns somebody most: where their side stands, and what counts in it today."""

from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import msgspec

from game.periods import window
from game.points import points_for
from server.actions import queries as actions
from server.battles import queries, views
from server.battles.queries import Battle
from server.kit import clock, formats
from server.kit.i18n import _
from server.people.auth import Caller
from server.plans import queries as plans
from server.plans.words import as_builtins

STEPS_SHOWN: Final = 3


class Fight(msgspec.Struct, frozen=True):
    """The battle shown, what its card says, and the caller's part in it.

    `side` is None for whoever is on no side, `my` for whoever has no standing yet.
    """

    battle: Battle
    card: dict[str, Any]
    side: str | None
    my: dict[str, Any] | None

    @property
    def to_first(self) -> int:
        """Return the fewest points that make the caller first in their side; 0 where they are."""
        return self.my["first"]["points"] if self.my and self.my["first"] else 0


async def of(caller: Caller, found: list[Battle], mine: dict[UUID, str]) -> Fight | None:
    """Return the battle to show; None where there was none yet."""
    one = _shown(found, set(mine), is_employee=not caller.has_desk)
    if one is None:
        return None
    side = mine.get(one.id)
    member = await queries.member(one.id, caller.id) if side else None
    my = await views.my_row(one, caller, member) if member else None
    frame = await views.frame_of(one.id)
    card = {
        "id": one.id,
        "title": frame["title"],
        "state": frame["state"],
        "sides": _two(frame["sides"], side),
        "starts": one.starts,
        "cut_off": one.cut_off,
        "place": _place(frame["sides"], side),
        "my": my,
    }
    return Fight(battle=one, card=card, side=side, my=my)


async def steps(caller: Caller, fight: Fight) -> list[dict[str, Any]]:
    """Return what counts in my battle, what is enough first; done is what was reported today."""
    shown = fight.battle
    if fight.side is None or shown.state != "live":
        return []
    plan, now = (await plans.plan_version(shown.plan, shown.plan_version)).plan, await clock.now()
    start, _end = window("day", now, plan.zone)
    sent = await actions.sent_since(caller.id, start)
    worth = {kind: points_for(plan, kind, now)[0] for kind in shown.kinds}
    enough = _enough(worth, fight.to_first)
    return [
        {
            "title": as_builtins(plan.actions[kind].title),
            "under": _("enough to be first in %(side)s", side=fight.side)
            if kind == enough
            else _said(sent.get((plan.id, kind), 0)),
            "points": worth[kind],
            "done": (plan.id, kind) in sent,
            "href": f"/actions/new?kind={plan.id}/{kind}",
        }
        # What is enough comes first, the others stay as the plan has them.
        for kind in sorted(shown.kinds, key=lambda kind: kind != enough)[:STEPS_SHOWN]
    ]


def _enough(worth: dict[str, int], to_first: int) -> str | None:
    """Return the kind that is worth least of those that make one first."""
    enough = [kind for kind, points in worth.items() if 0 < to_first <= points]
    return min(enough, key=lambda kind: worth[kind], default=None)


def _said(sent: int) -> str:
    return _("%(n)s reported today", n=sent) if sent else ""


def _shown(found: list[Battle], mine: set[UUID], *, is_employee: bool) -> Battle | None:
    """Return the battle to show: one of mine that runs, one to join, then what is over.

    An employee's own last one comes before what strangers fight out.
    """

    def place(one: Battle) -> tuple[bool, bool, bool]:
        strange = one.id not in mine
        if not is_employee:
            return one.is_over, strange, False
        return strange and one.state != "joining", one.is_over, strange

    return min(found, key=place, default=None)


def _two(sides: list[dict[str, Any]], mine: str | None) -> list[dict[str, Any]]:
    """Return the first side and the caller's; the second where that is the first or none."""
    rest = [each for each in sides[1:] if each["name"] == mine] or sides[1:2]
    return [*sides[:1], *rest]


def _place(sides: list[dict[str, Any]], mine: str | None) -> dict[str, Any] | None:
    """Say where the caller's side stands, and how far it is from the next one that matters."""
    own = next((each for each in sides if each["name"] == mine), None)
    if own is None or len(sides) < 2:
        return None
    other = sides[1] if own is sides[0] else sides[0]
    gap = abs(Fraction(own["score"]) - Fraction(other["score"]))
    return {
        "side": own["name"],
        "rank": own["rank"],
        "gap": formats.score(gap) if gap else "",
        "other": other["name"],
        "leads": own is sides[0],
    }
