"""The bell of every page: how much news waits for whoever asks for it."""

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from server.notifications import queries


class Bell(ASGIMiddleware):
    """Count a person's unread notices for a page that is about to be drawn."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look only where a browser wants a page."""
        if scope["user"] is not None and wants_page(scope):
            scope["state"]["unread"] = await queries.unread(scope["user"].id)
        await next_app(scope, receive, send)


def wants_page(scope: Scope) -> bool:
    """Tell whether a page is about to be drawn for a browser."""
    headers = dict(scope["headers"])
    return scope.get("method") == "GET" and b"text/html" in headers.get(b"accept", b"")
