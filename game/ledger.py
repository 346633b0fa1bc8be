"""What a decision moves: legs between accounts and credits to people, as plain data (G1).

Legs and credits of a posting sum to zero. A credit lands on a person's wallet after it has
paid their debt; a negative one takes what is available and leaves the rest as debt, so a
strike or refund always succeeds (G9).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from game.battles import Member, Outcome
from game.plan_terms import Funder

Asset = Literal["points", "cash", "career", "learning"]
AccountKind = Literal[
    "wallet", "debt", "escrow", "issuer", "sponsor", "expired", "redeemed", "paid"
]


class Leg(msgspec.Struct, frozen=True):
    """An amount that lands on one account; the company's own accounts have no owner."""

    account: AccountKind
    owner: str | None
    amount: int


class Posting(msgspec.Struct, frozen=True):
    """One transfer of one asset: legs and credits that sum to zero."""

    asset: Asset
    legs: tuple[Leg, ...]
    credits: dict[str, int]

    def __post_init__(self) -> None:
        """Hold the one law of the ledger before anything is written."""
        if sum(leg.amount for leg in self.legs) + sum(self.credits.values()):
            msg = "legs and credits of a posting sum to zero"
            raise ValueError(msg)


def award(person: str, delta: int) -> Posting:
    """Give points, or take back what a new decision no longer gives (`delta` < 0)."""
    return Posting("points", (Leg("issuer", None, -delta),), {person: delta})


def stake(battle: str, member: Member, asset: Asset, funded_by: Funder) -> Posting:
    """Put a member's stake into the battle's escrow, from the member or the company (E4)."""
    if funded_by == "member":
        source = Leg("wallet", member.person, -member.stake)
    else:
        source = Leg("sponsor", None, -member.stake)
    return Posting(asset, (source, Leg("escrow", battle, member.stake)), {})


def sponsor(battle: str, asset: Asset, amount: int) -> Posting:
    """Put what the company adds into the battle's escrow (E5)."""
    return Posting(asset, (Leg("sponsor", None, -amount), Leg("escrow", battle, amount)), {})


def reversal(posting: Posting) -> Posting:
    """Return the posting that undoes another; a member's own leg comes back as a credit."""
    back = {
        leg.owner: -leg.amount
        for leg in posting.legs
        if leg.account == "wallet" and leg.owner is not None
    }
    legs = tuple(
        Leg(leg.account, leg.owner, -leg.amount) for leg in posting.legs if leg.account != "wallet"
    )
    undone = {person: -amount for person, amount in posting.credits.items()}
    return Posting(posting.asset, legs, undone | back)


def payout(battle: str, outcome: Outcome) -> Posting:
    """Empty the escrow of a final battle into the winners' wallets (E6)."""
    if outcome.pot.asset is None:
        return Posting("points", (), {})
    credits_due = {person: amount for person, amount in outcome.payouts.items() if amount}
    return Posting(outcome.pot.asset, (Leg("escrow", battle, -outcome.pot.total),), credits_due)


def refund(battle: str, outcome: Outcome, members: Iterable[Member], funded_by: Funder) -> Posting:
    """Empty the escrow of a void battle to whoever filled it: every stake goes back (E6)."""
    if outcome.pot.asset is None:
        return Posting("points", (), {})
    to_members: Mapping[str, int] = {}
    if funded_by == "member":
        to_members = {member.person: member.stake for member in members if member.stake}
    to_company = outcome.pot.total - sum(to_members.values())
    legs = (Leg("escrow", battle, -outcome.pot.total), Leg("sponsor", None, to_company))
    return Posting(outcome.pot.asset, legs, dict(to_members))


def land(credit: int, available: int, owed: int) -> tuple[int, int]:
    """Return what a credit moves on (wallet, debt); `available` and `owed` are ≥ 0.

    The debt account stands at −`owed`. A wallet's figure is available − owed, and moves by
    exactly `credit` (G9).
    """
    if credit >= 0:
        paid = min(credit, owed)
        return credit - paid, paid
    taken = min(-credit, available)
    return -taken, credit + taken
