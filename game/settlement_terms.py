"""What a plan says of settlement (G7), and how it is read."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path

Every = Literal["month", "quarter"]
EVERY: tuple[Every, ...] = ("month", "quarter")
Tax = Literal["incidental", "labour", "business", "wages"]
"""偶然所得, 劳务报酬, 经营所得, 工资薪金."""
TAXES: tuple[Tax, ...] = ("incidental", "labour", "business", "wages")
Who = Literal["employee", "customer", "partner", "ally", "dealer", "koc"]
WHO: tuple[Who, ...] = ("employee", "customer", "partner", "ally", "dealer", "koc")
"""Kinds of people; the last three are types of partners, who are `partner` where nothing is said."""
EARNINGS: tuple[str, ...] = ("commission", "payout", "bonus", "honour", "special")
"""Kinds of transfers that bring somebody cash; what takes one back is called `<kind>_back`."""

DAY_MAX = 28
PARTS_MAX = 10_000

_SHARE = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")
_KEYS = ("compute_by", "pay_by", "netting", *WHO)


class PersonTerms(msgspec.Struct, frozen=True):
    """How often one kind of people is settled, and under which tax class."""

    every: Every = "month"
    tax: Tax = "incidental"
    tax_of: dict[str, Tax] = {}
    """Kind of earning → its own class, where it differs from `tax`."""


USUAL: dict[Who, PersonTerms] = {
    "employee": PersonTerms(),
    "customer": PersonTerms(),
    "partner": PersonTerms("quarter", "labour"),
}


class SettlementTerms(msgspec.Struct, frozen=True):
    """When statements are computed and paid, and under which tax class."""

    compute_by: int = 5
    """Day of the month, in the plan's zone, on which the period before it is computed."""
    pay_by: int = 10
    """Day of the month until which what was stated is paid."""
    netting: Fraction = Fraction(1, 2)
    """Share of what a period earned that pays earlier debt back at most (G9)."""
    people: dict[Who, PersonTerms] = msgspec.field(default_factory=USUAL.copy)

    def of(self, who: Who) -> PersonTerms:
        """Return the terms of one kind of people; a type of partner has a partner's by default."""
        return self.people.get(who) or self.people["partner"]


def read_settlement(reader: Reader, value: object) -> SettlementTerms | None:
    """Return what the plan says; None where it has no such table."""
    if value is None:
        return None
    path, usual = "settlement", SettlementTerms()
    table = reader.table(value, path, _KEYS)
    compute_by = _day(reader, table.get("compute_by", usual.compute_by), f"{path}.compute_by")
    pay_by = _day(reader, table.get("pay_by", usual.pay_by), f"{path}.pay_by")
    if "pay_by" in table and pay_by < compute_by:
        reader.fault(f"{path}.pay_by", _("a day that is not before compute_by"), pay_by)
    said = {
        who: _person(reader, table[who], f"{path}.{who}", USUAL.get(who, USUAL["partner"]))
        for who in WHO
        if who in table
    }
    return SettlementTerms(
        compute_by=compute_by,
        pay_by=pay_by,
        netting=_share(reader, table["netting"], f"{path}.netting")
        if "netting" in table
        else usual.netting,
        people={**USUAL, **said},
    )


def _day(reader: Reader, value: object, path: str) -> int:
    return reader.whole(value, path, least=1, most=DAY_MAX)


def _share(reader: Reader, value: object, path: str) -> Fraction:
    """Return "p/q" from 0 to 1; "1/1" nets all of it."""
    ratio = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if ratio is None or not int(ratio[2]) or not int(ratio[1]) <= int(ratio[2]) <= PARTS_MAX:
        reader.fault(path, _('"p/q" from "0/1" to "1/1"'), value)
        return Fraction(1)
    return Fraction(int(ratio[1]), int(ratio[2]))


def _person(reader: Reader, value: object, path: str, usual: PersonTerms) -> PersonTerms:
    table = reader.table(value, path, PersonTerms.__struct_fields__)
    taxes = reader.table(table.get("tax_of", {}), f"{path}.tax_of", EARNINGS)
    return PersonTerms(
        every=reader.one_of(table.get("every", usual.every), f"{path}.every", EVERY),
        tax=reader.one_of(table.get("tax", MISSING), f"{path}.tax", TAXES),
        tax_of={
            kind: reader.one_of(tax, key_path(f"{path}.tax_of", kind), TAXES)
            for kind, tax in taxes.items()
        },
    )
