"""How each sum of a settled battle came about (C9, E6)."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import msgspec

from game.errors import RuleViolation
from game.plan import BattleRule
from server.battles.queries import Battle, RosterMember, Side
from server.battles.stakes import funder
from server.boards.frames import shown
from server.kit import formats
from server.kit.i18n import _


class Share(msgspec.Struct, frozen=True):
    """One member's part of the pot: `part` of the side × `weight` / `whole`, exact to the last unit."""

    member: RosterMember
    points: int
    by: str
    part: int
    weight: int
    whole: int
    paid: int


def settled(one: Battle) -> dict[str, Any]:
    """Return the result of a battle, or refuse with `battle_not_settled`."""
    if one.result is None:
        raise RuleViolation("battle_not_settled")
    return one.result


def shares(result: dict[str, Any], roster: Sequence[RosterMember]) -> list[Share]:
    """Return the share of every member of a winning side, largest first, zeros included."""
    found = []
    for side, part in result["shares"].items():
        team = [each for each in roster if each.side == side]
        by, weights = _weights(result, team)
        found += [
            Share(
                member=each,
                points=result["people"].get(each.code, 0),
                by=by,
                part=part,
                weight=weights[each.code],
                whole=sum(weights.values()),
                paid=result["payouts"].get(each.code, 0),
            )
            for each in team
        ]
    return sorted(found, key=lambda share: (-share.paid, share.member.code))


def _weights(result: dict[str, Any], team: Sequence[RosterMember]) -> tuple[str, dict[str, int]]:
    """Return by what a side shares; where nobody has any of it, all weigh the same."""
    source = {"by_points": result["people"], "by_stake": result["stakes"]}.get(result["share"], {})
    weights = {each.code: int(source.get(each.code, 0)) for each in team}
    if any(weights.values()):
        return result["share"], weights
    return "equal", {each.code: 1 for each in team}


def formula(share: Share, asset: str) -> str:
    """Write the arithmetic of a share: ¥7,700 × 41 / 609."""
    part = formats.amount(share.part, asset)
    if share.by == "equal":
        return f"{part} ÷ {share.whole}"
    if share.by == "by_stake":
        stakes = (formats.amount(each, asset) for each in (share.weight, share.whole))
        return "{} × {} / {}".format(part, *stakes)
    return f"{part} × {formats.number(share.weight)} / {formats.number(share.whole)}"


def sides_of(
    result: dict[str, Any], frozen: dict[str, Any] | None, sides: Sequence[Side]
) -> list[dict[str, Any]]:
    """Return the sides after the audit, each with its score and rank before it."""
    places = {each.name: each.place for each in sides}
    before = {each["side"]: each for each in (frozen or {}).get("sides", [])}
    return [
        {
            "name": each["side"],
            "place": places[each["side"]],
            "rank": each["rank"],
            "score": each["score"],
            "shown": shown(Fraction(each["score"])),
            "before": shown(Fraction(before.get(each["side"], each)["score"])),
            "rank_before": before.get(each["side"], each)["rank"],
            "won": each["side"] in result["winners"],
            "part": result["shares"].get(each["side"]),
        }
        for each in result["sides"]
    ]


def name_for_all(member: RosterMember, caller: object = None) -> str:
    """Return a member's name; who has opted out is named to nobody else (A6)."""
    hidden = member.opted_out and member.person != caller
    return _("a colleague") if hidden else member.name


def payouts(one: Battle, roster: Sequence[RosterMember], caller: object) -> list[dict[str, Any]]:
    """Return who was paid what, with the arithmetic of each."""
    return [
        {
            "name": name_for_all(share.member, caller),
            "side": share.member.side,
            "sum": share.paid,
            "formula": formula(share, one.asset),
            "is_me": share.member.person == caller,
        }
        for share in shares(settled(one), roster)
        if share.paid
    ]


def refunds(
    one: Battle, rule: BattleRule, roster: Sequence[RosterMember], caller: object
) -> list[dict[str, Any]]:
    """Return whose own stake came back; the company's goes back to the company."""
    if one.state != "void" or funder(rule) == "company":
        return []
    return [
        {"name": name_for_all(each, caller), "side": each.side, "sum": each.stake}
        for each in roster
        if each.stake
    ]
