"""Honours as they are kept: rounds, who was nominated, what was awarded.

Whoever opted out is in none of these lists (A6): every query says so itself.
"""

from datetime import datetime
from fractions import Fraction
from typing import Any, Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.honour_terms import HonourRule
from game.honours import Span, State
from server.honours import subjects
from server.kit import db
from server.people import limits
from server.plans import queries as plans

SHOWN_MOST: Final = 400


class Round(msgspec.Struct, frozen=True):
    """One period of one honour, under the version of the plan it was opened by."""

    id: UUID
    plan: str
    plan_version: int
    honour: str
    who: str
    starts: datetime
    ends: datetime
    closes: datetime
    state: State
    """As it was frozen; until then the clock decides (`game.honours.due_state`)."""

    @property
    def span(self) -> Span:
        """The round in time."""
        return Span(self.starts, self.ends, self.closes)


ROUND: Final = """SELECT r.id, r.plan, r.plan_version, r.honour, r.who, r.starts, r.ends, r.closes,
r.state FROM honour_round r """


async def round_(id_: UUID) -> Round:
    """Return one round; refused as `honour_unknown`."""
    found = await db.row(Round, f"{ROUND} WHERE r.id = $1", id_)
    if found is None:
        raise RuleViolation("honour_unknown")
    return found


async def running() -> list[Round]:
    """Return the rounds that are not closed, those that close first first."""
    return await db.rows(Round, f"{ROUND} WHERE r.state <> 'closed' ORDER BY r.closes, r.honour")


async def closed(most: int) -> list[Round]:
    """Return the newest rounds whose result stands."""
    return await db.rows(
        Round, f"{ROUND} WHERE r.state = 'closed' ORDER BY r.ends DESC, r.honour LIMIT $1", most
    )


async def awarded_rounds() -> list[Round]:
    """Return the newest rounds in which somebody has a title that may be shown."""
    return await db.rows(
        Round,
        f"{ROUND} WHERE r.state = 'closed' AND EXISTS ({_AWARD} AND a.round = r.id)"
        " ORDER BY r.ends DESC, r.honour LIMIT $1",
        SHOWN_MOST,
    )


async def rule_of(one: Round) -> HonourRule:
    """Return the terms of a round."""
    return (await plans.plan_version(one.plan, one.plan_version)).plan.honours[one.honour]


# --- nominations and votes ------------------------------------------------------------------


class Nomination(msgspec.Struct, frozen=True):
    """What a colleague said for somebody; `by` is "" where the colleague opted out."""

    subject: UUID
    sentence: str
    by: str
    nominator: UUID


async def nominations(one: Round) -> list[Nomination]:
    """Return the nominations of a round, the oldest first."""
    return await db.rows(
        Nomination,
        "SELECT n.subject, n.sentence, n.nominator,"
        " CASE WHEN p.opted_out THEN '' ELSE p.name END AS by"
        " FROM honour_nomination n JOIN person p ON p.id = n.nominator"
        " WHERE n.round = $1 ORDER BY n.at, n.id",
        one.id,
    )


def voter(round_id: UUID, person: UUID) -> str:
    """Return what stands for a person in the votes of a round: nobody can read it back."""
    return limits.counter("honour_vote", f"{round_id}|{person}")


async def vote_of(one: Round, person: UUID) -> UUID | None:
    """Return whom a person voted for, as only they may know."""
    found: UUID | None = await db.value(
        "SELECT subject FROM honour_vote WHERE round = $1 AND voter = $2",
        one.id, voter(one.id, person),
    )  # fmt: skip
    return found


# --- results and awards ---------------------------------------------------------------------


class Frozen(msgspec.Struct, frozen=True):
    """A place of a closed round."""

    subject: UUID
    rank: int
    score: str
    is_top: bool

    @property
    def exact(self) -> Fraction:
        """The score as a number."""
        return Fraction(self.score)


async def top(one: Round) -> list[Frozen]:
    """Return the top of a closed round, the best first; a person awards among these."""
    found = await db.rows(
        Frozen,
        "SELECT subject, rank, score, is_top FROM honour_place"
        " WHERE round = $1 AND is_top ORDER BY rank, subject",
        one.id,
    )
    known = await subjects.known(one.who, [each.subject for each in found])
    return [each for each in found if each.subject in known]


async def place(one: Round, subject: UUID) -> Frozen | None:
    """Return a frozen place; for whoever it belongs to, unless it is at the top."""
    return await db.row(
        Frozen,
        "SELECT subject, rank, score, is_top FROM honour_place WHERE round = $1 AND subject = $2",
        one.id, subject,
    )  # fmt: skip


class Award(msgspec.Struct, frozen=True):
    """A title somebody has; `kind` is the person's, or "team"."""

    id: UUID
    round: UUID
    subject: UUID
    kind: str
    name: str
    unit: str
    rank: int
    score: str
    reason: str
    awarded_by: str
    story: str
    story_by: UUID | None
    shows_story: bool
    shows_name: bool
    people: list[UUID]
    asset: str
    amount: int


_AWARDED: Final = """
SELECT a.id, a.round, a.subject, coalesce(p.kind, 'team') AS kind, coalesce(p.name, t.name) AS name,
  CASE WHEN p.id IS NULL THEN '' ELSE coalesce(u.name, '') END AS unit,
  coalesce(f.rank, 1) AS rank, coalesce(f.score, '0') AS score, a.reason,
  CASE WHEN b.opted_out THEN '' ELSE b.name END AS awarded_by,
  a.story, a.story_by, a.shows_story, a.shows_name,
  ARRAY(SELECT s.person FROM honour_share s WHERE s.award = a.id ORDER BY s.person) AS people,
  coalesce((SELECT min(e.asset) FROM entry e WHERE e.transfer = a.transfer), '') AS asset,
  (SELECT coalesce(sum(s.amount), 0)::bigint FROM honour_share s WHERE s.award = a.id) AS amount
FROM honour_award a JOIN honour_round r ON r.id = a.round JOIN person b ON b.id = a.awarded_by
LEFT JOIN honour_place f ON f.round = a.round AND f.subject = a.subject
LEFT JOIN person p ON r.who <> 'team' AND p.id = a.subject
LEFT JOIN unit u ON u.id = p.unit LEFT JOIN unit t ON r.who = 'team' AND t.id = a.subject
WHERE a.revoked_at IS NULL AND NOT coalesce(p.opted_out, false)
"""
_AWARD: Final = """SELECT FROM honour_award a LEFT JOIN person p ON p.id = a.subject
WHERE a.revoked_at IS NULL AND NOT coalesce(p.opted_out, false)"""


async def awards(rounds: list[UUID]) -> list[Award]:
    """Return the titles of some rounds that may be shown, the best of each round first."""
    return await db.rows(
        Award, f"{_AWARDED} AND a.round = ANY ($1) ORDER BY rank, a.awarded_at, a.id", rounds
    )


async def award(id_: UUID) -> Award:
    """Return one title that somebody has; refused as `honour_unknown`."""
    found = await db.row(Award, f"{_AWARDED} AND a.id = $1", id_)
    if found is None:
        raise RuleViolation("honour_unknown")
    return found


async def awards_of(person: UUID) -> list[Award]:
    """Return the titles a person has, alone or with their team, the newest first."""
    return await db.rows(
        Award,
        f"{_AWARDED} AND EXISTS (SELECT FROM honour_share s WHERE s.award = a.id AND s.person = $1)"
        " ORDER BY a.awarded_at DESC, a.id",
        person,
    )


class Taken(msgspec.Struct, frozen=True):
    """Who has had a title of a round, revoked ones too: nobody gets the same one twice."""

    subject: UUID
    is_revoked: bool


async def taken(one: Round) -> list[Taken]:
    """Return to whom titles of a round went."""
    return await db.rows(
        Taken,
        "SELECT subject, revoked_at IS NOT NULL AS is_revoked FROM honour_award WHERE round = $1",
        one.id,
    )


async def pending(one: Round, kinds: list[str]) -> int:
    """Return how many actions of a round's period wait for a verdict: decided later, they miss it."""
    found: Any = await db.value(
        "SELECT count(*) FROM action WHERE plan = $1 AND kind = ANY ($2) AND outcome = 'pending'"
        " AND received_at >= $3 AND received_at < $4",
        one.plan, kinds, one.starts, one.ends,
    )  # fmt: skip
    return int(found)
