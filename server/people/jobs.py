"""What has to be done for people from time to time."""

from typing import Any, Final

from server.kit import jobs
from server.people import limits

SWEEP: Final = "attempt_sweep"


async def sweep(_: dict[str, Any]) -> None:
    """Delete old attempts, once an hour."""
    await limits.forget()


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "29 * * * *"}
