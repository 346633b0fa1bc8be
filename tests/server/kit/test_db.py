"""A connection comes back to the pool, however its transaction ended."""

import pytest

from server.kit import db, web
from tests.support.eventually import eventually
from tests.support.failpoints import ended_at

pytestmark = pytest.mark.usefixtures("pool")

STEPS_MAX = 50


@db.command
async def record() -> bool:
    await db.execute("INSERT INTO setting (name, value) VALUES (gen_random_uuid()::text, '1')")
    return True


async def all_are_back() -> bool:
    pool = db.DB.pool
    return bool(pool) and pool.get_idle_size() == pool.get_size()


async def test_after_an_end_at_any_step_all_connections_are_back() -> None:
    for step in range(1, STEPS_MAX):
        done = await ended_at(record(), step)
        await eventually(all_are_back, why=f"ended at step {step}, a connection is gone")
        assert db.DB.current_transaction.get() is None
        if done:
            break
    else:
        raise AssertionError("it never got through")
    assert step >= 4, "acquire, begin, insert, commit"
    assert await record()


async def test_after_the_server_has_ended_a_connection_all_are_back() -> None:
    @db.command
    async def lose() -> None:
        async with db.connection() as one:
            own = one.get_server_pid()
        async with db.DB.pool.acquire() as other:
            await other.execute("SELECT pg_terminate_backend($1)", own)
        await db.execute("SELECT true")

    with pytest.raises(web.AWAY):
        await lose()
    await eventually(all_are_back)
    assert db.DB.current_transaction.get() is None
    assert await record()
