"""Receiving and reviewing leads (D1, D3, D6, I1): what a customer's place decides, and who reviews."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from game.calendars import USUAL, due
from game.errors import RuleViolation
from game.lead_terms import LeadTerms
from game.plan import Plan

NAME_MAX = 40
NOTE_MAX = 500
REASON_MAX = 200
TAGS_MAX = 5
DAY = timedelta(days=1)

Verdict = Literal["valid", "duplicate", "invalid"]
VERDICTS: tuple[Verdict, ...] = ("valid", "duplicate", "invalid")
Place = Literal["free", "own", "taken"]


class Holder(msgspec.Struct, frozen=True):
    """Whose lead has a customer's place, and until when nobody else's may (D6)."""

    lead: str
    reporter: str
    until: datetime


def terms_of(plan: Plan) -> LeadTerms:
    """Return what a plan says of leads; refused as `leads_closed` where it has none."""
    if plan.leads is None:
        raise RuleViolation("leads_closed")
    return plan.leads


def check_words(terms: LeadTerms, name: str, note: str, tags: Sequence[str], channel: str) -> None:
    """Refuse what can't be a lead: `lead_name_missing`, `lead_name_long`, `note_too_long`,
    `need_unknown`, `channel_unknown`.
    """
    if not name.strip():
        raise RuleViolation("lead_name_missing")
    if len(name) > NAME_MAX:
        raise RuleViolation("lead_name_long", most=NAME_MAX)
    if len(note) > NOTE_MAX:
        raise RuleViolation("note_too_long", most=NOTE_MAX)
    if len(tags) > TAGS_MAX or not set(tags) <= terms.needs.keys():
        raise RuleViolation("need_unknown")
    if channel and channel not in terms.channels:
        raise RuleViolation("channel_unknown")


def protected(terms: LeadTerms, received_at: datetime) -> tuple[datetime, datetime]:
    """Return [from, until) in which a customer received now is nobody else's (D6)."""
    return received_at, received_at + terms.protection_days * DAY


def place(holder: Holder | None, reporter: str, now: datetime) -> Place:
    """Return how a customer stands to `reporter`: free, their own, or a colleague's (D6)."""
    if holder is None or now >= holder.until:
        return "free"
    return "own" if holder.reporter == reporter else "taken"


def days_left(until: datetime, now: datetime) -> int:
    """Return the days of 24 h that a protection still lasts, a begun one counted whole."""
    return max(0, -((now - until) // DAY))


def review_due(plan: Plan, received_at: datetime) -> datetime:
    """Return by when a lead received now is to be reviewed (D3)."""
    return due(received_at, terms_of(plan).review_days, plan.zone, plan.calendar or USUAL)


def check_review(
    reviewer: str, involved: Collection[str], stage: str, verdict: str, reason: str, *, held: bool
) -> None:
    """Refuse a review (D3): `own_lead` of whoever has a part in it, `lead_held` while a suspicion
    waits for its verdict, `already_reviewed`, and `reason_missing` for what is not valid.
    """
    if reviewer in involved:
        raise RuleViolation("own_lead")
    if stage != "submitted":
        raise RuleViolation("already_reviewed", stage=stage)
    if held:
        raise RuleViolation("lead_held")
    if verdict not in VERDICTS:
        raise RuleViolation("malformed")
    if verdict != "valid" and not reason.strip():
        raise RuleViolation("reason_missing")
