"""Boards over HTTP: the same frame as on the socket, and where the caller stands."""

from typing import Any
from uuid import UUID

from litestar import Request, Response, get

from server.boards import service
from server.boards.frames import encoded
from server.boards.schemas import Me
from server.boards.sockets import live
from server.people.guards import caller_in, signed_in, watching


@get("/api/boards/{board_id:uuid}", guards=[watching])
async def show_board(request: Request[Any, Any, Any], board_id: UUID) -> Response[bytes]:
    """Answer a board's frame; 304 when the caller has this version already."""
    frame = await service.current().frame(board_id)
    tag = f'"{frame.epoch}.{frame.version}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return Response(b"", status_code=304, headers=headers)
    return Response(encoded(frame), headers=headers, media_type="application/json")


@get("/api/boards/{board_id:uuid}/me", guards=[signed_in])
async def show_me(request: Request[Any, Any, Any], board_id: UUID) -> Me | None:
    """Answer where the caller stands; null without a standing on this board."""
    return await service.current().frames.me(board_id, caller_in(request).id)


routes = [live, show_board, show_me]
