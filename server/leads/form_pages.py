"""Pages of whoever reports: the form for one thumb, checking a number, watching, reporting again."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.actions.photos import as_evidence
from server.antispam.devices import device_cookie, device_or_session_of, network_of
from server.kit import clock, forms
from server.kit.forms import KEY, form_of
from server.kit.pages import page
from server.kit.web import origin_of
from server.leads import checks, commands, queries, terms, views, watching
from server.leads.commands import Submission
from server.people import stores
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import anybody, caller_in, signed_in

NEW: Final = "/leads/new"
FIELDS: Final = (
    *("plan", "name", "phone", "note", "channel", "store", "agrees", "happened_at", KEY),
)  # fmt: skip
FIELD_OF: Final = {
    "phone_unreadable": "phone",
    "lead_already_yours": "phone",
    "customer_objected": "phone",
    "customer_blacklisted": "phone",
    "too_many_checks": "phone",
    "lead_name_missing": "name",
    "lead_name_long": "name",
    "need_unknown": "tags",
    "channel_unknown": "channel",
    "store_unknown": "store",
    "note_too_long": "note",
    "photo_unreadable": "photos",
    "too_many_photos": "photos",
    "agreement_missing": "agrees",
}
"""Beside which field a refusal is said; any other is said above the form."""
DESK: Final = frozenset({"operations", "audit", "service"})


@get(NEW, guards=[anybody])
async def show_form(request: Asked, plan: str = "", done: UUID | None = None) -> Response[Any]:
    """Ask for a lead; `done` is the one that has just gone in."""
    caller, sent = caller_in(request), None
    if done is not None:
        found = await queries.sent(done)
        sent = found if found and found.reporter == caller.id else None
    shown = await views.sent(sent, await clock.now()) if sent else None
    return await _form(request, {"plan": plan}, done=shown)


@post("/leads", guards=[anybody], status_code=303)
async def submit(request: Asked) -> Response[Any]:
    """Receive a lead; a refusal keeps what was typed."""
    caller, form = caller_in(request), await typed(request, *FIELDS)
    tags = await _tags(request)
    try:
        photos = await forms.files(request, "photos")
        reported = Submission(
            plan=form["plan"], name=form["name"], tags=tags, note=form["note"],
            channel=form["channel"], store=_id(form["store"]),
            captured_at=_moment(form["happened_at"]), photos=await as_evidence(photos),
            agrees=form["agrees"] == "yes",
            device=device_or_session_of(request, caller.session), network=network_of(request),
            origin=origin_of(request),
        )  # fmt: skip

        async def work() -> dict[str, Any]:
            received = await commands.submit(caller.id, form["phone"], reported)
            return {"lead": str(received.lead)}

        sent = await forms.write(caller.id, "/leads", form, work, tags, photos)
    except RuleViolation as refusal:
        return await _form(request, form, refusal, tags=tags)
    return Redirect(f"{NEW}?done={sent['lead']}", status_code=303)


@post("/leads/check", guards=[signed_in], status_code=200)
async def check(request: Asked) -> Response[Any]:
    """Say whether a number is free, before more is typed."""
    form, tags = await typed(request, *FIELDS), await _tags(request)
    try:
        checked = await checks.check(caller_in(request).id, form["phone"], form["plan"])
    except RuleViolation as refusal:
        return await _form(request, form, refusal, tags=tags)
    return await _form(request, form, tags=tags, checked=checked)


@post("/leads/{lead:uuid}/watch", guards=[anybody], status_code=303)
async def watch(request: Asked, lead: UUID) -> Response[Any]:
    """Watch the customer of a duplicate, or no longer."""
    caller, form = caller_in(request), await typed(request, "on", "back", KEY)

    async def work() -> dict[str, Any]:
        verb = watching.unwatch if form["on"] == "no" else watching.watch
        await verb(lead, caller.id)
        return {}

    await forms.write(caller.id, f"/leads/{lead}/watch", form, work)
    back = f"{NEW}?done={lead}" if form["back"] == "new" else f"/leads/again/{lead}"
    return Redirect(back, status_code=303)


@get("/leads/again/{lead:uuid}", guards=[anybody])
async def show_again(request: Asked, lead: UUID) -> Response[Any]:
    """Show where the customer of a duplicate stands, to whoever reported it."""
    return await _again(request, lead)


@post("/leads/again/{lead:uuid}", guards=[anybody], status_code=303)
async def report_again(request: Asked, lead: UUID) -> Response[Any]:
    """Report a duplicate once more: one tap."""
    caller, form = caller_in(request), await typed(request, KEY)
    how = Submission(
        name="", device=device_or_session_of(request, caller.session),
        network=network_of(request), origin=origin_of(request),
    )  # fmt: skip

    async def work() -> dict[str, Any]:
        return {"lead": str((await commands.again(lead, caller.id, how)).lead)}

    try:
        sent = await forms.write(caller.id, f"/leads/again/{lead}", form, work)
    except RuleViolation as refusal:
        if refusal.code in {"lead_unknown", "sign_in_first"}:
            raise
        return await _again(request, lead, refusal)
    return Redirect(f"{NEW}?done={sent['lead']}", status_code=303)


@get("/leads/photos/{photo_id:uuid}", guards=[anybody])
async def photo(request: Asked, photo_id: UUID) -> Response[bytes]:
    """Show a lead's picture to its reporter, whoever follows it up, and the desk."""
    caller, found = caller_in(request), await queries.photo(photo_id)
    if found is None or (
        caller.id not in {found.reporter, found.owner} and caller.roles.isdisjoint(DESK)
    ):
        raise RuleViolation("not_found")
    return Response(
        found.body,
        media_type=found.media_type,
        headers={
            "Cache-Control": "private, max-age=86400, immutable",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _form(
    request: Asked,
    form: dict[str, str],
    refusal: RuleViolation | None = None,
    *,
    tags: list[str] | None = None,
    done: dict[str, Any] | None = None,
    checked: checks.Checked | None = None,
) -> Response[Any]:
    caller, plans = caller_in(request), await terms.open_plans()
    wanted = form["plan"] or await queries.last_plan(caller.id)
    plan = next((each for each in plans if each.id == wanted), plans[0] if plans else None)
    field = FIELD_OF.get(refusal.code) if refusal else None
    own = await stores.store_of(caller.id)
    answer = page(
        request,
        "leads/new.html",
        status=status_of(refusal) if refusal else 200,
        plans=views.plan_choices(plans, plan),
        plan=plan.id if plan else None,
        needs=views.choices(plan.leads.needs) if plan and plan.leads else [],
        channels=views.choices(plan.leads.channels) if plan and plan.leads else [],
        stores=await views.store_choices(plan) if plan else [],
        may_check=caller.kind == "employee",
        values={"store": str(own.id) if own else ""} | form,
        tags=tags or [],
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        checked=checked,
        done=done,
        idempotency_key=forms.key_after(form, refusal),
        keys={"watch": forms.new_key()},
    )
    answer.set_cookie(device_cookie(request))
    return answer


async def _again(request: Asked, lead: UUID, refusal: RuleViolation | None = None) -> Response[Any]:
    found = await queries.sent(lead)
    if found is None or found.reporter != caller_in(request).id or found.stage != "duplicate":
        raise RuleViolation("lead_unknown")
    return page(
        request,
        "leads/again.html",
        status=status_of(refusal) if refusal else 200,
        lead=await views.sent(found, await clock.now()),
        refusal=said(refusal) if refusal else None,
        keys={"watch": forms.new_key(), "again": forms.new_key()},
    )


async def _tags(request: Asked) -> list[str]:
    return [str(each) for each in (await form_of(request)).getall("tags", [])]


def _id(text: str) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        raise RuleViolation("store_unknown") from None


def _moment(text: str) -> datetime | None:
    """Read the phone's clock; without a zone it names no moment, and is left out."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


routes = [show_form, submit, check, watch, show_again, report_again, photo]
