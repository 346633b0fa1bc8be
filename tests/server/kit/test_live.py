"""The hub: one encoded state for everybody, and nobody is held up by a slow one."""

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from server.kit.live import Built, Hub, Socket, text_message
from tests.support.eventually import eventually


class Line:
    """What a server gives a socket: sends at once, or blocks until it is let through."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.open = asyncio.Event()
        self.open.set()
        self.is_cut = False

    async def send(self, message: Any) -> None:
        await self.open.wait()
        if self.is_cut:
            raise OSError
        self.sent.append(message)

    @property
    def texts(self) -> list[str]:
        return [each["text"] for each in self.sent if "text" in each]


class Source:
    """Topics and their states, counted as they are built."""

    def __init__(self) -> None:
        self.version = 1
        self.built = 0
        self.is_away = False
        self.opened: list[str] = []
        self.closed: list[str] = []

    async def build(self, topic: str) -> Built:
        if self.is_away:
            raise OSError
        self.built += 1
        return Built(f"{topic} {self.version}", ("e", self.version))


async def now() -> datetime:
    return datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def source() -> Source:
    return Source()


@pytest.fixture
async def hub(source: Source) -> AsyncIterator[Hub]:
    made = Hub(
        source.build,
        opened=source.opened.append,
        closed=source.closed.append,
        now=now,
        rate=50,
        heartbeat_s=0.05,
    )
    yield made
    await made.stop()


def join(hub: Hub, *topics: str, labels: tuple[str, ...] = ()) -> tuple[Line, Socket]:
    line = Line()
    socket = Socket(line.send, labels)
    hub.add(socket)
    for topic in topics:
        hub.watch(socket, topic)
    return line, socket


def has(line: Line, text: str) -> Callable[[], Any]:
    async def check() -> bool:
        return text in line.texts

    return check


async def test_every_watcher_gets_the_same_object_once(hub: Hub, source: Source) -> None:
    lines = [join(hub, "b")[0] for _ in range(10)]
    for line in lines:
        await eventually(has(line, "b 1"))
    assert len({id(line.sent[0]) for line in lines}) == 1
    assert [len(line.sent) for line in lines] == [1] * 10
    assert source.opened == ["b"]


async def test_what_has_not_changed_is_not_sent_again(hub: Hub, source: Source) -> None:
    line, _ = join(hub, "b")
    await eventually(has(line, "b 1"))
    built = source.built
    hub.mark("b")

    async def is_built() -> bool:
        return source.built > built

    await eventually(is_built)
    source.version = 2
    hub.mark("b")
    await eventually(has(line, "b 2"))
    assert line.texts == ["b 1", "b 2"]


async def test_a_thousand_marks_cost_a_few_frames(source: Source) -> None:
    hub = Hub(source.build, now=now, rate=5)
    line, _ = join(hub, "b")
    await eventually(has(line, "b 1"))
    loop = asyncio.get_running_loop()
    began = loop.time()
    while source.version < 1000:
        source.version += 1
        hub.mark("b")
        await asyncio.sleep(0)
    await eventually(has(line, "b 1000"))
    assert len(line.texts) <= 2 + 5 * (loop.time() - began)
    await hub.stop()


async def test_who_comes_later_gets_the_newest_at_once(hub: Hub, source: Source) -> None:
    first, _ = join(hub, "b")
    await eventually(has(first, "b 1"))
    second, _ = join(hub, "b")
    assert second.texts == ["b 1"]


async def test_a_slow_one_holds_up_nobody_and_skips_to_the_newest(hub: Hub, source: Source) -> None:
    slow, slow_socket = join(hub, "b")
    quick, _ = join(hub, "b")
    await eventually(has(quick, "b 1"))
    slow.open.clear()
    for version in range(2, 8):
        source.version = version
        hub.mark("b")
        await eventually(has(quick, f"b {version}"))
    slow_socket.offer("changed wallet", text_message("hint"))
    slow_socket.offer("changed inbox", text_message("other hint"))
    slow.open.set()
    await eventually(has(slow, "other hint"))
    assert slow.texts == ["b 1", "b 2", "b 7", "hint", "other hint"]
    assert quick.texts == [f"b {version}" for version in range(1, 8)]


async def test_one_that_is_cut_is_nobody_s_trouble(hub: Hub, source: Source) -> None:
    cut, cut_socket = join(hub, "b")
    other, _ = join(hub, "b")
    await eventually(has(other, "b 1"))
    cut.is_cut = True
    source.version = 2
    hub.mark("b")
    await eventually(has(other, "b 2"))
    assert cut_socket.is_gone
    hub.remove(cut_socket)
    assert len(hub) == 1


async def test_one_that_leaves_while_it_is_stuck_is_forgotten(hub: Hub, source: Source) -> None:
    line, socket = join(hub, "b")
    await eventually(has(line, "b 1"))
    line.open.clear()
    source.version = 2
    hub.mark("b")

    async def is_stuck() -> bool:
        return hub.heads()["b"] == ("e", 2)

    await eventually(is_stuck)
    hub.remove(socket)
    socket.drop()
    line.open.set()
    await asyncio.sleep(0)
    assert line.texts == ["b 1"]
    assert source.closed == ["b"]


async def test_a_source_that_is_away_is_asked_again(hub: Hub, source: Source) -> None:
    source.is_away = True
    line, _ = join(hub, "b")
    assert line.texts == []
    source.is_away = False
    await eventually(has(line, "b 1"))


async def test_the_heartbeat_says_where_each_topic_is(hub: Hub, source: Source) -> None:
    hub.start()
    line, _ = join(hub, "b", "c")

    async def has_heads() -> bool:
        beats = [msgspec.json.decode(text) for text in line.texts if text.startswith("{")]
        return any(beat["heads"] == {"b": ["e", 1], "c": ["e", 1]} for beat in beats)

    await eventually(has_heads)


async def test_the_last_to_leave_closes_the_topic(hub: Hub, source: Source) -> None:
    _, one = join(hub, "b")
    _, two = join(hub, "b")
    hub.unwatch(one, "b")
    assert source.closed == []
    hub.remove(two)
    assert source.closed == ["b"]
    assert hub.heads() == {}


async def test_telling_a_label_reaches_its_sockets_only(hub: Hub) -> None:
    mine, _ = join(hub, labels=("person 1", "session 1"))
    other, _ = join(hub, labels=("person 2", "session 2"))
    hub.tell("person 1", "wallet", {"t": "changed"})
    assert mine.texts == ['{"t":"changed"}']
    assert other.texts == []
    assert hub.labels("session ") == {"session 1", "session 2"}


async def test_stopping_says_goodbye_as_going_away(hub: Hub) -> None:
    line, _ = join(hub, "b")
    await hub.stop()
    assert line.sent[-1]["code"] == 1012
    assert len(hub) == 0


async def test_a_server_s_short_cut_is_taken_until_it_is_blocked(hub: Hub, source: Source) -> None:
    line, written, may_write = Line(), [], [True]

    def write(frame: bytes) -> bool:
        if may_write[0]:
            written.append(frame)
        return may_write[0]

    socket = Socket(line.send, write=write)
    hub.add(socket)
    hub.watch(socket, "b")
    for version in (1, 2, 3):
        may_write[0] = version != 2
        source.version = version
        hub.mark("b")
        await eventually(is_at(hub, version))
    assert written == [b"\x81\x03b 1", b"\x81\x03b 3"]
    assert line.texts == ["b 2"]


def is_at(hub: Hub, version: int) -> Callable[[], Any]:
    async def check() -> bool:
        return hub.heads()["b"] == ("e", version)

    return check
