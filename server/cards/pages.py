"""Pages of pictures to share, and the pictures: each for whoever's it is, and for nobody else."""

import asyncio
from typing import Any, Final
from uuid import UUID

from litestar import Response, get

from server.cards import views
from server.cards.pictures import picture
from server.cards.words import Badge, Card, Offer, Win, key_of
from server.kit.i18n import _
from server.kit.pages import page
from server.people.forms import Asked
from server.people.guards import anybody, caller_in, signed_in

PICTURE: Final = "picture.png"


@get("/cards/battles/{battle:uuid}", guards=[signed_in])
async def show_win(request: Asked, battle: UUID) -> Response[Any]:
    """Show the picture of a won battle, to be sent on."""
    card = await views.win(caller_in(request), battle)
    return _page(request, card, f"/battles/{battle}")


@get(f"/cards/battles/{{battle:uuid}}/{PICTURE}", guards=[signed_in], include_in_schema=False)
async def draw_win(request: Asked, battle: UUID) -> Response[Any]:
    """Draw it."""
    return await _picture(request, await views.win(caller_in(request), battle))


@get("/cards/badges/{plan:str}/{badge:str}", guards=[anybody])
async def show_badge(request: Asked, plan: str, badge: str) -> Response[Any]:
    """Show the picture of a badge, to be sent on."""
    card = await views.badge(caller_in(request), plan, badge)
    return _page(request, card, f"/badges/{plan}/{badge}")


@get(
    f"/cards/badges/{{plan:str}}/{{badge:str}}/{PICTURE}",
    guards=[anybody],
    include_in_schema=False,
)
async def draw_badge(request: Asked, plan: str, badge: str) -> Response[Any]:
    """Draw it."""
    return await _picture(request, await views.badge(caller_in(request), plan, badge))


@get("/cards/offers/{code:str}", guards=[anybody])
async def show_offer(request: Asked, code: str) -> Response[Any]:
    """Show the picture of one's own offer, to be sent on."""
    card = await views.offer(request, caller_in(request), code)
    return _page(request, card, "/referrals", card.link)


@get(f"/cards/offers/{{code:str}}/{PICTURE}", guards=[anybody], include_in_schema=False)
async def draw_offer(request: Asked, code: str) -> Response[Any]:
    """Draw it."""
    return await _picture(request, await views.offer(request, caller_in(request), code))


def _page(request: Asked, card: Card, back: str, link: str = "") -> Response[Any]:
    return page(
        request,
        "cards/show.html",
        card={
            "title": _title(card),
            "says": _says(card),
            # The key in the address: a picture that says something else is another picture.
            "src": f"{request.url.path}/{PICTURE}?v={key_of(card)[:8]}",
            "file": f"leitai-{type(card).__name__.lower()}.png",
            "link": link,
        },
        back=back,
    )


def _title(card: Card) -> str:
    match card:
        case Win():
            return _("Share the win")
        case Badge():
            return _("Share the badge")
        case Offer():
            return _("Share the offer")


def _says(card: Card) -> str:
    """Say in one sentence what the picture shows."""
    match card:
        case Win():
            return _(
                "%(title)s: %(side)s %(verdict)s. %(name)s, %(mine)s.",
                title=card.title, side=card.ours.name, verdict=card.verdict, name=card.name,
                mine=card.mine,
            )  # fmt: skip
        case Badge():
            return _(
                "%(name)s: %(title)s, %(tier)s.",
                name=card.name, title=card.title, tier=card.tier_word,
            )  # fmt: skip
        case Offer():
            figure = f"{card.before}{card.figure}{card.after}"
            return _(
                "%(says)s: %(figure)s. %(title)s.",
                says=card.says, figure=figure, title=card.title,
            )  # fmt: skip


async def _picture(request: Asked, card: Card) -> Response[Any]:
    tag = f'"{key_of(card)}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(None, status_code=304, headers=headers)
    drawn = await asyncio.to_thread(picture, card)
    return Response(drawn, media_type="image/png", headers=headers)


routes = [show_win, draw_win, show_badge, draw_badge, show_offer, draw_offer]
