"""Holds: points that wait in a wallet until they are spent or set free (G1, G2).

A hold is made once, resolves once, and is the only thing that moves `account.held`: the three
SQL functions of migration m0007. What is held can't be spent by anything else, and a strike that
finds it held leaves a debt.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.ledger import Asset
from server.kit import db
from server.kit.db import command


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """The transfer that spends a hold, wallet → redeemed; `facts` explain it (C9)."""

    id: UUID
    kind: str
    reference: str
    actor: UUID | None
    facts: dict[str, Any]


@command
async def hold(
    hold_id: UUID,
    person: UUID,
    asset: Asset,
    amount: int,
    reason_ref: str,
    expires_at: datetime | None = None,
) -> bool:
    """Hold an amount of a person's wallet; False when this very hold was made before.

    Refused as `not_covered` where available less debt is not enough, `idempotency_mismatch`
    where the id or the reference belongs to another hold.
    """
    state = await db.value(
        "SELECT hold_open($1, $2, $3, $4, $5, $6)",
        hold_id, person, asset, amount, reason_ref, expires_at,
    )  # fmt: skip
    if state == "not_covered":
        raise RuleViolation("not_covered")
    if state == "other":
        raise RuleViolation("idempotency_mismatch")
    return bool(state == "created")


@command
async def capture(hold_id: UUID, transfer: Capture) -> bool:
    """Spend a hold wholly by one transfer; False when this very transfer did so before.

    Refused as `hold_resolved` where it was released or captured otherwise.
    """
    state = await db.value(
        "SELECT hold_capture($1, $2, $3, $4, $5, $6)",
        hold_id, transfer.id, transfer.kind, transfer.reference, transfer.actor, transfer.facts,
    )  # fmt: skip
    if state not in {"captured", "exists"}:
        raise RuleViolation("hold_resolved")
    return bool(state == "captured")


@command
async def release(hold_id: UUID) -> bool:
    """Set a hold free; False when it was resolved before, in whichever way."""
    return bool(await db.value("SELECT hold_release($1)", hold_id) == "released")
