"""What a board shows of its challenge, and how far its goal is."""

from collections import Counter
from typing import Final
from uuid import UUID

import msgspec

from game import challenges as rules
from game.challenge_terms import ChallengeRule
from game.challenges import Progress, State
from server.boards import commands as boards
from server.boards import schemas
from server.boards.schemas import Goal, Pot, ShownTask, Side
from server.challenges import queries
from server.challenges.queries import Challenge

BOARD_STATES: Final[dict[State, schemas.State]] = {
    "open": "joining",
    "live": "live",
    "finished": "auditing",
    "paid": "final",
    "missed": "final",
    "void": "void",
}


async def show(one: Challenge, state: State) -> None:
    """Keep the board of a challenge true: its state, its sides with their members, its pool."""
    rule = await queries.rule_of(one)
    heads = Counter(each.side for each in await queries.members(one.id))
    await boards.put_board(
        one.id,
        state=BOARD_STATES[state],
        title=msgspec.to_builtins(rule.title),
        starts=one.starts,
        cut_off=one.ends,
        score="sum",
        best_n=None,
        sides=[Side(name, place, heads[name]) for place, name in enumerate(one.sides, start=1)],
        pot=Pot(one.asset, one.pool),
        has_goal=True,
    )


async def goal(board: UUID) -> Goal | None:
    """Return how far the challenge of a board is; once it is decided, as it was decided."""
    one = await queries.challenge(board)
    rule = await queries.rule_of(one)
    return as_goal(rule, await progress(one, rule))


async def progress(one: Challenge, rule: ChallengeRule) -> Progress:
    """Return how far a challenge is; once it is decided, as it was decided."""
    if one.result is not None:
        return msgspec.convert(one.result["progress"], Progress)
    members = [str(each.person) for each in await queries.members(one.id)]
    return rules.progress(rule, members, await queries.done(one))


def as_goal(rule: ChallengeRule, reached: Progress) -> Goal:
    """Return a progress as frames carry it."""
    tasks = tuple(
        ShownTask(msgspec.to_builtins(task.title), far.done, far.target)
        for task, far in zip(rule.tasks, reached.tasks, strict=True)
    )
    return Goal(tasks, reached.done, reached.total, reached.needed)
