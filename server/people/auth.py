"""The session of a request: an opaque token in a cookie, its hash in PostgreSQL.

The token is made by the server at every sign-in, never taken from the browser. Over https the
cookie is `__Host-sid; Secure`; over plain HTTP (demo and dev only) it is `sid`.
"""

from typing import Any, Final, Literal
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from game.errors import RuleViolation
from server.kit import db, ids
from server.people.sessions import SEEN_EVERY, Opened

PUBLIC: Final = ("/static/", "/healthz", "/readyz", "/metrics", "/sw.js", "/manifest.webmanifest")
"""Paths that belong to nobody: they answer without asking the database who calls."""

SCREENED: Final = ("/screens/", "/live", "/api/boards/")
"""Where the cookie of a store's screen counts: it opens nothing else."""

STORE: Final = frozenset({"store", "store_manager"})
"""Roles of people in a store."""

OWN_DAY: Final = STORE | {"sales"}
"""Roles whose own day is that of an employee, with some work beside it."""

# One round trip: who calls, and at most once a minute that the session was used.
CALLER: Final = """
WITH found AS (
  SELECT p.id, p.kind, p.code, p.name, coalesce(p.rank, '') AS rank, p.side, p.opted_out, p.locale,
         array(SELECT role FROM person_role WHERE person = p.id) AS roles,
         s.id AS session, moment
  FROM session s JOIN person p ON p.id = s.person, leitai_clock() AS moment
  WHERE s.token_hash = $1 AND s.ended_at IS NULL AND p.active
    AND s.expires_at > moment AND s.seen_at + s.idle > moment
), seen AS (
  UPDATE session s SET seen_at = moment FROM found
  WHERE s.id = found.session AND s.seen_at <= moment - $2::interval
)
SELECT * FROM found
"""


class Caller(msgspec.Struct, frozen=True):
    """Who makes a request: the person of a living session, with their roles."""

    id: UUID
    kind: Literal["employee", "customer", "partner", "screen"]
    code: str
    name: str
    rank: str
    """One of RANKS, "" for whoever is not an employee."""
    side: str
    opted_out: bool
    locale: str
    roles: frozenset[str]
    session: UUID

    @property
    def has_desk(self) -> bool:
        """Tell whether a desk's work comes before this person's own: operations, audit and so on."""
        return not self.roles <= OWN_DAY


class SessionMiddleware(ASGIMiddleware):
    """Set `request.user` to the Caller of the session cookie, or None."""

    scopes = (ScopeType.HTTP, ScopeType.WEBSOCKET)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look the session up, note that it was used, and go on.

        A write that waited on a phone names its writer: refused as `somebody_else` when another
        person is signed in there by now.
        """
        scope["user"] = None
        if not scope["path"].startswith(PUBLIC):
            connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
            scope["user"] = caller = await caller_of(connection)
            writer = connection.headers.get("leitai-viewer")
            if writer and caller and writer != str(caller.id):
                raise RuleViolation("somebody_else")
        await next_app(scope, receive, send)


async def caller_of(connection: ASGIConnection[Any, Any, Any, Any]) -> Caller | None:
    """Return whose living session a request or socket belongs to: a person's, else a screen's."""
    token, screen = token_of(connection), connection.cookies.get(screen_cookie_name(connection))
    caller = await caller_by(token) if token else None
    if caller is None and screen and connection.scope["path"].startswith(SCREENED):
        return await caller_by(screen)
    return caller


async def caller_by(token: str) -> Caller | None:
    """Return whose living session this token opens, or None: unknown, idle, expired, ended."""
    return await db.row(Caller, CALLER, ids.token_hash(token), SEEN_EVERY)


def token_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str | None:
    """Return the session token of a request or socket; over https only the bound cookie counts."""
    return connection.cookies.get(_cookie_name(connection))


def session_cookie(connection: ASGIConnection[Any, Any, Any, Any], opened: Opened) -> Cookie:
    """Return the cookie that carries a session just opened."""
    return _cookie(connection, opened.token, opened.seconds)


def no_session_cookie(connection: ASGIConnection[Any, Any, Any, Any]) -> Cookie:
    """Return the cookie that makes the browser forget its session."""
    return _cookie(connection, "", 0)


def screen_cookie(connection: ASGIConnection[Any, Any, Any, Any], opened: Opened) -> Cookie:
    """Return the cookie of a screen's session: beside a person's own, never in its place."""
    name = screen_cookie_name(connection)
    return _cookie(connection, opened.token, opened.seconds, name)


def screen_cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return what the cookie of a screen's session is called."""
    return "__Host-screen" if _is_secure(connection) else "screen"


def _cookie(
    connection: ASGIConnection[Any, Any, Any, Any], token: str, seconds: int, name: str = ""
) -> Cookie:
    return Cookie(
        key=name or _cookie_name(connection),
        value=token,
        path="/",
        max_age=seconds,
        secure=_is_secure(connection),
        httponly=True,
        samesite="lax",
    )


def _cookie_name(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    return "__Host-sid" if _is_secure(connection) else "sid"


def _is_secure(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    return connection.scope["scheme"] in {"https", "wss"}
