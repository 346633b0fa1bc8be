"""What every write has in common: its origin, its key, its refusal."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

import asyncpg
import msgspec
import structlog
from litestar import Request, Response
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.exceptions import HTTPException
from litestar.middleware import ASGIMiddleware
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from game.errors import RuleViolation
from server.config import settings
from server.kit import crypto, db, i18n
from server.kit.errors import REFUSALS
from server.kit.pages import page, speech

log = structlog.get_logger()

BODY_MAX = 10_000_000
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
# What the database says when it is away, restarting or held up: nothing was done.
AWAY = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    # A connection that was lost in the middle of a statement, as it is given back to the pool.
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.LockNotAvailableError,
    asyncpg.TransactionRollbackError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


class Answer(msgspec.Struct, frozen=True):
    """What a write answers, kept so that the same key gets it again."""

    status: int
    data: dict[str, Any]


async def once(
    person: UUID, key: str, body: object, work: Callable[[], Awaitable[dict[str, Any]]]
) -> Answer:
    """Do `work` once for this person and key, in one transaction with its effects.

    The same key with the same body gets the first answer again; with another body it is
    refused as `idempotency_mismatch`, while the first is under way as `still_running`.
    """
    if not key or len(key) > 200:
        raise RuleViolation("idempotency_key_missing")
    # Keyed: a body may hold a phone, and a phone can be tried out against a plain hash.
    body_hash = hmac.digest(crypto.keys().finding, msgspec.json.encode(body), hashlib.sha256)

    async def attempt() -> Answer:
        async with db.connection() as one:
            opened = await one.fetchrow(
                "SELECT * FROM command_open($1, $2, $3)", person, key, body_hash
            )
        if opened["state"] == "done":
            return Answer(opened["first_status"], opened["first_answer"])
        if opened["state"] != "new":
            other = opened["state"] == "other"
            raise RuleViolation("idempotency_mismatch" if other else "still_running")
        answer = Answer(HTTPStatus.CREATED, await work())
        await db.execute(
            "INSERT INTO command (person, key, body_hash, status, answer) VALUES ($1,$2,$3,$4,$5)",
            person, key, body_hash, answer.status, answer.data,
        )  # fmt: skip
        return answer

    return await db.in_transaction(attempt)


def key_of(request: Request[Any, Any, Any], form: dict[str, Any] | None = None) -> str:
    """The Idempotency-Key of a request: its header, or the hidden field of a form."""
    return request.headers.get("Idempotency-Key") or str((form or {}).get("idempotency_key", ""))


def origin_of(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    """Return our own origin, as people type it."""
    configured = settings().leitai_origin
    if configured:
        return configured.rstrip("/")
    scheme = {"ws": "http", "wss": "https"}.get(connection.url.scheme, connection.url.scheme)
    return f"{scheme}://{connection.headers.get('host', '')}"


def is_own_origin(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Whether a request says that it comes from a page of ours."""
    origin = connection.headers.get("origin", "")
    return bool(urlsplit(origin).netloc) and origin == origin_of(connection)


class OriginGuard(ASGIMiddleware):
    """A write from another site is refused before anything reads it."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Refuse as `foreign_origin`, or go on."""
        request: Request[Any, Any, Any] = Request(scope, receive, send)
        if request.method not in SAFE_METHODS and not is_own_origin(request):
            raise RuleViolation("foreign_origin")
        await next_app(scope, receive, send)


def refuse(request: Request[Any, Any, Any], error: RuleViolation) -> Response[Any]:
    """Answer a refusal: JSON under /api, a page that says what to do elsewhere."""
    refusal = REFUSALS[error.code]
    with i18n.speaking(speech(request)):
        said = refusal.sentence % error.facts
    if request.url.path.startswith("/api/"):
        data = {"error": error.code, "message": said, "facts": _plain(error.facts)}
        return Response(data, status_code=refusal.status, media_type="application/json")
    if error.code == "sign_in_first" and request.method == "GET":
        back = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
        return Redirect(f"/sign-in?next={back}", status_code=303)
    return page(request, "errors/error.html", status=refusal.status, code=error.code, sentence=said)


def _plain(facts: dict[str, object]) -> dict[str, Any]:
    return {
        name: fact if isinstance(fact, str | int | bool | list) else str(fact)
        for name, fact in facts.items()
    }


CODE_OF_STATUS = {
    400: "malformed",
    401: "sign_in_first",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


def refuse_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[Any]:
    """Answer what the framework refuses, in our words."""
    code = CODE_OF_STATUS.get(
        error.status_code, "malformed" if error.status_code < 500 else "internal"
    )
    return refuse(request, RuleViolation(code))


def refuse_unreadable(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer what neither JSON nor the database can hold: half a character, a NUL, year 0."""
    log.info("unreadable", path=request.url.path, error=repr(error))
    return refuse(request, RuleViolation("malformed"))


def refuse_away(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer while the database is away: nothing was done, send again."""
    log.warning("database_away", path=request.url.path, error=repr(error))
    answer = refuse(request, RuleViolation("try_again"))
    answer.headers["Retry-After"] = "2"
    return answer


def refuse_crash(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a fault of ours without showing it; the log has the whole of it."""
    log.error("crash", path=request.url.path, exc_info=error)
    return refuse(request, RuleViolation("internal"))


EXCEPTION_HANDLERS: dict[int | type[Exception], Callable[[Any, Any], Response[Any]]] = {
    RuleViolation: refuse,
    HTTPException: refuse_http,
    **dict.fromkeys(AWAY, refuse_away),
    **dict.fromkeys((UnicodeDecodeError, asyncpg.DataError), refuse_unreadable),
    Exception: refuse_crash,
}
