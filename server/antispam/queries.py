"""What waits in the review queue, and how similar cases were decided: reads only."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from game.antispam import Outcome, Reason
from game.errors import RuleViolation
from server.kit import db

PAGE: Final = 30
PRECEDENTS_SHOWN: Final = 3
ALIKE_MOST: Final = 50
"""As many more are decided at once at most."""

COLUMNS: Final = (
    "v.id, v.subject, v.person, p.name, p.kind, v.others, v.what, v.outcome, v.score, v.reasons,"
    " v.codes, v.state, v.at, v.appeal, v.appealed_at"
)
# Whose it is, who has a part in it, and whose line it is of: a direct referral either way.
NOT_OWN: Final = (
    "v.person <> $1 AND $1 <> ALL (v.others)"
    " AND NOT EXISTS (SELECT FROM referral_link l"
    "   WHERE (l.referrer = $1 AND (l.friend = v.person OR l.friend = ANY (v.others)))"
    "      OR (l.friend = $1 AND (l.referrer = v.person OR l.referrer = ANY (v.others))))"
    " AND NOT EXISTS (SELECT FROM verdict_decision d WHERE d.verdict = v.id AND d.by = $1)"
)


class Suspicion(msgspec.Struct, frozen=True):
    """A verdict that is not clean, and where it stands."""

    id: UUID
    subject: str
    person: UUID
    name: str
    kind: str
    others: list[UUID]
    what: dict[str, str] | None
    outcome: Outcome
    score: int
    reasons: tuple[Reason, ...]
    codes: list[str]
    state: str
    """waiting, cleared or refused."""
    at: datetime
    appeal: str
    appealed_at: datetime | None


class Decided(msgspec.Struct, frozen=True):
    """What somebody decided, the first time or after an appeal."""

    after_appeal: bool
    by: UUID
    name: str
    cleared: bool
    reason: str
    at: datetime


class Precedent(msgspec.Struct, frozen=True):
    """How a similar case was decided: no names, only the reason."""

    cleared: bool
    reason: str
    at: datetime


class Precedents(msgspec.Struct, frozen=True):
    """Decided cases of the same heaviest reason: how many each way, and the latest."""

    cleared: int
    refused: int
    latest: list[Precedent]


class Involved(msgspec.Struct, frozen=True):
    """Somebody with a part in it, or seen on the same device or payer as one who has."""

    id: UUID
    name: str
    kind: str
    since: datetime
    referrals: int
    """Friends they brought within 30 days."""
    shares: list[str]
    """What they share with somebody here: device, payer, network."""


class Waiting(msgspec.Struct, frozen=True):
    """The queue of one reviewer: how many, and the oldest."""

    count: int
    first: UUID | None


async def waiting(reviewer: UUID) -> Waiting:
    """Return what waits and this reviewer may decide; an appeal after its own first decision not."""
    found = await db.row(
        Waiting,
        "SELECT count(*) AS count, (array_agg(v.id ORDER BY v.at, v.id))[1] AS first"
        f" FROM verdict v WHERE v.state = 'waiting' AND {NOT_OWN}",
        reviewer,
    )
    return found or Waiting(0, None)


async def may_decide(verdict: UUID, reviewer: UUID) -> bool:
    """Say whether it is not of the reviewer's own line, and not their own earlier decision."""
    found: bool = await db.value(
        f"SELECT {NOT_OWN} FROM verdict v WHERE v.id = $2", reviewer, verdict
    )
    return found


async def suspicion(verdict: UUID) -> Suspicion:
    """Return a verdict that is not clean; refused as `suspicion_unknown`."""
    found = await db.row(
        Suspicion,
        f"SELECT {COLUMNS} FROM verdict v JOIN person p ON p.id = v.person"
        " WHERE v.id = $1 AND v.outcome <> 'clean'",
        verdict,
    )
    if found is None:
        raise RuleViolation("suspicion_unknown")
    return found


async def alike(of: Suspicion, reviewer: UUID) -> list[UUID]:
    """Return what else waits of the same person for the same first reason, the oldest first.

    Only what this reviewer may decide; what was appealed is looked at one by one.
    """
    if of.state != "waiting" or of.appealed_at is not None:
        return []
    return await db.column(
        f"SELECT v.id FROM verdict v WHERE v.state = 'waiting' AND v.person = $2 AND v.id <> $3"
        " AND v.codes[1] = $4 AND split_part(v.subject, ':', 1) = split_part($5, ':', 1)"
        f" AND v.appealed_at IS NULL AND {NOT_OWN} ORDER BY v.id LIMIT $6",
        reviewer, of.person, of.id, of.codes[0], of.subject, ALIKE_MOST,
    )  # fmt: skip


async def decided(skip: int = 0) -> list[Suspicion]:
    """Return what is decided or refused by the rules, the newest first, one page and one more."""
    return await db.rows(
        Suspicion,
        f"SELECT {COLUMNS} FROM verdict v JOIN person p ON p.id = v.person"
        " WHERE v.outcome <> 'clean' AND v.state <> 'waiting'"
        " ORDER BY v.at DESC, v.id DESC LIMIT $1 OFFSET $2",
        PAGE + 1, skip,
    )  # fmt: skip


async def decisions(verdict: UUID) -> list[Decided]:
    """Return what people decided about it, the first decision first."""
    return await db.rows(
        Decided,
        "SELECT d.after_appeal, d.by, p.name, d.cleared, d.reason, d.at FROM verdict_decision d"
        " JOIN person p ON p.id = d.by WHERE d.verdict = $1 ORDER BY d.after_appeal",
        verdict,
    )


async def precedents(of: Suspicion) -> Precedents:
    """Return how others with the same heaviest reason were decided in the end."""
    latest = (
        "SELECT DISTINCT ON (v.id) d.cleared, d.reason, d.at FROM verdict v"
        " JOIN verdict_decision d ON d.verdict = v.id"
        " WHERE v.codes && ARRAY[$1] AND v.codes[1] = $1 AND v.id <> $2 AND v.state <> 'waiting'"
        " AND v.outcome <> 'clean' ORDER BY v.id, d.after_appeal DESC"
    )
    counts = await db.rows(
        Precedent, f"SELECT * FROM ({latest}) l ORDER BY at DESC", of.codes[0], of.id
    )
    cleared = sum(each.cleared for each in counts)
    return Precedents(cleared, len(counts) - cleared, counts[:PRECEDENTS_SHOWN])


async def involved(of: Suspicion, most: int = 8) -> list[Involved]:
    """Return those with a part in it, then those seen with the same device or payer."""
    parts: Sequence[UUID] = [of.person, *of.others]
    return await db.rows(
        Involved,
        "WITH held AS (SELECT DISTINCT kind, token, person FROM sighting WHERE person = ANY ($1)),"
        " met AS (SELECT s.person, array_agg(DISTINCT s.kind) AS shares"
        "   FROM held JOIN sighting s USING (kind, token) WHERE s.person <> held.person"
        "   GROUP BY s.person)"
        " SELECT p.id, p.name, p.kind, p.created_at AS since, coalesce(met.shares, '{}') AS shares,"
        "   (SELECT count(*) FROM referral_link l WHERE l.referrer = p.id"
        "     AND l.at > leitai_clock() - interval '30 days') AS referrals"
        " FROM person p LEFT JOIN met ON met.person = p.id"
        " WHERE p.id = ANY ($1) OR met.shares && ARRAY['device', 'payer']"
        " ORDER BY array_position($1, p.id), p.created_at LIMIT $2",
        parts, most,
    )  # fmt: skip
