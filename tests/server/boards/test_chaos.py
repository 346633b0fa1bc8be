"""Bad days: Redis killed or wiped, PostgreSQL restarted; every phone is right again (P10, P21)."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from server import config
from server.boards import service, wakening
from server.boards.frames import encoded
from server.kit.embedded import Services
from server.kit.migrate import migrate
from tests.support.board_site import create_board_app
from tests.support.boards import Arena, arena, said
from tests.support.eventually import eventually
from tests.support.live import serving
from tests.support.phones import Phone, cookie_of

KILLS = 3
HEALED_S = 5.0
PACE_S = 0.005


@pytest.fixture
async def site(reset: None, settings: config.Settings, rough: Services) -> AsyncIterator[str]:
    """Boards on a real port, over a Valkey that may be killed."""
    rough.start()
    rough.valkey.wipe()
    config.use(settings.model_copy(update={"redis_url": rough.redis_url}))
    try:
        async with serving(create_board_app()) as found:
            yield found
    finally:
        config.use(settings)


@asynccontextmanager
async def scoring(made: Arena) -> AsyncIterator[None]:
    """Somebody scores all the time, meanwhile."""
    seed = random.Random(5)
    stop = asyncio.Event()

    async def score() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            after = timedelta(milliseconds=number)
            await made.score_points(seed.choice(made.people), seed.randint(1, 3), after)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PACE_S):
                    await stop.wait()

    task = asyncio.create_task(score())
    try:
        yield
    finally:
        stop.set()
        await task


async def is_right(made: Arena, *phones: Phone) -> bool:
    """Whether Redis serves the board again, and it, SQL and every phone are equal."""
    frame = await service.current().frames.frame(made.id)
    fresh = msgspec.json.decode(encoded(frame)) | {"at": 0, "as_of": 0}
    return (
        not frame.delayed
        and said(frame) == made.expected()
        and all(phone.frame and phone.frame | {"at": 0, "as_of": 0} == fresh for phone in phones)
    )


async def is_delayed(made: Arena) -> bool:
    return (await service.current().frames.frame(made.id)).delayed


async def test_a_killed_valkey_delays_the_board_and_never_falsifies_it(
    site: str, rough: Services
) -> None:
    made = await arena((4, 4))
    phones = [Phone(site, await cookie_of(person), made.id) for person in made.people]
    try:
        await eventually(lambda: is_right(made, *phones))
        for _ in range(KILLS):
            async with scoring(made):
                await asyncio.to_thread(rough.valkey.kill)
                await eventually(lambda: is_delayed(made))
                # Writing and watching go on: a phone sees SQL.
                seen = dict(phones[0].frame or {})
                await eventually(lambda seen=seen: _shows_later(phones[0], seen))
                await asyncio.to_thread(rough.valkey.start)
            await eventually(lambda: is_right(made, *phones), within=HEALED_S)
        assert not any(phone.went_back for phone in phones)
        assert all(phone.connected == 1 for phone in phones), "no socket was lost"
    finally:
        for phone in phones:
            await phone.stop()


async def _shows_later(phone: Phone, seen: dict[str, object]) -> bool:
    now = phone.frame or {}
    return bool(now.get("delayed")) and now.get("version") != seen.get("version")


async def test_a_valkey_that_hangs_holds_up_nobody_for_long(site: str, rough: Services) -> None:
    made = await arena((2, 2))
    phone = Phone(site, await cookie_of(made.people[0]), made.id)
    (process,) = rough.valkey.living()
    try:
        await eventually(lambda: is_right(made, phone))
        process.suspend()
        await made.score_points(made.people[0], 4, timedelta(seconds=1))
        await eventually(lambda: is_delayed(made), within=15)
        await eventually(lambda: _shows_later(phone, {}), within=15)
        process.resume()
        await eventually(lambda: is_right(made, phone), within=2 * HEALED_S)
    finally:
        process.resume()
        await phone.stop()


async def test_a_wiped_valkey_is_rebuilt_under_load(site: str, rough: Services) -> None:
    made = await arena((4, 4))
    phone = Phone(site, await cookie_of(made.people[0]), made.id)
    try:
        await eventually(lambda: is_right(made, phone))
        for _ in range(10):
            async with scoring(made):
                await asyncio.to_thread(rough.valkey.wipe)
            await eventually(lambda: is_right(made, phone), within=HEALED_S)
    finally:
        await phone.stop()


async def test_a_message_lost_on_the_bus_is_healed_by_the_poll(site: str) -> None:
    made = await arena((2, 2))
    phone = Phone(site, await cookie_of(made.people[0]), made.id)
    try:
        await eventually(lambda: is_right(made, phone))
        # Another process commits, and dies before it can wake or tell anybody.
        awake = service.current().projector.wake
        wakening.forget(awake)
        await made.score_points(made.people[0], 4, timedelta(seconds=1))
        wakening.listen(awake)
        await eventually(lambda: is_right(made, phone), within=HEALED_S)
    finally:
        await phone.stop()


async def test_after_postgresql_has_restarted_boards_are_live_again(
    settings: config.Settings, rough: Services
) -> None:
    rough.start()
    rough.valkey.wipe()
    own = settings.model_copy(
        update={"redis_url": rough.redis_url, "database_url": rough.database_url}
    )
    config.use(own)
    try:
        await migrate(rough.database_url)
        async with serving(create_board_app()) as site:
            made = await arena((2, 2))
            phone = Phone(site, await cookie_of(made.people[0]), made.id)
            await eventually(lambda: is_right(made, phone))
            await asyncio.to_thread(rough.postgres.kill)
            await asyncio.to_thread(rough.postgres.start)

            async def scores() -> bool:
                await made.score_points(made.people[0], 4, timedelta(seconds=1))
                return True

            await eventually(scores)
            await eventually(lambda: is_right(made, phone), within=HEALED_S)
            assert service.ready()["dead"] == []
            await phone.stop()
    finally:
        config.use(settings)
