"""What a measurement stands on: PostgreSQL and Valkey of its own."""

from collections.abc import Awaitable, Callable
from typing import Any

import uvloop

from server import config
from server.kit import embedded

Measured = dict[str, Any]


def on_services(name: str, measure: Callable[[embedded.Services], Awaitable[Measured]]) -> Measured:
    """Measure on services that write to the disk as in earnest, and are gone afterwards."""
    with embedded.throwaway(f"bench-{name}", durable=True) as services:
        config.use(
            config.Settings(
                _env_file=None, database_url=services.database_url, redis_url=services.redis_url
            )
        )
        return uvloop.run(measure(services))
