"""What is forgotten in time: sightings and incidents are personal data (promises.md § 4.8)."""

from typing import Any, Final

from server.antispam.devices import KEPT, NETWORK_KEPT
from server.kit import db, jobs

SWEEP: Final = "antispam_sweep"


@db.command
async def forget() -> None:
    """Delete sightings and incidents of people not seen with them for 90 days; networks sooner."""
    await db.execute(
        "DELETE FROM sighting WHERE last_at < leitai_clock() - CASE kind"
        " WHEN 'network' THEN $2::text::interval ELSE $1::text::interval END",
        KEPT, NETWORK_KEPT,
    )  # fmt: skip
    await db.execute("DELETE FROM incident WHERE at < leitai_clock() - $1::text::interval", KEPT)


async def sweep(_: dict[str, Any]) -> None:
    """Forget what is old, once a day."""
    await forget()


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "23 4 * * *"}
