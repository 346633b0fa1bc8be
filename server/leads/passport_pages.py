"""Pages of a lead's way: what I reported, a passport, what I follow up, what is to be assigned."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.lead_stages import by_owner
from game.lead_terms import LeadTerms
from game.leads import NOTE_MAX
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.leads import assignment, follow, passport_words, passports
from server.leads.numbers import number_of
from server.leads.passports import GROUPS, Passport
from server.leads.terms import received_under
from server.people import reveals
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in

FIELDS: Final = ("to", "note", "from", KEY)
LISTS: Final = {"follow": "/leads/follow", "assign": "/leads/assign"}
"""Where a form goes back to by its field `from`; else to the passport."""


@get("/leads", guards=[signed_in])
async def index(request: Asked, group: str = "") -> Response[Any]:
    """List what the caller reported, with how far each came."""
    caller = caller_in(request)
    group = group if group in GROUPS else ""
    return page(
        request,
        "leads/index.html",
        leads=await faces(await passports.reported(caller.id, group)),
        counted=await passports.counted(caller.id),
        group=group,
    )


@get("/leads/follow", guards=[allowed("sales")])
async def follow_up(request: Asked, group: str = "") -> Response[Any]:
    """List what the caller follows up: first contacts first, by when they are due."""
    return await _follow(request, group)


@get("/leads/assign", guards=[allowed("operations")])
async def to_assign(request: Asked) -> Response[Any]:
    """List the leads for which a person has to choose who follows up."""
    return await _assign(request)


@get("/leads/{lead:uuid}", guards=[signed_in])
async def show(request: Asked, lead: UUID) -> Response[Any]:
    """Show a passport to its reporter, its owner and the desks."""
    return await _passport(request, lead)


@post("/leads/{lead:uuid}/steps", guards=[signed_in], status_code=303)
async def step(request: Asked, lead: UUID) -> Response[Any]:
    """Take a step, or note something."""
    form, caller = await typed(request, *FIELDS), caller_in(request)

    async def work() -> dict[str, Any]:
        await follow.step(lead, form["to"], caller.id, caller.roles, form["note"])
        return {}

    try:
        await forms.write(caller.id, f"/leads/{lead}/steps", form, work)
    except RuleViolation as refusal:
        if refusal.code == "lead_unknown":
            raise
        if form["from"] == "follow" and "sales" in caller.roles:
            return await _follow(request, "", lead, form, refusal)
        return await _passport(request, lead, form, refusal)
    return Redirect(LISTS.get(form["from"], f"/leads/{lead}"), status_code=303)


@post("/leads/{lead:uuid}/owner", guards=[allowed("operations")], status_code=303)
async def give(request: Asked, lead: UUID) -> Response[Any]:
    """Give a lead to somebody of the sales."""
    form, caller = await typed(request, "owner", *FIELDS), caller_in(request)

    async def work() -> dict[str, Any]:
        owner = _uuid(form["owner"])
        if owner is None:
            raise RuleViolation("owner_not_sales")
        await assignment.assign(lead, owner, caller.id, form["note"][:NOTE_MAX])
        return {}

    try:
        await forms.write(caller.id, f"/leads/{lead}/owner", form, work)
    except RuleViolation as refusal:
        if refusal.code == "lead_unknown":
            raise
        if form["from"] == "assign":
            return await _assign(request, refusal)
        return await _passport(request, lead, form, refusal)
    return Redirect(LISTS.get(form["from"], f"/leads/{lead}"), status_code=303)


async def faces(found: list[Passport]) -> list[dict[str, Any]]:
    """Return leads as lists show them, each in the words of its own plan version."""
    now = await clock.now()
    return [passport_words.face(one, await terms_of(one), now) for one in found]


async def terms_of(one: Passport) -> LeadTerms:
    """Return the terms that a lead was received under."""
    return (await received_under(one.id)).leads or LeadTerms()


async def _follow(
    request: Asked, group: str, lead: UUID | None = None,
    form: dict[str, str] | None = None, refusal: RuleViolation | None = None,
) -> Response[Any]:  # fmt: skip
    caller = caller_in(request)
    group = group if group in GROUPS else "open"
    found = await passports.followed(caller.id, group)
    rows = [
        face | {"taps": _taps(one), "key": forms.new_key()}
        for face, one in zip(await faces(found), found, strict=True)
    ]
    return page(
        request,
        "leads/follow.html",
        status=status_of(refusal) if refusal else 200,
        leads=rows,
        group=group,
        waiting=await passports.waiting(caller.id),
        refused=lead,
        values=form or {},
        faults={"note": said(refusal)} if refusal else {},
    )


async def _assign(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    rows = [each | {"key": forms.new_key()} for each in await faces(await passports.unassigned())]
    return page(
        request,
        "leads/assign.html",
        status=status_of(refusal) if refusal else 200,
        leads=rows,
        sellers=await passports.sellers(),
        refusal=said(refusal) if refusal else None,
    )


async def _passport(
    request: Asked, lead: UUID,
    form: dict[str, str] | None = None, refusal: RuleViolation | None = None,
) -> Response[Any]:  # fmt: skip
    caller = caller_in(request)
    one = await follow.seen(lead, caller.id, caller.roles)
    terms, may = await terms_of(one), follow.may_step(one, caller.id, caller.roles)
    now, is_desk = await clock.now(), "operations" in caller.roles
    return page(
        request,
        "leads/show.html",
        status=status_of(refusal) if refusal else 200,
        lead=passport_words.face(one, terms, now) | _more(one, terms, now),
        lines=[passport_words.line(each) for each in await passports.steps([lead])],
        ahead=passport_words.ahead(one.stage),
        taps=_taps(one) if may else [],
        may_note=may or not caller.roles.isdisjoint(follow.DESK),
        may_record=_may_record(one, caller),
        why=reveals.choices(),
        is_mine=caller.id == one.reporter,
        is_owner=caller.id == one.owner,
        sellers=await passports.sellers() if is_desk and _is_open(one) else [],
        values=form or {},
        faults={"note": said(refusal)} if refusal else {},
        keys={"step": forms.key_after(form or {}, refusal), "owner": forms.new_key()},
    )


def _more(one: Passport, terms: LeadTerms, now: datetime) -> dict[str, Any]:
    return {
        "number": number_of(one.id),
        "plan": one.plan,
        "channel": passport_words.channel_word(one.channel, terms),
        "until": one.until if one.until is not None and one.until > now else None,
        "customer": one.customer,
        "photos": one.photos,
        "captured_at": one.captured_at,
        "owner_id": one.owner,
    }


def _taps(one: Passport) -> list[tuple[str, str]]:
    return [(each, str(passport_words.TAPS[each])) for each in by_owner(one.stage)]


def _is_open(one: Passport) -> bool:
    return one.stage in {"valid", "assigned", "contacted", "visiting"}


def _may_record(one: Passport, caller: Caller) -> bool:
    return caller.id == one.owner or not caller.roles.isdisjoint(follow.DESK)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


routes = [index, follow_up, to_assign, show, step, give]
