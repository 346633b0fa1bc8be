"""Honours as pages show them: only the top, each person's own place for them alone."""

from datetime import datetime, timedelta
from fractions import Fraction
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from game import honours as rules
from game.honour_terms import HonourRule
from server.honours import queries, results, subjects, words
from server.honours.queries import Award, Round
from server.kit.i18n import locale
from server.people.auth import Caller
from server.plans import queries as plans

OUTSIDE: Final = frozenset({"customer", "partner"})
MONTHS_SHOWN: Final = 12


def may_see(one: Round, caller: Caller) -> bool:
    """Employees see every title; customers and partners those that are theirs to win."""
    return caller.kind == "employee" or one.who in OUTSIDE


async def rules_of(rounds: list[Round]) -> dict[UUID, HonourRule]:
    """Return the terms of some rounds; each version of a plan is read once."""
    versions = {(each.plan, each.plan_version) for each in rounds}
    read = {each: (await plans.plan_version(*each)).plan for each in versions}
    return {each.id: read[each.plan, each.plan_version].honours[each.honour] for each in rounds}


def month_of(one: Round) -> str:
    """Return the month a round ended in, YYYY-MM; ten days before its end it is, in any zone."""
    return f"{one.ends - timedelta(days=10):%Y-%m}"


# --- the wall -------------------------------------------------------------------------------


async def wall(caller: Caller, month: str) -> dict[str, Any]:
    """Return what hangs on the wall: the newest of each period, or what ended in a month."""
    seen = [each for each in await queries.awarded_rounds() if may_see(each, caller)]
    terms = await rules_of(seen)
    months = sorted({month_of(each) for each in seen if terms[each.id].period == "month"})
    months = months[::-1][:MONTHS_SHOWN]
    chosen = month if month in months else ""
    shown = [each for each in seen if month_of(each) == chosen] if chosen else _newest(seen, terms)
    bills = [await bill(each, terms[each.id], caller) for each in shown]
    return {
        "bills": sorted(bills, key=_weight),
        "months": months,
        "chosen": chosen,
    }


def _newest(seen: list[Round], terms: dict[UUID, HonourRule]) -> list[Round]:
    """Keep of each kind of period the newest; rounds come with the newest first."""
    last: dict[str, datetime] = {}
    for each in seen:
        last.setdefault(terms[each.id].period, each.ends)
    return [each for each in seen if each.ends == last[terms[each.id].period]]


def _weight(shown: dict[str, Any]) -> tuple[int, int, str]:
    """The hero board first, then months, quarters, years; of equals the one with most winners."""
    seasons = ("month", "quarter", "year")
    return seasons.index(shown["season"]), -len(shown["winners"]), str(shown["title"]["en"])


async def bill(one: Round, rule: HonourRule, caller: Caller) -> dict[str, Any]:
    """Return one announcement: a title, its period, and who has it."""
    awards = await queries.awards([one.id])
    return {
        "id": one.id,
        "title": words.title(rule),
        "story": rule.story.in_locale(locale()),
        "period": words.period(rule, one.starts),
        "season": rule.period,
        "who": one.who,
        "reward": words.reward(rule.reward, one.who),
        "winners": [await winner(each, rule, caller) for each in awards],
    }


async def winner(award: Award, rule: HonourRule, caller: Caller) -> dict[str, Any]:
    """Return somebody with a title as others see them; their story only when they agreed."""
    is_mine = caller.id in award.people
    agreed = award.shows_name or is_mine
    return {
        "award": award.id,
        "nth": words.nth(award.rank),
        "name": await words.shown_name(award.kind, award.name, award.subject, agreed=agreed),
        "under": award.unit,
        "members": len(award.people) if award.kind == "team" else 0,
        "figure": words.figure(rule, award.score),
        "reason": award.reason,
        "story": award.story if award.shows_story else "",
        "mine": is_mine,
    }


async def running(caller: Caller, now: datetime) -> list[dict[str, Any]]:
    """Return the rounds under way that somebody may see, what waits for them first."""
    rounds = [each for each in await queries.running() if may_see(each, caller)]
    terms = await rules_of(rounds)
    found = [await _running(each, terms[each.id], caller, now) for each in rounds]
    return sorted(found, key=lambda each: (each["asks"] != "vote", each["until"]))


async def _running(one: Round, rule: HonourRule, caller: Caller, now: datetime) -> dict[str, Any]:
    state = rules.due_state(one.span, now)
    asks = asked(rule, state) if caller.kind == "employee" and not caller.opted_out else ""
    if asks == "vote" and not await results.candidates(one, rule):
        asks = ""
    return {
        "id": one.id,
        "title": words.title(rule),
        "story": rule.story.in_locale(locale()),
        "period": words.period(rule, one.starts),
        "phase": phase(rule, state),
        "until": one.ends if state == "open" else one.closes,
        "asks": asks,
        "voted": asks == "vote" and await queries.vote_of(one, caller.id) is not None,
    }


def phase(rule: HonourRule, state: rules.State) -> str:
    """Return what goes on in a round, in one word that templates say."""
    if state == "open":
        return "running"
    if state == "closed":
        return "awarding"
    return {"rule": "reviewing", "vote": "voting", "decision": "nominating"}[rule.by]


def asked(rule: HonourRule, state: rules.State) -> str:
    """Return what an employee can do in a round now: vote, nominate, or nothing."""
    if rule.by == "vote" and state == "closing":
        return "vote"
    if rule.by == "vote" and state == "open":
        return "nominate"
    return "nominate" if rule.by == "decision" and state != "closed" else ""


# --- my place, for me alone -----------------------------------------------------------------


async def my_place(
    one: Round, rule: HonourRule, caller: Caller, now: datetime
) -> dict[str, Any] | None:
    """Return where somebody stands, and how far the top is; None where they don't take part."""
    team = await subjects.team_of(caller.id) if one.who == "team" else None
    subject = caller.id if team is None else team.id
    if caller.opted_out or (team is None and one.who != caller.kind):
        return None
    state = rules.due_state(one.span, now)
    if rule.by == "decision" or (rule.by == "vote" and one.state != "closed"):
        return None
    found = await _closed(one, rule, subject) if one.state == "closed" else None
    if one.state != "closed":
        members = 1 if team is None else len(team.members)
        found = await _running_place(one, rule, str(subject), members)
    return found and found | {
        "team": team.name if team else "",
        "state": state,
        "of": rule.metric.of if rule.metric else "votes",
    }


async def _closed(one: Round, rule: HonourRule, subject: UUID) -> dict[str, Any] | None:
    place = await queries.place(one, subject)
    if place is None:
        return None
    return {
        "rank": place.rank,
        "figure": words.figure(rule, place.exact),
        "is_top": place.is_top,
        "to_top": 0,
    }


async def _running_place(
    one: Round, rule: HonourRule, subject: str, members: int
) -> dict[str, Any]:
    tallied = await results.tallies(one, rule)
    placed = rules.places(rule, tallied)
    score = next((each.score for each in tallied if each.who == subject), Fraction(0))
    mine = next((each for each in placed if each.who == subject), None)
    is_top = mine is not None and mine.is_top
    return {
        "rank": mine.rank if mine else None,
        "figure": words.figure(rule, score),
        "is_top": is_top,
        "to_top": 0 if is_top else rules.to_top(rule, placed, score, members),
        "top": rule.top,
    }


# --- nominations and votes ------------------------------------------------------------------


async def candidates(one: Round, rule: HonourRule, caller: Caller) -> list[dict[str, Any]]:
    """Return who can be voted for, in an order of each reader's own: nobody is first for all."""
    found = await subjects.known(one.who, await results.candidates(one, rule))
    own = {caller.id} | ({team.id} if (team := await subjects.team_of(caller.id)) else set())
    mine = await queries.vote_of(one, caller.id)
    said = await nominated(one)
    ordered = sorted(found.values(), key=lambda each: _shuffled(caller.id, each.id))
    return [
        {
            "id": each.id,
            "name": await words.shown_name(each.kind, each.name, each.id, agreed=False),
            "under": each.unit,
            "sentences": said.get(each.id, []),
            "mine": each.id == mine,
            "own": each.id in own,
        }
        for each in ordered
    ]


def _shuffled(reader: UUID, subject: UUID) -> bytes:
    return sha256(reader.bytes + subject.bytes).digest()


async def nominated(one: Round) -> dict[UUID, list[dict[str, str]]]:
    """Return what colleagues said, by whom it is about."""
    said: dict[UUID, list[dict[str, str]]] = {}
    for each in await queries.nominations(one):
        said.setdefault(each.subject, []).append({"text": each.sentence, "by": each.by})
    return said


async def my_nominations(one: Round, caller: Caller) -> list[dict[str, str]]:
    """Return whom somebody nominated in a round, as long as these take part."""
    mine = [each for each in await queries.nominations(one) if each.nominator == caller.id]
    known = await subjects.known(one.who, [each.subject for each in mine])
    return [
        {
            "name": await words.shown_name(who.kind, who.name, who.id, agreed=False),
            "sentence": each.sentence,
        }
        for each in mine
        if (who := known.get(each.subject))
    ]
