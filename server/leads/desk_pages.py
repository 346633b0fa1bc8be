"""The review desk of leads: what is due first on top, one or many in one tap (operations)."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.leads import Verdict
from server.kit import clock, forms
from server.kit.forms import KEY, form_of
from server.kit.i18n import Lazy, _, lazy
from server.kit.pages import page
from server.leads import queries, reviewing, views
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in

REVIEWERS: Final = [allowed("operations")]
SHOWN_MOST: Final = 30
REASONS: Final[dict[str, tuple[Verdict, Lazy]]] = {
    "false_number": ("invalid", lazy("the number is false")),
    "not_target": ("invalid", lazy("not somebody we can serve")),
    "no_interest": ("invalid", lazy("the customer wants nothing")),
    "known": ("duplicate", lazy("our customer already")),
    "other": ("invalid", lazy("another reason")),
}
"""Why a lead is not taken, in one tap; `other` needs words of its own."""


@get(reviewing.DESK, guards=REVIEWERS)
async def show_desk(request: Asked, done: int = 0, passed: int = 0) -> Response[Any]:
    """Show what waits; `done` were just decided, `passed` somebody else decided meanwhile."""
    return await _desk(request, done=done, passed=passed)


@post(reviewing.DESK, guards=REVIEWERS, status_code=303)
async def decide(request: Asked) -> Response[Any]:
    """Decide on the chosen leads, and go on; a refusal keeps what was chosen."""
    caller, form = caller_in(request), await typed(request, "verdict", "reason", "note", KEY)
    chosen = [str(each) for each in (await form_of(request)).getall("lead", [])]
    try:
        leads = _ids(chosen)
        verdict, reason = _said(form)

        async def work() -> dict[str, Any]:
            done = await reviewing.review_many(leads, caller.id, verdict, reason)
            return {"done": done, "passed": len(set(leads)) - done}

        sent = await forms.write(caller.id, reviewing.DESK, form, work, chosen)
    except RuleViolation as refusal:
        return await _desk(request, refusal=refusal, form=form, chosen=chosen)
    return Redirect(
        f"{reviewing.DESK}?done={sent['done']}&passed={sent['passed']}", status_code=303
    )


def _ids(chosen: list[str]) -> list[UUID]:
    if not chosen:
        raise RuleViolation("no_leads_chosen")
    try:
        return [UUID(each) for each in chosen]
    except ValueError:
        raise RuleViolation("malformed") from None


def _said(form: Mapping[str, str]) -> tuple[Verdict, str]:
    """Return the verdict and the reason that its reporter reads."""
    if form["verdict"] == "valid":
        return "valid", ""
    if form["reason"] not in REASONS:
        raise RuleViolation("reason_missing")
    verdict, words = REASONS[form["reason"]]
    note = form["note"].strip()
    first = "" if form["reason"] == "other" else str(words)
    reason = _("%(reason)s: %(note)s", reason=first, note=note) if first and note else first or note
    return verdict, reason


async def _desk(
    request: Asked,
    *,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    chosen: list[str] | None = None,
    done: int = 0,
    passed: int = 0,
) -> Response[Any]:
    caller, now = caller_in(request), await clock.now()
    found = await queries.waiting(caller.id, SHOWN_MOST)
    queue = await queries.queue(caller.id, now)
    return page(
        request,
        "leads/desk.html",
        status=status_of(refusal) if refusal else 200,
        leads=[await views.waiting(each, now) for each in found],
        count=queue.count,
        late=queue.late,
        own=queue.own,
        chosen=chosen if chosen is not None else [str(each.id) for each in found[:1]],
        reasons=[{"id": name, "title": str(words)} for name, (_v, words) in REASONS.items()],
        values=form or {},
        done=done,
        passed=passed,
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [show_desk, decide]
