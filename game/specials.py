"""Special contributions (C7): points by two people, with a reason, within what the plan allows."""

from __future__ import annotations

from game.errors import RuleViolation
from game.ledger import Posting, award
from game.special_terms import SpecialTerms

REASON_LEAST = 4
REASON_MOST = 300


def check_proposal(terms: SpecialTerms | None, by: str, person: str, points: int, why: str) -> None:
    """Refuse a proposal that can't be (C7).

    `special_closed` where the plan knows none, `special_own`, `special_points` outside 1 to
    `most`, `special_reason` shorter or longer than a sentence.
    """
    if terms is None:
        raise RuleViolation("special_closed")
    if by == person:
        raise RuleViolation("special_own")
    if not 1 <= points <= terms.most:
        raise RuleViolation("special_points", most=terms.most)
    if not REASON_LEAST <= len(why.strip()) <= REASON_MOST:
        raise RuleViolation("special_reason", least=REASON_LEAST, most=REASON_MOST)


def check_confirmation(state: str, by: str, proposer: str, person: str) -> None:
    """Refuse whoever proposed it or would get it, and what is decided already (C7)."""
    if by == person:
        raise RuleViolation("special_own")
    if by == proposer:
        raise RuleViolation("special_second")
    if state != "proposed":
        raise RuleViolation("special_decided")


def check_day(terms: SpecialTerms, given_today: int, points: int) -> None:
    """Refuse what goes beyond the day's sum: `special_day_full`."""
    left = max(0, terms.per_day - given_today)
    if points > left:
        raise RuleViolation("special_day_full", left=left, most=terms.per_day)


def posting(person: str, points: int) -> Posting:
    """Return what is moved: points are issued."""
    return award(person, points)
