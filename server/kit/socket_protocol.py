"""uvicorn's WebSocket protocol, with one short cut: a frame that is encoded already is written.

A board's frame is the same bytes for every phone. Whoever sends it puts the encoded frame beside
the text, as `frame`; any other ASGI server ignores that and encodes the text itself.
"""

from typing import Any

from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode


class SocketProtocol(WebSocketsSansIOProtocol):
    """Named in uvicorn's `ws` option; needs per-message deflate to be off."""

    async def send(self, message: Any) -> None:
        """Write an encoded frame as it is; everything else is uvicorn's."""
        frame = message.get("frame")
        if frame is None or not self.handshake_complete or self.close_sent or self.conn.extensions:
            await super().send(message)
            return
        if not self.writable.is_set():
            await self.writable.wait()
        if self.disconnected or self.close_sent:
            raise ClientDisconnected
        self.transport.write(frame)


def encoded_message(text: str) -> dict[str, Any]:
    """Return the ASGI message of a text, with the frame encoded for everybody who gets it."""
    frame = Frame(Opcode.TEXT, text.encode()).serialize(mask=False)
    return {"type": "websocket.send", "text": text, "frame": frame}
