"""Devices, payers and networks: keyed hashes that only say "the same again" (promises.md § 4.8)."""

import hashlib
import hmac
import re
from typing import Any, Final
from uuid import UUID

import asyncpg
import structlog
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie

from server.kit import clock, crypto, db, ids
from server.people import limits

log = structlog.get_logger()

Connection = ASGIConnection[Any, Any, Any, Any]

LIFETIME_S: Final = 400 * 86_400
"""The longest that browsers keep a cookie."""
KEPT: Final = "90 days"
"""After the last time that somebody was seen with it."""
NETWORK_KEPT: Final = "7 days"
"""No rule looks further back at a network."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


def device_of(request: Connection) -> str:
    """Return the hash of the browser that asks, "" where it has no cookie of ours yet."""
    token = request.cookies.get(_name(request), "")
    return token_of("device", token) if _TOKEN.fullmatch(token) else ""


def device_or_session_of(request: Connection, session: UUID) -> str:
    """Return the hash of the browser that asks; without a cookie its session stands for it."""
    return device_of(request) or token_of("session", str(session))


def device_cookie(request: Connection) -> Cookie:
    """Return the cookie that a page sets so that this browser is known again; renews one it has."""
    token = request.cookies.get(_name(request), "")
    return Cookie(
        key=_name(request),
        value=token if _TOKEN.fullmatch(token) else ids.new_token(),
        path="/",
        max_age=LIFETIME_S,
        secure=_is_secure(request),
        httponly=True,
        samesite="lax",
    )


def network_of(request: Connection) -> str:
    """Return the hash of the network a request comes from; of IPv6, of its /64."""
    address = request.client.host if request.client else ""
    return token_of("network", limits.network(address)) if address else ""


def token_of(kind: str, value: str) -> str:
    """Return what is kept of a device's cookie, a payer or a network: 64 hex digits."""
    return hmac.digest(crypto.keys().finding, f"{kind}|{value}".encode(), hashlib.sha256).hex()


async def note_sighting(device: str, person: UUID, role: str, network: str = "") -> None:
    """Note that a person was seen on a device, as `role` (referrer, friend, till …).

    `device` and `network` are hashes of `device_of` and `network_of`, "" where there is none.
    """
    await _note("device", device, person, role)
    await _note("network", network, person, role)


async def note_till(request: Connection, person: UUID) -> None:
    """Note that this browser is a till's, where it is known already; a till never fails by it."""
    try:
        await note_sighting(device_of(request), person, "till")
    except asyncpg.PostgresError:
        log.exception("till_not_noted")


async def note_payer(payer: str, person: UUID) -> None:
    """Note that somebody paid with this; `payer` is what the till says of it, kept as a hash."""
    await _note("payer", token_of("payer", payer) if payer else "", person, "payer")


async def _note(kind: str, token: str, person: UUID, role: str) -> None:
    if token:
        await db.execute(
            "INSERT INTO sighting VALUES ($1, $2, $3, $4, $5, $5)"
            " ON CONFLICT (kind, token, person, role) DO UPDATE SET last_at = excluded.last_at",
            kind, token, person, role, await clock.now(),
        )  # fmt: skip


def _name(request: Connection) -> str:
    return "__Host-did" if _is_secure(request) else "did"


def _is_secure(request: Connection) -> bool:
    return request.scope["scheme"] in {"https", "wss"}
