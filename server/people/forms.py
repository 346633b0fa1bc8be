"""What the pages of people share: what was typed, and how a refusal is said beside it."""

from typing import Any

from litestar import Request

from game.errors import RuleViolation
from server.kit.errors import REFUSALS
from server.kit.forms import form_of
from server.people.auth import Caller

Asked = Request[Caller | None, Any, Any]


async def typed(request: Asked, *names: str) -> dict[str, str]:
    """Return the fields of a form as text, "" where one is missing.

    A NUL can't be typed, and PostgreSQL holds none.
    """
    form = await form_of(request)
    return {name: str(form.get(name, "")).replace("\x00", "") for name in names}


def said(refusal: RuleViolation) -> str:
    """Return the sentence of a refusal in the current language."""
    return REFUSALS[refusal.code].sentence % refusal.facts


def status_of(refusal: RuleViolation) -> int:
    """Return the HTTP status of a refusal."""
    return REFUSALS[refusal.code].status


def address_of(request: Asked) -> str:
    """Return where a request comes from; a proxy in front must be one uvicorn trusts."""
    return request.client.host if request.client else ""
