"""uvicorn's WebSocket protocol, with one short cut: a frame that is encoded already is written.

A board's frame is the same bytes for every phone, but ASGI has each socket encode its text anew.
Our protocol offers its application a plain function that writes a ready frame; under any other
server there is no such function, and the text is sent as usual.
"""

from collections.abc import Callable
from typing import Final, cast

from litestar.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

WRITE_FRAME: Final = "leitai.write_frame"

WriteFrame = Callable[[bytes], bool]


class SocketProtocol(WebSocketsSansIOProtocol):
    """Named in uvicorn's `ws` option."""

    async def run_asgi(self) -> None:
        """Offer the short cut to the application, as an extension of its scope."""
        cast("dict[str, object]", self.scope["extensions"])[WRITE_FRAME] = self.write_frame
        await super().run_asgi()

    def write_frame(self, frame: bytes) -> bool:
        """Write a whole encoded frame; False when it can't be now: then `send` knows why."""
        if (
            not self.writable.is_set()
            or self.close_sent
            or self.disconnected
            or self.conn.extensions
            or not self.handshake_complete
        ):
            return False
        self.transport.write(frame)
        return True


def write_frame_of(scope: Scope) -> WriteFrame | None:
    """Return the short cut of a socket, None where the server has none."""
    return (scope.get("extensions") or {}).get(WRITE_FRAME)  # type: ignore[return-value]
