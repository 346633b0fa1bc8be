"""Hand a push over to its service: five seconds, no redirects, to known services only."""

import asyncio
from functools import lru_cache
from typing import Final, Literal
from urllib.parse import urlsplit, urlunsplit

import httpx2
import structlog
from webpush import WebPush, WebPushSubscription
from webpush.types import WebPushKeys

from server.config import settings
from server.push import services
from server.push.keys import Pair
from server.push.payloads import News, encoded
from server.push.queries import Device
from server.push.words import MANNERS

log = structlog.get_logger()

Sent = Literal["sent", "gone", "failed"]

TIMEOUT_S: Final = 5.0
GONE: Final = (404, 410)
"""What a service answers once a phone is no longer there."""


async def send(news: News, device: Device, pair: Pair) -> Sent:
    """Send one push to one phone; `gone` when it will never take another. Never raises."""
    if not services.is_known(device.endpoint):
        return "gone"
    try:
        body, headers = _sealed(news, device, pair)
    except ValueError:
        # No address or no keys: nothing will ever reach it.
        return "gone"
    try:
        status = await _post(device.endpoint, body, headers)
    except (httpx2.HTTPError, OSError) as error:
        log.warning("push_not_sent", device=str(device.id), error=type(error).__name__)
        return "failed"
    if status in GONE:
        return "gone"
    if status >= 300:
        log.warning("push_not_sent", device=str(device.id), status=status)
        return "failed"
    return "sent"


def _sealed(news: News, device: Device, pair: Pair) -> tuple[bytes, dict[str, str]]:
    """Return what is posted: the encrypted body, and the headers that say how to treat it."""
    manner = MANNERS[news.group]
    keys = WebPushKeys(auth=device.auth, p256dh=device.p256dh)
    subscription = WebPushSubscription.model_validate({"endpoint": device.endpoint, "keys": keys})
    signer = _signer(pair, manner.ttl_s, _contact(device.origin))
    message = signer.get(encoded(news, device.origin), subscription)
    # Of what waits at the service for a phone that is off, the newest of a group is enough.
    more = {"urgency": manner.urgency, "topic": news.group}
    return message.encrypted, {**message.headers, **more}


@lru_cache(maxsize=16)
def _signer(pair: Pair, ttl_s: int, contact: str) -> WebPush:
    """One for each lifetime: the library keeps the last lifetime it was asked for."""
    return WebPush(pair.private, pair.public, subscriber=contact, ttl=ttl_s)


def _contact(origin: str) -> str:
    """Whom a push service may write to: the mailbox that every mail domain has."""
    return f"postmaster@{urlsplit(origin).hostname}"


async def _post(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """Post to a known service, at the address that was looked at; the answer's body is ignored."""
    parts, extensions = urlsplit(endpoint), {}
    if not (settings().push_to_loopback and parts.scheme == "http"):
        host = parts.hostname or ""
        address = await services.address_of(host)
        netloc = f"[{address}]" if ":" in address else address
        parts = parts._replace(netloc=netloc)
        headers = headers | {"host": host}
        extensions = {"sni_hostname": host}
    async with (
        asyncio.timeout(TIMEOUT_S),
        httpx2.AsyncClient(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST", urlunsplit(parts), content=body, headers=headers, extensions=extensions
        ) as answer,
    ):
        return answer.status_code
