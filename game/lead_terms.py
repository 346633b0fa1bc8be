"""What a plan says of leads (D1 to D6, C1), and how it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.lead_spam import LeadLimits, read_lead_limits
from game.plan_pieces import Title, read_title

Assigning = Literal["round_robin", "store", "tag", "hand"]
ASSIGNING: tuple[Assigning, ...] = ("round_robin", "store", "tag", "hand")
ScoringStage = Literal["valid", "contacted", "visiting", "deal"]
SCORING: tuple[ScoringStage, ...] = ("valid", "contacted", "visiting", "deal")

DAYS_MAX = 366
WORKING_DAYS_MAX = 30
HOURS_MAX = 720
TIMES_MAX = 1_000


class AssignRule(msgspec.Struct, frozen=True):
    """Who follows a valid lead up (D4).

    `round_robin`: whoever of the sales has waited longest; `store`: the same within the store of
    the lead; `tag`: the same within the unit of its first tag that `tags` names; `hand`: a person
    decides. Where `store` or `tag` finds nobody, the round goes through all of the sales.
    """

    by: Assigning = "round_robin"
    tags: dict[str, str] = {}
    """Need → path of the unit whose sales know it best."""
    most: int = 3
    """Colleagues who may let a lead lie one after the other; then a person assigns it."""


class LeadTerms(msgspec.Struct, frozen=True):
    """How leads are received, reviewed, protected, assigned and scored; a company's own figures."""

    protection_days: int = 30
    """Days of 24 h in which a customer is taken once (D6)."""
    review_days: int = 1
    """Working days of the plan's calendar until a lead is reviewed (D3)."""
    contact_hours: int = 24
    """From the assignment to the first contact (D4)."""
    remind_hours: int = 4
    """So long before that ends, who should call is reminded."""
    checks_per_day: int = 20
    """Numbers that one person may check before reporting them."""
    needs: dict[str, Title] = {}
    """What a customer may need: tag → title."""
    channels: dict[str, Title] = {}
    """Where a lead came from (L1): channel → title."""
    assign: AssignRule = AssignRule()
    scores: dict[str, str] = {}
    """Stage → kind of action that reaching it is (C1)."""
    limits: LeadLimits = LeadLimits()
    """From when on a lead is unusual (I2, I3)."""


def read_leads(reader: Reader, value: object, actions: Collection[str]) -> LeadTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    path, usual = "leads", LeadTerms()
    table = reader.table(value, path, LeadTerms.__struct_fields__)

    def figure(key: str, most: int, least: int = 1) -> int:
        return reader.whole(table.get(key, getattr(usual, key)), f"{path}.{key}", least, most)

    needs = _titles(reader, table.get("needs", {}), f"{path}.needs")
    return LeadTerms(
        protection_days=figure("protection_days", DAYS_MAX),
        review_days=figure("review_days", WORKING_DAYS_MAX),
        contact_hours=figure("contact_hours", HOURS_MAX),
        remind_hours=figure("remind_hours", HOURS_MAX, least=0),
        checks_per_day=figure("checks_per_day", TIMES_MAX, least=0),
        needs=needs,
        channels=_titles(reader, table.get("channels", {}), f"{path}.channels"),
        assign=_assign(reader, table.get("assign", {}), f"{path}.assign", needs),
        scores=_scores(reader, table.get("scores", {}), f"{path}.scores", actions),
        limits=read_lead_limits(reader, table.get("limits", MISSING), f"{path}.limits"),
    )


def _titles(reader: Reader, value: object, path: str) -> dict[str, Title]:
    return {
        name: read_title(reader, title, key_path(path, name))
        for name, title in reader.table(value, path).items()
    }


def _assign(reader: Reader, value: object, path: str, needs: Mapping[str, Title]) -> AssignRule:
    table, usual = reader.table(value, path, AssignRule.__struct_fields__), AssignRule()
    tags = reader.table(table.get("tags", {}), f"{path}.tags")
    for tag in tags:
        if tag not in needs:
            reader.fault(key_path(f"{path}.tags", tag), _("a need of this plan"), tag)
    return AssignRule(
        by=reader.one_of(table.get("by", usual.by), f"{path}.by", ASSIGNING),
        tags={tag: reader.name(unit, key_path(f"{path}.tags", tag)) for tag, unit in tags.items()},
        most=reader.whole(table.get("most", usual.most), f"{path}.most", 1, TIMES_MAX),
    )


def _scores(reader: Reader, value: object, path: str, actions: Collection[str]) -> dict[str, str]:
    found = {}
    for stage, kind in reader.table(value, path, SCORING).items():
        here = key_path(path, stage)
        found[stage] = reader.name(kind, here)
        if found[stage] and found[stage] not in actions:
            reader.fault(here, _("a kind of action of this plan"), kind)
    return found
