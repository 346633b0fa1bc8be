"""The plan document: a campaign's rules as data, read from TOML with every fault named."""

from __future__ import annotations

import tomllib
from importlib import resources

from game.action_terms import ActionRule, Cap
from game.errors import RuleViolation
from game.faults import Fault, PlanFaults, _
from game.plan_pieces import Title
from game.plan_reader import read_plan
from game.plan_terms import (
    RANKS,
    BattleRule,
    Funder,
    Multiplier,
    Plan,
    Rank,
    Score,
    Share,
    Sponsor,
    Stake,
    StakeAsset,
    Tie,
    Versions,
    in_force,
)

__all__ = [
    "RANKS",
    "ActionRule",
    "BattleRule",
    "Cap",
    "Fault",
    "Funder",
    "Multiplier",
    "Plan",
    "PlanFaults",
    "Rank",
    "Score",
    "Share",
    "Sponsor",
    "Stake",
    "StakeAsset",
    "Tie",
    "Title",
    "Versions",
    "document_of",
    "in_force",
    "parse_plan",
    "template",
    "template_names",
]

TEXT_MAX = 1_000_000


def parse_plan(text: str) -> Plan:
    """Read a plan document; raises PlanFaults with every fault of it."""
    return read_plan(document_of(text))


def document_of(text: str) -> dict[str, object]:
    """Read TOML into tables; raises PlanFaults where it isn't TOML."""
    if len(text) > TEXT_MAX:
        raise PlanFaults(
            [Fault("", _("at most %(most)s characters"), str(len(text)), {"most": TEXT_MAX})]
        )
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise PlanFaults([Fault("", _("a TOML document"), f"a mistake: {error}")]) from None


def template_names() -> list[str]:
    """Return the names of the ready-to-launch plans."""
    folder = resources.files("game") / "plans"
    return sorted(
        entry.name.removesuffix(".toml")
        for entry in folder.iterdir()
        if entry.name.endswith(".toml")
    )


def template(name: str) -> str:
    """Return the TOML text of a template, or refuse with `template_unknown`."""
    if name not in template_names():
        raise RuleViolation("template_unknown", template=name, known=", ".join(template_names()))
    return (resources.files("game") / "plans" / f"{name}.toml").read_text(encoding="utf-8")
