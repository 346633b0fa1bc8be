"""What a board shows of its battle, and the words of a result."""

from typing import Any

import msgspec

from game.battles import Outcome, SideStanding, competing, pot_of
from game.plan import BattleRule
from server.battles import queries
from server.battles.queries import Battle, RosterMember
from server.boards import commands as boards
from server.boards.schemas import Pot, Side, State


async def show(one: Battle, state: State, winners: tuple[str, ...] = ()) -> None:
    """Keep the board of a battle true: its state, its sides with their members, its pot."""
    rule = await queries.rule_of(one)
    roster = await queries.roster(one.id)
    heads: dict[str, int] = {}
    for member in roster:
        heads[member.side] = heads.get(member.side, 0) + 1
    pot = pot_of(rule, competing(rule, queries.as_members(roster)))
    await boards.put_board(
        one.id,
        state=state,
        title=msgspec.to_builtins(rule.title),
        starts=one.starts,
        cut_off=one.cut_off,
        score=rule.score,
        best_n=rule.best_n,
        sides=[
            Side(side.name, side.place, heads.get(side.name, 0))
            for side in await queries.sides(one.id)
        ],
        pot=Pot(pot.asset, pot.total),
        winners=winners,
    )


def standings_as_data(
    ranked: list[SideStanding] | tuple[SideStanding, ...], points: dict[str, int]
) -> dict[str, Any]:
    """Return standings as JSON: sides in order, and each person's points by code."""
    return {
        "sides": [
            {
                "side": each.side,
                "rank": each.rank,
                "score": str(each.score),
                "members": each.members,
            }
            for each in ranked
        ],
        "people": points,
    }


def result_as_data(
    rule: BattleRule, ended: Outcome, roster: list[RosterMember], points: dict[str, int]
) -> dict[str, Any]:
    """Return an outcome as JSON in the shape of `leitai rehearse`, with how each sum came about."""
    return {
        "state": ended.state,
        **standings_as_data(ended.sides, points),
        "pot": {
            "asset": ended.pot.asset,
            "stakes": ended.pot.stakes,
            "sponsor": ended.pot.sponsor,
            "total": ended.pot.total,
        },
        "winners": list(ended.winners),
        "shares": ended.shares,
        "share": rule.share,
        "payouts": {person: paid for person, paid in ended.payouts.items() if paid},
        "stakes": {each.code: each.stake for each in roster if each.stake},
    }
