"""What keeps boards live in a process: link, bus, hub, presence, projector, auditor."""

import asyncio
from typing import Any, Final
from uuid import UUID

import structlog

from server.boards import wakening
from server.boards.auditor import EVERY_S, Auditor
from server.boards.frames import Frames, encoded
from server.boards.labels import close_ended, close_sessions, connected, tell_people
from server.boards.projector import Projector
from server.boards.schemas import Frame
from server.boards.view import View
from server.config import settings
from server.kit import clock, tasks
from server.kit.bus import Bus
from server.kit.live import RATE, Built, Hub
from server.kit.presence import Presence
from server.kit.redis import Link

log = structlog.get_logger()

RIGHTS_S: Final = 30.0
"""Sessions of held sockets are looked up again this often."""
DELAYED_REST_S: Final = 1.0
FRESH_S: Final = 0.2
"""A frame asked for over HTTP may be this old: many who ask at once are one reading."""


class Service:
    """Everything of boards that runs in a process; made and started by `start`."""

    def __init__(
        self,
        redis_url: str,
        *,
        rate: float = RATE,
        rights_s: float = RIGHTS_S,
        audit_s: float = EVERY_S,
    ) -> None:
        self.link = Link(redis_url)
        self.bus = Bus(redis_url)
        self.view = View(self.link)
        self.frames = Frames(self.view)
        self.projector = Projector(self.view, self._moved)
        self.auditor = Auditor(self.view, self.projector, every_s=audit_s)
        self.hub = Hub(
            self._build, opened=self._opened, closed=self._closed, now=clock.now, rate=rate
        )
        self.presence = Presence(self.link, lambda: connected(self.hub))
        self._rights_s = rights_s
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._reading: dict[UUID, tuple[float, asyncio.Task[Frame]]] = {}

    async def start(self) -> None:
        """Start every task; Redis need not be there."""
        await self.bus.start()
        self.bus.listen("people", self._hinted)
        self.bus.listen("sessions", self._signed_out)
        wakening.listen(self.projector.wake)
        self.hub.start()
        self._tasks = {
            "projector": asyncio.create_task(self.projector.run(), name="projector"),
            "auditor": asyncio.create_task(self.auditor.run(), name="auditor"),
            "rights": asyncio.create_task(self._watch_rights(), name="rights"),
            "presence": asyncio.create_task(self.presence.run(), name="presence"),
        }

    async def stop(self) -> None:
        """Close the sockets as going away and end every task."""
        wakening.forget(self.projector.wake)
        await tasks.end(self._tasks.values())
        await self.hub.stop()
        await self.bus.stop()
        await self.link.close()

    def ready(self) -> dict[str, Any]:
        """What /readyz says of boards: Redis may be away, a dead task may not."""
        dead = [name for name, task in self._tasks.items() if task.done()]
        return {
            "redis": "away" if self.link.is_away else "up",
            "bus": "away" if self.bus.is_away else "up",
            "projector": "well" if self.projector.is_well else "held up",
            "sockets": len(self.hub),
            "dead": dead,
        }

    async def frame(self, board: UUID) -> Frame:
        """Return a board's frame, read at most every fifth of a second; refused as `not_found`."""
        now = asyncio.get_running_loop().time()
        at, reading = self._reading.get(board, (0.0, None))
        if reading is None or now - at > FRESH_S:
            reading = asyncio.create_task(self.frames.frame(board))
            self._reading = {
                other: each for other, each in self._reading.items() if now - each[0] <= FRESH_S
            }
            self._reading[board] = (now, reading)
        return await asyncio.shield(reading)

    async def _build(self, topic: str) -> Built:
        frame = await self.frames.frame(UUID(topic))
        rest = DELAYED_REST_S if frame.delayed else 0.0
        return Built(encoded(frame).decode(), (frame.epoch, frame.version), rest)

    def _moved(self, board: UUID | None) -> None:
        if board is None:
            self.hub.mark_all()
        else:
            self.bus.publish(_topic(board), {"board": str(board)})

    def _opened(self, topic: str) -> None:
        self.bus.listen(_topic(topic), self._marked)

    def _closed(self, topic: str) -> None:
        self.bus.ignore(_topic(topic), self._marked)

    def _marked(self, _: str, data: dict[str, Any]) -> None:
        self.hub.mark(data["board"])

    def _hinted(self, _: str, data: dict[str, Any]) -> None:
        tell_people(self.hub, data["people"], data["what"])

    def _signed_out(self, _: str, data: dict[str, Any]) -> None:
        close_sessions(self.hub, [UUID(session) for session in data["ended"]])

    async def _watch_rights(self) -> None:
        while True:
            await asyncio.sleep(self._rights_s)
            try:
                await close_ended(self.hub)
            except Exception as error:  # noqa: BLE001 - PostgreSQL comes back
                log.warning("rights_not_checked", error=repr(error))


def _topic(board: UUID | str) -> str:
    return f"board.{board}"


_running: list[Service] = []


def current() -> Service:
    """Return the service of this process, made by `start`."""
    return _running[-1]


async def start() -> None:
    """Start boards in this process."""
    service = Service(settings().redis_url or "")
    _running.append(service)
    await service.start()


async def stop() -> None:
    """Stop what `start` has started."""
    await _running.pop().stop()


def ready() -> dict[str, Any]:
    """Return what /readyz says of boards in this process."""
    return current().ready()
