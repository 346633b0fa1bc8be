"""The live hub: each topic's newest state to every socket that watches it, in the same bytes.

It pushes states, not events: a topic that has changed is built and encoded once, at most `rate`
times a second, and written to all its sockets in one plain loop. A socket that can't take more
keeps only the newest of each kind and never holds up the others.
"""

import asyncio
import types
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Generator, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

import msgspec
import structlog
from litestar.types import Send
from websockets.frames import Frame, Opcode

from server.kit.socket_protocol import WriteFrame

log = structlog.get_logger()

RATE: Final = 5.0
HEARTBEAT_S: Final = 20.0
RETRY_S: Final = 1.0
GOING_AWAY: Final = 1012

Head = tuple[str, int]
"""Where a topic is: (epoch, version)."""


class Built(NamedTuple):
    """The state of a topic as it is sent; not built again for `rest` seconds at least."""

    text: str
    head: Head
    rest: float = 0.0


class Message(NamedTuple):
    """What is sent to sockets; a text also as the WebSocket frame that all of them get."""

    asgi: dict[str, Any]
    frame: bytes | None = None


def text_message(text: str) -> Message:
    """Return a text to send, encoded once."""
    frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
    return Message({"type": "websocket.send", "text": text}, frame)


class Topic:
    """Something that is watched, and its newest state."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.sockets: set[Socket] = set()
        self.dirty = asyncio.Event()
        self.newest: Built | None = None
        self.ticker: asyncio.Task[None] | None = None
        self.key = f"topic {name}"


class Socket:
    """One accepted connection; `labels` are the names it can be told and closed by.

    `write` is the server's short cut for a frame, where it has one.
    """

    def __init__(
        self, send: Send, labels: Iterable[str] = (), write: WriteFrame | None = None
    ) -> None:
        self.labels = frozenset(labels)
        self.topics: set[Topic] = set()
        self._send = send
        self._write = write
        self._waiting: dict[str, Message] = {}
        self._finishing: asyncio.Task[None] | None = None
        self.is_gone = False

    def offer(self, key: str, message: Message) -> None:
        """Send now, or, while an earlier message is stuck, keep the newest of each `key`."""
        if self._finishing is not None:
            self._waiting[key] = message
            return
        frame, write = message.frame, self._write
        if write is not None and frame is not None and write(frame):
            return
        step: Coroutine[Any, Any, None] = self._send(message.asgi)  # type: ignore[arg-type,assignment]
        try:
            # One step is the whole of it, unless the phone is slower than we are.
            stuck = step.send(None)
        except StopIteration:
            return
        except Exception:  # noqa: BLE001 - whatever a server says of a closed socket
            self.is_gone = True
        else:
            self._finishing = asyncio.create_task(self._finish(step, stuck))

    async def _finish(self, step: Coroutine[Any, Any, None], stuck: object) -> None:
        try:
            await _rest(step, stuck)
            while self._waiting:
                key = next(iter(self._waiting))
                await self._send(self._waiting.pop(key).asgi)  # type: ignore[arg-type]
        except Exception:  # noqa: BLE001 - as above
            self.is_gone = True
        finally:
            self._finishing = None

    def close(self, code: int, reason: str = "") -> None:
        """Say goodbye; what is still unsent is dropped."""
        goodbye = {"type": "websocket.close", "code": code, "reason": reason}
        self.offer("close", Message(goodbye))

    def drop(self) -> None:
        """Forget what is unsent: the connection is over."""
        self.is_gone = True
        self._waiting.clear()
        if self._finishing is not None:
            self._finishing.cancel()


@types.coroutine
def _rest(step: Coroutine[Any, Any, None], stuck: object) -> Generator[Any, Any, None]:
    """Await the rest of a coroutine whose first step has ended in waiting for `stuck`."""
    while True:
        try:
            yield stuck
        except BaseException as error:  # noqa: BLE001 - cancelling is for the coroutine to handle
            advance = step.throw(error)
        else:
            try:
                advance = step.send(None)
            except StopIteration:
                return
        stuck = advance


Build = Callable[[str], Awaitable[Built]]
Notice = Callable[[str], None]


class Hub:
    """The sockets of this process and what they watch.

    `build` makes the newest state of a topic; `opened` and `closed` are told when the first
    socket comes to a topic and the last one leaves it.
    """

    def __init__(
        self,
        build: Build,
        *,
        opened: Notice = lambda _: None,
        closed: Notice = lambda _: None,
        now: Callable[[], Awaitable[datetime]],
        rate: float = RATE,
        heartbeat_s: float = HEARTBEAT_S,
    ) -> None:
        self._build = build
        self._opened = opened
        self._closed = closed
        self._now = now
        self._interval = 1 / rate
        self._heartbeat_s = heartbeat_s
        self._topics: dict[str, Topic] = {}
        self._sockets: set[Socket] = set()
        self._labelled: dict[str, set[Socket]] = defaultdict(set)
        self._heart: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin the heartbeat."""
        self._heart = asyncio.create_task(self._beat(), name="live heartbeat")

    async def stop(self) -> None:
        """Close every socket as going away (1012) and end every task."""
        for socket in tuple(self._sockets):
            socket.close(GOING_AWAY)
            self.remove(socket)
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.gather(self._heart, return_exceptions=True)

    def add(self, socket: Socket) -> None:
        """Take in a socket that was accepted."""
        self._sockets.add(socket)
        for label in socket.labels:
            self._labelled[label].add(socket)

    def remove(self, socket: Socket) -> None:
        """Forget a socket whose connection is over."""
        for topic in tuple(socket.topics):
            self.unwatch(socket, topic.name)
        self._sockets.discard(socket)
        for label in socket.labels:
            self._labelled[label].discard(socket)
            if not self._labelled[label]:
                del self._labelled[label]

    def watch(self, socket: Socket, name: str) -> None:
        """Send a topic's state to this socket, now and whenever it changes."""
        topic = self._topics.get(name)
        if topic is None:
            topic = self._topics[name] = Topic(name)
            topic.ticker = asyncio.create_task(self._tick(topic), name=f"live {name}")
            self._opened(name)
        topic.sockets.add(socket)
        socket.topics.add(topic)
        if topic.newest is not None:
            socket.offer(topic.key, text_message(topic.newest.text))
        topic.dirty.set()

    def unwatch(self, socket: Socket, name: str) -> None:
        """Stop sending a topic to this socket."""
        topic = self._topics.get(name)
        if topic is None or socket not in topic.sockets:
            return
        topic.sockets.discard(socket)
        socket.topics.discard(topic)
        if not topic.sockets:
            del self._topics[name]
            if topic.ticker is not None:
                topic.ticker.cancel()
            self._closed(name)

    def mark(self, name: str) -> None:
        """Say that a topic may have changed."""
        topic = self._topics.get(name)
        if topic is not None:
            topic.dirty.set()

    def mark_all(self) -> None:
        """Say that any topic may have changed."""
        for topic in self._topics.values():
            topic.dirty.set()

    def heads(self) -> dict[str, Head | None]:
        """Where each watched topic is; None before its first state."""
        return {name: t.newest.head if t.newest else None for name, t in self._topics.items()}

    def labelled(self, label: str) -> tuple[Socket, ...]:
        """The sockets that carry a label."""
        return tuple(self._labelled.get(label, ()))

    def labels(self, prefix: str) -> set[str]:
        """The labels in use that begin with `prefix`."""
        return {label for label in self._labelled if label.startswith(prefix)}

    def tell(self, label: str, key: str, data: object) -> None:
        """Send a message to the sockets of a label; a slow one keeps the newest of `key`."""
        message = text_message(msgspec.json.encode(data).decode())
        for socket in self.labelled(label):
            socket.offer(key, message)

    def __len__(self) -> int:
        return len(self._sockets)

    async def _tick(self, topic: Topic) -> None:
        """Build and send a topic while it is dirty, `rate` times a second at most."""
        while True:
            await topic.dirty.wait()
            topic.dirty.clear()
            try:
                built = await self._build(topic.name)
            except Exception as error:  # noqa: BLE001 - a source that is away comes back
                log.warning("live_not_built", topic=topic.name, error=repr(error))
                topic.dirty.set()
                await asyncio.sleep(RETRY_S)
                continue
            if topic.newest is None or built.head != topic.newest.head:
                topic.newest = built
                self._spread(topic, text_message(built.text))
            await asyncio.sleep(max(self._interval, built.rest))

    def _spread(self, topic: Topic, message: Message) -> None:
        key = topic.key
        for socket in topic.sockets:
            socket.offer(key, message)

    async def _beat(self) -> None:
        """Tell every socket that it is alive, and where its topics are."""
        while True:
            await asyncio.sleep(self._heartbeat_s)
            try:
                at = await self._now()
            except Exception as error:  # noqa: BLE001 - as above
                log.warning("live_no_heartbeat", error=repr(error))
                continue
            same: dict[frozenset[Topic], Message] = {}
            for socket in tuple(self._sockets):
                watched = frozenset(socket.topics)
                if watched not in same:
                    same[watched] = _heartbeat(at, watched)
                socket.offer("hb", same[watched])


def _heartbeat(at: datetime, watched: Iterable[Topic]) -> Message:
    heads = {topic.name: topic.newest.head for topic in watched if topic.newest}
    return text_message(msgspec.json.encode({"t": "hb", "at": at, "heads": heads}).decode())
