"""Who may enter a route: `guards=[signed_in]`, `guards=[allowed("operations", "audit")]`.

Customers and partners enter only where a route says `guards=[anybody]`.
"""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from game.errors import RuleViolation
from server.people.auth import Caller

ROLES = (
    *("operations", "audit", "finance", "admin", "screen", "store", "store_manager"),
    *("sales", "service"),
)
"""What a person may be beside an employee. An administrator has no other role by right."""


def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse whoever has no living session as `sign_in_first`, customers as `not_allowed`."""
    if caller_in(connection).kind != "employee":
        raise RuleViolation("not_allowed")


def anybody(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse whoever has no living session as `sign_in_first`; customers and partners may."""
    if caller_in(connection).kind == "screen":
        raise RuleViolation("not_allowed")


def watching(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Let in whoever may look at boards: employees, and screens in stores (E10)."""
    if caller_in(connection).kind not in {"employee", "screen"}:
        raise RuleViolation("not_allowed")


def allowed(*roles: str) -> Guard:
    """Return a guard that refuses whoever has none of these roles as `not_allowed`."""
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"no such role: {unknown}")

    def has_role(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if caller_in(connection).roles.isdisjoint(roles):
            raise RuleViolation("not_allowed")

    return has_role


def caller_in(connection: ASGIConnection[Any, Any, Any, Any]) -> Caller:
    """Return who calls; refused as `sign_in_first` when nobody is signed in."""
    caller: Caller | None = connection.scope.get("user")
    if caller is None:
        raise RuleViolation("sign_in_first")
    return caller
