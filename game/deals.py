"""Deals: what links them to a lead, who may check them, which are called back (D8, I4, I6).

The number of a deal is HMAC-SHA256 of its id under the secret of the day it is drawn on: nobody
who sells or checks can foretell it, and whoever is given the secret afterwards gets the same.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Collection
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Final, Literal, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from game.deal_terms import Calls
from game.errors import RuleViolation
from game.periods import days_after

State = Literal["reported", "checked", "counted", "refused", "struck", "refunded"]
CallResult = Literal["confirmed", "denied", "unreached"]
Standing = Literal["usual", "new", "watched", "failed", "again"]
Why = Literal["", "share", "week"]
Link = Literal["number", "customer", "hand"]

AMOUNT_MAX: Final = 10_000_000_000
"""分 of one deal: a hundred million yuan."""
CONTRACT_MAX: Final = 40
BACK_MAX: Final = timedelta(days=366)
"""A deal made before that is no news."""

OPEN_LEADS: Final = frozenset({"valid", "assigned", "contacted", "visiting", "deal", "lost"})
"""Stages from which a lead may come to a deal."""
ALL: Final = Fraction(1)


class LeadFacts(msgspec.Struct, frozen=True):
    """What is known of a lead that a deal is to be linked to."""

    customer: str
    stage: str
    is_held: bool
    received_at: datetime


class Seller(NamedTuple):
    """What the draw knows of whoever made a deal, before this deal."""

    days: int
    """Since the person came."""
    score: int
    """Of the heaviest suspicion that was not cleared."""
    failed_days: int | None
    """Since a customer denied a deal of theirs; None for never."""
    lowest: str | None
    """The lowest number of their week so far; None where they had no deal in it."""


class Draw(NamedTuple):
    """Whether a deal is called back: `why` "" is not; `share` of such deals is drawn by chance."""

    standing: Standing
    share: Fraction
    why: Why


def contract_number(typed: str) -> str:
    """Return the number of a contract in the one way it is compared: no blanks, capitals.

    Refused as `contract_missing`, `contract_unreadable` (most).
    """
    number = "".join(unicodedata.normalize("NFKC", typed).split()).upper()
    if not number:
        raise RuleViolation("contract_missing")
    if len(number) > CONTRACT_MAX or not number.isprintable():
        raise RuleViolation("contract_unreadable", most=CONTRACT_MAX)
    return number


def check_report(amount: int, made_at: datetime, now: datetime) -> None:
    """Refuse a deal as `deal_amount_unreadable`, `deal_in_the_future`, `deal_too_old`."""
    if not 0 < amount <= AMOUNT_MAX:
        raise RuleViolation("deal_amount_unreadable")
    if made_at > now:
        raise RuleViolation("deal_in_the_future")
    if made_at < now - BACK_MAX:
        raise RuleViolation("deal_too_old")


def check_link(
    lead: LeadFacts, customer: str, made_at: datetime, zone: ZoneInfo, proof: str
) -> Literal["number", "hand"]:
    """Return how a lead is linked: by its number where it fits, else by hand with a proof (D8).

    It fits where the customer is the same and it came no later than the day of the deal.
    Refused as `lead_not_valid`, `link_needs_proof`.
    """
    if lead.is_held or lead.stage not in OPEN_LEADS | {"submitted"}:
        raise RuleViolation("lead_not_valid")
    if lead.customer == customer and lead.received_at < days_after(made_at, 1, zone):
        return "number"
    if not proof.strip():
        raise RuleViolation("link_needs_proof")
    return "hand"


def check_state(state: str, *allowed: str) -> None:
    """Refuse what comes too early or too late: `deal_closed`, `deal_checked`, `deal_not_checked`."""
    if state in allowed:
        return
    if state in {"refused", "struck", "refunded"}:
        raise RuleViolation("deal_closed")
    if state == "reported":
        raise RuleViolation("deal_not_checked")
    raise RuleViolation("deal_checked")


def check_hands(by: str, parts: Collection[str | None]) -> None:
    """Refuse whoever has a part in the deal as `own_deal`."""
    if by in parts:
        raise RuleViolation("own_deal")


def check_ruled_out(ruled_out: Collection[int], forbidden: int) -> None:
    """Refuse as `practices_open` (n) unless each forbidden practice was ruled out (I6)."""
    left = set(range(forbidden)) - set(ruled_out)
    if left:
        raise RuleViolation("practices_open", n=len(left))


def check_lead(stage: str, *, is_held: bool) -> None:
    """Refuse a deal whose lead does not stand: `lead_not_reviewed`, `lead_not_valid`."""
    if stage == "submitted":
        raise RuleViolation("lead_not_reviewed")
    if is_held or stage not in OPEN_LEADS:
        raise RuleViolation("lead_not_valid")


def number(secret: bytes, deal: str) -> str:
    """Return the number of a deal, 64 hexadecimal digits (I4)."""
    return hmac.digest(secret, deal.encode(), hashlib.sha256).hex()


def standing(calls: Calls, seller: Seller | None, *, escaped: bool) -> Standing:
    """Return how closely a deal is looked at.

    `escaped`: a deal of the same customer or contract was drawn, and ended without a confirmed
    call; reported anew, it is drawn again.
    """
    if escaped:
        return "again"
    if seller is None:
        return "usual"
    if seller.failed_days is not None and seller.failed_days < calls.failed_days:
        return "failed"
    if seller.score >= calls.watched_score:
        return "watched"
    return "new" if seller.days < calls.new_days else "usual"


def draw(calls: Calls, drawn: str, seller: Seller | None, *, escaped: bool = False) -> Draw:
    """Decide from a deal's number whether it is called back (I4).

    By chance: the number modulo q is below p, for a share of p/q. And the lowest number of the
    seller's week so far is drawn whatever the share: so one of each week is, nobody knows which
    before the week is over, and no money goes out before a call that is still to come.
    """
    found = standing(calls, seller, escaped=escaped)
    share = {"usual": calls.share, "new": calls.watched_share, "watched": calls.watched_share}.get(
        found, ALL
    )
    if int(drawn, 16) % share.denominator < share.numerator:
        return Draw(found, share, "share")
    is_lowest = seller is not None and (seller.lowest is None or drawn < seller.lowest)
    return Draw(found, share, "week" if calls.weekly and is_lowest else "")
