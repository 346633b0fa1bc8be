"""Pages of challenges: the list, one of them, making one, the kick-off (E7, E8, K7)."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.challenges import commands, kick_off_pages, queries, views, window_pages
from server.challenges.commands import New
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.plans import queries as plans

MAKING: Final = [allowed(*sorted(views.MAKERS))]


@get("/challenges", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """List the challenges: those that run first."""
    caller = caller_in(request)
    mine = await queries.places_of(caller.id)
    cards = [await views.card(one, mine.get(one.id)) for one in await queries.challenges()]
    return page(
        request,
        "challenges/index.html",
        running=[each for each in cards if each["state"] in {"open", "live", "finished"}],
        over=[each for each in cards if each["state"] in {"paid", "missed"}],
        can_make=not caller.roles.isdisjoint(views.MAKERS),
        can_double="operations" in caller.roles,
    )


@get("/challenges/new", guards=MAKING)
async def show_new(
    request: Asked, plan: str = "", rule: str = "", store: UUID | None = None
) -> Response[Any]:
    """Offer the templates, then one of them with everything filled in."""
    if not rule:
        found = await views.templates(caller_in(request))
        return page(request, "challenges/templates.html", templates=found)
    return await _form(request, plan, rule, store)


@post("/challenges", guards=MAKING, status_code=303)
async def make(request: Asked) -> Response[Any]:
    """Make a challenge; a refusal keeps what was typed."""
    form = await typed(request, "plan", "rule", "store", "starts", "ends", KEY)
    people = [str(each) for each in (await forms.form_of(request)).getall("people", [])]
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        return {"challenge": str(await commands.make(await _new(form, people), caller.id))}

    try:
        made = await forms.write(caller.id, "/challenges", form, work, people)
    except RuleViolation as refusal:
        chosen = _id(form["store"])
        return await _form(request, form["plan"], form["rule"], chosen, refusal, form, people)
    return Redirect(f"/challenges/{made['challenge']}", status_code=303)


@get("/challenges/{challenge_id:uuid}", guards=[signed_in])
async def show(request: Asked, challenge_id: UUID) -> Response[Any]:
    """Show a challenge as it stands."""
    return await _show(request, challenge_id)


@post("/challenges/{challenge_id:uuid}/join", guards=[signed_in], status_code=303)
async def join(request: Asked, challenge_id: UUID) -> Response[Any]:
    """Take part."""
    return await _do(request, challenge_id, "join", commands.join)


@post("/challenges/{challenge_id:uuid}/leave", guards=[signed_in], status_code=303)
async def leave(request: Asked, challenge_id: UUID) -> Response[Any]:
    """Take no part any more."""
    return await _do(request, challenge_id, "leave", commands.leave)


@post("/challenges/{challenge_id:uuid}/call-off", guards=MAKING, status_code=303)
async def call_off(request: Asked, challenge_id: UUID) -> Response[Any]:
    """Call a challenge off with a reason; the bonus goes back."""
    form, caller = await typed(request, "reason", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.call_off(challenge_id, caller.id, form["reason"])
        return {}

    return await _written(request, challenge_id, "call-off", form, work)


async def _do(request: Asked, challenge_id: UUID, verb: str, deed: Any) -> Response[Any]:
    form, caller = await typed(request, KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await deed(challenge_id, caller.id)
        return {}

    return await _written(request, challenge_id, verb, form, work)


async def _written(
    request: Asked, challenge_id: UUID, verb: str, form: dict[str, str], work: Any
) -> Response[Any]:
    path = f"/challenges/{challenge_id}"
    try:
        await forms.write(caller_in(request).id, f"{path}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _show(request, challenge_id, refusal)
    return Redirect(path, status_code=303)


async def _show(
    request: Asked, challenge_id: UUID, refusal: RuleViolation | None = None
) -> Response[Any]:
    one = await queries.challenge(challenge_id)
    return page(
        request,
        "challenges/show.html",
        status=status_of(refusal) if refusal else 200,
        refusal=said(refusal) if refusal else None,
        keys={verb: forms.new_key() for verb in ("join", "leave", "call_off")},
        **await views.shown(one, caller_in(request)),
    )


async def _form(
    request: Asked,
    plan_id: str,
    rule_id: str,
    store: UUID | None,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
    people: list[str] | None = None,
) -> Response[Any]:
    caller = caller_in(request)
    plan = next((each.plan for each in await plans.in_force() if each.id == plan_id), None)
    rule = plan.challenges.get(rule_id) if plan else None
    if plan is None or rule is None:
        raise RuleViolation("template_unknown")
    is_store = rule.kind == "store_day"
    where, choice = await views.places(caller, store) if is_store else (None, [])
    colleagues = await views.colleagues(where) if where or not is_store else []
    asked = {str(each.id) for each in colleagues} if people is None else set(people)
    return page(
        request,
        "challenges/new.html",
        status=status_of(refusal) if refusal else 200,
        refusal=said(refusal) if refusal else None,
        template=views.template(plan, rule_id),
        store=where,
        stores=choice,
        is_store=is_store,
        timezone=plan.timezone,
        people=[
            {"id": each.id, "name": each.name, "asked": str(each.id) in asked}
            for each in colleagues
        ],
        values=form or views.times_of(rule, plan, await clock.now()),
        idempotency_key=forms.key_after(form or {}, refusal),
    )


async def _new(form: dict[str, str], people: list[str]) -> New:
    plan = next((each.plan for each in await plans.in_force() if each.id == form["plan"]), None)
    if plan is None:
        raise RuleViolation("template_unknown")
    return New(
        plan=form["plan"],
        rule=form["rule"],
        store=_id(form["store"]),
        starts=_moment(form["starts"], plan.zone),
        ends=_moment(form["ends"], plan.zone),
        people=[each for each in map(_id, people) if each],
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise RuleViolation("malformed") from None


def _moment(text: str, zone: ZoneInfo) -> datetime | None:
    """Read a date and time of the plan's zone; an empty field is no moment."""
    if not text.strip():
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise RuleViolation("challenge_in_the_past") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


routes = [
    index,
    show_new,
    make,
    show,
    join,
    leave,
    call_off,
    *kick_off_pages.routes,
    *window_pages.routes,
]
