"""Statements of rewards: what points were spent for, and who handed it over (C9, G2)."""

from typing import Final
from uuid import UUID

from game.rewards import WAYS
from server.kit import formats
from server.kit.i18n import _
from server.ledger.queries import Line
from server.ledger.words import Fact
from server.rewards import queries
from server.rewards.words import KIND_WORDS

KINDS: Final = frozenset({"redemption"})


async def cause(line: Line) -> str:
    """Return what kind of reward it is, and who gave it."""
    kind = str(KIND_WORDS[line.facts["kind"]])
    if line.actor_name is None:
        return _("%(kind)s · given at once", kind=kind)
    if WAYS[line.facts["kind"]] == "approval":
        return _("%(kind)s · approved by %(name)s", kind=kind, name=line.actor_name)
    return _("%(kind)s · given by %(name)s", kind=kind, name=line.actor_name)


async def facts(line: Line, zone: str) -> list[Fact]:
    """Return the redemption, the reward, and who gave it when."""
    one = await queries.redemption(UUID(line.facts["redemption"]))
    is_approved = WAYS[one.kind] == "approval"
    return [
        Fact(_("redemption"), str(KIND_WORDS[one.kind]), f"/redemptions/{one.id}"),
        Fact(_("redeemed"), formats.exact(one.redeemed_at, zone)),
        Fact(_("your note"), one.note),
        Fact(
            _("approved by") if is_approved else _("given by"),
            line.actor_name or _("at once, by itself"),
        ),
        Fact(_("approved on") if is_approved else _("given on"), formats.exact(line.at, zone)),
        Fact(_("before that"), _("the points were held from the moment you redeemed it")),
    ]
