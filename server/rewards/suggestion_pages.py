"""Suggestions: what colleagues would like, and what operations answer."""

from typing import Any, Final, Literal, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.rewards import catalogue, queries

OUTCOMES: Final = ("taken", "declined")


@get("/rewards/suggestions", guards=[signed_in])
async def suggestions(request: Asked, done: str = "") -> Response[Any]:
    """Show one's own suggestions, and to operations those that wait for an answer."""
    return await _suggestions(request, {}, is_new=done == "1")


@post("/rewards/suggestions", guards=[signed_in], status_code=303)
async def suggest(request: Asked) -> Response[Any]:
    """Suggest a reward; a refusal keeps what was typed."""
    form, caller = await typed(request, "title", "why", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        made = await catalogue.suggest(caller.id, form["title"], form["why"])
        return {"suggestion": str(made)}

    try:
        await forms.write(caller.id, "/rewards/suggestions", form, work)
    except RuleViolation as refusal:
        return await _suggestions(request, form, refusal)
    return Redirect("/rewards/suggestions?done=1", status_code=303)


@post(
    "/rewards/suggestions/{suggestion_id:uuid}/answer",
    guards=[allowed("operations")],
    status_code=303,
)
async def answer(request: Asked, suggestion_id: UUID) -> Response[Any]:
    """Take a suggestion into the catalogue, or thank for it, with a sentence."""
    form, caller = await typed(request, "outcome", "answer", KEY), caller_in(request)
    outcome = form["outcome"]

    async def work() -> dict[str, Any]:
        if outcome not in OUTCOMES:
            raise RuleViolation("malformed")
        chosen = cast("Literal['taken', 'declined']", outcome)
        await catalogue.answer(suggestion_id, chosen, form["answer"], caller.id)
        return {}

    path = f"/rewards/suggestions/{suggestion_id}/answer"
    try:
        await forms.write(caller.id, path, form, work)
    except RuleViolation as refusal:
        return await _suggestions(request, {}, refusal)
    taken = f"/rewards/new?suggestion={suggestion_id}"
    return Redirect(taken if outcome == "taken" else "/rewards/suggestions", status_code=303)


async def _suggestions(
    request: Asked,
    form: dict[str, str],
    refusal: RuleViolation | None = None,
    *,
    is_new: bool = False,
) -> Response[Any]:
    caller = caller_in(request)
    waiting = await queries.open_suggestions() if "operations" in caller.roles else []
    return page(
        request,
        "rewards/suggestions.html",
        status=status_of(refusal) if refusal else 200,
        mine=await queries.suggestions_of(caller.id),
        waiting=waiting,
        keys={str(one.id): forms.new_key() for one in waiting},
        values=form,
        refusal=said(refusal) if refusal else None,
        is_new=is_new,
        idempotency_key=forms.key_after(form, refusal),
    )


routes = [suggestions, suggest, answer]
