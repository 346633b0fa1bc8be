"""The big sentence of Today: the one thing to do next."""

from collections.abc import Sequence
from typing import Any, Final

from server.home.my_battle import Fight
from server.home.tasks import Task
from server.people.auth import STORE, Caller

WAITING: Final = {"joining": "soon", "auditing": "audit"}
"""What is said to a member while nothing can be scored."""


def of(
    caller: Caller,
    fight: Fight | None,
    work: Sequence[Task],
    challenge: dict[str, Any] | None,
    *,
    has_reported: bool,
) -> dict[str, Any]:
    """Return the headline: what is urgent, a store's day, the battle, then a challenge to join."""
    if urgent := next((each for each in work if each.is_urgent), None):
        said = {"sentence": urgent.sentence, "href": urgent.href, "label": urgent.label}
        return {"kind": "work"} | said
    if caller.has_desk:
        return {"kind": "calm"}
    found = _day(caller, challenge) or _fight(caller, fight) or _invited(caller, challenge)
    return found or {"kind": "calm" if has_reported else "start"}


def _day(caller: Caller, challenge: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return how much is left of the day that whoever works in a store takes part in."""
    if challenge is None or caller.roles.isdisjoint(STORE) or not challenge["joined"]:
        return None
    left = challenge["total"] - challenge["done"]
    if challenge["state"] != "live" or left <= 0:
        return None
    return {"kind": "day", "left": left} | _named(challenge) | {"ends": challenge["ends"]}


def _fight(caller: Caller, fight: Fight | None) -> dict[str, Any] | None:
    """Return what the battle asks for; None where it asks for nothing now."""
    if fight is None or fight.battle.is_over:
        return None
    state = fight.battle.state
    if fight.side is None:
        is_open = state == "joining" and not caller.opted_out
        named = {"battle_id": fight.battle.id, "title": fight.card["title"]}
        return {"kind": "join"} | named if is_open else None
    if state in WAITING:
        return {"kind": WAITING[state], "side": fight.side}
    if fight.to_first:
        return {"kind": "chase", "points": fight.to_first, "side": fight.side}
    if fight.my and fight.my["points"]:
        return {"kind": "leading", "side": fight.side}
    return None


def _invited(caller: Caller, challenge: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return the challenge that the caller may join."""
    if challenge is None or challenge["joined"] or caller.opted_out:
        return None
    return {"kind": "challenge"} | _named(challenge)


def _named(challenge: dict[str, Any]) -> dict[str, Any]:
    return {"id": challenge["id"], "title": challenge["title"]}
