"""A plan in words a manager understands."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from game.action_terms import Home, Needs
from game.faults import Fault
from game.plan import ActionRule, BattleRule, Cap, Multiplier, Plan
from server.kit import formats
from server.kit.i18n import Lazy, _, lazy, locale, ngettext
from server.people.words import RANK_WORDS

CAPS: Final = {
    "day": lazy("%(most)s a day at most"),
    "week": lazy("%(most)s a week at most"),
    "month": lazy("%(most)s a month at most"),
}
OWED: Final = {
    "day": lazy("%(unit)s: the first %(most)s a day are owed, what is beyond scores"),
    "week": lazy("%(unit)s: the first %(most)s a week are owed, what is beyond scores"),
    "month": lazy("%(unit)s: the first %(most)s a month are owed, what is beyond scores"),
}
SCORES: Final[Mapping[str, Lazy]] = {
    "sum": lazy("what all members earn together"),
    "per_head": lazy("what members earn on average"),
    "best_n": lazy("what the best %(n)s of a side earn"),
}
TIES: Final = {
    "first_to_reach": lazy("whoever got there first"),
    "share": lazy("they share the pot in equal parts"),
}
SHARES: Final = {
    "equal": lazy("to the first side, equal parts for its members"),
    "by_points": lazy("to the first side, by its members' own points"),
    "by_stake": lazy("to the first side, by its members' stakes"),
}
FUNDERS: Final = {
    "company": lazy("the company: nobody can lose"),
    "member": lazy("the members' own points"),
}


GOT: Final = {
    "nothing": lazy("nothing"),
    "a table": lazy("a table"),
    "a list": lazy("a list"),
    "an empty list": lazy("an empty list"),
}
"""What `game` calls a value that it does not write out."""


def as_builtins(title: object) -> dict[str, str]:
    """Return a title of a plan by locale."""
    found: dict[str, str] = msgspec.to_builtins(title)
    return found


def cap_words(cap: Cap) -> str:
    """Say a cap: 10 a day at most."""
    return CAPS[cap.per] % {"most": cap.most}


def home_words(home: Home) -> str:
    """Say what the home unit owes before a kind scores."""
    return OWED[home.quota.per] % {"unit": home.unit, "most": home.quota.most}


def needs_words(needs: Needs) -> str:
    """Say who must have started work."""
    people = ngettext("%(n)s person", "%(n)s people", needs.people)
    return ngettext(
        "%(people)s on the job for %(n)s day",
        "%(people)s on the job for %(n)s days",
        needs.days,
        people=people,
    )


def kinds(plan: Plan) -> list[dict[str, Any]]:
    """Return what scores, and what keeps it from scoring again."""
    return [_kind(rule) for rule in plan.actions.values()]


def _kind(rule: ActionRule) -> dict[str, Any]:
    once = rule.once_per_customer
    return {
        "title": as_builtins(rule.title),
        "points": rule.points,
        "cap": cap_words(rule.cap) if rule.cap else None,
        "once": ngettext("one customer once in %(n)s day", "one customer once in %(n)s days", once)
        if once
        else None,
        "more": list(_more(rule)),
    }


def _more(rule: ActionRule) -> Iterator[str]:
    if rule.needs:
        yield needs_words(rule.needs)
    if rule.handed_over is not None and rule.handed_over != rule.points:
        yield _("handed over: %(points)s", points=formats.signed(rule.handed_over))
    if rule.home and rule.home.quota.most:
        yield home_words(rule.home)


def multipliers(plan: Plan) -> list[dict[str, Any]]:
    """Return when which kinds are worth more."""
    return [_multiplier(plan, each) for each in plan.multipliers]


def _multiplier(plan: Plan, each: Multiplier) -> dict[str, Any]:
    titles = [plan.actions[kind].title.in_locale(locale()) for kind in each.actions]
    return {
        "title": _(", ").join(titles),
        "times": formats.score(each.times),
        "from": each.from_,
        "until": each.until,
    }


def battles(plan: Plan) -> list[dict[str, Any]]:
    """Return who fights whom, when, for what, and who gets it."""
    return [_battle(plan, rule) for rule in plan.battles]


def _battle(plan: Plan, rule: BattleRule) -> dict[str, Any]:
    stake, sponsor = rule.stake, rule.sponsor
    return {
        "title": as_builtins(rule.title),
        "sides": _(", ").join(rule.sides) if rule.sides else _("every side of the people file"),
        "counts": _(", ").join(
            plan.actions[kind].title.in_locale(locale()) for kind in rule.actions
        ),
        "starts": rule.starts,
        "cut_off": rule.cut_off,
        "score": SCORES[rule.score] % {"n": rule.best_n},
        "tie": str(TIES[rule.tie]),
        "share": str(SHARES[rule.share]),
        "funded_by": str(FUNDERS[stake.funded_by]) if stake else "",
        "stakes": [
            {"rank": str(RANK_WORDS[rank]), "sum": amount, "asset": stake.asset}
            for rank, amount in stake.by_rank.items()
        ]
        if stake
        else [],
        "sponsor": {"amount": sponsor.amount, "asset": sponsor.asset} if sponsor else None,
    }


def faults(found: tuple[Fault, ...]) -> list[dict[str, str]]:
    """Return every fault of a document, its sentence in the current language."""
    return list(_faults(found))


def _faults(found: tuple[Fault, ...]) -> Iterator[dict[str, str]]:
    for fault in found:
        expected = lazy(fault.sentence) % fault.facts
        yield {"path": fault.path, "expected": expected, "got": str(GOT.get(fault.got, fault.got))}
