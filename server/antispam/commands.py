"""Judging: a verdict once for each subject; without one, nothing is given (fail closed)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TypeVar
from uuid import UUID

import asyncpg
import msgspec
import structlog

from game import antispam
from game.antispam import Signals, Verdict, Weights
from server.antispam import telling
from server.kit import clock, db, ids
from server.kit.db import command

log = structlog.get_logger()

T = TypeVar("T")

STATE_OF = {"clean": "cleared", "review": "waiting", "refused": "refused"}


class Kept(msgspec.Struct, frozen=True):
    """A verdict that was given before."""

    outcome: antispam.Outcome
    score: int
    reasons: tuple[antispam.Reason, ...]


@command
async def judge(
    subject: str,
    person: UUID,
    signals: Signals,
    weights: Weights | None = None,
    *,
    what: Mapping[str, str] | None = None,
    others: Sequence[UUID] = (),
) -> Verdict:
    """Give the verdict on `subject` (such as `"referral:<id>"`) once; asked again, the first.

    `person` is whose it is, `others` who else has a part in it: none of them may decide.
    `what` is what is held meanwhile, in three languages (`{zh_Hans, zh_Hant, en}`); the person is
    told of a verdict that holds something, and may appeal once. What people decide later comes
    as SuspicionDecided.
    """
    return await give(
        subject, person, antispam.judge(signals, weights or Weights()), what=what, others=others
    )


@command
async def give(
    subject: str,
    person: UUID,
    verdict: Verdict,
    *,
    what: Mapping[str, str] | None = None,
    others: Sequence[UUID] = (),
) -> Verdict:
    """Give a verdict that was found elsewhere on `subject`, once, as `judge` gives its own."""
    made = await db.value(
        "INSERT INTO verdict (id, subject, person, others, what, outcome, score, reasons, codes,"
        " state, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
        " ON CONFLICT (subject) DO NOTHING RETURNING id",
        ids.new_id(), subject, person, list(others), what, verdict.outcome, verdict.score,
        msgspec.to_builtins(verdict.reasons), [reason.code for reason in verdict.reasons],
        STATE_OF[verdict.outcome], await clock.now(),
    )  # fmt: skip
    if made is None:
        return await given(subject)
    if verdict.outcome != "clean":
        await telling.tell_of_verdict(made, person, what, verdict)
    if verdict.outcome == "review":
        await telling.tell_reviewers()
    return verdict


async def judged_or_held(work: Callable[[], Awaitable[T]]) -> T | None:
    """Gather and judge (or only note) in `work`; None where that failed.

    Without a verdict what hangs on it stays held: ask again later. What failed is undone to
    where `work` began, so the order around it goes through.
    """
    try:
        async with db.own_connection().transaction():
            return await work()
    except (asyncpg.SerializationError, asyncpg.DeadlockDetectedError):
        raise  # the command around it is tried again
    except Exception:
        log.exception("antispam_failed")
        return None


async def cleared(subject: str) -> bool:
    """Say whether what hangs on `subject` may be given: not without a verdict."""
    found = await db.value("SELECT state = 'cleared' FROM verdict WHERE subject = $1", subject)
    return found is True


@command
async def link(referrer: UUID, friend: UUID) -> None:
    """Note that one brought the other: an edge among which rings are looked for."""
    await db.execute(
        "INSERT INTO referral_link (referrer, friend, at) VALUES ($1, $2, $3)"
        " ON CONFLICT DO NOTHING",
        referrer, friend, await clock.now(),
    )  # fmt: skip


async def given(subject: str) -> Verdict:
    """Return the verdict that was given on `subject`; there must be one."""
    kept = await db.row(
        Kept, "SELECT outcome, score, reasons FROM verdict WHERE subject = $1", subject
    )
    if kept is None:
        raise RuntimeError(f"the verdict on {subject} is gone")
    return Verdict(kept.outcome, kept.score, kept.reasons)
