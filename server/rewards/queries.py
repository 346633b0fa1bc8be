"""What is known of rewards, redemptions and suggestions: reads only."""

from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from game import rewards as rules
from game.errors import RuleViolation
from game.plan_terms import Rank
from game.rewards import Eligibility, Limit, LimitPer, Redeemer, RewardKind, State, Way
from server.config import settings
from server.kit import db
from server.ledger import queries as ledger
from server.people.auth import Caller

Titles = dict[str, str]
"""Words by locale; those that were not written are missing."""


class Reward(msgspec.Struct, frozen=True):
    """A reward of the catalogue; `stock` None is unlimited, 0 is sold out."""

    id: UUID
    kind: RewardKind
    title: Titles
    about: Titles
    points: int
    stock: int | None
    low_stock: int | None
    restocked: int
    limit_most: int | None
    limit_per: LimitPer | None
    units: list[str]
    ranks: list[Rank]
    keeps_days: int
    coupon_plan: str | None
    coupon_rule: str | None
    picture: UUID | None
    archived_at: datetime | None

    @property
    def way(self) -> Way:
        """How it is fulfilled."""
        return rules.WAYS[self.kind]

    @property
    def limit(self) -> Limit | None:
        """How often one person may have it."""
        if self.limit_most is None or self.limit_per is None:
            return None
        return Limit(self.limit_most, self.limit_per)

    @property
    def terms(self) -> rules.Reward:
        """What redeeming it depends on."""
        return rules.Reward(
            points=self.points,
            stock=self.stock,
            limit=self.limit,
            eligibility=Eligibility(tuple(self.units), tuple(self.ranks)),
            is_archived=self.archived_at is not None,
        )


_REWARD: Final = """
SELECT id, kind, title, about, points, stock, low_stock, restocked, limit_most, limit_per, units,
  ranks, keeps_days, coupon_plan, coupon_rule, picture, archived_at FROM reward
"""


async def reward(id_: UUID) -> Reward:
    """Return one reward, archived or not; refused as `reward_unknown`."""
    found = await db.row(Reward, f"{_REWARD} WHERE id = $1", id_)
    if found is None:
        raise RuleViolation("reward_unknown")
    return found


async def rewards(*, archived: bool = False) -> list[Reward]:
    """Return the catalogue, cheapest first, or what left it, newest first."""
    chosen = "archived_at IS NOT NULL ORDER BY archived_at DESC, id"
    if not archived:
        chosen = "archived_at IS NULL ORDER BY points, created_at, id"
    return await db.rows(Reward, f"{_REWARD} WHERE {chosen}")


async def picture(id_: UUID) -> bytes:
    """Return one picture as JPEG; refused as `not_found`."""
    body: bytes | None = await db.value("SELECT body FROM reward_picture WHERE id = $1", id_)
    if body is None:
        raise RuleViolation("not_found")
    return body


class Standing(msgspec.Struct, frozen=True):
    """Who somebody is and has, as far as rewards ask: `taken` is when each reward was redeemed."""

    kind: Literal["employee", "customer", "partner"]
    rank: str
    unit: str
    available: int
    taken: dict[UUID, list[datetime]]

    def redeemer(self, one: Reward, now: datetime) -> Redeemer:
        """Return them as the rules see them for one reward."""
        limit, redeemed = one.limit, 0
        if limit is not None:
            start, end = rules.limit_window(limit.per, now, ZoneInfo(settings().company_timezone))
            redeemed = sum(start <= at < end for at in self.taken.get(one.id, []))
        return Redeemer(self.kind, self.rank, self.unit, self.available, redeemed)


class _Person(msgspec.Struct, frozen=True):
    kind: Literal["employee", "customer", "partner"]
    rank: str
    unit: str


class _Taken(msgspec.Struct, frozen=True):
    reward: UUID
    redeemed_at: datetime


async def standing(person: UUID) -> Standing:
    """Return what rewards ask of a person; refused as `person_unknown`."""
    found = await db.row(
        _Person,
        "SELECT p.kind, coalesce(p.rank, '') AS rank, coalesce(u.path, '') AS unit"
        " FROM person p LEFT JOIN unit u ON u.id = p.unit WHERE p.id = $1",
        person,
    )
    if found is None:
        raise RuleViolation("person_unknown")
    taken: dict[UUID, list[datetime]] = {}
    for each in await db.rows(
        _Taken,
        "SELECT reward, redeemed_at FROM redemption"
        " WHERE person = $1 AND state IN ('waiting', 'fulfilled')",
        person,
    ):
        taken.setdefault(each.reward, []).append(each.redeemed_at)
    available = await ledger.available(person, "points")
    return Standing(found.kind, found.rank, found.unit, available, taken)


class Redemption(msgspec.Struct, frozen=True):
    """A redemption; kind, title and points are the reward's of that moment."""

    id: UUID
    reward: UUID
    person: UUID
    person_name: str
    person_unit: str
    kind: RewardKind
    title: Titles
    points: int
    took_stock: bool
    note: str
    code: str
    state: State
    redeemed_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    ended_by_name: str | None
    reason: str
    coupon: UUID | None
    picture: UUID | None

    @property
    def way(self) -> Way:
        """How it is fulfilled."""
        return rules.WAYS[self.kind]

    @property
    def last_moment(self) -> datetime:
        """Return the last second it is kept for, as people name it: 23:59 of a day."""
        return self.expires_at - timedelta(seconds=1)

    def state_at(self, now: datetime) -> State:
        """Return its state at a moment: what the sweep has not reached yet is expired too."""
        is_over = self.state == "waiting" and self.expires_at <= now
        return "expired" if is_over else self.state


_REDEMPTION: Final = """
SELECT r.id, r.reward, r.person, p.name AS person_name, coalesce(u.path, '') AS person_unit, r.kind,
  r.title, r.points, r.took_stock, r.note, r.code, r.state, r.redeemed_at, r.expires_at,
  r.ended_at, e.name AS ended_by_name, r.reason, r.coupon, w.picture
FROM redemption r JOIN reward w ON w.id = r.reward JOIN person p ON p.id = r.person
LEFT JOIN unit u ON u.id = p.unit LEFT JOIN person e ON e.id = r.ended_by
"""
# What operations decide on: not their own, and nothing that is picked up.
_TO_DECIDE: Final = (
    "r.state = 'waiting' AND r.person <> $1 AND r.kind IN ('leave', 'training', 'service')"
    " AND r.expires_at > leitai_clock()"
)


async def redemption(id_: UUID) -> Redemption:
    """Return one redemption; refused as `redemption_unknown`."""
    found = await db.row(Redemption, f"{_REDEMPTION} WHERE r.id = $1", id_)
    if found is None:
        raise RuleViolation("redemption_unknown")
    return found


async def own_redemption(id_: UUID, caller: Caller) -> Redemption:
    """Return a redemption of the caller's own; anybody else's is `redemption_unknown`."""
    found = await redemption(id_)
    if found.person != caller.id:
        raise RuleViolation("redemption_unknown")
    return found


async def by_code(code: str) -> Redemption:
    """Return the redemption of a pick-up code; refused as `redemption_unknown`."""
    found = await db.row(Redemption, f"{_REDEMPTION} WHERE r.code = $1", code)
    if found is None:
        raise RuleViolation("redemption_unknown")
    return found


async def redemptions_of(person: UUID, limit: int = 100) -> list[Redemption]:
    """Return a person's redemptions: those that wait first, then the newest."""
    return await db.rows(
        Redemption,
        f"{_REDEMPTION} WHERE r.person = $1"
        " ORDER BY r.state <> 'waiting', r.redeemed_at DESC, r.id LIMIT $2",
        person, limit,
    )  # fmt: skip


async def to_decide(by: UUID, limit: int = 50) -> list[Redemption]:
    """Return what waits for a decision of operations, the oldest first."""
    return await db.rows(
        Redemption,
        f"{_REDEMPTION} WHERE {_TO_DECIDE} ORDER BY r.redeemed_at, r.id LIMIT $2",
        by, limit,
    )  # fmt: skip


async def waiting_count(by: UUID) -> int:
    """Return how many redemptions wait for a decision of this colleague of operations."""
    return int(await db.value(f"SELECT count(*) FROM redemption r WHERE {_TO_DECIDE}", by))


async def at_counter() -> int:
    """Return how many redemptions wait to be picked up, at whatever counter."""
    return int(
        await db.value(
            "SELECT count(*) FROM redemption WHERE state = 'waiting' AND kind = 'gift'"
            " AND expires_at > leitai_clock()"
        )
    )


async def waiting_of(person: UUID) -> int:
    """Return how many redemptions of a person are not handed over yet."""
    return int(
        await db.value(
            "SELECT count(*) FROM redemption WHERE person = $1 AND state = 'waiting'", person
        )
    )


async def overdue() -> list[UUID]:
    """Return the redemptions that waited too long, the oldest first."""
    return await db.column(
        "SELECT id FROM redemption WHERE state = 'waiting' AND expires_at <= leitai_clock()"
        " ORDER BY expires_at LIMIT 1000"
    )


class Suggestion(msgspec.Struct, frozen=True):
    """A reward that a colleague would like."""

    id: UUID
    person: UUID
    person_name: str
    title: str
    why: str
    state: Literal["open", "taken", "declined"]
    answer: str
    answered_by_name: str | None
    reward: UUID | None
    made_at: datetime


_SUGGESTION: Final = """
SELECT s.id, s.person, p.name AS person_name, s.title, s.why, s.state, s.answer,
  a.name AS answered_by_name, s.reward, s.made_at
FROM reward_suggestion s JOIN person p ON p.id = s.person LEFT JOIN person a ON a.id = s.answered_by
"""


async def suggestion(id_: UUID) -> Suggestion:
    """Return one suggestion; refused as `suggestion_unknown`."""
    found = await db.row(Suggestion, f"{_SUGGESTION} WHERE s.id = $1", id_)
    if found is None:
        raise RuleViolation("suggestion_unknown")
    return found


async def suggestions_of(person: UUID) -> list[Suggestion]:
    """Return a person's suggestions, newest first."""
    return await db.rows(
        Suggestion, f"{_SUGGESTION} WHERE s.person = $1 ORDER BY s.made_at DESC, s.id", person
    )


async def open_suggestions() -> list[Suggestion]:
    """Return what waits for an answer, the oldest first."""
    return await db.rows(
        Suggestion, f"{_SUGGESTION} WHERE s.state = 'open' ORDER BY s.made_at, s.id LIMIT 100"
    )


async def units() -> list[str]:
    """Return the paths of all units, for whom a reward may be."""
    return await db.column("SELECT path FROM unit ORDER BY path")


async def operations() -> list[UUID]:
    """Return who decides on redemptions and is told of low stock."""
    return await db.column(
        "SELECT p.id FROM person p JOIN person_role r ON r.person = p.id"
        " WHERE r.role = 'operations' AND p.active ORDER BY p.id"
    )


def as_facts(one: Redemption) -> dict[str, Any]:
    """Return a redemption as JSON of the API."""
    return {
        "id": str(one.id),
        "reward": str(one.reward),
        "kind": one.kind,
        "title": one.title,
        "points": one.points,
        "state": one.state,
        "code": one.code if one.way == "scan" else "",
        "redeemed_at": one.redeemed_at.isoformat(),
        "expires_at": one.expires_at.isoformat(),
        "reason": one.reason,
        "coupon": str(one.coupon) if one.coupon else None,
    }
