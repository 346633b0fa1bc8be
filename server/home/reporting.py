"""Where reporting begins: with a lead where a plan takes leads, else with an action."""

from typing import Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send

from server.notifications.bell import wants_page
from server.plans import queries as plans

LEAD: Final = "/leads/new"
ACTION: Final = "/actions/new"


class ReportPlace(ASGIMiddleware):
    """Let the Report place of an employee's page lead to where most is reported."""

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Look only where a browser wants a page."""
        caller = scope["user"]
        if caller is not None and caller.kind == "employee" and wants_page(scope):
            takes_leads = any(plan.leads is not None for plan in await plans.running())
            scope["state"]["report"] = LEAD if takes_leads else ACTION
        await next_app(scope, receive, send)
