"""What has to be done for boards from time to time."""

from typing import Any, Final

from server.boards.schemas import MOMENTS
from server.kit import db, jobs

KEPT: Final = "24 hours"
"""A rebuild needs standings, not changes; a process asleep for longer rebuilds."""
SWEEP: Final = "board_sweep"

DELETE: Final = """
DELETE FROM change c
WHERE created_at < clock_timestamp() - $1::text::interval AND (moment IS NULL OR id NOT IN (
  SELECT latest.id FROM change latest
  WHERE latest.board = c.board AND latest.moment IS NOT NULL ORDER BY latest.id DESC LIMIT $2))
"""


@db.command
async def delete_old_changes() -> int:
    """Delete the change rows that every projector has long passed; returns how many.

    The latest moments of each board stay: a board read from SQL shows them.
    """
    done = await db.execute(DELETE, KEPT, MOMENTS)
    return int(done.removeprefix("DELETE "))


async def sweep(_: dict[str, Any]) -> None:
    """Delete old change rows, once an hour."""
    await delete_old_changes()


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "17 * * * *"}
