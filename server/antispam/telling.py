"""What the person hears of a verdict that holds something of theirs (I5)."""

from collections.abc import Mapping
from uuid import UUID

from game.antispam import Verdict
from server.antispam import words
from server.kit import db
from server.notifications.hints import hint
from server.notifications.notices import notify

Held = Mapping[str, str] | None
"""What is held, in three languages; None: nothing is, and nobody is told."""


def href_of(verdict: UUID) -> str:
    """Return the page of a verdict: for its person, and for whoever decides."""
    return f"/suspicions/{verdict}"


async def tell_of_verdict(verdict: UUID, person: UUID, what: Held, given: Verdict) -> None:
    """Say that it waits, or is refused, and for which reason."""
    kind = "under_review" if given.outcome == "review" else "review_refused"
    await _tell(verdict, person, what, kind, words.told(given.reasons[0]))


async def tell_of_decision(
    verdict: UUID, person: UUID, what: Held, *, cleared: bool, reason: str, after_appeal: bool
) -> None:
    """Say what a colleague decided; `reason` is what they wrote."""
    if cleared:
        await _tell(verdict, person, what, "review_cleared", reason)
    else:
        await _tell(
            verdict, person, what, "review_settled" if after_appeal else "review_refused", reason
        )


async def tell_reviewers() -> None:
    """Let open review desks know that something waits."""
    reviewers = await db.column("SELECT person FROM person_role WHERE role = 'operations'")
    await hint(reviewers, "reviews")


async def _tell(
    verdict: UUID, person: UUID, what: Held, kind: str, why: Mapping[str, str] | str
) -> None:
    if what is not None:
        facts = {"what": what, "why": why}
        await notify([person], kind, f"verdict:{verdict}", facts, href_of(verdict))
