"""Why an entry of the ledger is what it is: every rule that made it, and the arithmetic (C9)."""

from typing import Any
from uuid import UUID

import msgspec

from server.actions import queries as actions
from server.battles import queries as battles
from server.battles.results import shares
from server.kit import formats, i18n
from server.kit.i18n import _
from server.ledger.queries import Line
from server.people import queries as people
from server.people.auth import Caller
from server.plans.words import CAPS


class Fact(msgspec.Struct, frozen=True):
    """One thing that made an entry what it is; `href` leads to it."""

    label: str
    value: str
    href: str | None = None


async def facts_of(line: Line, zone: str) -> list[Fact]:
    """Return what made a line what it is, only what applies, always in the same order."""
    if line.kind in {"award", "strike"}:
        return [each for each in await _of_points(line, zone) if each.value]
    found = [_plan(line.facts), await _battle(UUID(line.facts["battle"]))]
    if line.kind == "payout" and line.actor_name:
        found.append(Fact(_("settled by"), line.actor_name))
    return found


async def _of_points(line: Line, zone: str) -> list[Fact]:
    facts = line.facts
    done = await actions.action(UUID(facts["action"]))
    counted = await battles.counted_in(done.person, done.plan, done.kind, done.received_at)
    cap, once = facts["cap"], facts["once_per_customer"]
    kind, base = i18n.text(facts["title"]), facts["base"]
    return [
        Fact(_("rule"), _("%(title)s, %(n)s points", title=kind, n=base)),
        _plan(facts),
        *(_multiplier(each, zone) for each in facts["multipliers"]),
        Fact(_("cap"), CAPS[cap["per"]] % {"most": cap["most"]} if cap else ""),
        Fact(_("customer"), done.customer_shown),
        Fact(_("same customer"), _("once in %(days)s days", days=once) if once else ""),
        Fact(_("received"), formats.exact(done.received_at, zone)),
        *(Fact(_("evidence"), _("photo"), f"/evidence/{photo}") for photo in done.photos),
        Fact(_("reviewed by"), await _name(facts["reviewer"])),
        Fact(_("reason"), facts["reason"]),
        *[await _battle(each.id) for each in counted],
    ]


def _plan(facts: dict[str, Any]) -> Fact:
    plan, version = facts["plan"], facts["version"]
    words = _("%(plan)s, version %(n)s", plan=plan, n=version)
    return Fact(_("plan"), words, f"/plans/{plan}?version={version}")


def _multiplier(each: dict[str, str], zone: str) -> Fact:
    start, end = (formats.exact(each[edge], zone) for edge in ("from", "until"))
    return Fact(_("multiplier"), f"× {formats.score(each['times'])} · {start} – {end}")


async def _battle(battle_id: UUID) -> Fact:
    one = await battles.battle(battle_id)
    words = (await battles.rule_of(one)).title.in_locale(i18n.locale())
    return Fact(_("battle"), words, f"/battles/{battle_id}" + ("/result" if one.is_over else ""))


async def _name(person: str) -> str:
    """Return a reviewer's name; points that came back by themselves have none."""
    return "" if person == "None" else (await people.person(UUID(person))).name


async def arithmetic(line: Line, caller: Caller) -> list[Fact]:
    """Return how a sum came about step by step, the result last; nothing to show is nothing."""
    if line.kind == "award":
        steps = _product(line)
    elif line.kind == "payout":
        steps = await _share(line, caller)
    else:
        steps = []
    total = Fact(_("together"), formats.change(line.amount, line.asset))
    return [*steps, total] if steps else []


def _product(line: Line) -> list[Fact]:
    """A figure that nothing multiplied needs no sum."""
    factors = [
        Fact(_("multiplier"), f"× {formats.score(each['times'])}")
        for each in line.facts["multipliers"]
    ]
    base = Fact(_("base points"), formats.number(line.facts["base"]))
    return [base, *factors] if factors else []


async def _share(line: Line, caller: Caller) -> list[Fact]:
    one = await battles.battle(UUID(line.facts["battle"]))
    if one.result is None:
        return []
    found = shares(one.result, await battles.roster(one.id))
    mine = next(each for each in found if each.member.person == caller.id)
    pot = formats.amount(line.facts["pot"], line.asset)
    part = Fact(_("part of %(side)s", side=mine.member.side), formats.amount(mine.part, line.asset))
    weight = {
        "by_points": Fact(_("my points of the side's"), f"× {mine.weight} / {mine.whole}"),
        "by_stake": Fact(_("my stake of the side's"), f"× {mine.weight} / {mine.whole}"),
        "equal": Fact(_("members"), f"÷ {mine.whole}"),
    }
    return [Fact(_("pot"), pot), part, weight[mine.by]]
