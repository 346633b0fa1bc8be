"""What operations see of honours: whom a round found, what is left to award, the stories."""

from datetime import datetime
from typing import Any, Final

from game import honours as rules
from game.honour_terms import HonourRule
from server.honours import queries, subjects, views, words
from server.honours.queries import Round
from server.kit.i18n import _
from server.people.auth import Caller

CLOSED_SHOWN: Final = 40


async def rounds(now: datetime) -> dict[str, Any]:
    """Return the rounds to be awarded, those under way, and those that are done."""
    closed, running = await queries.closed(CLOSED_SHOWN), await queries.running()
    terms = await views.rules_of([*closed, *running])
    told = [await _closed(each, terms[each.id]) for each in closed]
    return {
        "waiting": [each for each in told if each["left"]],
        "running": [await _running(each, terms[each.id], now) for each in running],
        "done": [each for each in told if not each["left"]],
    }


async def _closed(one: Round, rule: HonourRule) -> dict[str, Any]:
    left = await _left(one, rule)
    awards = await queries.awards([one.id])
    names = [
        await words.shown_name(each.kind, each.name, each.subject, agreed=each.shows_name)
        for each in awards
    ]
    return _row(one, rule) | {"left": left, "names": "、".join(names)}


async def _left(one: Round, rule: HonourRule) -> int:
    """Return how many titles of a round are still to be awarded."""
    found, had = await queries.top(one), await queries.taken(one)
    gone = {each.subject for each in had}
    free = sum(1 for each in found if each.subject not in gone)
    if rule.by != "decision":
        return free
    return min(free, rule.top - sum(1 for each in had if not each.is_revoked))


async def _running(one: Round, rule: HonourRule, now: datetime) -> dict[str, Any]:
    state = rules.due_state(one.span, now)
    return _row(one, rule) | {
        "phase": views.phase(rule, state),
        "until": one.ends if state == "open" else one.closes,
        "pending": await pending(one, rule) if state == "closing" else 0,
    }


def _row(one: Round, rule: HonourRule) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": words.title(rule),
        "period": words.period(rule, one.starts),
    }


async def pending(one: Round, rule: HonourRule) -> int:
    """Return how many actions would count if somebody decided on them before the round closes."""
    if one.state == "closed" or rule.metric is None or not rule.metric.kinds:
        return 0
    return await queries.pending(one, list(rule.metric.kinds))


async def candidates(one: Round, rule: HonourRule, caller: Caller) -> list[dict[str, Any]]:
    """Return the top of a closed round that has no title yet; nobody below it."""
    if one.state != "closed":
        return []
    gone = {each.subject for each in await queries.taken(one)}
    found = [each for each in await queries.top(one) if each.subject not in gone]
    known = await subjects.known(one.who, [each.subject for each in found])
    said = await views.nominated(one)
    own = {caller.id} | ({team.id} if (team := await subjects.team_of(caller.id)) else set())
    return [
        {
            "id": each.subject,
            "rank": each.rank,
            "name": await words.shown_name(who.kind, who.name, who.id, agreed=False),
            "under": who.unit,
            "figure": words.figure(rule, each.exact),
            "sentences": said.get(each.subject, []),
            "own": each.subject in own,
        }
        for each in found
        if (who := known.get(each.subject))
    ]


async def awards(one: Round, caller: Caller) -> list[dict[str, Any]]:
    """Return the titles of a round, to revoke them or to write their stories."""
    return [
        {
            "id": each.id,
            "name": await words.shown_name(
                each.kind, each.name, each.subject, agreed=each.shows_name
            ),
            "by": each.awarded_by,
            "reason": each.reason,
            "story": each.story,
            "shows_story": each.shows_story,
            "is_team": each.kind == "team",
            "own": caller.id in each.people,
        }
        for each in await queries.awards([one.id])
    ]


def usual_reason(one: Round, rule: HonourRule) -> str:
    """Return the reason that fits most of the time, to be changed at will."""
    when = words.period(rule, one.starts)
    if rule.by == "vote":
        return _("Colleagues voted for it, %(period)s", period=when)
    if rule.by == "decision":
        return ""
    return _("Found by what was done, %(period)s", period=when)
