"""Leads and deals of a month, read into the facts that the rules take; columns: docs/rehearse.md."""

import re
from datetime import tzinfo
from typing import Final

from game.commission_terms import AMOUNT_MAX, PARTS, Part
from game.deal_rehearsal import STATES, DealFact
from game.lead_rehearsal import LeadFact
from game.lead_terms import SCORING
from game.points import VERDICTS
from server.kit.i18n import lazy
from server.kit.sheets import Sheet, read_sheet
from server.rehearsals.files import Cells, entries, quoted

STAGE_COLUMNS: Final = tuple(f"{stage}_at" for stage in SCORING)
LEAD_COLUMNS: Final = (
    *("lead", "person", "customer", "received_at", "verdict", "owner"),
    *STAGE_COLUMNS,
)
LEAD_OPTIONAL: Final = ("owner", *STAGE_COLUMNS)
DEAL_COLUMNS: Final = (
    *("deal", "customer", "amount", "made_at", "state", *PARTS),
    *("lead", "checked_at", "closed_at"),
)
DEAL_OPTIONAL: Final = (*PARTS, "lead", "checked_at", "closed_at")

_YUAN = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?")


def read_leads(body: bytes, zone: tzinfo) -> tuple[list[LeadFact], Sheet]:
    """Return the good rows of a leads file, in its order, and the sheet."""

    def lead(row: Cells) -> LeadFact:
        received_at, verdict = row.moment("received_at"), row.one_of("verdict", VERDICTS)
        reached = {stage: row.maybe_moment(f"{stage}_at") for stage in SCORING}
        if verdict == "accepted":
            reached["valid"] = reached["valid"] or received_at
        return LeadFact(
            lead=row.text("lead"),
            person=row.text("person"),
            customer=row.text("customer"),
            owner=row.cells["owner"],
            received_at=received_at,
            verdict=verdict,
            reached={stage: at for stage, at in reached.items() if at is not None},
        )

    times = ("received_at", *STAGE_COLUMNS)
    sheet = read_sheet(body, LEAD_COLUMNS, optional=LEAD_OPTIONAL, times=times, zone=zone)
    return entries(sheet, lead)


def read_deals(body: bytes, zone: tzinfo) -> tuple[list[DealFact], Sheet]:
    """Return the good rows of a deals file, in its order, and the sheet."""
    seen: set[str] = set()

    def deal(row: Cells) -> DealFact:
        made_at, state = row.moment("made_at"), row.one_of("state", STATES)
        entry = DealFact(
            deal=row.text("deal"),
            customer=row.text("customer"),
            lead=row.cells["lead"],
            amount=_amount(row),
            made_at=made_at,
            parts=_parts(row),
            state=state,
            checked_at=row.maybe_moment("checked_at") or made_at,
            closed_at=row.maybe_moment("closed_at"),
        )
        _check_closing(row, entry)
        if entry.deal in seen:
            row.fault("deal", lazy("%(got)s is there twice"), got=quoted(entry.deal))
        seen.add(entry.deal)
        return entry

    times = ("made_at", "checked_at", "closed_at")
    sheet = read_sheet(body, DEAL_COLUMNS, optional=DEAL_OPTIONAL, times=times, zone=zone)
    return entries(sheet, deal)


def _parts(row: Cells) -> dict[Part, str]:
    return {part: row.cells[part] for part in PARTS if row.cells[part]}


def _amount(row: Cells) -> int:
    """Read yuan with up to two places as 分."""
    text = row.cells["amount"]
    found = _YUAN.fullmatch(text)
    amount = int(found[1]) * 100 + int((found[2] or "").ljust(2, "0")) if found else 0
    if found is None or amount > AMOUNT_MAX:
        row.fault("amount", lazy("expected yuan such as 128000.50, got %(got)s"), got=quoted(text))
    return amount


def _check_closing(row: Cells, deal: DealFact) -> None:
    """Note where a deal that no longer stands has no moment, or one before its check."""
    if deal.state in {"struck", "refunded"}:
        if deal.closed_at is None:
            row.fault("closed_at", lazy("a struck or refunded deal needs the moment of it"))
        elif deal.closed_at < deal.checked_at:
            row.fault("closed_at", lazy("expected a moment after checked_at"))
    elif deal.closed_at is not None:
        row.fault("closed_at", lazy("only a struck or refunded deal has such a moment"))
