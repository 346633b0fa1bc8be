"""What has to be done for inboxes from time to time."""

from typing import Any, Final

from server.kit import jobs
from server.notifications import commands

SWEEP: Final = "notice_sweep"


async def sweep(_: dict[str, Any]) -> None:
    """Delete old read news, once a day."""
    await commands.forget()


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "41 4 * * *"}
