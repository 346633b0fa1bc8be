"""Boards to test with, and the naive fold that says what they must show."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec

from game.battles import Member, Scored, standings
from game.plan_pieces import Title
from game.plan_terms import BattleRule
from server.boards import commands
from server.boards.schemas import Frame, Moment, Pot, Side
from server.kit import db, ids

STARTS = datetime(2026, 11, 22, 1, tzinfo=UTC)
CUT_OFF = datetime(2026, 11, 22, 9, tzinfo=UTC)
TITLE = {"zh-Hans": "擂台"}
KIND = {"zh-Hans": "加微信"}


@dataclass
class Entry:
    """A scored action of the history."""

    person: UUID
    points: int
    received_at: datetime


@dataclass
class Arena:
    """A board, who is on it, and everything that still counts there."""

    id: UUID
    score: str
    best_n: int | None
    side_of: dict[UUID, str]
    names: dict[UUID, str]
    history: list[Entry] = field(default_factory=list)

    @property
    def people(self) -> list[UUID]:
        return list(self.side_of)

    @property
    def side_names(self) -> list[str]:
        return list(dict.fromkeys(self.side_of.values()))

    async def put(self, state: str = "live", winners: Iterable[str] = ()) -> None:
        members = list(self.side_of.values())
        await commands.put_board(
            self.id,
            state=state,  # type: ignore[arg-type]
            title=TITLE,
            starts=STARTS,
            cut_off=CUT_OFF,
            score=self.score,  # type: ignore[arg-type]
            best_n=self.best_n,
            sides=[
                Side(name, place, members.count(name))
                for place, name in enumerate(self.side_names, start=1)
            ],
            pot=Pot("points", 4600),
            winners=winners,
        )

    async def score_points(self, person: UUID, points: int, after: timedelta) -> Entry:
        """Let a person score `after` the start."""
        entry = Entry(person, points, STARTS + after)
        await commands.record(
            self.id, person, points, received_at=entry.received_at,
            moment=Moment(KIND, points, entry.received_at),
        )  # fmt: skip
        self.history.append(entry)
        return entry

    async def strike(self, entry: Entry) -> None:
        """Take an entry back; the moment is decided anew from what is left."""
        self.history.remove(entry)
        left = [each.received_at for each in self.history if each.person == entry.person]
        await commands.record(
            self.id, entry.person, -entry.points, reached_at=max(left, default=STARTS)
        )

    def expected(self) -> dict[str, Any]:
        """What any frame of this board has to say, folded from the history by `game/`."""
        rule = BattleRule(
            id="b", title=Title("b", "b", "b"), sides=None, actions=("k",),
            starts=STARTS, cut_off=CUT_OFF, score=self.score, best_n=self.best_n,  # type: ignore[arg-type]
            tie="first_to_reach", share="equal", stake=None, sponsor=None,
        )  # fmt: skip
        members = [Member(str(person), side, "staff", 0) for person, side in self.side_of.items()]
        scored = [Scored(str(e.person), "k", e.points, e.received_at) for e in self.history]
        return {
            "sides": [
                (side.rank, side.side, str(side.score)) for side in standings(rule, members, scored)
            ],
            "top": [
                (rank, self.names[person], points)
                for rank, (person, points) in enumerate(self.ranked(), start=1)
            ][:10],
        }

    def ranked(self) -> list[tuple[UUID, int]]:
        """Everybody with their points, by a full sort."""
        points = dict.fromkeys(self.side_of, 0)
        reached = dict.fromkeys(self.side_of, STARTS)
        for entry in self.history:
            points[entry.person] += entry.points
            reached[entry.person] = max(reached[entry.person], entry.received_at)

        def place(person: UUID) -> tuple[int, int, str]:
            sooner = (reached[person] - STARTS) // timedelta(milliseconds=1)
            return -points[person], sooner, str(person)

        return [(person, points[person]) for person in sorted(self.side_of, key=place)]


def said(frame: Frame) -> dict[str, Any]:
    """What a frame says of the standings, as `Arena.expected` puts it."""
    return {
        "sides": [(side.rank, side.name, side.score) for side in frame.sides],
        "top": [(row.rank, row.name, row.points) for row in frame.top],
    }


def lasting(frame: Frame) -> dict[str, Any]:
    """All of a frame but for its source and its times: equal wherever it was read."""
    data: dict[str, Any] = msgspec.to_builtins(frame)
    for name in ("epoch", "delayed", "at", "as_of"):
        del data[name]
    return data


async def arena(
    sizes: Iterable[int] = (3, 3), score: str = "sum", best_n: int | None = None
) -> Arena:
    """Open a live board with sides of these sizes, everybody at 0."""
    side_of: dict[UUID, str] = {}
    for number, size in enumerate(sizes, start=1):
        side_of |= {ids.new_id(): f"{number}队" for _ in range(size)}
    names = {person: f"员工{number}" for number, person in enumerate(side_of)}
    await db.execute_many(
        "INSERT INTO person (id, code, name, rank) VALUES ($1, $2, $3, 'staff')",
        [(person, str(person), name) for person, name in names.items()],
    )
    made = Arena(ids.new_id(), score, best_n, side_of, names)
    await made.put()
    await commands.open_standings(made.id, side_of.items())
    return made
