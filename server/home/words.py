"""A statement in words: what a line is called, and its cause in one line (G2)."""

from typing import Any, Final

from server.kit import formats, i18n
from server.kit.i18n import Lazy, _, lazy
from server.ledger.queries import Line

TITLES: Final[dict[str, Lazy]] = {
    "stake": lazy("Stake"),
    "stake_back": lazy("Stake back"),
    "void": lazy("Stake back"),
    "payout": lazy("Share of the pot"),
}


def title(line: Line) -> str:
    """Return what a line of a statement is called: its kind of action, or what moved."""
    moved = TITLES.get(line.kind)
    return str(moved) if moved else i18n.text(line.facts.get("title"))


def cause(line: Line) -> str:
    """Return why, in one line under the title."""
    facts = line.facts
    if line.kind == "strike":
        return taken_back(facts)
    if line.kind == "award":
        version = _("rule version %(n)s", n=facts["version"])
        return " · ".join(filter(None, [product(facts), version]))
    return i18n.text(facts.get("title"))


def taken_back(facts: dict[str, Any]) -> str:
    """Say why points were taken back."""
    if facts["outcome"] == "struck":
        return _("struck: %(reason)s", reason=facts["reason"])
    return _("taken back: an earlier action with this customer counts again")


def product(facts: dict[str, Any]) -> str:
    """Write base × multipliers; nothing where nothing was multiplied."""
    factors = [formats.score(each["times"]) for each in facts["multipliers"]]
    return " × ".join([formats.number(facts["base"]), *factors]) if factors else ""


def row(line: Line) -> dict[str, Any]:
    """Return a line as the lists of the wallet want it."""
    return {
        "id": line.transfer,
        "title": title(line),
        "amount": line.amount,
        "asset": line.asset,
        "cause": cause(line),
        "when": line.at,
    }
