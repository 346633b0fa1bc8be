"""What actions do about what is told (see server/wiring.py)."""

from server.actions.events import ActionReported
from server.kit import db
from server.notifications import hints


async def tell_reviewers(event: ActionReported) -> None:
    """Let open review desks know that something waits."""
    if event.outcome == "pending":
        reviewers = await db.column("SELECT person FROM person_role WHERE role = 'operations'")
        await hints.hint(reviewers, "reviews")
