"""What a plan says of leads (D1 to D6, C1), and how it is read."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from game.faults import Reader


class LeadTerms(msgspec.Struct, frozen=True):
    """How leads are received, reviewed, protected, assigned and scored."""


def read_leads(reader: Reader, value: object, actions: Collection[str]) -> LeadTerms | None:
    """Return what the plan says; None where it has no such table."""
    del actions
    if value is None:
        return None
    reader.table(value, "leads", ())
    return LeadTerms()
