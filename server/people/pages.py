"""Pages of people for administrators."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final
from uuid import UUID

import segno
from litestar import Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect
from markupsafe import Markup

from game.errors import RuleViolation
from server.kit.pages import page
from server.kit.sheets import SheetFault, SheetRefused
from server.kit.web import origin_of
from server.people import commands, doors, invites, queries, rights, sessions
from server.people.auth import session_cookie
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import ROLES, allowed, caller_in
from server.people.imports import PeopleFaults, read_people
from server.people.words import RANK_WORDS, ROLE_WORDS, role_words

ADMIN: Final = [allowed("admin")]
SHOWN_MOST: Final = 300


@get("/people", guards=ADMIN)
async def show_people(request: Asked, q: str = "", role: str = "") -> Response[Any]:
    """List people by unit, those who are searched for first of all."""
    words = q.replace("\x00", "")[:100]
    found = await queries.people(words, role if role in ROLES else "", SHOWN_MOST + 1)
    return page(
        request,
        "people/index.html",
        units=_by_unit(found[:SHOWN_MOST]),
        counts=await queries.counts(),
        query=words,
        role=role,
        roles=ROLE_WORDS,
        more=len(found) > SHOWN_MOST,
    )


@get("/people/import", guards=ADMIN)
async def show_import(request: Asked) -> Response[Any]:
    """Ask for a people file."""
    return _import(request)


@post("/people/import", guards=ADMIN, status_code=200)
async def upload(request: Asked) -> Response[Any]:
    """Import a people file, or say all that is wrong with it."""
    file = (await request.form()).get("file")
    body, name = (await file.read(), file.filename) if isinstance(file, UploadFile) else (b"", "")
    try:
        report = await commands.import_people(read_people(body), caller_in(request).id)
    except (PeopleFaults, SheetRefused) as refusal:
        return _import(request, status_of(refusal), faults=refusal.faults, filename=name)
    return _import(request, imported=report, notes=report.notes)


@get("/people/{person:uuid}", guards=ADMIN)
async def show_person(request: Asked, person: UUID) -> Response[Any]:
    """Show one person: who they are, what they may do, whether they got in."""
    return await _person(request, person)


@post("/people/{person:uuid}/invite", guards=ADMIN, status_code=200)
async def invite(request: Asked, person: UUID) -> Response[Any]:
    """Make a new invite and show its link once; the one before opens nothing any more."""
    made = await invites.invite(person, caller_in(request).id)
    link = origin_of(request) + made.path
    return page(
        request,
        "people/invite.html",
        mode="show",
        person=await queries.person(person),
        link=link,
        qr=Markup(segno.make(link, error="m").svg_inline(omitsize=True)),  # noqa: S704  # drawn here
        expires=made.expires_at,
    )


@post("/people/{person:uuid}/roles", guards=ADMIN, status_code=303)
async def set_roles(request: Asked, person: UUID) -> Response[Any]:
    """Give a person the roles that are ticked; they sign in again."""
    caller = caller_in(request)
    roles = frozenset(map(str, (await request.form()).getall("role", [])))
    try:
        await rights.set_roles(person, roles, caller.id)
    except RuleViolation as refusal:
        return await _person(request, person, refusal)
    back = Redirect(f"/people/{person}", status_code=303)
    if person == caller.id:
        # Their own session ended with the rights it had; this one has the new ones.
        back.set_cookie(session_cookie(request, await sessions.start_session(person)))
    return back


@post("/people/{person:uuid}/dismiss", guards=ADMIN, status_code=303)
async def dismiss(request: Asked, person: UUID) -> Response[Any]:
    """Let a person in no longer, with a reason."""
    reason = (await typed(request, "reason"))["reason"]
    try:
        await rights.dismiss(person, caller_in(request).id, reason)
    except RuleViolation as refusal:
        return await _person(request, person, refusal)
    return Redirect(f"/people/{person}", status_code=303)


@post("/people/{person:uuid}/readmit", guards=ADMIN, status_code=303)
async def readmit(request: Asked, person: UUID) -> Response[Any]:
    """Let a dismissed person in again."""
    await rights.readmit(person, caller_in(request).id)
    return Redirect(f"/people/{person}", status_code=303)


def _by_unit(people: Sequence[queries.Listed]) -> list[dict[str, Any]]:
    return [
        {"path": path, "people": [_row(each) for each in members]}
        for path, members in groupby(people, lambda each: each.unit)
    ]


def _row(person: queries.Listed) -> dict[str, Any]:
    return {
        "id": person.id,
        "code": person.code,
        "name": person.name,
        "rank": RANK_WORDS[person.rank],
        "side": person.side,
        "roles": role_words(person.roles),
        "state": person.state,
    }


def _import(
    request: Asked,
    status: int = 200,
    faults: Sequence[SheetFault] = (),
    notes: Sequence[SheetFault] = (),
    filename: str = "",
    imported: commands.Imported | None = None,
) -> Response[Any]:
    return page(
        request,
        "people/import.html",
        status=status,
        faults=[
            {"line": each.line, "column": each.column, "reason": each.sentence % each.facts}
            for each in faults
        ],
        notes=[str(note) for note in notes],
        filename=filename,
        imported=imported,
    )


async def _person(request: Asked, id_: UUID, refusal: RuleViolation | None = None) -> Response[Any]:
    person = await queries.person(id_)
    return page(
        request,
        "people/person.html",
        status=status_of(refusal) if refusal else 200,
        person=_row(person) | {"unit": person.unit, "phone": await queries.masked_phone(id_)},
        roles=[(role, ROLE_WORDS[role], role in person.roles) for role in ROLES],
        refusal=said(refusal) if refusal else None,
    )


routes = [
    *doors.routes,
    show_people,
    show_import,
    upload,
    show_person,
    invite,
    set_roles,
    dismiss,
    readmit,
]
