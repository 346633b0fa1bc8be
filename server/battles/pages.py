"""Pages of battles: the list, the battle, a side, the result."""

import asyncio
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from server.battles import (
    audit_pages,
    commands,
    exports,
    momentum,
    queries,
    results,
    review_pages,
    views,
)
from server.boards.phases import phase
from server.kit import forms, i18n
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.plans.words import as_builtins

FINANCE: Final = [allowed("finance")]
LAUNCHERS: Final = frozenset({"admin", "operations"})
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get("/battles", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """List the battles: those that run first."""
    caller = caller_in(request)
    mine = await queries.memberships(caller.id)
    found = await queries.battles()
    return page(
        request,
        "battles/index.html",
        battles=[await views.card(one, mine.get(one.id)) for one in found],
        can_launch=not caller.roles.isdisjoint(LAUNCHERS),
    )


@get("/battles/{battle_id:uuid}", guards=[signed_in])
async def show(request: Asked, battle_id: UUID) -> Response[Any]:
    """Show a battle as it stands."""
    return await _battle(request, battle_id)


@post("/battles/{battle_id:uuid}/join", guards=[signed_in], status_code=303)
async def join(request: Asked, battle_id: UUID) -> Response[Any]:
    """Take a side; the stake goes into the pot's escrow."""
    form, caller = await typed(request, "side", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.join(battle_id, caller.id, form["side"])
        return {"side": form["side"]}

    return await _written(request, battle_id, "join", form, work)


@post("/battles/{battle_id:uuid}/leave", guards=[signed_in], status_code=303)
async def leave(request: Asked, battle_id: UUID) -> Response[Any]:
    """Leave the side; the stake comes back."""
    form, caller = await typed(request, KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.leave(battle_id, caller.id)
        return {"side": None}

    return await _written(request, battle_id, "leave", form, work)


@get("/battles/{battle_id:uuid}/momentum", guards=[signed_in])
async def show_momentum(request: Asked, battle_id: UUID) -> Response[Any]:
    """Draw the last hour anew, for a page that stays open."""
    one, frame = await queries.battle(battle_id), await views.frame_of(battle_id)
    hour = await momentum.momentum(one, frame)
    if hour is None:
        raise RuleViolation("not_found")
    return page(
        request, "battles/_momentum.html", battle={"id": battle_id}, frame=frame, momentum=hour
    )


@get("/battles/{battle_id:uuid}/sides/{place:int}", guards=[signed_in])
async def show_side(request: Asked, battle_id: UUID, place: int) -> Response[Any]:
    """Show the members of a side by rank."""
    caller, one = caller_in(request), await queries.battle(battle_id)
    frame = await views.frame_of(battle_id)
    side = next((each for each in frame["sides"] if each["place"] == place), None)
    if side is None:
        raise RuleViolation("not_found")
    member = await queries.member(battle_id, caller.id)
    is_mine = member is not None and member.side == side["name"]
    return page(
        request,
        "battles/side.html",
        battle={"id": battle_id, "title": frame["title"], "state": frame["state"]},
        side=side,
        members=await queries.members_of(one, side["name"]),
        me=caller.id,
        my=await views.my_row(one, caller, member) if is_mine else None,
        frame=frame,
    )


@get("/battles/{battle_id:uuid}/result", guards=[signed_in])
async def show_result(request: Asked, battle_id: UUID) -> Response[Any]:
    """Tell how each sum came about; before the settlement there is only the battle."""
    one, caller = await queries.battle(battle_id), caller_in(request)
    if one.result is None:
        return Redirect(f"/battles/{battle_id}", status_code=303)
    rule, roster = await queries.rule_of(one), await queries.roster(battle_id)
    pot = one.result["pot"] | {"asset": one.asset}
    return page(
        request,
        "battles/result.html",
        battle={
            "id": battle_id,
            "title": as_builtins(rule.title),
            "state": one.state,
            "share": rule.share,
            "tie": rule.tie,
        },
        sides=results.sides_of(one.result, one.frozen, await queries.sides(battle_id)),
        pot=pot,
        payouts=results.payouts(one, roster, caller.id),
        refunds=results.refunds(one, rule, roster, caller.id),
        downloads="finance" in caller.roles,
    )


@get("/battles/{battle_id:uuid}/result.xlsx", guards=FINANCE)
async def download_xlsx(battle_id: UUID) -> Response[bytes]:
    """Return what is owed to whom as a workbook."""
    one = await queries.battle(battle_id)
    rows = exports.table(await _shares(battle_id), one.asset)
    title = i18n.text(await views.title_of(one))
    body = await asyncio.to_thread(exports.as_xlsx, rows, title)
    return _download(body, XLSX, f"battle-{one.cut_off:%Y-%m-%d}.xlsx")


@get("/battles/{battle_id:uuid}/result.csv", guards=FINANCE)
async def download_csv(battle_id: UUID) -> Response[bytes]:
    """Return what is owed to whom as CSV."""
    one = await queries.battle(battle_id)
    body = exports.as_csv(exports.table(await _shares(battle_id), one.asset))
    return _download(body, "text/csv; charset=utf-8", f"battle-{one.cut_off:%Y-%m-%d}.csv")


async def _shares(battle_id: UUID) -> list[results.Share]:
    one = await queries.battle(battle_id)
    return results.shares(results.settled(one), await queries.roster(battle_id))


def _download(body: bytes, media_type: str, name: str) -> Response[bytes]:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body, media_type=media_type, headers=headers)


async def _written(
    request: Asked, battle_id: UUID, verb: str, form: dict[str, str], work: Any
) -> Response[Any]:
    """Join or leave once, and come back to the battle; a refusal keeps the choice."""
    path = f"/battles/{battle_id}"
    try:
        await forms.write(caller_in(request).id, f"{path}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _battle(request, battle_id, refusal, form)
    return Redirect(path, status_code=303)


async def _battle(
    request: Asked,
    battle_id: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    caller, one = caller_in(request), await queries.battle(battle_id)
    rule, member = await queries.rule_of(one), await queries.member(battle_id, caller.id)
    frame = await views.frame_of(battle_id)
    return page(
        request,
        "battles/show.html",
        status=status_of(refusal) if refusal else 200,
        battle={
            "id": battle_id,
            "title": as_builtins(rule.title),
            "can_audit": "audit" in caller.roles and member is None,
        },
        frame=frame,
        phase=phase(frame),
        momentum=await momentum.momentum(one, frame),
        pending=await queries.pending_count(one) if one.state == "auditing" else 0,
        my=await views.my_row(one, caller, member),
        joining=await views.joining(one, rule, caller, member),
        chosen=(form or {}).get("side", caller.side),
        sentence=views.verdict_words(one, rule, member),
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.key_after(form or {}, refusal),
    )


routes = [
    index,
    show,
    join,
    leave,
    show_momentum,
    show_side,
    show_result,
    download_xlsx,
    download_csv,
    *audit_pages.routes,
    *review_pages.routes,
]
