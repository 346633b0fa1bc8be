"""The clock of the first contact, looked at now and then (D4)."""

from typing import Any, Final

from server.kit import db, jobs
from server.leads.assignment import let_lie, remind

FOLLOW_UP: Final = "lead_follow_up"
# A worker that was down for a night goes through what came due in several rounds.
AT_ONCE: Final = 500


async def follow_up(_: dict[str, Any]) -> None:
    """Remind whoever should call soon, and take what was let lie to the next one."""
    for lead in await db.column(
        "SELECT id FROM lead WHERE remind_at <= leitai_clock() ORDER BY remind_at LIMIT $1", AT_ONCE
    ):
        await remind(lead)
    for lead in await db.column(
        "SELECT id FROM lead WHERE stage = 'assigned' AND contact_due <= leitai_clock()"
        " AND unassigned_at IS NULL ORDER BY contact_due LIMIT $1",
        AT_ONCE,
    ):
        await let_lie(lead)


JOBS: dict[str, jobs.Job] = {FOLLOW_UP: follow_up}
CRON = {FOLLOW_UP: "*/5 * * * *"}
