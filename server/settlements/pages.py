"""Pages of settlement: finance computes, approves, exports and pays; everybody reads their own."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.settlement_terms import EVERY
from server.battles.exports import as_csv
from server.config import settings
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import one_of, page
from server.people import queries as people
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, anybody, caller_in
from server.settlements import commands, exports, queries, views

READERS: Final = frozenset({"finance", "audit"})
READING: Final = [allowed(*sorted(READERS))]
FINANCE: Final = [allowed("finance")]
DONE: Final = ("", "approved", "discarded", "paid")
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/settlements", guards=READING)
async def index(request: Asked) -> Response[Any]:
    """List the runs, and offer what may be computed."""
    return await _index(request)


@post("/settlements", guards=FINANCE, status_code=303)
async def compute(request: Asked) -> Response[Any]:
    """Compute the last month or quarter."""
    form, by = await typed(request, "every", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        every = next((each for each in EVERY if each == form["every"]), None)
        if every is None:
            raise RuleViolation("period_unreadable")
        return {"settlement": str(await commands.compute(every, by))}

    try:
        made = await forms.write(by, "/settlements", form, work)
    except RuleViolation as refusal:
        return await _index(request, refusal, form)
    return Redirect(f"/settlements/{made['settlement']}", status_code=303)


@get("/settlements/{settlement:uuid}", guards=READING)
async def show(request: Asked, settlement: UUID) -> Response[Any]:
    """Show one run: who is owed what."""
    return await _run(request, settlement)


@post("/settlements/{settlement:uuid}/approved", guards=FINANCE, status_code=303)
async def approve(request: Asked, settlement: UUID) -> Response[Any]:
    """Close the period, and tell everybody in it."""
    form, by = await typed(request, KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await commands.approve(settlement, by)
        return {}

    return await _written(request, settlement, "approved", form, work)


@post("/settlements/{settlement:uuid}/discarded", guards=FINANCE, status_code=303)
async def discard(request: Asked, settlement: UUID) -> Response[Any]:
    """Throw the run away with a reason."""
    form, by = await typed(request, "reason", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        await commands.discard(settlement, by, form["reason"])
        return {}

    return await _written(request, settlement, "discarded", form, work)


@post("/settlements/{settlement:uuid}/paid", guards=FINANCE, status_code=303)
async def pay(request: Asked, settlement: UUID) -> Response[Any]:
    """Mark one statement as paid, or whatever is left of the run."""
    form, by = await typed(request, "statement", KEY), caller_in(request).id

    async def work() -> dict[str, Any]:
        if form["statement"]:
            await commands.pay(await _of_run(form["statement"], settlement), by)
        else:
            await commands.pay_all(settlement, by)
        return {}

    return await _written(request, settlement, "paid", form, work)


async def _of_run(typed_id: str, settlement: UUID) -> UUID:
    try:
        found = await queries.statement(UUID(typed_id))
    except ValueError:
        raise RuleViolation("statement_unknown") from None
    if found.settlement != settlement:
        raise RuleViolation("statement_unknown")
    return found.id


@get("/settlements/{settlement:uuid}/pay.xlsx", guards=FINANCE)
async def download_xlsx(settlement: UUID) -> Response[bytes]:
    """Return who is paid what, and every line, as a workbook."""
    one = await queries.settlement(settlement)
    sheets = exports.together(await queries.statements_of(settlement), settings().company_timezone)
    body = await asyncio.to_thread(exports.as_xlsx, sheets)
    return _download(body, XLSX, f"{exports.file_name(one.period, one.id)}.xlsx")


@get("/settlements/{settlement:uuid}/pay.csv", guards=FINANCE)
async def download_csv(settlement: UUID) -> Response[bytes]:
    """Return who is paid what as CSV."""
    one = await queries.settlement(settlement)
    rows = exports.table(await queries.statements_of(settlement), settings().company_timezone)
    name = f"{exports.file_name(one.period, one.id)}.csv"
    return _download(as_csv(rows), "text/csv; charset=utf-8", name)


def _download(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
    }
    return Response(body, media_type=media_type, headers=headers)


@get("/statements", guards=[anybody])
async def mine(request: Asked) -> Response[Any]:
    """List the caller's own statements."""
    found = await queries.of_person(caller_in(request).id)
    return page(request, "settlements/mine.html", statements=[views.listed(each) for each in found])


@get("/statements/{statement:uuid}", guards=[anybody])
async def show_statement(request: Asked, statement: UUID) -> Response[Any]:
    """Show a statement to its owner once it is approved, to finance and audit before."""
    caller, one = caller_in(request), await queries.statement(statement)
    is_desk = not caller.roles.isdisjoint(READERS)
    is_own = one.person == caller.id and one.state == "approved"
    if not (is_desk or is_own):
        raise RuleViolation("statement_unknown")
    return page(
        request,
        "settlements/statement.html",
        statement=await views.statement(request, one),
        is_own=one.person == caller.id,
        can_pay="finance" in caller.roles,
        idempotency_key=forms.new_key(),
        back=f"/settlements/{one.settlement}" if is_desk and not is_own else "/statements",
    )


@get(["/v/{hash_:str}", "/V/{hash_:str}"], include_in_schema=False)
async def verify(request: Asked, hash_: str) -> Response[Any]:
    """Tell anybody who scans its QR whether a statement is genuine, and no more than that."""
    found = await views.verified(hash_)
    return page(
        request,
        "settlements/verified.html",
        status=200 if found else 404,
        statement=found,
        company=await people.company_name(),
    )


async def _written(
    request: Asked,
    settlement: UUID,
    verb: str,
    form: dict[str, str],
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> Response[Any]:
    path = f"/settlements/{settlement}"
    try:
        await forms.write(caller_in(request).id, f"{path}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _run(request, settlement, refusal, form)
    return Redirect(f"{path}?done={verb}", status_code=303)


async def _index(
    request: Asked,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    return page(
        request,
        "settlements/index.html",
        status=status_of(refusal) if refusal else 200,
        **await views.overview(),
        can_pay="finance" in caller_in(request).roles,
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


async def _run(
    request: Asked,
    settlement: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    caller = caller_in(request)
    return page(
        request,
        "settlements/show.html",
        status=status_of(refusal) if refusal else 200,
        run=await views.run(settlement, caller.id),
        can_pay="finance" in caller.roles,
        values=form or {},
        done=one_of(request.query_params.get("done"), DONE),
        refusal=said(refusal) if refusal else None,
        key=forms.new_key(),
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [
    index, compute, show, approve, discard, pay, download_xlsx, download_csv,
    mine, show_statement, verify,
]  # fmt: skip
