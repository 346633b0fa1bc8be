"""What is forgotten in time: sightings and incidents are personal data (promises.md § 4.8)."""

from typing import Any, Final

from server.antispam.devices import KEPT, NETWORK_KEPT
from server.kit import db, jobs

SWEEP: Final = "antispam_sweep"


@db.command
async def forget() -> None:
    """Forget what people were seen with for 90 days after the last time; networks sooner."""
    await db.execute(
        "DELETE FROM sighting WHERE last_at < leitai_clock() - CASE kind"
        " WHEN 'network' THEN $2::text::interval ELSE $1::text::interval END",
        KEPT, NETWORK_KEPT,
    )  # fmt: skip
    await db.execute(
        "UPDATE lead_arrival SET network = '',"
        " device = CASE WHEN received_at < leitai_clock() - $1::text::interval THEN '' ELSE device END"
        " WHERE (device <> '' OR network <> '')"
        " AND received_at < leitai_clock() - CASE network WHEN '' THEN $1 ELSE $2 END::interval",
        KEPT, NETWORK_KEPT,
    )  # fmt: skip
    # Days differ from zone to zone by less than one.
    await db.execute(
        "DELETE FROM lead_count WHERE day < (leitai_clock() - $1::text::interval)::date - 1",
        NETWORK_KEPT,
    )
    await db.execute("DELETE FROM incident WHERE at < leitai_clock() - $1::text::interval", KEPT)


async def sweep(_: dict[str, Any]) -> None:
    """Forget what is old, once a day."""
    await forget()


JOBS: dict[str, jobs.Job] = {SWEEP: sweep}
CRON = {SWEEP: "23 4 * * *"}
