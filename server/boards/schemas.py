"""What a board is made of, and the frame a phone gets."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

State = Literal["joining", "live", "auditing", "final", "void"]
Score = Literal["sum", "per_head", "best_n"]
Effect = Literal["took_lead", "widened", "narrowed", "moved"]

PROJECTED: frozenset[State] = frozenset({"live", "auditing"})
"""While a board is in one of these states it is shown from Redis; else straight from SQL."""
TOP = 10
MOMENTS = 5


class Side(msgspec.Struct, frozen=True):
    """A side as its board names it; `place` (from 1) fixes its colour and shape."""

    name: str
    place: int
    members: int = 0


class Pot(msgspec.Struct, frozen=True):
    """What is at stake, in points or 分."""

    asset: str | None
    total: int


class Board(msgspec.Struct, frozen=True):
    """The row around the standings; `version` grows with each change of it."""

    id: UUID
    state: State
    title: dict[str, str]
    starts: datetime
    cut_off: datetime
    score: Score
    best_n: int | None
    sides: tuple[Side, ...]
    pot: Pot
    winners: tuple[str, ...]
    version: int
    has_goal: bool = False

    @property
    def is_projected(self) -> bool:
        """Whether its ranking is kept in Redis now."""
        return self.state in PROJECTED


class Moment(msgspec.Struct, frozen=True):
    """What to tell about a score: the kind by locale, its points, when it was received."""

    kind_title: dict[str, str]
    points: int
    at: datetime


class ShownSide(msgspec.Struct, frozen=True):
    """A side on a frame: `score` exact ("609", "7/2"), `shown` for eyes ("609", "3.5")."""

    name: str
    place: int
    rank: int
    score: str
    shown: str
    members: int


class ShownPerson(msgspec.Struct, frozen=True):
    """One of the top rows; `rank` over all sides."""

    name: str
    side: str
    points: int
    rank: int


class ShownMoment(msgspec.Struct, frozen=True):
    """Who moved the board, and what it did to the lead."""

    name: str
    side: str
    kind_title: dict[str, str]
    points: int
    effect: Effect
    at: datetime


class ShownTask(msgspec.Struct, frozen=True):
    """One task of a goal, by locale: so many of so many steps."""

    title: dict[str, str]
    done: int
    target: int


class Goal(msgspec.Struct, frozen=True):
    """What everybody on a board works for: at `needed` of its `total` steps it is reached."""

    tasks: tuple[ShownTask, ...]
    done: int
    total: int
    needed: int


class Frame(msgspec.Struct, frozen=True, tag_field="t", tag="frame"):
    """A whole board in one small message; within an epoch the version never goes back."""

    board: UUID
    epoch: str
    version: int
    state: State
    delayed: bool
    at: datetime
    as_of: datetime
    starts: datetime
    cut_off: datetime
    title: dict[str, str]
    sides: tuple[ShownSide, ...]
    top: tuple[ShownPerson, ...]
    moment: ShownMoment | None
    moments: tuple[ShownMoment, ...]
    pot: Pot
    winners: tuple[str, ...]
    goal: Goal | None = None


class Chase(msgspec.Struct, frozen=True):
    """The one above me on my side (no name once opted out), and the points that pass them."""

    points: int
    name: str | None


class First(msgspec.Struct, frozen=True):
    """The fewest points that make me first of my side."""

    points: int


class Me(msgspec.Struct, frozen=True):
    """Where the caller stands: ranks from 1, on their side and over all."""

    side: str
    side_rank: int
    rank: int
    points: int
    chase: Chase | None
    first: First | None
