"""The tests' own ground: what one test leaves, the next must not find."""

from datetime import UTC, datetime

import asyncpg
import redis

from tests.support.services import Addresses, Clock


async def everything(control: asyncpg.Connection) -> dict[str, int]:
    """Return how many rows each table has."""
    names = await control.fetch(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    return {
        name: await control.fetchval(f'SELECT count(*) FROM public."{name}"') for (name,) in names
    }


async def test_reset_brings_back_what_the_migrations_left(
    control: asyncpg.Connection, services: Addresses, clock: Clock
) -> None:
    before = await everything(control)
    await clock.set(datetime(2026, 5, 1, tzinfo=UTC))
    await control.execute(
        "INSERT INTO person (id, code, name, rank) VALUES (gen_random_uuid(), 'm', 'Mei', 'staff')"
    )
    with redis.Redis.from_url(services.redis_url) as valkey:
        valkey.set("left", "behind")

        await control.execute("SELECT reset_all()")
        services.flush()

        assert valkey.dbsize() == 0
    assert await everything(control) == before
    assert await clock.now() > datetime(2026, 6, 1, tzinfo=UTC)


async def test_the_clock_stands_where_it_is_put_and_moves_when_told(clock: Clock) -> None:
    noon = await clock.set(datetime(2026, 5, 1, 12, tzinfo=UTC))
    assert await clock.now() == noon

    await clock.advance(hours=5)
    assert await clock.now() == datetime(2026, 5, 1, 17, tzinfo=UTC)
