"""Who has a page of ours open: told by the processes that hold sockets, asked by whoever would push.

Redis keeps for each person until when they count as here. A process says it again while a socket
is open; between two pages nobody is gone, and after a crash everybody is within a minute.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from typing import Final
from uuid import UUID

from server.kit.redis import Link, RedisAwayError, Script

KEY: Final = "present"
STAYS_S: Final = 60
AGAIN_S: Final = 20.0
GRACE_S: Final = 5
"""Whoever goes from page to page closes one socket and opens the next."""

# By the clock of Redis, which all processes share. ARGV: person, seconds, person, seconds, …
MARK: Final = Script("""
local now = tonumber(redis.call('TIME')[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
for i = 1, #ARGV, 2 do
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[i + 1]), ARGV[i])
end
""")
HERE: Final = Script("""
local now, here = tonumber(redis.call('TIME')[1]), {}
for _, person in ipairs(ARGV) do
  local till = redis.call('ZSCORE', KEYS[1], person)
  if till and tonumber(till) > now then here[#here + 1] = person end
end
return here
""")


async def here(link: Link, people: Iterable[UUID]) -> set[UUID]:
    """Return those of some people who have a page open; nobody while Redis is away."""
    asked = [str(each) for each in people]
    try:
        found = await link.ask(lambda redis: HERE.run(redis, [KEY], asked))
    except RedisAwayError:
        return set()
    return {UUID(each) for each in found}


class Presence:
    """Tells Redis who is connected to this process; `connected` names them all."""

    def __init__(
        self, link: Link, connected: Callable[[], Collection[str]], again_s: float = AGAIN_S
    ) -> None:
        self._link = link
        self._connected = connected
        self._again_s = again_s
        self._untold: dict[str, int] = {}
        self._something = asyncio.Event()

    def came(self, person: UUID) -> None:
        """Say soon that a person is here."""
        self._tell(person, STAYS_S)

    def left(self, person: UUID) -> None:
        """Say soon that the last socket of a person to this process is closed."""
        self._tell(person, GRACE_S)

    def _tell(self, person: UUID, seconds: int) -> None:
        self._untold[str(person)] = seconds
        self._something.set()

    async def run(self) -> None:
        """Tell what changed at once, and everybody again from time to time."""
        loop = asyncio.get_running_loop()
        again = loop.time() + self._again_s
        while True:
            try:
                async with asyncio.timeout_at(again):
                    await self._something.wait()
            except TimeoutError:
                self._untold |= dict.fromkeys(self._connected(), STAYS_S)
                again = loop.time() + self._again_s
            self._something.clear()
            told, self._untold = self._untold, {}
            await self._mark(told)

    async def _mark(self, until: dict[str, int]) -> None:
        if not until:
            return
        said = [word for person, seconds in until.items() for word in (person, seconds)]
        try:
            await self._link.ask(lambda redis: MARK.run(redis, [KEY], said))
        except RedisAwayError:
            # Who is pushed to although they are here sees it twice: no harm.
            return
