"""Redis or Valkey: a view that may be away at any moment, and then costs nobody a wait."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar, cast

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import OutOfMemoryError, ReadOnlyError
from redis.exceptions import TimeoutError as TooSlow

log = structlog.get_logger()

T = TypeVar("T")

PATIENCE_S: Final = 2.0
GONE: Final = (Disconnected, TooSlow, OSError, TimeoutError, OutOfMemoryError, ReadOnlyError)


class RedisAwayError(Exception):
    """Redis can't be asked now; whoever has another source uses it."""


class Link:
    """A process's connections. After a failure only a `probe` tries again."""

    def __init__(self, url: str) -> None:
        # One retry: the first call after a restart finds its pooled connection dead.
        self.client: Redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=PATIENCE_S,
            socket_connect_timeout=PATIENCE_S,
            retry=Retry(NoBackoff(), 1),
        )
        self.is_away = False

    async def ask(self, work: Callable[[Redis], Awaitable[T]], *, probe: bool = False) -> T:
        """Return what `work` answers; raises RedisAwayError at once while Redis is known away."""
        if self.is_away and not probe:
            raise RedisAwayError
        try:
            answer = await work(self.client)
        except GONE as error:
            if not self.is_away:
                log.warning("redis_away", error=repr(error))
            self.is_away = True
            raise RedisAwayError from error
        if self.is_away:
            log.info("redis_back")
        self.is_away = False
        return answer

    async def close(self) -> None:
        """Close every connection."""
        try:
            await asyncio.wait_for(self.client.aclose(), PATIENCE_S)
        except GONE as error:
            log.info("redis_closed_late", error=repr(error))


class Script:
    """A Lua script: sent by its hash, whole only when Redis doesn't have it."""

    def __init__(self, text: str) -> None:
        self._text = text

    async def run(self, client: Redis, keys: list[str], arguments: list[Any]) -> Any:
        """Run it atomically over `keys`, which share one hash tag."""
        return await cast("Awaitable[Any]", client.register_script(self._text)(keys, arguments))
