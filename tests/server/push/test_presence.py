"""Who has a page open: known to every process while a socket is open, and for seconds after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest

from server import config
from server.kit import ids, tasks
from server.kit.presence import GRACE_S, KEY, STAYS_S, Presence, here
from server.kit.redis import Link
from tests.support.board_site import create_board_app
from tests.support.boards import arena
from tests.support.eventually import eventually
from tests.support.live import serving
from tests.support.phones import cookie_of, socket


@pytest.fixture
async def link(settings: config.Settings) -> AsyncIterator[Link]:
    one = Link(settings.redis_url or "")
    yield one
    await one.close()


async def stays(link: Link, person: UUID) -> float:
    """For how many seconds somebody still counts as here."""
    till = await link.client.zscore(KEY, str(person))
    return 0 if till is None else till - (await link.client.time())[0]


@asynccontextmanager
async def telling(one: Presence) -> AsyncIterator[None]:
    task = asyncio.create_task(one.run())
    try:
        yield
    finally:
        await tasks.end([task])


async def test_an_open_socket_is_presence_and_the_last_one_ends_it(link: Link) -> None:
    async with serving(create_board_app()) as site:
        person, other = (await arena()).people[:2]
        cookie = await cookie_of(person)

        async def is_here() -> bool:
            return await here(link, [person, other]) == {person}

        async def is_going() -> bool:
            return 0 < await stays(link, person) <= GRACE_S

        async with socket(site, cookie):
            await eventually(is_here)
            async with socket(site, cookie):
                pass
            assert await stays(link, person) > GRACE_S, "another page is open still"
        await eventually(is_going)


async def test_nobody_is_here_for_ever(link: Link) -> None:
    person = ids.new_id()
    one = Presence(link, list)
    async with telling(one):
        one.came(person)
        await eventually(lambda: _is(here(link, [person]), {person}))
        assert await stays(link, person) <= STAYS_S
    await link.client.zadd(KEY, {str(person): (await link.client.time())[0]})
    assert await here(link, [person]) == set()


async def test_who_is_connected_is_told_again_and_again(link: Link) -> None:
    person = ids.new_id()
    async with telling(Presence(link, lambda: [str(person)], again_s=0.01)):
        await eventually(lambda: _is(here(link, [person]), {person}))
        await link.client.delete(KEY)
        await eventually(lambda: _is(here(link, [person]), {person}))


async def test_while_redis_is_away_nobody_is_known_and_nothing_fails() -> None:
    nowhere = Link("redis://127.0.0.1:1")
    person = ids.new_id()
    one = Presence(nowhere, list)
    async with telling(one):
        one.came(person)
        await eventually(lambda: _is(_away(nowhere), expected=True))
    assert await here(nowhere, [person]) == set()
    await nowhere.close()


async def _away(link: Link) -> bool:
    return link.is_away


async def _is(asked: object, expected: object) -> bool:
    return await asked == expected  # type: ignore[misc]
