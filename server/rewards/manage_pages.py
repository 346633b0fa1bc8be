"""Pages for whoever keeps the catalogue: add, edit, restock, take off."""

from typing import Any, Final, cast
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.plan_terms import RANKS, Rank
from game.rewards import KINDS, LIMIT_PERIODS, Limit, LimitPer
from server.kit import forms
from server.kit.forms import KEY
from server.kit.i18n import LOCALES
from server.kit.pages import page
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in
from server.people.words import RANK_WORDS
from server.rewards import catalogue, queries, views, words
from server.rewards.catalogue import Terms
from server.rewards.queries import Reward

MANAGERS: Final = frozenset({"operations", "admin"})
MANAGING: Final = [allowed(*sorted(MANAGERS))]
FIELDS: Final = (
    "kind", "points", "stock", "low_stock", "limit_most", "limit_per", "keeps_days", "coupon",
    "suggestion", KEY, *(f"{name}_{locale}" for name in ("title", "about") for locale in LOCALES),
)  # fmt: skip
FIELD_OF: Final = {
    "reward_title_missing": "title_zh_Hans",
    "reward_coupon_missing": "coupon",
    "photo_unreadable": "picture",
}
"""Beside which field a refusal is said; `reward_terms` names its own."""
NEW: Final = {"kind": "gift", "keeps_days": "14", "limit_per": "month"}


@get("/rewards/manage", guards=MANAGING)
async def manage(request: Asked) -> Response[Any]:
    """Show the shelves: how many of each are left, and what was taken off."""
    return await _shelves(request)


@get("/rewards/new", guards=MANAGING)
async def show_new(request: Asked, suggestion: UUID | None = None) -> Response[Any]:
    """Ask for a reward, begun from a suggestion where there is one."""
    asked = await queries.suggestion(suggestion) if suggestion else None
    begun = {"title_zh_Hans": asked.title, "suggestion": str(asked.id)} if asked else {}
    return await _form(request, None, NEW | begun)


@post("/rewards/new", guards=MANAGING, status_code=303)
async def create(request: Asked) -> Response[Any]:
    """Put a reward into the catalogue."""
    return await _kept(request, None)


@get("/rewards/{reward_id:uuid}/edit", guards=MANAGING)
async def show_edit(request: Asked, reward_id: UUID) -> Response[Any]:
    """Ask for changes of a reward."""
    one = await queries.reward(reward_id)
    return await _form(request, one, _values(one), list(one.units), list(one.ranks))


@post("/rewards/{reward_id:uuid}/edit", guards=MANAGING, status_code=303)
async def edit(request: Asked, reward_id: UUID) -> Response[Any]:
    """Change a reward."""
    return await _kept(request, await queries.reward(reward_id))


@post("/rewards/{reward_id:uuid}/restock", guards=MANAGING, status_code=303)
async def restock(request: Asked, reward_id: UUID) -> Response[Any]:
    """Add pieces, or count no more: pieces left empty make it unlimited."""
    form, caller = await typed(request, "pieces", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        return {
            "left": await catalogue.restock(reward_id, _number(form["pieces"], "pieces"), caller.id)
        }

    return await _changed(request, reward_id, "restock", form, work)


@post("/rewards/{reward_id:uuid}/archive", guards=MANAGING, status_code=303)
async def archive(request: Asked, reward_id: UUID) -> Response[Any]:
    """Take a reward off, or offer it again."""
    form, caller = await typed(request, "offer", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await catalogue.archive(reward_id, caller.id, is_offered=form["offer"] == "1")
        return {}

    return await _changed(request, reward_id, "archive", form, work)


async def _changed(
    request: Asked, reward_id: UUID, verb: str, form: dict[str, str], work: Any
) -> Response[Any]:
    try:
        path = f"/rewards/{reward_id}/{verb}"
        await forms.write(caller_in(request).id, path, form, work)
    except RuleViolation as refusal:
        return await _shelves(request, refusal)
    return Redirect("/rewards/manage", status_code=303)


async def _shelves(request: Asked, refusal: RuleViolation | None = None) -> Response[Any]:
    offered, gone = await queries.rewards(), await queries.rewards(archived=True)
    return page(
        request,
        "rewards/manage.html",
        status=status_of(refusal) if refusal else 200,
        rewards=[views.face(one) for one in offered],
        archived=[views.face(one) for one in gone],
        suggestions=len(await queries.open_suggestions()),
        keys={str(one.id): (forms.new_key(), forms.new_key()) for one in [*offered, *gone]},
        refusal=said(refusal) if refusal else None,
    )


async def _kept(request: Asked, one: Reward | None) -> Response[Any]:
    """Keep what was typed; a refusal shows it again, with the fault beside its field."""
    form, caller = await typed(request, *FIELDS), caller_in(request)
    sent = await forms.form_of(request)
    units, ranks = (list(map(str, sent.getall(name, []))) for name in ("units", "ranks"))
    path = f"/rewards/{one.id}/edit" if one else "/rewards/new"
    try:
        picture = await catalogue.picture_of(await forms.files(request, "picture"))
        terms = _terms(form, units, ranks, picture)

        async def work() -> dict[str, Any]:
            if one is not None:
                await catalogue.edit(one.id, terms, caller.id)
                return {}
            asked = UUID(form["suggestion"]) if form["suggestion"] else None
            stock = _number(form["stock"], "stock")
            return {"reward": str(await catalogue.create(terms, stock, caller.id, asked))}

        await forms.write(caller.id, path, form, work, units, ranks, picture)
    except RuleViolation as refusal:
        return await _form(request, one, form, units, ranks, refusal)
    return Redirect("/rewards/manage", status_code=303)


def _terms(
    form: dict[str, str], units: list[str], ranks: list[str], picture: bytes | None
) -> Terms:
    if form["kind"] not in KINDS:
        raise RuleViolation("reward_terms", field="kind")
    most = _number(form["limit_most"], "limit_most")
    if most is not None and form["limit_per"] not in LIMIT_PERIODS:
        raise RuleViolation("reward_terms", field="limit_per")
    return Terms(
        kind=form["kind"],
        title=_by_locale(form, "title"),
        about=_by_locale(form, "about"),
        points=_number(form["points"], "points") or 0,
        low_stock=_number(form["low_stock"], "low_stock"),
        limit=None if most is None else Limit(most, cast("LimitPer", form["limit_per"])),
        units=tuple(units),
        ranks=cast("tuple[Rank, ...]", tuple(ranks)),
        keeps_days=_number(form["keeps_days"], "keeps_days") or 0,
        coupon=form["coupon"] if form["kind"] == "coupon" else "",
        picture=picture,
    )


def _by_locale(form: dict[str, str], name: str) -> dict[str, str]:
    texts = {locale: form[f"{name}_{locale}"].strip() for locale in LOCALES}
    return {locale: text for locale, text in texts.items() if text}


def _number(text: str, field: str) -> int | None:
    """Read a whole number, None where nothing was typed; refused as `reward_terms`."""
    text = text.strip()
    if not text:
        return None
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise RuleViolation("reward_terms", field=field)
    return int(text)


def _values(one: Reward) -> dict[str, str]:
    numbers = {
        "points": one.points,
        "low_stock": one.low_stock,
        "limit_most": one.limit_most,
        "keeps_days": one.keeps_days,
    }
    shown = {name: "" if value is None else str(value) for name, value in numbers.items()}
    for locale in LOCALES:
        shown[f"title_{locale}"] = one.title.get(locale, "")
        shown[f"about_{locale}"] = one.about.get(locale, "")
    coupon = f"{one.coupon_plan}/{one.coupon_rule}" if one.coupon_rule else ""
    return shown | {"kind": one.kind, "limit_per": one.limit_per or "month", "coupon": coupon}


async def _form(
    request: Asked,
    one: Reward | None,
    values: dict[str, str],
    units: list[str] | None = None,
    ranks: list[str] | None = None,
    refusal: RuleViolation | None = None,
) -> Response[Any]:
    field = FIELD_OF.get(refusal.code) or refusal.facts.get("field") if refusal else None
    return page(
        request,
        "rewards/edit.html",
        status=status_of(refusal) if refusal else 200,
        reward=None if one is None else views.face(one),
        values=values,
        faults={field: said(refusal)} if refusal and field else {},
        refusal=said(refusal) if refusal and not field else None,
        kinds=[(name, str(words.KIND_WORDS[name])) for name in KINDS],
        periods=[(name, str(words.PERIOD_WORDS[name])) for name in LIMIT_PERIODS],
        coupons=await catalogue.coupon_rules(),
        units=[(path, path in (units or [])) for path in await queries.units()],
        ranks=[(name, str(RANK_WORDS[name]), name in (ranks or [])) for name in RANKS],
        idempotency_key=forms.key_after(values, refusal),
    )


routes = [manage, show_new, create, show_edit, edit, restock, archive]
