"""The page that finds people and leads."""

from typing import Any, Final
from urllib.parse import urlencode

from litestar import Response, get, post
from litestar.response import Redirect

from server.home import search
from server.kit.pages import page
from server.leads.follow import READERS
from server.leads.passport_pages import faces
from server.people.forms import Asked, typed
from server.people.guards import caller_in, signed_in
from server.people.words import RANK_WORDS

PAGE: Final = "/search"


@get(PAGE, guards=[signed_in])
async def show(request: Asked, q: str = "") -> Response[Any]:
    """Show what is found by a name; a number in an address is not looked for."""
    words = _read(q)
    return await _found(request, "" if search.is_number(words) else words)


@post(PAGE, guards=[signed_in], status_code=303)
async def find(request: Asked) -> Response[Any]:
    """Look for what was typed: words get an address to come back to, a number never does."""
    words = _read((await typed(request, "words"))["words"])
    if search.is_number(words):
        answer = await _found(request, words)
        answer.headers["Cache-Control"] = "no-store"
        return answer
    return Redirect(f"{PAGE}?{urlencode({'q': words})}" if words else PAGE, status_code=303)


def _read(typed_words: str) -> str:
    return " ".join(typed_words.replace("\x00", "").split())[: search.WORDS_MOST]


async def _found(request: Asked, words: str) -> Response[Any]:
    caller = caller_in(request)
    people = await search.colleagues(words, caller) if words else []
    leads = await search.leads(words, caller) if words else []
    return page(
        request,
        "home/search.html",
        status=200,
        words=words,
        people=[_row(each, caller.roles) for each in people[: search.MOST]],
        leads=await faces(leads[: search.MOST]),
        more=max(len(people), len(leads)) > search.MOST,
        sees_all=not caller.roles.isdisjoint(READERS),
    )


def _row(one: search.Colleague, roles: frozenset[str]) -> dict[str, Any]:
    return {
        "name": one.name,
        "under": [one.unit, str(RANK_WORDS[one.rank]) if one.rank else "", one.side],
        "active": one.active,
        "href": f"/people/{one.id}" if "admin" in roles else "",
    }


routes = [show, find]
