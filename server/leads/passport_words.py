"""What a passport says: stages, steps, clocks."""

from datetime import datetime
from typing import Any, Final

from game.lead_stages import FREEING, WAY
from game.lead_terms import LeadTerms
from server.kit import i18n
from server.kit.i18n import Lazy, _, lazy
from server.leads.passports import Passport, Step
from server.plans.words import as_builtins

STAGES: Final[dict[str, Lazy]] = {
    "submitted": lazy("being checked"),
    "valid": lazy("valid lead"),
    "assigned": lazy("to be called"),
    "contacted": lazy("in touch"),
    "visiting": lazy("comes to visit"),
    "deal": lazy("deal made"),
    "lost": lazy("not this time"),
    "duplicate": lazy("reported before"),
    "invalid": lazy("not accepted"),
    "withdrawn": lazy("asked us to stop"),
}
"""What a lead is in a stage."""

STEPS: Final[dict[str, Lazy]] = {
    "submitted": lazy("Received"),
    "valid": lazy("Checked: a valid lead"),
    "assigned": lazy("%(owner)s follows up"),
    "contacted": lazy("Contact made"),
    "visiting": lazy("A visit is agreed"),
    "deal": lazy("It became a deal"),
    "lost": lazy("Not this time"),
    "duplicate": lazy("Reported by a colleague before"),
    "invalid": lazy("Not accepted"),
    "withdrawn": lazy("The customer asks not to be called"),
    "note": lazy("Noted"),
    "late": lazy("The first call did not come in time"),
    "reassigned": lazy("%(owner)s follows up now"),
    "handed_over": lazy("%(owner)s takes over from a colleague"),
    "review_late": lazy("The check takes longer than promised. It was passed on."),
    "ownerless": lazy("Waits for somebody to follow up"),
}
"""What happened at a step."""

AHEAD: Final[dict[str, Lazy]] = {
    "valid": lazy("Check"),
    "assigned": lazy("Somebody follows up"),
    "contacted": lazy("First call"),
    "visiting": lazy("A visit"),
    "deal": lazy("A deal"),
}
"""What is still ahead of a lead that goes well."""

TAPS: Final[dict[str, Lazy]] = {
    "contacted": lazy("Reached"),
    "visiting": lazy("Visit agreed"),
    "lost": lazy("Not this time"),
}
"""What whoever follows a lead up taps."""


def seal_state(stage: str) -> str:
    """Return the look of a stage's seal: red only where somebody has to call."""
    if stage == "deal":
        return "done"
    if stage in FREEING or stage == "lost":
        return "void"
    return "live" if stage == "assigned" else "quiet"


def face(one: Passport, terms: LeadTerms, now: datetime) -> dict[str, Any]:
    """Return a lead as lists show it at a moment."""
    ends = due(one)
    return {
        "id": one.id,
        "name": one.name,
        "shown": one.shown,
        "needs": [needs_word(tag, terms) for tag in one.tags],
        "note": one.note,
        "stage": one.stage,
        "word": str(STAGES[one.stage]),
        "seal": seal_state(one.stage),
        "owner": one.owner_name,
        "reporter": one.reporter_name,
        "store": one.store,
        "received_at": one.received_at,
        "stage_at": one.stage_at,
        "due": ends,
        "is_late": ends is not None and ends <= now,
        "unassigned_at": one.unassigned_at,
        "is_held": one.is_held,
        "reason": one.reason,
        "done": WAY.index(one.stage) + 1 if one.stage in WAY else 0,
        "of": len(WAY),
    }


def due(one: Passport) -> datetime | None:
    """Return when the clock of a lead runs out: its review's, or its first contact's."""
    if one.stage == "submitted":
        return one.review_due
    return one.contact_due if one.stage == "assigned" else None


def needs_word(tag: str, terms: LeadTerms) -> str:
    """Return the title of a need; a tag that the plan doesn't know is its own word."""
    return i18n.text(as_builtins(terms.needs[tag])) if tag in terms.needs else tag


def channel_word(channel: str, terms: LeadTerms) -> str:
    """Return the title of a channel, "" for none."""
    known = terms.channels.get(channel)
    return i18n.text(as_builtins(known)) if known is not None else channel


def line(one: Step) -> dict[str, Any]:
    """Return a step as a passport shows it."""
    sentence = STEPS.get(one.step)
    facts = {"owner": one.owner or ""}
    return {
        "title": _("Noted") if sentence is None else sentence % facts,
        "by": one.by or "",
        "at": one.at,
        "note": one.note,
    }


def ahead(stage: str) -> list[str]:
    """Return what is still ahead of a lead, nothing where its way is over."""
    if stage not in WAY:
        return []
    return [str(AHEAD[each]) for each in WAY[WAY.index(stage) + 1 :]]
