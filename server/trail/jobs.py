"""Sealing every minute, anchoring every hour."""

from typing import Any, Final

from server.kit import jobs
from server.trail import seals

SEAL: Final = "trail_seal"
ANCHOR: Final = "trail_anchor"


async def seal(_: dict[str, Any]) -> None:
    """Seal what was written since the last time."""
    await seals.seal_all()


async def anchor(_: dict[str, Any]) -> None:
    """Keep the newest seal outside the database."""
    await seals.anchor()


JOBS: dict[str, jobs.Job] = {SEAL: seal, ANCHOR: anchor}
CRON = {SEAL: "* * * * *", ANCHOR: "2 * * * *"}
