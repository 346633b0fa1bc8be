"""The one way points and money move: `ledger_post` in the database."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

import asyncpg
import msgspec

from game.errors import RuleViolation
from server.kit import db
from server.kit.db import command

Asset = Literal["points", "cash", "career", "learning"]
AccountKind = Literal["wallet", "debt", "escrow", "issuer", "sponsor", "expired"]


class Leg(msgspec.Struct, frozen=True):
    """An amount that lands on one account; owner None for the company's own accounts."""

    kind: AccountKind
    owner: UUID | None
    amount: int


class Credit(msgspec.Struct, frozen=True):
    """An amount for a person: pays their debt first; a negative one never fails (see design)."""

    person: UUID
    amount: int


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of one asset. `reference` is unique per kind, `facts` explain it (C9)."""

    id: UUID
    kind: str
    reference: str
    actor: UUID | None
    facts: dict[str, Any]
    asset: Asset
    legs: Sequence[Leg] = ()
    credits: Sequence[Credit] = ()
    reverses: UUID | None = None


@command
async def post(transfer: Transfer) -> bool:
    """Post a transfer; False when this very one was posted before.

    Refused as `not_covered` where a wallet would go below zero, `idempotency_mismatch` where
    the id belongs to another transfer.
    """
    try:
        state = await db.value(
            "SELECT ledger_post($1,$2,$3,$4,$5,$6,$7,$8::text[],$9::uuid[],$10::bigint[],"
            "$11::uuid[],$12::bigint[])",
            transfer.id, transfer.kind, transfer.reference, transfer.actor, transfer.facts,
            transfer.reverses, transfer.asset,
            [leg.kind for leg in transfer.legs], [leg.owner for leg in transfer.legs],
            [leg.amount for leg in transfer.legs],
            [credit.person for credit in transfer.credits],
            [credit.amount for credit in transfer.credits],
        )  # fmt: skip
    except asyncpg.CheckViolationError as error:
        if error.table_name == "account":
            raise RuleViolation("not_covered") from None
        raise
    except asyncpg.InvalidParameterValueError:
        raise RuleViolation("idempotency_mismatch") from None
    return bool(state == "created")


async def lock(asset: Asset, people: Sequence[UUID]) -> None:
    """Take the locks of several people's accounts in the one order, before several posts."""
    await db.execute("SELECT ledger_lock($1, $2::uuid[])", asset, people)
