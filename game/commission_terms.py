"""What a plan says of commissions (G3 to G6, G9), and how it is read."""

from __future__ import annotations

import msgspec

from game.faults import Reader


class CommissionRule(msgspec.Struct, frozen=True):
    """One commission: for whom, on what, at which rate."""


def read_commissions(reader: Reader, value: object) -> dict[str, CommissionRule]:
    """Return the commissions of a plan by their ids."""
    return {name: CommissionRule() for name in reader.table(value, "commissions", ())}
