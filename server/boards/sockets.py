"""The live socket, `/live`: who may hold one, what it may ask, when it ends."""

import asyncio
from typing import Any, Final
from uuid import UUID

import msgspec
import structlog
from litestar import Request, Response, asgi
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.types import Receive, Scope, Send

from server.boards import service
from server.boards.labels import of_person, of_session
from server.kit import db
from server.kit.live import Hub, Socket, text_message
from server.kit.socket_protocol import write_frame_of
from server.kit.web import is_own_origin
from server.people.auth import Caller, caller_of

log = structlog.get_logger()

SESSION_SOCKETS_MAX: Final = 5
MESSAGE_MAX: Final = 16_000
MESSAGES_PER_S: Final = 20
WATCHED_MAX: Final = 20
WATCHERS: Final = frozenset({"employee", "screen"})
"""Who may watch boards; customers and partners only get hints."""

POLICY: Final = 1008
TOO_BIG: Final = 1009


class Watch(msgspec.Struct, frozen=True, tag_field="t", tag="watch"):
    """What a phone says: the boards it shows now, instead of those before."""

    boards: list[UUID]


_watch = msgspec.json.Decoder(Watch)


@asgi("/live", copy_scope=True)
async def live(scope: Scope, receive: Receive, send: Send) -> None:
    """Hold one phone's socket: frames of the boards it watches, hints, heartbeats."""
    if scope["type"] != ScopeType.WEBSOCKET:
        await Response(b"", status_code=426, headers={"Upgrade": "websocket"}).to_asgi_response(
            None, Request(scope)
        )(scope, receive, send)
        return
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope, receive, send)
    hub, presence = service.current().hub, service.current().presence
    await receive()
    caller = await _admitted(connection, hub)
    if caller is None:
        await send({"type": "websocket.close", "code": POLICY, "reason": ""})
        return
    await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
    labels = (of_session(caller.session), of_person(caller.id))
    socket = Socket(send, labels, write_frame_of(scope))
    hub.add(socket)
    presence.came(caller.id)
    try:
        await _listen(socket, hub, receive, WATCHED_MAX if caller.kind in WATCHERS else 0)
    finally:
        hub.remove(socket)
        socket.drop()
        if not hub.labelled(of_person(caller.id)):
            presence.left(caller.id)


async def _admitted(connection: ASGIConnection[Any, Any, Any, Any], hub: Hub) -> Caller | None:
    """Who may hold this socket: a page of ours, a living session, not too many already."""
    reason, caller = "", None
    if not is_own_origin(connection):
        reason = "foreign_origin"
    elif (caller := await caller_of(connection)) is None:
        reason = "no_session"
    elif len(hub.labelled(of_session(caller.session))) >= SESSION_SOCKETS_MAX:
        reason = "too_many_sockets"
    if not reason:
        return caller
    log.info("socket_refused", reason=reason, origin=connection.headers.get("origin", ""))
    return None


async def _listen(socket: Socket, hub: Hub, receive: Receive, most: int) -> None:
    """Do what a phone asks until it leaves; one that asks too much is closed.

    `most` boards are watched at once: none by customers, whom only hints are for.
    """
    loop = asyncio.get_running_loop()
    allowance, last = float(MESSAGES_PER_S), loop.time()
    while True:
        message = await receive()
        if message["type"] != "websocket.receive":
            return None
        now = loop.time()
        allowance = min(MESSAGES_PER_S, allowance + (now - last) * MESSAGES_PER_S) - 1
        last = now
        text = message.get("text") or ""
        if allowance < 0:
            return _end(socket, POLICY, "too many messages")
        if len(text) > MESSAGE_MAX or message.get("bytes"):
            return _end(socket, TOO_BIG, "text of 16 KB at most")
        try:
            wanted = _watch.decode(text).boards
        except msgspec.DecodeError:
            return _end(socket, POLICY, "not a watch message")
        await _watch_boards(socket, hub, wanted[:most])


def _end(socket: Socket, code: int, reason: str) -> None:
    log.info("socket_closed", code=code, reason=reason)
    socket.close(code, reason)


async def _watch_boards(socket: Socket, hub: Hub, wanted: list[UUID]) -> None:
    """Every colleague may see every board there is; what is not there is refused."""
    there = await db.column("SELECT id FROM board WHERE id = ANY ($1::uuid[])", wanted)
    refused = [board for board in wanted if board not in there]
    if refused:
        said = msgspec.json.encode({"t": "refused", "boards": refused})
        socket.offer("refused", text_message(said.decode()))
    keep = {str(board) for board in there}
    for topic in tuple(socket.topics):
        if topic.name not in keep:
            hub.unwatch(socket, topic.name)
    for name in keep - {topic.name for topic in socket.topics}:
        hub.watch(socket, name)
