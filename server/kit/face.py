"""What belongs to the face and to no slice: worker, manifest, offline page, switches, statics."""

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
from server.kit import i18n, pages
from server.kit.i18n import _
from server.kit.statics import build, built

PageRequest = Request[Any, Any, Any]
STATIC: Final = CHECKOUT / "static"
YEAR: Final = 365 * 86400
PAPER: Final = "#f8f5f0"
CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "locale": i18n.LOCALES,
    "theme": pages.THEMES,
    "size": pages.SIZES,
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


@get("/manifest.webmanifest", sync_to_thread=False, include_in_schema=False)
def manifest(locale: str = i18n.LOCALES[0]) -> Response[dict[str, object]]:
    """Return the app's manifest in one language (browsers fetch it without cookies)."""
    with i18n.speaking(locale):
        body: dict[str, object] = {
            "id": "/",
            "name": _("Leitai"),
            "short_name": _("Leitai"),
            "description": _("Live team battles, points and a wallet that adds up."),
            "lang": i18n.language_tag(i18n.locale()),
            "dir": "ltr",
            "start_url": "/?src=pwa",
            "scope": "/",
            "display": "standalone",
            "display_override": ["standalone", "minimal-ui"],
            "theme_color": PAPER,
            "background_color": PAPER,
            "categories": ["business", "productivity"],
            "icons": _icons(),
            "shortcuts": [
                {"name": _("Report"), "url": "/actions/new"},
                {"name": _("Battles"), "url": "/battles"},
                {"name": _("Wallet"), "url": "/wallet"},
            ],
            "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
            "prefer_related_applications": False,
        }
    return Response(body, media_type="application/manifest+json")


def _icons() -> list[dict[str, str]]:
    png = [
        {"src": f"/static/icons/{name}.png", "sizes": f"{size}x{size}", "type": "image/png"}
        | ({"purpose": purpose} if purpose else {})
        for name, size, purpose in (
            ("icon-192", 192, ""),
            ("icon-512", 512, ""),
            ("maskable-512", 512, "maskable"),
            ("mono-512", 512, "monochrome"),
        )
    ]
    return [*png, {"src": "/static/icons/icon.svg", "sizes": "any", "type": "image/svg+xml"}]


@get("/offline", sync_to_thread=False, include_in_schema=False)
def offline(request: PageRequest) -> Response[str]:
    """Return the page that the service worker shows when nothing else can be had."""
    return pages.page(request, "errors/offline.html")


@post("/face", include_in_schema=False)
async def choose(request: PageRequest) -> Redirect:
    """Keep the person's language, theme and text size in cookies, and go back."""
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
    return [service_worker, manifest, offline, choose, build, plain]
