"""`/styleguide`: the living style page."""

from typing import Any, Final

from litestar import Request, Response, get

from server.kit import formats
from server.kit.pages import SIZES, THEMES, one_of, page
from server.styleguide import samples

LOOKS: Final = {"theme": THEMES, "size": SIZES}


@get("/styleguide", include_in_schema=False, sync_to_thread=False)
def show(request: Request[Any, Any, Any]) -> Response[str]:
    """Draw every piece; `?theme=dark&size=large` shows them so without keeping the choice."""
    look = {
        name: one_of(request.query_params.get(name, request.cookies.get(name)), allowed)
        for name, allowed in LOOKS.items()
    }
    return page(request, "styleguide/show.html", **(samples.shown(formats.utc_now()) | look))


routes = [show]
