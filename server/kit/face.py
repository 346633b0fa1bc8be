"""What belongs to the face and to no slice: worker, offline page, switches, statics."""

from collections.abc import Mapping
from typing import Any, Final

from litestar import Request, Response, Router, get, post
from litestar.connection import ASGIConnection
from litestar.datastructures import CacheControlHeader, Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.response import File, Redirect
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp, Receive, Scope, Send

from server.config import CHECKOUT
from server.kit import i18n, install, pages
from server.kit.statics import build, built

PageRequest = Request[Any, Any, Any]
STATIC: Final = CHECKOUT / "static"
YEAR: Final = 365 * 86400
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "locale": i18n.LOCALES,
    "theme": pages.THEMES,
    "size": pages.SIZES,
    "motion": pages.MOTIONS,
    "sound": pages.SWITCH,
    "vibration": pages.SWITCH,
}


def speaking(app: ASGIApp) -> ASGIApp:
    """Middleware: every handler of a request, refusals included, speaks the person's language."""

    async def speak(scope: Scope, receive: Receive, send: Send) -> None:
        connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
        with i18n.speaking(pages.speech(connection)):
            await app(scope, receive, send)

    return speak


@get("/sw.js", sync_to_thread=False, include_in_schema=False)
def service_worker(request: PageRequest) -> File:
    """Return the service worker from the root, so that it may serve every page."""
    return built(request, "service_worker.js", "no-cache")


@get("/offline", sync_to_thread=False, include_in_schema=False)
def offline(request: PageRequest) -> Response[str]:
    """Return the page that the service worker shows when nothing else can be had.

    It is kept for whoever comes: nobody's name, rights or bar may be in it.
    """
    return pages.page(request, "errors/offline.html", viewer=None, places=())


@post("/face", include_in_schema=False)
async def choose(request: PageRequest) -> Redirect:
    """Keep in cookies how the person wants to read, see, hear and feel the app, and go back."""
    form = await request.form()
    cookies = [
        Cookie(key=name, value=str(form[name]), path="/", max_age=YEAR, samesite="lax")
        for name, allowed in CHOICES.items()
        if form.get(name) in allowed
    ]
    back = pages.local_path(request.headers.get("referer"))
    return Redirect(back, status_code=303, cookies=cookies)


def routes() -> list[HTTPRouteHandler | Router]:
    """Return the handlers and routers of the face, for the composition root."""
    plain = create_static_files_router(
        path="/static/icons",
        directories=[STATIC / "icons"],
        cache_control=CacheControlHeader(max_age=86400, public=True),
        name="static-icons",
    )
    return [service_worker, *install.routes, offline, choose, build, plain]
