"""Pages of one's own actions: report one, see what became of it."""

from datetime import date, datetime
from itertools import chain
from typing import Annotated, Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.params import Parameter
from litestar.response import Redirect

from game.errors import RuleViolation
from game.plan import Plan
from game.points import cap_window, points_for
from server.actions import commands, queries
from server.actions.photos import as_evidence
from server.actions.words import kind_title, row, versions_of, why
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import caller_in, signed_in
from server.plans import queries as plans

ROWS_MOST: Final = 5
"""Rows of the form for those who started work; a kind that needs more is reported over the API."""
STARTERS: Final = tuple((f"starter_{n}", f"since_{n}") for n in range(1, ROWS_MOST + 1))
FIELDS: Final = ("kind", "customer", "note", "happened_at", "mode", *chain(*STARTERS), KEY)
FIELD_OF: Final = {
    "customer_unreadable": "customer",
    "kind_unknown": "kind",
    "note_too_long": "note",
    "photo_unreadable": "photos",
    "starter_unreadable": "starter_1",
    "too_many_photos": "photos",
}
"""Beside which field a refusal is said; any other is said above the form."""
SHOWN_MOST: Final = 30
STATES: Final = ("all", "pending", "scored", "refused")
WATCHERS: Final = frozenset({"operations", "audit"})
"""Who may look at the evidence of others."""


@get("/actions/new", guards=[signed_in])
async def show_report(request: Asked, kind: str = "", done: UUID | None = None) -> Response[Any]:
    """Ask for an action; `done` is the one that has just gone in."""
    sent = None if done is None else await _done(caller_in(request), done)
    return await _report(request, {"kind": kind}, done=sent)


@post("/actions", guards=[signed_in], status_code=303)
async def report(request: Asked) -> Response[Any]:
    """Receive an action; a refusal keeps what was typed."""
    form = await typed(request, *FIELDS)
    try:
        photos = await forms.files(request, "photos")
        sent = await _send(caller_in(request), form, photos)
    except RuleViolation as refusal:
        return await _report(request, form, refusal)
    return Redirect(f"/actions/new?done={sent['action']}", status_code=303)


@get("/actions", guards=[signed_in])
async def index(
    request: Asked,
    wanted: Annotated[str, Parameter(query="state")] = "all",
    before: UUID | None = None,
) -> Response[Any]:
    """List the caller's own actions with what became of them."""
    caller, shown = caller_in(request), wanted if wanted in STATES else "all"
    found = await queries.mine(caller.id, shown, before, SHOWN_MOST + 1)
    counts = await queries.mine_by_state(caller.id)
    is_more = len(found) > SHOWN_MOST
    return page(
        request,
        "actions/index.html",
        actions=await rows(found[:SHOWN_MOST]),
        counts={"all": sum(counts.values())} | {each: counts.get(each, 0) for each in STATES[1:]},
        shown=shown,
        older=f"/actions?state={shown}&before={found[SHOWN_MOST - 1].id}" if is_more else None,
    )


@get("/evidence/{evidence_id:uuid}", guards=[signed_in])
async def evidence(request: Asked, evidence_id: UUID) -> Response[bytes]:
    """Show a photo to its author and to reviewers; anybody else finds nothing here."""
    caller, found = caller_in(request), await queries.evidence(evidence_id)
    if found is None or (found.person != caller.id and caller.roles.isdisjoint(WATCHERS)):
        raise RuleViolation("not_found")
    return Response(
        found.body,
        media_type=found.media_type,
        headers={
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def rows(actions: list[queries.Mine]) -> list[dict[str, Any]]:
    """Return actions as the lists of pages want them."""
    versions = await versions_of(actions)
    return [row(each, versions[each.plan, each.plan_version]) for each in actions]


async def _send(caller: Caller, form: dict[str, str], photos: list[bytes]) -> dict[str, Any]:
    plan, _, kind = form["kind"].partition("/")
    said_now = commands.Report(
        plan=plan,
        kind=kind,
        customer=form["customer"],
        note=form["note"].strip(),
        captured_at=_moment(form["happened_at"]),
        photos=await as_evidence(photos),
        mode="handed_over" if form["mode"] == "handed_over" else "direct",
        starters=_starters(form),
    )

    async def work() -> dict[str, Any]:
        reported = await commands.report(caller.id, said_now)
        return {"action": str(reported.action)}

    return await forms.write(caller.id, "/actions", form, work, photos)


def _starters(form: dict[str, str]) -> list[tuple[str, date]]:
    """Read who started work when; refused as `starter_unreadable` where one has no day."""
    found = []
    for who, since in STARTERS:
        if form[who].strip():
            try:
                found.append((form[who].strip(), date.fromisoformat(form[since])))
            except ValueError:
                raise RuleViolation("starter_unreadable") from None
    return found


def _moment(text: str) -> datetime | None:
    """Read the phone's clock; without a zone it names no moment, and is left out."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


async def _done(caller: Caller, action_id: UUID) -> dict[str, Any] | None:
    sent = await queries.action(action_id)
    if sent.person != caller.id:
        return None
    plan = (await plans.plan_version(sent.plan, sent.plan_version)).plan
    worth, _ = points_for(plan, sent.kind, sent.received_at, sent.mode)
    is_open = sent.outcome in {"pending", "scored"}
    return {
        "title": kind_title(plan, sent.kind),
        "points": worth,
        "why_not": "" if is_open else why(sent, plan),
    }


async def _report(
    request: Asked,
    form: dict[str, str],
    refusal: RuleViolation | None = None,
    done: dict[str, Any] | None = None,
) -> Response[Any]:
    field = FIELD_OF.get(refusal.code) if refusal else None
    kinds = await _kinds(caller_in(request))
    return page(
        request,
        "actions/report.html",
        status=status_of(refusal) if refusal else 200,
        kinds=kinds,
        modes=any(kind["handed_over"] is not None for kind in kinds),
        starters=STARTERS[: max((kind["people"] for kind in kinds), default=0)],
        values=form,
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        idempotency_key=forms.key_after(form, refusal),
        done=done,
    )


async def _kinds(caller: Caller) -> list[dict[str, Any]]:
    """Return what the plans in force count: first what counts for the caller's side."""
    now = await clock.now()
    in_force = [each.plan for each in await plans.in_force()]
    kinds = [(plan, kind) for plan in in_force for kind in plan.actions]
    kinds.sort(key=lambda each: not _counts_for(caller.side, *each))
    return [
        {
            "id": f"{plan.id}/{kind}",
            "title": kind_title(plan, kind),
            "points": points_for(plan, kind, now)[0],
            "handed_over": plan.actions[kind].handed_over,
            "people": needs.people if (needs := plan.actions[kind].needs) else 0,
            "left": await _left(caller, plan, kind, now),
        }
        for plan, kind in kinds
    ]


def _counts_for(side: str, plan: Plan, kind: str) -> bool:
    return any(
        kind in battle.actions and (battle.sides is None or side in battle.sides)
        for battle in plan.battles
    )


async def _left(caller: Caller, plan: Plan, kind: str, now: datetime) -> int | None:
    """Return how many more may score in this window; None without a cap."""
    cap = plan.actions[kind].cap
    if cap is None:
        return None
    start, _ = cap_window(cap, now, plan.zone)
    return max(0, cap.most - await queries.received(caller.id, plan.id, kind, start))


routes = [show_report, report, index, evidence]
