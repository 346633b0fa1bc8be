"""Boards at the length of `make soak`: P10 with 400 kills and wipes, P11 with 500 phones."""

import asyncio
import random
from datetime import timedelta

import msgspec

from server.boards import service
from server.boards.frames import encoded
from server.kit.embedded import Services
from tests.server.boards.conftest import rough
from tests.server.boards.test_chaos import HEALED_S, is_right, scoring, site
from tests.support.boards import arena
from tests.support.eventually import eventually
from tests.support.phones import Phone, cookie_of

__all__ = ["rough", "site"]

KILLS = 400
PHONES = 500
CUTS = 5000


async def test_p10_a_board_is_right_within_five_seconds_of_any_loss(
    site: str, rough: Services
) -> None:
    made = await arena((4, 4))
    phone = Phone(site, await cookie_of(made.people[0]), made.id)
    seed = random.Random(1)
    loop = asyncio.get_running_loop()
    took = []
    try:
        for _ in range(KILLS):
            async with scoring(made):
                await asyncio.to_thread(seed.choice([rough.valkey.kill, rough.valkey.wipe]))
                await asyncio.to_thread(rough.valkey.start)
            began = loop.time()
            await eventually(lambda: is_right(made, phone), within=HEALED_S)
            took.append(loop.time() - began)
    finally:
        await phone.stop()
    print(f"P10: {len(took)} losses, 0 differences, at most {max(took):.2f} s")


async def test_p11_every_phone_ends_with_a_fresh_fetch(site: str) -> None:
    made = await arena((10,) * 10)
    seed = random.Random(2)
    cookies = [await cookie_of(person) for person in made.people]
    phones = [Phone(site, cookies[number % 100], made.id) for number in range(PHONES)]
    try:
        for number in range(CUTS):
            await made.score_points(seed.choice(made.people), 1, timedelta(milliseconds=number))
            seed.choice(phones).cut()

        async def is_settled() -> bool:
            frame = await service.current().frames.frame(made.id)
            fresh = msgspec.json.decode(encoded(frame)) | {"at": 0, "as_of": 0}
            return all(
                phone.frame and phone.frame | {"at": 0, "as_of": 0} == fresh for phone in phones
            )

        await eventually(is_settled, within=30, why="a phone kept another frame")
        assert not any(phone.went_back for phone in phones)
        cuts = sum(phone.connected - 1 for phone in phones)
        print(f"P11: {PHONES} phones, {cuts} reconnects, 0 divergent")
    finally:
        for phone in phones:
            await phone.stop()
