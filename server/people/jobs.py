"""What has to be done for people from time to time."""

from typing import Any, Final

from server.kit import jobs
from server.people import limits, names

SWEEP: Final = "attempt_sweep"
NAMES: Final = "name_fill"


async def sweep(_: dict[str, Any]) -> None:
    """Delete old attempts, once an hour."""
    await limits.forget()


async def fill_names(_: dict[str, Any]) -> None:
    """Read the names that nobody has read yet: all of them after an update, then none."""
    while await names.fill() == names.AT_ONCE:
        continue


JOBS: dict[str, jobs.Job] = {SWEEP: sweep, NAMES: fill_names}
CRON = {SWEEP: "29 * * * *", NAMES: "*/5 * * * *"}
