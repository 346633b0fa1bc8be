"""The bus: short messages between the processes of one deployment, over Redis.

A message is a nudge and may be lost: whoever listens finds the truth by other ways too. It
reaches the listeners of its own process even while Redis is away, and sending never waits.
"""

import asyncio
import contextlib
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Final

import structlog
from channels_redis.pubsub import RedisPubSubChannelLayer

from server.kit import ids, tasks

log = structlog.get_logger()

Listener = Callable[[str, dict[str, Any]], None]

UNSENT_MAX: Final = 10_000
PATIENCE_S: Final = 2.0
RETRY_S: Final = 0.5

# It logs a whole traceback a second while Redis is away; the bus says it once.
logging.getLogger("channels_redis.pubsub").setLevel(logging.CRITICAL)

_running: list["Bus"] = []


def publish(topic: str, data: dict[str, Any]) -> None:
    """Send through this process's bus; without one (a command line) nobody is told."""
    if _running:
        _running[-1].publish(topic, data)


class Bus:
    """A process's ear and mouth: one channel, which joins the topics that are listened to."""

    def __init__(self, url: str) -> None:
        self._layer = RedisPubSubChannelLayer(
            # The pubsub connection idles: a time limit would end it.
            hosts=[{"address": url, "socket_timeout": None}],
            prefix="leitai",
        )
        self._name = ids.new_token()[:8]
        self._channel = f"process.{self._name}"
        self.is_away = False
        self._listeners: dict[str, list[Listener]] = defaultdict(list)
        self._joined: set[str] = set()
        self._unsent: deque[tuple[str, dict[str, Any]]] = deque(maxlen=UNSENT_MAX)
        self._something = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Begin to send and to receive; Redis need not be there yet."""
        _running.append(self)
        self._tasks = [
            # First: a channel has to be listened to before it can join a topic.
            asyncio.create_task(self._receive(), name="bus receive"),
            asyncio.create_task(self._send(), name="bus send"),
        ]

    async def stop(self) -> None:
        """Stop; what is unsent is dropped."""
        _running.remove(self)
        await tasks.end(self._tasks)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.flush()

    def publish(self, topic: str, data: dict[str, Any]) -> None:
        """Tell this process's listeners now, and the other processes soon."""
        self._deliver(topic, data)
        self._unsent.append((topic, data))
        self._something.set()

    def listen(self, topic: str, listener: Listener) -> None:
        """Call `listener(topic, data)` for every message of a topic."""
        self._listeners[topic].append(listener)
        self._something.set()

    def ignore(self, topic: str, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners[topic].remove(listener)
        if not self._listeners[topic]:
            del self._listeners[topic]
        self._something.set()

    def _deliver(self, topic: str, data: dict[str, Any]) -> None:
        for listener in tuple(self._listeners.get(topic, ())):
            listener(topic, data)

    async def _send(self) -> None:
        """Send what is unsent, trying each once more, and keep the joined topics as wanted."""
        while True:
            await self._something.wait()
            self._something.clear()
            try:
                await self._join_and_leave()
                while self._unsent:
                    topic, data = self._unsent.popleft()
                    await self._send_one(topic, data)
                self.is_away = False
            except Exception as error:  # noqa: BLE001 - whatever Redis says, the bus goes on
                if not self.is_away:
                    log.warning("bus_away", error=repr(error))
                self.is_away = True
                # What waited is old by now: the listeners find out by themselves.
                self._unsent.clear()
                await asyncio.sleep(RETRY_S)
                self._something.set()

    async def _send_one(self, topic: str, data: dict[str, Any]) -> None:
        message = {"from": self._name, "topic": topic, "data": data}
        # Not `wait_for`, which in Python 3.11 may swallow the cancellation of `stop`.
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.group_send(topic, message)
        except Exception:  # noqa: BLE001 - the first send after a restart finds a dead connection
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.group_send(topic, message)

    async def _join_and_leave(self) -> None:
        wanted = set(self._listeners)
        if wanted == self._joined:
            return
        for topic in wanted - self._joined:
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.group_add(topic, self._channel)
            self._joined.add(topic)
        for topic in self._joined - wanted:
            async with asyncio.timeout(PATIENCE_S):
                await self._layer.group_discard(topic, self._channel)
            self._joined.discard(topic)

    async def _receive(self) -> None:
        """Deliver what other processes send, as long as this one lives."""
        while True:
            try:
                message = await self._layer.receive(self._channel)
                if message["from"] != self._name:
                    self._deliver(message["topic"], message["data"])
            except Exception as error:  # noqa: BLE001 - one bad message must not deafen us
                log.warning("bus_unheard", error=repr(error))
                await asyncio.sleep(RETRY_S)
