"""A frame: the whole board in one small message, the same from Redis as from SQL."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from fractions import Fraction
from uuid import UUID

import msgspec
from redis.exceptions import ResponseError

from game.errors import RuleViolation
from game.ranking import Standing, order, points_to_pass
from server.boards import goals, queries
from server.boards.queries import Finish, Named
from server.boards.readings import Around, Reading, Tally, Told, score_of
from server.boards.schemas import (
    MOMENTS,
    TOP,
    Board,
    Chase,
    Effect,
    First,
    Frame,
    Me,
    ShownMoment,
    ShownPerson,
    ShownSide,
)
from server.boards.view import SPARE, View
from server.kit.redis import RedisAwayError

EMPTY = Tally(0, None)
# Away, or somebody has put there what is no ranking: the auditor mends it.
UNREADABLE = (RedisAwayError, ResponseError)


class Frames:
    """Reads boards: from Redis while they move, from SQL otherwise or when Redis is away."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._open: dict[UUID, Board] = {}

    async def frame(self, board_id: UUID) -> Frame:
        """Return the frame of a board as it is now; refused as `not_found` without one."""
        # What a board ranks by is fixed once it is live, so a row read before will do for Redis.
        board = self._open.get(board_id) or await _known(board_id)
        reading = await self._from_redis(board) if board.is_projected else None
        if reading is not None:
            finish = await _finished(board_id, reading)
            if finish.board.is_projected:
                self._open[board_id] = finish.board
                return await _with_goal(assemble(finish, reading, delayed=False), finish.board)
        self._open.pop(board_id, None)
        reading = await queries.reading(board, TOP + SPARE)
        finish = await _finished(board_id, reading)
        frame = assemble(finish, reading, delayed=finish.board.is_projected)
        return await _with_goal(frame, finish.board)

    async def me(self, board_id: UUID, person: UUID) -> Me | None:
        """Return where a person stands; None where they have no standing."""
        board = await _known(board_id)
        side = await queries.side_of(board_id, person)
        if side is None:
            return None
        around = await self._around(board, side, person)
        if around is None:
            return None
        name = await queries.name_of(around.above) if around.above else None
        return _me(side, around, name)

    async def _from_redis(self, board: Board) -> Reading | None:
        try:
            return await self._view.read(board)
        except UNREADABLE:
            return None

    async def _around(self, board: Board, side: str, person: UUID) -> Around | None:
        if board.is_projected:
            try:
                found = await self._view.around(board, side, person)
            except UNREADABLE:
                found = None
            if found is not None:
                return found
        return await queries.around(board.id, person)


def assemble(finish: Finish, reading: Reading, *, delayed: bool) -> Frame:
    """Make the frame of one reading: the only place where a board's figures are put in order."""
    board = finish.board
    moments = _moments(board, reading, finish.named)
    return Frame(
        board=board.id,
        epoch=reading.epoch,
        version=reading.version + board.version,
        state=board.state,
        delayed=delayed,
        at=finish.at,
        as_of=reading.as_of,
        starts=board.starts,
        cut_off=board.cut_off,
        title=board.title,
        sides=_sides(board, reading.tallies),
        top=_top(reading, finish.named),
        moment=moments[0] if moments else None,
        moments=moments,
        pot=board.pot,
        winners=board.winners,
    )


async def _with_goal(frame: Frame, board: Board) -> Frame:
    """Add how far the goal is, read after the standings: never older than they are."""
    if not board.has_goal:
        return frame
    return msgspec.structs.replace(frame, goal=await goals.goal_of(board.id))


async def _known(board_id: UUID) -> Board:
    board = await queries.board(board_id)
    if board is None:
        raise RuleViolation("not_found")
    return board


async def _finished(board_id: UUID, reading: Reading) -> Finish:
    people = {ranked.person for ranked in reading.top} | {told.person for told in reading.moments}
    finish = await queries.finish(board_id, people)
    if finish is None:
        raise RuleViolation("not_found")
    return finish


def _sides(board: Board, tallies: Mapping[str, Tally]) -> tuple[ShownSide, ...]:
    """The sides in order; one without members does not compete and comes last.

    Before the start nobody is ahead: they stand in the order of their places.
    """
    sides = {side.name: side for side in board.sides}
    if board.state == "joining":
        ordered = sorted(_ordered(board, tallies), key=lambda each: sides[each.name].place)
    else:
        ordered = sorted(_ordered(board, tallies), key=lambda each: sides[each.name].members == 0)
    return tuple(
        ShownSide(
            name=standing.name,
            place=sides[standing.name].place,
            rank=rank,
            score=str(standing.score),
            shown=shown(standing.score),
            members=sides[standing.name].members,
        )
        for rank, standing in enumerate(ordered, start=1)
    )


def _ordered(board: Board, tallies: Mapping[str, Tally]) -> list[Standing]:
    found = []
    for side in board.sides:
        score, reached = score_of(board, side, tallies.get(side.name, EMPTY))
        found.append(Standing(side.name, score, _moment(board.starts, reached)))
    return order(found)


def _moment(starts: datetime, reached: int | None) -> datetime | None:
    return None if reached is None else starts + timedelta(microseconds=reached)


def shown(score: Fraction) -> str:
    """Write a score for eyes: whole, or with at most two decimals, never rounded up."""
    hundredths = score.numerator * 100 // score.denominator
    whole, rest = divmod(hundredths, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")


def _top(reading: Reading, named: Mapping[UUID, Named]) -> tuple[ShownPerson, ...]:
    rows = (
        ShownPerson(who.name, who.side, ranked.points, ranked.rank)
        for ranked in reading.top
        if (who := named.get(ranked.person))
    )
    return tuple(row for row, _ in zip(rows, range(TOP), strict=False))


def _moments(
    board: Board, reading: Reading, named: Mapping[UUID, Named]
) -> tuple[ShownMoment, ...]:
    """The latest moments, newest first, each with what it did to the lead.

    The board before a moment is the board after it with the moment's points taken back.
    """
    tallies, after = dict(reading.tallies), _lead(board, reading.tallies)
    found = []
    for told in reading.moments[:MOMENTS]:
        tallies[told.side] = _taken_back(tallies.get(told.side, EMPTY), told)
        before = _lead(board, tallies)
        who = named.get(told.person)
        # A strike moves the board too, but nobody is put on show for one.
        if who and told.points > 0:
            effect = _effect(told.side, before, after)
            found.append(
                ShownMoment(who.name, told.side, told.kind_title, told.points, effect, told.at)
            )
        after = before
    return tuple(found)


def _taken_back(tally: Tally, told: Told) -> Tally:
    best = tuple(
        msgspec.structs.replace(each, points=max(0, each.points - told.points))
        if each.person == told.person
        else each
        for each in tally.best
    )
    # When the side moved before this is not known, and only a dead heat asks for it.
    return msgspec.structs.replace(tally, total=max(0, tally.total - told.points), best=best)


def _lead(board: Board, tallies: Mapping[str, Tally]) -> tuple[str, Fraction]:
    """Who is first, and how far ahead of the second."""
    ordered = _ordered(board, tallies)
    if not ordered:
        return "", Fraction(0)
    second = ordered[1].score if len(ordered) > 1 else Fraction(0)
    return ordered[0].name, ordered[0].score - second


def _effect(side: str, before: tuple[str, Fraction], after: tuple[str, Fraction]) -> Effect:
    if side == after[0]:
        # At nil all nobody leads, so the first points take the lead.
        if side != before[0] or before[1] == 0 < after[1]:
            return "took_lead"
        return "widened" if after[1] > before[1] else "moved"
    return "narrowed" if after[1] < before[1] else "moved"


def _me(side: str, around: Around, name: str | None) -> Me:
    if around.above is None:
        return Me(side, around.side_rank, around.rank, around.points, None, None)
    return Me(
        side=side,
        side_rank=around.side_rank,
        rank=around.rank,
        points=around.points,
        chase=Chase(_to_pass(around.points, around.above_points), name),
        first=First(_to_pass(around.points, around.first_points)),
    )


def _to_pass(mine: int, theirs: int) -> int:
    return points_to_pass(Fraction(mine), Fraction(theirs))


def encoded(frame: Frame) -> bytes:
    """Encode a frame, once for everybody who gets it."""
    return msgspec.json.encode(frame)
