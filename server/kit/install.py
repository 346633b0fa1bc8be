"""The app on a home screen: its manifest, in each language and for each bar, and how it gets there."""

from typing import Any, Final, Literal

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler

from server.kit import i18n, pages
from server.kit.i18n import Lazy, _, lazy

PageRequest = Request[Any, Any, Any]
PAPER: Final = "#f8f5f0"
SHORTCUTS_MOST: Final = 4
ICONS: Final = (
    ("icon-192", 192, ""),
    ("icon-512", 512, ""),
    ("maskable-512", 512, "maskable"),
    ("mono-512", 512, "monochrome"),
)
SCREENSHOTS: Final[tuple[tuple[str, str, str, Lazy], ...]] = (
    ("battle", "narrow", "585x1266", lazy("A battle, live")),
    ("today", "narrow", "585x1266", lazy("What to do next")),
    ("wallet", "narrow", "585x1266", lazy("Points that explain themselves")),
    ("battle-wide", "wide", "1280x800", lazy("A battle, live")),
    ("numbers-wide", "wide", "1280x800", lazy("What a campaign brought")),
)
"""Taken of the demo by pwa/take_screenshots.py, in every language."""


@get("/manifest.webmanifest", sync_to_thread=False, include_in_schema=False)
def manifest(locale: str = i18n.LOCALES[0], seat: str = pages.SEATS[0]) -> Response[dict[str, Any]]:
    """Return the app's manifest (browsers fetch it without cookies): `seat` says whose bar it has."""
    with i18n.speaking(locale):
        body: dict[str, Any] = {
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
            "icons": [_icon(*each) for each in ICONS]
            + [{"src": "/static/icons/icon.svg", "sizes": "any", "type": "image/svg+xml"}],
            "shortcuts": [_shortcut(place) for place in shortcuts(seat)],
            "screenshots": [_screenshot(*each) for each in SCREENSHOTS],
            "launch_handler": {"client_mode": ["navigate-existing", "auto"]},
            "prefer_related_applications": False,
        }
    return Response(body, media_type="application/manifest+json")


def shortcuts(seat: str) -> list[pages.Place]:
    """Return the places that a long press on the app's icon offers: those of a bar."""
    bar = pages.bar_of(seat if seat in pages.SEATS else pages.SEATS[0])
    return [place for place in bar if place not in {pages.TODAY, pages.ME}][:SHORTCUTS_MOST]


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    icon = {"src": f"/static/icons/{name}.png", "sizes": f"{size}x{size}", "type": "image/png"}
    return icon | ({"purpose": purpose} if purpose else {})


def _shortcut(place: pages.Place) -> dict[str, Any]:
    icon = {"src": f"/static/icons/place-{place.icon}.png", "sizes": "96x96", "type": "image/png"}
    return {"name": str(place.label), "url": place.href, "icons": [icon]}


def _screenshot(name: str, form: str, sizes: str, label: Lazy) -> dict[str, str]:
    return {
        "src": f"/static/icons/screenshots/{i18n.locale()}-{name}.webp",
        "sizes": sizes,
        "type": "image/webp",
        "form_factor": form,
        "label": str(label),
    }


@get("/install", sync_to_thread=False, include_in_schema=False)
def show(request: PageRequest) -> Response[str]:
    """Say how the app gets on a home screen, whatever phone it is; nobody has to be signed in."""
    return pages.page(request, "install/show.html")


@get("/install/sheet", sync_to_thread=False, include_in_schema=False)
def show_sheet(
    request: PageRequest, way: Literal["prompt", "ios", "webview"] = "prompt"
) -> Response[str]:
    """Return the offer to do so as a dialog, for one way of doing it."""
    return pages.page(request, "install/_sheet.html", way=way)


routes: list[HTTPRouteHandler] = [manifest, show, show_sheet]
