"""What a plan says of badges (F1), and how it is read."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.periods import Per
from game.plan_pieces import Title, read_kinds, read_title

Tier = Literal["bronze", "silver", "gold"]
TIERS: tuple[Tier, ...] = ("bronze", "silver", "gold")

By = Literal[
    "actions",
    "points",
    "kinds",
    "streak",
    "first",
    "battles_won",
    "challenges_finished",
    "referrals_rewarded",
    "rewards_redeemed",
]
BYS: tuple[By, ...] = (
    *("actions", "points", "kinds", "streak", "first"),
    *("battles_won", "challenges_finished", "referrals_rewarded", "rewards_redeemed"),
)
OF_ACTIONS: tuple[By, ...] = ("actions", "points", "kinds", "streak", "first")
"""What is counted over accepted actions, of the kinds that the rule names."""

BadgePer = Literal["ever", "day", "week", "month"]
STREAK_PERS: tuple[BadgePer, ...] = ("day", "week")
FIRST_PERS: tuple[BadgePer, ...] = ("ever", "day", "week", "month")

ARTS: tuple[str, ...] = (
    *("abacus", "banner", "bridge", "drop", "drum", "eaves", "fan", "gong", "gourd", "knot"),
    *("lantern", "lens", "moon", "mountain", "ripple", "scroll", "slips", "sprout"),
    *("stroke", "tea"),
)
"""The drawings there are; the face has one of each name."""

GRACE_MAX = 366
COUNT_MAX = 1_000_000_000

_BADGE_ID = re.compile(r"[a-z0-9_-]{1,40}", re.ASCII)
_KEYS = ("title", "story", "art", "by", "actions", "per", "grace", "tiers")


class BadgeRule(msgspec.Struct, frozen=True):
    """The rule of a badge: what is counted (`by`), and from which count on each tier is reached.

    - `actions`: accepted actions of these kinds; `points`: what they scored together;
      `kinds`: how many different kinds among them.
    - `streak`: days or weeks (`per`) in a row with one of these actions; up to `grace` empty
      ones in a row don't break it, and don't count.
    - `first`: how often a person's action was the first of these kinds in the company, ever or
      in its day, week or month (`per`).
    - the others: battles whose pot the person's side took, challenges finished, referrals
      rewarded, rewards handed out, wherever in the company.
    """

    title: Title
    story: Title
    """How it is earned, in one sentence."""
    art: str
    by: By
    actions: tuple[str, ...]
    """Kinds of action of this plan; all of them where the document names none."""
    per: BadgePer
    grace: int
    tiers: dict[Tier, int]
    """From which count on, in ascending order; not every tier need be there."""


def read_badges(
    reader: Reader, value: object, actions: Collection[str] = ()
) -> dict[str, BadgeRule]:
    """Return the badges of a plan by their ids; `actions` are the plan's kinds."""
    badges = {}
    for name, entry in reader.table(value, "badges").items():
        path = key_path("badges", name)
        if not _BADGE_ID.fullmatch(name):
            reader.fault(path, _("an id of a-z, 0-9, _ and -, at most 40"), name)
        badges[name] = _badge(reader, entry, path, actions)
    return badges


def _badge(reader: Reader, value: object, path: str, actions: Collection[str]) -> BadgeRule:
    table: Mapping[str, object] = reader.table(value, path, _KEYS)
    by = reader.one_of(table.get("by", MISSING), f"{path}.by", BYS)
    return BadgeRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        story=read_title(reader, table.get("story", MISSING), f"{path}.story"),
        art=reader.one_of(table.get("art", MISSING), f"{path}.art", ARTS),
        by=by,
        actions=_actions(reader, table, path, by, actions),
        per=_per(reader, table, path, by),
        grace=_grace(reader, table, path, by),
        tiers=_tiers(reader, table.get("tiers", MISSING), f"{path}.tiers"),
    )


def _only_with(
    reader: Reader, table: Mapping[str, object], path: str, key: str, fitting: tuple[By, ...]
) -> None:
    """Note a key that says nothing for what is counted."""
    if key in table and table.get("by") in BYS:
        sentence = _("this key only with by = %(fitting)s")
        reader.fault(f"{path}.{key}", sentence, table[key], fitting=", ".join(fitting))


def _actions(
    reader: Reader, table: Mapping[str, object], path: str, by: By, actions: Collection[str]
) -> tuple[str, ...]:
    if by not in OF_ACTIONS:
        _only_with(reader, table, path, "actions", OF_ACTIONS)
        return ()
    if "actions" not in table:
        return tuple(actions)
    return read_kinds(reader, table["actions"], f"{path}.actions", actions)


def _per(reader: Reader, table: Mapping[str, object], path: str, by: By) -> BadgePer:
    if by == "streak":
        return reader.one_of(table.get("per", MISSING), f"{path}.per", STREAK_PERS)
    if by == "first":
        return reader.one_of(table.get("per", MISSING), f"{path}.per", FIRST_PERS)
    _only_with(reader, table, path, "per", ("streak", "first"))
    return "ever"


def _grace(reader: Reader, table: Mapping[str, object], path: str, by: By) -> int:
    if by == "streak":
        return reader.whole(table.get("grace", 0), f"{path}.grace", most=GRACE_MAX)
    _only_with(reader, table, path, "grace", ("streak",))
    return 0


def _tiers(reader: Reader, value: object, path: str) -> dict[Tier, int]:
    table = reader.table(value, path, TIERS)
    before = 0
    tiers: dict[Tier, int] = {}
    for tier in TIERS:
        if tier in table:
            least = before + 1
            count = reader.whole(table[tier], f"{path}.{tier}", least=least, most=COUNT_MAX)
            tiers[tier] = before = count
    if not tiers and isinstance(value, dict):
        reader.fault(path, _("at least one of %(choices)s"), value, choices=", ".join(TIERS))
    return tiers


def period_of(rule: BadgeRule) -> Per | None:
    """Return in which period a rule looks, None where in all the time there is."""
    return None if rule.per == "ever" else rule.per
