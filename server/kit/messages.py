"""Messages to a phone: printed on the console, or posted to the company's own gateway.

The webhook gets `{"phone", "kind", "text", "code"}`; it answers 2xx within five seconds. A
message that could not be handed over is logged without its phone or text; nobody is told,
because an answer that differs would tell who has an account.
"""

import sys
from typing import Final

import httpx2
import msgspec
import structlog

from server.config import settings

log = structlog.get_logger()

TIMEOUT_S: Final = 5.0


class Message(msgspec.Struct, frozen=True):
    """One message: E.164 phone, kind (`one_time_code`), words to show, and the bare code."""

    phone: str
    kind: str
    text: str
    code: str


async def send(message: Message) -> None:
    """Hand a message over, to the webhook where one is set; never raises."""
    url = settings().message_webhook_url
    if url is None:
        sys.stderr.write(f"message to {message.phone}: {message.text}\n")
        return
    try:
        async with httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False) as client:
            answer = await client.post(
                url,
                content=msgspec.json.encode(message),
                headers={"Content-Type": "application/json"},
            )
            answer.raise_for_status()
    except httpx2.HTTPError as error:
        log.warning("message_not_sent", kind=message.kind, error=type(error).__name__)
