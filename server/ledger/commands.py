"""The one way points and money move: `ledger_post` in the database."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import asyncpg
import msgspec

from game.errors import RuleViolation
from game.ledger import Asset, Posting
from server.kit import db
from server.kit.db import command


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """One movement of one asset. `reference` is unique per kind, `facts` explain it (C9)."""

    id: UUID
    kind: str
    reference: str
    actor: UUID | None
    facts: dict[str, Any]
    posting: Posting
    owners: Mapping[str, UUID] = {}
    """Whom the posting's names stand for; a name that is not here is an id itself."""
    reverses: UUID | None = None

    def owner(self, name: str | None) -> UUID | None:
        """Return the owner of an account by its name in the posting."""
        return None if name is None else self.owners.get(name) or UUID(name)


@command
async def post(transfer: Transfer) -> bool:
    """Post a transfer; False when this very one was posted before.

    Refused as `not_covered` where a wallet would go below zero, `amount_too_large` past 10^15,
    `idempotency_mismatch` where the id belongs to another transfer.
    """
    posting = transfer.posting
    try:
        state = await db.value(
            "SELECT ledger_post($1,$2,$3,$4,$5,$6,$7,$8::text[],$9::uuid[],$10::bigint[],"
            "$11::uuid[],$12::bigint[])",
            transfer.id, transfer.kind, transfer.reference, transfer.actor, transfer.facts,
            transfer.reverses, posting.asset,
            [leg.account for leg in posting.legs],
            [transfer.owner(leg.owner) for leg in posting.legs],
            [leg.amount for leg in posting.legs],
            [transfer.owner(person) for person in posting.credits],
            list(posting.credits.values()),
        )  # fmt: skip
    except asyncpg.CheckViolationError as error:
        if error.table_name == "account":
            raise RuleViolation("not_covered") from None
        if error.table_name == "entry":
            raise RuleViolation("amount_too_large") from None
        raise
    except asyncpg.InvalidParameterValueError:
        raise RuleViolation("idempotency_mismatch") from None
    return bool(state == "created")


async def lock(asset: Asset, people: Sequence[UUID]) -> None:
    """Take the locks of several people's accounts in the one order, before several posts."""
    await db.execute("SELECT ledger_lock($1, $2::uuid[])", asset, people)
