"""What a plan says of honours (F2 to F5, C8), and how it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.periods import SEASONS, Season
from game.plan_pieces import Title, read_kinds, read_title

Who = Literal["employee", "customer", "partner", "team"]
By = Literal["rule", "vote", "decision"]
Of = Literal["points", "actions", "referrals"]
HonourTie = Literal["share", "first_to_reach"]
RewardAsset = Literal["points", "career", "cash"]

WHO: tuple[Who, ...] = ("employee", "customer", "partner", "team")
BY: tuple[By, ...] = ("rule", "vote", "decision")
OF: tuple[Of, ...] = ("points", "actions", "referrals")
TIES: tuple[HonourTie, ...] = ("share", "first_to_reach")
ASSETS: tuple[RewardAsset, ...] = ("points", "career", "cash")

TOP_MAX = 100
CLOSES_AFTER_MAX = 28
"""Days: a month is over before the one that follows it."""

_KEYS = (
    *("title", "story", "period", "who", "by", "top", "least", "closes_after"),
    *("metric", "tie", "reward"),
)


class Metric(msgspec.Struct, frozen=True):
    """What a rule counts: points of kinds, accepted actions of kinds, or referrals rewarded.

    Of a team it is what its members have on average, so that a small team can win.
    """

    of: Of
    kinds: tuple[str, ...]


class HonourReward(msgspec.Struct, frozen=True):
    """What comes with a title: for each winner, or for a whole team, whose members share it.

    Points, career points (C8), or cash in 分; the assets never mix.
    """

    asset: RewardAsset
    amount: int


class HonourRule(msgspec.Struct, frozen=True):
    """A title: for whom, how often, and how it is found; a person always awards it."""

    title: Title
    story: Title
    """What it thanks for, in a sentence."""
    period: Season
    who: Who
    by: By
    top: int
    """How many win."""
    least: int
    """The least score of a rule; how many nominations make a candidate of a vote or decision."""
    closes_after: int
    """Days after the period in which actions are still reviewed, votes cast, people nominated."""
    metric: Metric | None
    tie: HonourTie | None
    """At the last place of a rule: all who are equal win, or whoever got there first."""
    reward: HonourReward | None


def read_honours(reader: Reader, value: object, actions: Collection[str]) -> dict[str, HonourRule]:
    """Return the honours of a plan with these kinds of action, by their ids."""
    return {
        name: _honour(reader, entry, key_path("honours", name), actions)
        for name, entry in reader.table(value, "honours").items()
    }


def _honour(reader: Reader, value: object, path: str, actions: Collection[str]) -> HonourRule:
    table = reader.table(value, path, _KEYS)
    who = reader.one_of(table.get("who", MISSING), f"{path}.who", WHO)
    by = reader.one_of(table.get("by", MISSING), f"{path}.by", BY)
    return HonourRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        story=read_title(reader, table.get("story", MISSING), f"{path}.story"),
        period=reader.one_of(table.get("period", MISSING), f"{path}.period", SEASONS),
        who=who,
        by=by,
        top=reader.whole(table.get("top", 1), f"{path}.top", least=1, most=TOP_MAX),
        least=reader.whole(table.get("least", 1), f"{path}.least", least=1),
        closes_after=reader.whole(
            table.get("closes_after", MISSING),
            f"{path}.closes_after",
            # Who votes needs a day to do it.
            least=1 if by == "vote" else 0,
            most=CLOSES_AFTER_MAX,
        ),
        metric=_metric(reader, table, path, who, actions),
        tie=_tie(reader, table, path),
        reward=_reward(reader, table["reward"], f"{path}.reward", who)
        if "reward" in table
        else None,
    )


def _metric(
    reader: Reader, honour: Mapping[str, object], path: str, who: Who, actions: Collection[str]
) -> Metric | None:
    path = f"{path}.metric"
    if not _is_by_rule(reader, honour, path, "metric"):
        return None
    table = reader.table(honour.get("metric", MISSING), path, ("of", "kinds"))
    of = reader.one_of(table.get("of", MISSING), f"{path}.of", OF)
    if of != "referrals":
        if who in {"customer", "partner"} and table.get("of") in OF:
            reader.fault(f"{path}.of", _('"referrals": only employees report actions'), of)
        return Metric(of, read_kinds(reader, table.get("kinds", MISSING), f"{path}.kinds", actions))
    if "kinds" in table:
        reader.fault(f"{path}.kinds", _("no kinds where referrals count"), table["kinds"])
    return Metric(of, ())


def _tie(reader: Reader, honour: Mapping[str, object], path: str) -> HonourTie | None:
    path = f"{path}.tie"
    if not _is_by_rule(reader, honour, path, "tie"):
        return None
    return reader.one_of(honour.get("tie", MISSING), path, TIES)


def _is_by_rule(reader: Reader, honour: Mapping[str, object], path: str, key: str) -> bool:
    """Tell whether a key that only rules have is to be read; elsewhere it is a fault."""
    if honour.get("by") == "rule":
        return True
    if key in honour and honour.get("by") in BY:
        reader.fault(path, _('this key only with by = "rule"'), honour[key])
    return False


def _reward(reader: Reader, value: object, path: str, who: Who) -> HonourReward:
    table = reader.table(value, path, ("asset", "amount"))
    asset = reader.one_of(table.get("asset", MISSING), f"{path}.asset", ASSETS)
    if asset == "career" and who in {"customer", "partner"}:
        reader.fault(f"{path}.asset", _('"points" or "cash": careers are for employees'), asset)
    return HonourReward(
        asset, reader.whole(table.get("amount", MISSING), f"{path}.amount", least=1)
    )
