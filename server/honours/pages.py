"""Pages of honours: the wall, a round, one's own story."""

from collections.abc import Awaitable, Callable
from typing import Any, Final
from uuid import UUID

from litestar import Response, get, post
from litestar.response import Redirect

from game.errors import RuleViolation
from game.honour_terms import HonourRule
from game.honours import due_state
from server.honours import commands, manage_pages, queries, stories, views, words
from server.honours.queries import Round
from server.honours.stories import Story
from server.kit import clock, forms
from server.kit.forms import KEY
from server.kit.i18n import locale
from server.kit.pages import one_of, page
from server.people.auth import Caller
from server.people.forms import Asked, said, status_of, typed
from server.people.guards import anybody, caller_in, signed_in
from server.plans import queries as plans

DONE: Final = ("", "nominations", "vote", "story")


@get("/honours", guards=[anybody])
async def index(request: Asked, month: str = "") -> Response[Any]:
    """Show who has a title, and what can be done for the next."""
    caller = caller_in(request)
    wall = await views.wall(caller, month)
    return page(
        request,
        "honours/index.html",
        **wall,
        running=[] if wall["chosen"] else await views.running(caller, await clock.now()),
        can_manage=not caller.roles.isdisjoint(manage_pages.ROLES),
    )


@get("/honours/{round_id:uuid}", guards=[anybody])
async def show(request: Asked, round_id: UUID) -> Response[Any]:
    """Show one round: who has the title, or what is still to be done."""
    return await _round(request, round_id)


@post("/honours/{round_id:uuid}/nominations", guards=[signed_in], status_code=303)
async def nominate(request: Asked, round_id: UUID) -> Response[Any]:
    """Nominate somebody with a sentence."""
    form, caller = await typed(request, "who", "sentence", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        meant = await commands.nominate(round_id, caller.id, form["who"], form["sentence"])
        return {"nominated": str(meant)}

    return await _written(request, round_id, "nominations", form, work)


@post("/honours/{round_id:uuid}/vote", guards=[signed_in], status_code=303)
async def vote(request: Asked, round_id: UUID) -> Response[Any]:
    """Vote, or vote otherwise than before."""
    form, caller = await typed(request, "candidate", KEY), caller_in(request)

    async def work() -> dict[str, Any]:
        await commands.vote(round_id, caller.id, _id(form["candidate"]))
        return {"voted": True}

    return await _written(request, round_id, "vote", form, work)


@post("/honours/{round_id:uuid}/story", guards=[anybody], status_code=303)
async def tell(request: Asked, round_id: UUID) -> Response[Any]:
    """Keep one's own story, and say what others may see."""
    form = await typed(request, "award", "story", "shows_story", "shows_name", KEY)
    caller = caller_in(request)

    async def work() -> dict[str, Any]:
        told = Story(form["story"], bool(form["shows_story"]), bool(form["shows_name"]))
        await stories.tell(_id(form["award"]), caller.id, told)
        return {"told": True}

    return await _written(request, round_id, "story", form, work)


def _id(text: str) -> UUID:
    """Read a choice of a form; nothing chosen is nobody."""
    try:
        return UUID(text)
    except ValueError:
        raise RuleViolation("not_a_candidate") from None


async def _written(
    request: Asked,
    round_id: UUID,
    verb: str,
    form: dict[str, str],
    work: Callable[[], Awaitable[dict[str, Any]]],
) -> Response[Any]:
    """Do what a form asks once, and come back to the round; a refusal keeps what was typed."""
    path = f"/honours/{round_id}"
    try:
        await forms.write(caller_in(request).id, f"{path}/{verb}", form, work)
    except RuleViolation as refusal:
        return await _round(request, round_id, refusal, form)
    return Redirect(f"{path}?done={verb}", status_code=303)


async def _round(
    request: Asked,
    round_id: UUID,
    refusal: RuleViolation | None = None,
    form: dict[str, str] | None = None,
) -> Response[Any]:
    caller, one = caller_in(request), await queries.round_(round_id)
    if not views.may_see(one, caller):
        raise RuleViolation("not_allowed")
    return page(
        request,
        "honours/show.html",
        status=status_of(refusal) if refusal else 200,
        **await _facts(one, caller),
        done=one_of(request.query_params.get("done"), DONE),
        values=form or {},
        refusal=said(refusal) if refusal else None,
        idempotency_key=forms.key_after(form or {}, refusal),
        can_manage=not caller.roles.isdisjoint(manage_pages.ROLES),
    )


async def _facts(one: Round, caller: Caller) -> dict[str, Any]:
    rule, now = await queries.rule_of(one), await clock.now()
    state = due_state(one.span, now)
    shown = await views.bill(one, rule, caller)
    is_employee = caller.kind == "employee"
    asks = views.asked(rule, state) if is_employee and not caller.opted_out else ""
    is_posted = one.state == "closed" and shown["winners"]
    return {
        "bill": shown,
        "phase": "posted" if is_posted else views.phase(rule, state),
        "until": one.ends if state == "open" else one.closes,
        "closes": one.closes,
        "how": str(words.BY[rule.by]),
        "tie": str(words.TIES[rule.tie or "share"]) if rule.by != "decision" else "",
        "top": rule.top,
        "least": rule.least if rule.by != "rule" else 0,
        "counts": await _counts(one, rule),
        "asks": asks,
        "mine": await views.my_place(one, rule, caller, now),
        "said": (await views.nominated(one)).get(caller.id, []) if rule.by != "rule" else [],
        "candidates": await views.candidates(one, rule, caller) if asks == "vote" else [],
        "my_nominations": await views.my_nominations(one, caller) if is_employee else [],
        "story": await _story(one, caller),
    }


async def _counts(one: Round, rule: HonourRule) -> list[str]:
    """Say which kinds of action count."""
    if rule.metric is None:
        return []
    plan = (await plans.plan_version(one.plan, one.plan_version)).plan
    return [plan.actions[kind].title.in_locale(locale()) for kind in rule.metric.kinds]


async def _story(one: Round, caller: Caller) -> dict[str, Any] | None:
    """Return the caller's own title of this round, to tell its story."""
    mine = [
        each
        for each in await queries.awards([one.id])
        if caller.id in each.people and each.kind != "team"
    ]
    if not mine:
        return None
    award = mine[0]
    return {
        "award": award.id,
        "text": award.story,
        "shows_story": award.shows_story,
        "shows_name": award.shows_name,
        "is_drafted": award.story_by is not None and award.story_by != caller.id,
        "asks_name": award.kind in views.OUTSIDE,
    }


routes = [index, show, nominate, vote, tell, *manage_pages.routes]
