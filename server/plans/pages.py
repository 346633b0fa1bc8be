"""Pages of plans: in words, as a document, and the launch."""

from typing import Any, Final

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.plan import PlanFaults, template, template_names
from server.kit import forms
from server.kit.forms import KEY
from server.kit.pages import page
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import allowed, caller_in, signed_in
from server.plans import commands, launching, queries, sections, words
from server.plans.launching import Ask, Base
from server.plans.queries import parsed

EDITORS: Final = frozenset({"admin", "operations"})
EDITING: Final = [allowed(*sorted(EDITORS))]


@get("/plans", guards=[signed_in])
async def index(request: Asked) -> Response[Any]:
    """List the plans; whoever edits them also sees drafts and templates."""
    can_edit = _can_edit(caller_in(request))
    stored = await (queries.latest() if can_edit else queries.in_force())
    used = {each.id for each in stored}
    templates = [parsed(template(name)) for name in template_names()] if can_edit else []
    return page(
        request,
        "plans/index.html",
        plans=[_listed(each) for each in stored],
        templates=[
            {
                "id": plan.id,
                "title": words.as_builtins(plan.title),
                "summary": sections.summary(plan),
            }
            for plan in templates
            if plan.id not in used
        ],
        can_edit=can_edit,
    )


@get("/plans/new", guards=EDITING)
async def show_new(request: Asked) -> Response[Any]:
    """Ask for a plan document that is not here yet."""
    return _editor(request, {"document": ""})


@get("/plans/{plan_id:str}", guards=[signed_in])
async def show(request: Asked, plan_id: str, version: int | None = None) -> Response[Any]:
    """Tell a plan in words; without `version` its newest one."""
    caller = caller_in(request)
    if version is None:
        base = await _base(plan_id, caller)
        plan, source = base.plan, base.document
    else:
        stored = await queries.plan_version(plan_id, version)
        plan, source = stored.plan, stored.document
    history = await queries.history(plan_id)
    return page(
        request,
        "plans/show.html",
        plan={
            "id": plan.id,
            "title": words.as_builtins(plan.title),
            "version": plan.version,
            "timezone": plan.timezone,
        },
        kinds=words.kinds(plan),
        multipliers=words.multipliers(plan),
        battles=words.battles(plan),
        sections=sections.of(plan),
        versions=history,
        shown=next((each for each in history if each.version == plan.version), None),
        can_edit=_can_edit(caller),
        source=source,
    )


@get("/plans/{plan_id:str}/edit", guards=EDITING)
async def show_editor(request: Asked, plan_id: str) -> Response[Any]:
    """Show the document of a plan under its next number, to be changed."""
    base = await launching.base_of(plan_id)
    return _editor(request, {"document": launching.with_next_version(base)}, plan_id)


@post("/plans", guards=EDITING, status_code=303)
async def draft(request: Asked) -> Response[Any]:
    """Store a document as a draft; every fault is listed, and what was typed is kept."""
    form, caller = await typed(request, "document", "back", KEY), caller_in(request)
    try:
        form["document"] = await _chosen(request) or form["document"].replace("\r\n", "\n")

        async def work() -> dict[str, Any]:
            return {"plan": (await commands.draft(form["document"], caller.id)).id}

        stored = await forms.write(caller.id, "/plans", form, work)
    except RuleViolation as refusal:
        return _editor(request, form, form["back"], refusal)
    return Redirect(f"/plans/{stored['plan']}", status_code=303)


@get("/plans/{plan_id:str}/launch", guards=EDITING)
async def show_launch(request: Asked, plan_id: str) -> Response[Any]:
    """Ask for what the plan leaves open."""
    base = await launching.base_of(plan_id)
    asks = launching.asks(base)
    return await _launch(request, base, asks, {ask.path: ask.value for ask in asks})


@post("/plans/{plan_id:str}/launch", guards=EDITING, status_code=303)
async def launch(request: Asked, plan_id: str) -> Response[Any]:
    """Launch the plan with these figures; its battles, if it has any, open for joining."""
    caller, base = caller_in(request), await launching.base_of(plan_id)
    asks = launching.asks(base)
    form = await typed(request, *(ask.path for ask in asks), KEY)
    answers = launching.read(base.plan, asks, form)
    if answers.faults:
        return await _launch(request, base, asks, form, faults=answers.faults)

    async def work() -> dict[str, Any]:
        return {"version": (await launching.launch(plan_id, answers.values, caller.id)).version}

    try:
        await forms.write(caller.id, f"/plans/{plan_id}/launch", form, work)
    except RuleViolation as refusal:
        return await _launch(request, base, asks, form, refusal)
    there = "/battles" if base.plan.battles else f"/plans/{plan_id}"
    return Redirect(there, status_code=303)


def _can_edit(caller: Caller) -> bool:
    return not caller.roles.isdisjoint(EDITORS)


async def _base(plan_id: str, caller: Caller) -> Base:
    """Return the newest version; drafts and templates only for those who edit."""
    base = await launching.base_of(plan_id)
    if base.is_draft and not _can_edit(caller):
        stored = next((each for each in await queries.in_force() if each.id == plan_id), None)
        if stored is None:
            raise RuleViolation("plan_unknown")
        return Base(stored.document, stored.version, stored.version, is_draft=False, is_stored=True)
    return base


def _listed(each: queries.PlanVersion) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": words.as_builtins(each.plan.title),
        "version": each.version,
        "summary": sections.summary(each.plan),
        "is_draft": each.launched_at is None,
        "when": each.launched_at or each.created_at,
    }


async def _chosen(request: Asked) -> str:
    """Return the text of the file that was chosen, if there is one."""
    chosen = await forms.files(request, "file")
    try:
        return chosen[0].decode("utf-8-sig") if chosen else ""
    except UnicodeDecodeError:
        raise RuleViolation("document_unreadable") from None


def _editor(
    request: Asked, form: dict[str, str], plan_id: str = "", refusal: RuleViolation | None = None
) -> Response[Any]:
    listed = words.faults(refusal.faults) if isinstance(refusal, PlanFaults) else []
    return page(
        request,
        "plans/edit.html",
        status=status_of(refusal) if refusal else 200,
        plan_id=plan_id,
        values=form,
        plan_faults=listed,
        refusal=said(refusal) if refusal and not listed else None,
        idempotency_key=forms.key_after(form, refusal),
    )


async def _launch(
    request: Asked,
    base: Base,
    asks: list[Ask],
    values: dict[str, str],
    refusal: RuleViolation | None = None,
    faults: dict[str, str] | None = None,
) -> Response[Any]:
    listed = words.faults(refusal.faults) if isinstance(refusal, PlanFaults) else []
    status = status_of(refusal) if refusal else 422 if faults else 200
    return page(
        request,
        "plans/launch.html",
        status=status,
        plan={"id": base.plan.id, "title": words.as_builtins(base.plan.title)},
        timezone=base.plan.timezone,
        has_battles=bool(base.plan.battles),
        groups=launching.grouped(asks),
        values=values,
        faults=faults or {},
        plan_faults=listed,
        refusal=said(refusal) if refusal and not listed else None,
        idempotency_key=forms.key_after(values, refusal),
    )


routes = [index, show_new, show, show_editor, draft, show_launch, launch]
