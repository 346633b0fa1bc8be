"""What a plan says of challenges (E7, E8, K7), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from fractions import Fraction
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.periods import PERIODS, Per
from game.plan_pieces import Title, read_kinds, read_title

ChallengeKind = Literal["store_day", "contest", "kick_off"]
Ranking = Literal["person", "side"]
TaskPer = Literal["person", "together"]
PoolShare = Literal["by_points", "equal"]
PoolAsset = Literal["points", "cash"]

CHALLENGE_KINDS: tuple[ChallengeKind, ...] = ("store_day", "contest", "kick_off")
RANKINGS: tuple[Ranking, ...] = ("person", "side")
TASK_PERS: tuple[TaskPer, ...] = ("person", "together")
POOL_SHARES: tuple[PoolShare, ...] = ("by_points", "equal")
POOL_ASSETS: tuple[PoolAsset, ...] = ("points", "cash")
# A ranking tells moments of 49 days apart: see game/ranking.py.
HOURS_MAX = 49 * 24
TARGET_MAX = 1_000_000
POOL_MAX = 10**12

_RULE_KEYS = ("kind", "title", "story", "ranking", "lasts", "often", "tasks", "pool")


class Task(msgspec.Struct, frozen=True):
    """So many accepted actions of these kinds, of each member or of all together."""

    title: Title
    kinds: tuple[str, ...]
    target: int
    per: TaskPer


class Lasts(msgspec.Struct, frozen=True):
    """How long: `hours`, or until the day, week or month ends; a day may end when it `closes`."""

    hours: int | None
    until: Per | None
    closes: time | None


class Often(msgspec.Struct, frozen=True):
    """A store (or the company) runs it `most` times in a period, so that a budget holds."""

    per: Per
    most: int


class Pool(msgspec.Struct, frozen=True):
    """What the company adds (E8), in points or 分, due at `reached_at` (0 to 1) of all steps."""

    asset: PoolAsset
    amount: int
    reached_at: Fraction
    share: PoolShare


class ChallengeRule(msgspec.Struct, frozen=True):
    """The rule of a template of challenges: its task pack and its bonus."""

    kind: ChallengeKind
    title: Title
    story: Title
    ranking: Ranking
    lasts: Lasts
    often: Often
    tasks: tuple[Task, ...]
    pool: Pool | None

    @property
    def actions(self) -> tuple[str, ...]:
        """The kinds of action that count, in the order of the tasks."""
        return tuple(kind for task in self.tasks for kind in task.kinds)


def read_challenges(
    reader: Reader, value: object, worth: Mapping[str, int]
) -> dict[str, ChallengeRule]:
    """Return the challenges of a plan by their ids; `worth` has the points of its kinds."""
    return {
        name: _challenge(reader, entry, key_path("challenges", name), worth)
        for name, entry in reader.table(value, "challenges").items()
    }


def _challenge(reader: Reader, value: object, path: str, worth: Mapping[str, int]) -> ChallengeRule:
    table = reader.table(value, path, _RULE_KEYS)
    kind = reader.one_of(table.get("kind", MISSING), f"{path}.kind", CHALLENGE_KINDS)
    ranking = reader.one_of(table.get("ranking", "person"), f"{path}.ranking", RANKINGS)
    if ranking == "side" and kind == "store_day":
        reader.fault(f"{path}.ranking", _('"person": a day in one store has one side'), ranking)
    return ChallengeRule(
        kind=kind,
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        story=read_title(reader, table.get("story", MISSING), f"{path}.story"),
        ranking=ranking,
        lasts=_lasts(reader, table.get("lasts", MISSING), f"{path}.lasts"),
        often=_often(reader, table.get("often", MISSING), f"{path}.often"),
        tasks=_tasks(reader, table.get("tasks", MISSING), f"{path}.tasks", worth),
        pool=_pool(reader, table["pool"], f"{path}.pool") if "pool" in table else None,
    )


def _lasts(reader: Reader, value: object, path: str) -> Lasts:
    table = reader.table(value, path, ("hours", "until", "closes"))
    if "hours" in table and "until" in table:
        reader.fault(f"{path}.until", _("only one of hours and until"), table["until"])
    hours = until = closes = None
    if "hours" in table:
        hours = reader.whole(table["hours"], f"{path}.hours", least=1, most=HOURS_MAX)
    else:
        until = reader.one_of(table.get("until", MISSING), f"{path}.until", PERIODS)
    if "closes" in table:
        closes = _time_of_day(reader, table["closes"], f"{path}.closes")
        if until != "day":
            reader.fault(f"{path}.closes", _('this key only with until = "day"'), closes)
    return Lasts(hours, until, closes)


def _time_of_day(reader: Reader, value: object, path: str) -> time:
    if isinstance(value, time):
        return value
    reader.fault(path, _("a time of day such as 21:00:00"), value)
    return time()


def _often(reader: Reader, value: object, path: str) -> Often:
    table = reader.table(value, path, ("per", "most"))
    return Often(
        per=reader.one_of(table.get("per", MISSING), f"{path}.per", PERIODS),
        most=reader.whole(table.get("most", MISSING), f"{path}.most", least=1),
    )


def _tasks(reader: Reader, value: object, path: str, worth: Mapping[str, int]) -> tuple[Task, ...]:
    entries = [] if value is MISSING else reader.tables(value, path)
    if not entries and (value is MISSING or isinstance(value, list)):
        reader.fault(path, _("at least one task"), value)
    tasks = tuple(
        _task(reader, entry, f"{path}[{place}]", worth) for place, entry in enumerate(entries)
    )
    for place, task in enumerate(tasks):
        earlier = {kind for other in tasks[:place] for kind in other.kinds}
        for number, kind in enumerate(task.kinds):
            where = f"{path}[{place}].kinds[{number}]"
            if kind in earlier:
                reader.fault(where, _("a kind that no other task counts"), kind)
            # Only a change of points moves a board.
            elif worth.get(kind) == 0:
                reader.fault(where, _("a kind that is worth points"), kind)
    return tasks


def _task(reader: Reader, value: object, path: str, worth: Mapping[str, int]) -> Task:
    table = reader.table(value, path, ("title", "kinds", "target", "per"))
    return Task(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        kinds=read_kinds(reader, table.get("kinds", MISSING), f"{path}.kinds", worth),
        target=reader.whole(
            table.get("target", MISSING), f"{path}.target", least=1, most=TARGET_MAX
        ),
        per=reader.one_of(table.get("per", MISSING), f"{path}.per", TASK_PERS),
    )


def _pool(reader: Reader, value: object, path: str) -> Pool:
    table = reader.table(value, path, ("asset", "amount", "reached_at", "share"))
    reached_at = reader.times(table.get("reached_at", 1), f"{path}.reached_at")
    if reached_at > 1:
        reader.fault(f"{path}.reached_at", _("1 or a part of it"), table["reached_at"])
    return Pool(
        asset=reader.one_of(table.get("asset", MISSING), f"{path}.asset", POOL_ASSETS),
        amount=reader.whole(table.get("amount", MISSING), f"{path}.amount", least=1, most=POOL_MAX),
        reached_at=reached_at,
        share=reader.one_of(table.get("share", MISSING), f"{path}.share", POOL_SHARES),
    )
