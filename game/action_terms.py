"""What a plan says of one kind of action (C1 to C4), and how it is read."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import msgspec

from game.faults import MISSING, Reader
from game.periods import PERIODS, Per
from game.plan_pieces import Title, read_title

Mode = Literal["direct", "handed_over"]
MODES: tuple[Mode, ...] = ("direct", "handed_over")
"""Brought about alone, or found and handed over to those who do (C3)."""

DAYS_MAX = 999_999_999
PEOPLE_MAX = 20
ON_THE_JOB_MAX = 366

_KEYS = ("title", "points", "handed_over", "cap", "once_per_customer", "home", "needs")


class Cap(msgspec.Struct, frozen=True):
    """Only the first `most` received of a person, per day, ISO week or month, may score."""

    per: Per
    most: int


class Quota(msgspec.Struct, frozen=True):
    """What somebody owes anyway, per day, ISO week or month; 0: nothing."""

    per: Per
    most: int


class Home(msgspec.Struct, frozen=True):
    """Whose daily work a kind is: they score only past their quota (A3, C4)."""

    unit: str
    """The name of a unit, or the end of its path; whatever lies below it belongs to it."""
    quota: Quota

    def has(self, path: str) -> bool:
        """Tell whether somebody of the unit at `path` is at home here."""
        parts = "/".join(part.strip() for part in path.split("/"))
        return f"/{self.unit}/" in f"/{parts}/"


class Needs(msgspec.Struct, frozen=True):
    """So many people whom an action names started work so many days before it came (C2)."""

    people: int
    days: int

    @property
    def span(self) -> timedelta:
        """The days as a time."""
        return timedelta(days=self.days)


class ActionRule(msgspec.Struct, frozen=True):
    """One kind of action (C1): its points, and what keeps it from scoring (again)."""

    title: Title
    points: int
    cap: Cap | None
    once_per_customer: int | None
    """Days of 24 h in which the same customer scores once for this kind (D6)."""
    handed_over: int | None = None
    """What it scores where it was handed over (C3); None: the same."""
    home: Home | None = None
    needs: Needs | None = None

    def worth(self, mode: Mode) -> int:
        """Return the points of this kind for how it came about, before multipliers."""
        if mode == "handed_over" and self.handed_over is not None:
            return self.handed_over
        return self.points


def read_action(reader: Reader, value: object, path: str) -> ActionRule:
    """Return one kind of action, its faults named by their paths."""
    table = reader.table(value, path, _KEYS)
    once, handed_over = table.get("once_per_customer"), table.get("handed_over")
    return ActionRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        points=reader.whole(table.get("points", MISSING), f"{path}.points"),
        cap=_cap(reader, table["cap"], f"{path}.cap") if "cap" in table else None,
        once_per_customer=None
        if once is None
        else reader.whole(once, f"{path}.once_per_customer", least=1, most=DAYS_MAX),
        handed_over=None
        if handed_over is None
        else reader.whole(handed_over, f"{path}.handed_over"),
        home=_home(reader, table["home"], f"{path}.home") if "home" in table else None,
        needs=_needs(reader, table["needs"], f"{path}.needs") if "needs" in table else None,
    )


def _cap(reader: Reader, value: object, path: str) -> Cap:
    table = reader.table(value, path, ("per", "most"))
    return Cap(
        per=reader.one_of(table.get("per", MISSING), f"{path}.per", PERIODS),
        most=reader.whole(table.get("most", MISSING), f"{path}.most", least=1),
    )


def _home(reader: Reader, value: object, path: str) -> Home:
    table = reader.table(value, path, ("unit", "quota"))
    where = f"{path}.quota"
    quota = reader.table(table.get("quota", MISSING), where, ("per", "most"))
    return Home(
        unit=reader.name(table.get("unit", MISSING), f"{path}.unit"),
        quota=Quota(
            per=reader.one_of(quota.get("per", MISSING), f"{where}.per", PERIODS),
            most=reader.whole(quota.get("most", MISSING), f"{where}.most"),
        ),
    )


def _needs(reader: Reader, value: object, path: str) -> Needs:
    table = reader.table(value, path, ("people", "days"))
    return Needs(
        people=reader.whole(table.get("people", MISSING), f"{path}.people", 1, PEOPLE_MAX),
        days=reader.whole(table.get("days", MISSING), f"{path}.days", 0, ON_THE_JOB_MAX),
    )
