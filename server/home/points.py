"""Statements of points: every rule that made them, and what took them back."""

from typing import Any, Final
from uuid import UUID

from server.actions import queries as actions
from server.actions.words import MODES
from server.battles import queries as battles
from server.home.shared import battle_fact
from server.kit import formats, i18n
from server.kit.i18n import _, ngettext
from server.ledger.queries import Line
from server.ledger.words import Fact, plan_fact
from server.people import queries as people
from server.plans.words import CAPS

KINDS: Final = frozenset({"award", "strike"})


async def cause(line: Line) -> str:
    """Return the multiplication and the rule's version, or why points were taken back."""
    facts = line.facts
    if line.kind == "strike":
        return _taken_back(facts)
    version = _("rule version %(n)s", n=facts["version"])
    return " · ".join(filter(None, [_product(facts), version]))


def _taken_back(facts: dict[str, Any]) -> str:
    if facts["outcome"] == "struck":
        return _("struck: %(reason)s", reason=facts["reason"])
    if facts["outcome"] == "within_quota":
        return _("taken back: it fills the quota of the home unit now")
    if facts["outcome"] == "starter_counted":
        return _("taken back: who started work counts for an earlier action")
    return _("taken back: an earlier action with this customer counts again")


def _product(facts: dict[str, Any]) -> str:
    """Write base × multipliers; nothing where nothing was multiplied."""
    factors = [formats.score(each["times"]) for each in facts["multipliers"]]
    return " × ".join([formats.number(facts["base"]), *factors]) if factors else ""


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return rule, plan, multipliers, cap, customer, evidence, reviewer and battles."""
    told = line.facts
    done = await actions.action(UUID(told["action"]))
    counted = await battles.counted_in(done.person, done.plan, done.kind, done.received_at)
    cap, once = told["cap"], told["once_per_customer"]
    kind, base = i18n.text(told["title"]), told["base"]
    return [
        Fact(
            _("rule"),
            ngettext("%(title)s, %(n)s point", "%(title)s, %(n)s points", base, title=kind),
        ),
        await plan_fact(told),
        Fact(_("how"), str(MODES[told["mode"]]) if told.get("mode") == "handed_over" else ""),
        *(_multiplier(each, zone) for each in told["multipliers"]),
        Fact(_("cap"), CAPS[cap["per"]] % {"most": cap["most"]} if cap else ""),
        Fact(_("customer"), done.customer_shown),
        Fact(
            _("same customer"),
            ngettext("once in %(n)s day", "once in %(n)s days", once) if once else "",
        ),
        Fact(_("received"), formats.exact(done.received_at, zone)),
        *(Fact(_("evidence"), _("photo"), f"/evidence/{photo}") for photo in done.photos),
        Fact(_("reviewed by"), await _name(told["reviewer"])),
        Fact(_("reason"), told["reason"]),
        *[await battle_fact(each.id) for each in counted],
    ]


def _multiplier(each: dict[str, str], zone: str) -> Fact:
    start, end = (formats.exact(each[edge], zone) for edge in ("from", "until"))
    return Fact(_("multiplier"), f"× {formats.score(each['times'])} · {start} – {end}")


async def _name(person: str | None) -> str:
    """Return a reviewer's name; what the product itself decided has none."""
    return "" if person in {None, "None"} else (await people.person(UUID(person))).name


async def arithmetic(line: Line, _person: UUID) -> list[Fact]:
    """Return base and multipliers; a figure that nothing multiplied needs no sum."""
    if line.kind == "strike":
        return []
    factors = [
        Fact(_("multiplier"), f"× {formats.score(each['times'])}")
        for each in line.facts["multipliers"]
    ]
    base = Fact(_("base points"), formats.number(line.facts["base"]))
    return [base, *factors] if factors else []
