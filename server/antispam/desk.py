"""The review queue: a colleague clears or refuses what waits; its person may appeal once."""

from typing import Final
from uuid import UUID

from game.errors import RuleViolation
from server.antispam import queries, telling
from server.antispam.events import SuspicionDecided
from server.kit import clock, db, events
from server.kit.db import command
from server.people.rights import record

APPEAL_MOST: Final = 500
REASON_MOST: Final = 200


def verdict_subject(verdict: UUID) -> str:
    """Name a verdict in the audit trail."""
    return f"verdict:{verdict}"


@command
async def decide(verdict: UUID, by: UUID, *, clear: bool, reason: str) -> None:
    """Give what waits free, or refuse it; its person reads the reason (I3, I5).

    Refused as `suspicion_unknown`, `already_decided`, `own_suspicion` (one's own line, or after
    an appeal whoever decided first) and `reason_missing`.
    """
    of = await _locked(verdict)
    if of.state != "waiting":
        raise RuleViolation("already_decided")
    if not await queries.may_decide(verdict, by):
        raise RuleViolation("own_suspicion")
    said = reason.strip()[:REASON_MOST]
    if not said:
        raise RuleViolation("reason_missing")
    after_appeal = of.appealed_at is not None
    await db.execute(
        "INSERT INTO verdict_decision VALUES ($1, $2, $3, $4, $5, $6)",
        verdict, after_appeal, by, clear, said, await clock.now(),
    )  # fmt: skip
    await _set_state(verdict, "cleared" if clear else "refused")
    await record(by, "clear" if clear else "refuse", verdict_subject(verdict), said)
    await telling.tell_of_decision(
        verdict, of.person, of.what, cleared=clear, reason=said, after_appeal=after_appeal
    )
    await events.publish(SuspicionDecided(of.subject, clear, by, said))


@command
async def appeal(verdict: UUID, by: UUID, text: str) -> None:
    """Say once why a refusal is wrong: it waits again, for somebody else.

    Refused as `suspicion_unknown` (also for whoever it is not about), `appeal_closed` where
    nothing is refused or an appeal was made before, and `appeal_missing` without words.
    """
    of = await _locked(verdict)
    if of.person != by or of.what is None:
        raise RuleViolation("suspicion_unknown")
    if of.state != "refused" or of.appealed_at is not None:
        raise RuleViolation("appeal_closed")
    said = text.strip()[:APPEAL_MOST]
    if not said:
        raise RuleViolation("appeal_missing")
    await db.execute(
        "UPDATE verdict SET state = 'waiting', appeal = $2, appealed_at = $3 WHERE id = $1",
        verdict, said, await clock.now(),
    )  # fmt: skip
    await record(by, "appeal", verdict_subject(verdict))
    await telling.tell_reviewers()


async def _locked(verdict: UUID) -> queries.Suspicion:
    await db.execute("SELECT FROM verdict WHERE id = $1 FOR NO KEY UPDATE", verdict)
    return await queries.suspicion(verdict)


async def _set_state(verdict: UUID, state: str) -> None:
    await db.execute("UPDATE verdict SET state = $2 WHERE id = $1", verdict, state)
