"""The push services we hand messages to. A phone names its own, so nothing but these is believed."""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Final
from urllib.parse import SplitResult, urlsplit

from server.config import settings

HOSTS: Final = (
    "fcm.googleapis.com",
    "push.services.mozilla.com",
    "push.apple.com",
    "notify.windows.com",
)
"""Of Chrome and its relatives, Firefox, Safari and Edge; names below them count too."""
ENDPOINT_MAX: Final = 1000


def is_known(endpoint: str) -> bool:
    """Tell whether an endpoint is an https address of a push service, written the usual way."""
    if len(endpoint) > ENDPOINT_MAX or not endpoint.isascii() or not endpoint.isprintable():
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    if settings().push_to_loopback and _is_loopback(parts):
        return True
    # Lower case, no user, no port: the address says exactly what it looks like.
    is_plain = parts.scheme == "https" and port is None and parts.netloc == host
    return is_plain and any(host == each or host.endswith(f".{each}") for each in HOSTS)


def _is_loopback(parts: SplitResult) -> bool:
    return parts.scheme == "http" and parts.hostname == "127.0.0.1" and "@" not in parts.netloc


async def address_of(host: str) -> str:
    """Return an address of a push service; raises OSError when it leads into a private network.

    Looked up once and then connected to, so that nobody can change the answer in between.
    """
    loop = asyncio.get_running_loop()
    found = await loop.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return public([str(each[4][0]) for each in found])


def public(addresses: Iterable[str]) -> str:
    """Return the first of some addresses; raises OSError unless all are public."""
    found = list(addresses)
    if not found or not all(ipaddress.ip_address(each).is_global for each in found):
        raise OSError("a push service has public addresses only")
    return found[0]
