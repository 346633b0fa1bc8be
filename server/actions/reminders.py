"""What has waited too long for a review is told to those who review, once a day (M3)."""

from datetime import timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from server.actions.queries import AT_THE_DESK
from server.config import settings
from server.kit import clock, db, jobs
from server.kit.db import command
from server.notifications.notices import notify

LATE: Final = timedelta(hours=2)
REMIND: Final = "reviews_remind"
QUEUE: Final = "/reviews"


@command
async def remind() -> None:
    """Tell each reviewer how much has waited for them, their own actions left out."""
    now = await clock.now()
    today = now.astimezone(ZoneInfo(settings().company_timezone)).date()
    reviewers = await db.column(
        "SELECT r.person FROM person_role r JOIN person p ON p.id = r.person"
        " WHERE r.role = 'operations' AND p.active ORDER BY r.person"
    )
    for reviewer in reviewers:
        late = await db.value(
            f"SELECT count(*) FROM action a {AT_THE_DESK} AND a.received_at < $2",
            reviewer, now - LATE,
        )  # fmt: skip
        if late:
            await notify([reviewer], "reviews_wait", f"reviews:{today}", {"n": late}, QUEUE)


async def look(_: dict[str, Any]) -> None:
    """Remind of reviews, by the schedule."""
    await remind()


JOBS: dict[str, jobs.Job] = {REMIND: look}
CRON = {REMIND: "*/15 * * * *"}
