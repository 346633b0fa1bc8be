"""A second ledger, in plain Python: what the one in the database has to say (P1, P2).

It knows accounts, transfers and their two refusals, and nothing of locks, versions or SQL.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from uuid import UUID

from game.ledger import land
from server.ledger.commands import Transfer

WITHOUT_BALANCE = {"issuer", "sponsor", "expired"}
NEVER_NEGATIVE = {"wallet", "escrow"}

Account = tuple[str, UUID | None, str]
"""Kind, owner, asset."""


@dataclass
class Ledger:
    """Every account's balance, and every transfer by its id."""

    balances: dict[Account, int] = field(default_factory=lambda: defaultdict(int))
    transfers: dict[UUID, Transfer] = field(default_factory=dict)
    entries: int = 0

    def post(self, transfer: Transfer) -> str:
        """Answer `created`, `exists` or the code of the refusal."""
        known = self.transfers.get(transfer.id)
        if known is not None:
            return "exists" if known == transfer else "idempotency_mismatch"
        if self._is_taken(transfer):
            return "taken"
        moved = self._moved(transfer)
        after = {account: self.balances[account] + amount for account, amount in moved.items()}
        if any(left < 0 for (kind, _, _), left in after.items() if kind in NEVER_NEGATIVE):
            return "not_covered"
        self.balances.update(after)
        self.transfers[transfer.id] = transfer
        self.entries += len(moved)
        return "created"

    def _is_taken(self, new: Transfer) -> bool:
        """A reference is used once per kind, and a transfer is reversed once."""
        return any(
            (each.kind, each.reference) == (new.kind, new.reference)
            or (new.reverses is not None and each.reverses == new.reverses)
            for each in self.transfers.values()
        )

    def _moved(self, transfer: Transfer) -> dict[Account, int]:
        moved: dict[Account, int] = defaultdict(int)
        asset = transfer.posting.asset
        for leg in transfer.posting.legs:
            moved[leg.account, transfer.owner(leg.owner), asset] += leg.amount
        for name, credit in transfer.posting.credits.items():
            person = transfer.owner(name)
            wallet, debt = ("wallet", person, asset), ("debt", person, asset)
            on_wallet, on_debt = land(credit, self.balances[wallet], -self.balances[debt])
            moved[wallet] += on_wallet
            moved[debt] += on_debt
        return {account: amount for account, amount in moved.items() if amount}

    def carried(self) -> dict[Account, int]:
        """The balances that the database keeps too, zeros left out."""
        return {
            account: balance
            for account, balance in self.balances.items()
            if balance and account[0] not in WITHOUT_BALANCE
        }
