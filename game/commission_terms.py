"""What a plan says of commissions (G3 to G6, G9), and how it is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

import msgspec

from game.faults import MISSING, Reader, _, key_path
from game.plan_pieces import Title, read_title

Who = Literal["employee", "partner"]
WHO: tuple[Who, ...] = ("employee", "partner")
Part = Literal["reporter", "seller", "solution"]
PARTS: tuple[Part, ...] = ("reporter", "seller", "solution")
Which = Literal["all", "first", "repeat"]
WHICH: tuple[Which, ...] = ("all", "first", "repeat")
PartnerType = Literal["ally", "dealer", "koc"]
PARTNER_TYPES: tuple[PartnerType, ...] = ("ally", "dealer", "koc")
Span = Literal["month", "quarter"]
SPANS: tuple[Span, ...] = ("month", "quarter")
Policy = Literal["pending_only", "to_zero", "below_zero"]
POLICIES: tuple[Policy, ...] = ("pending_only", "to_zero", "below_zero")

AMOUNT_MAX = 1_000_000_000_000
"""分; neither a deal nor what is paid on one is larger than ten billion yuan."""
PARTS_MAX = 10_000
TIERS_MAX = 20

_SHARE = re.compile(r"([0-9]{1,5})/([0-9]{1,5})")
_PAYS = ("amount", "rate", "tiers")
_KEYS = (
    *("title", "who", "part", "deals", "from_lead", "least_deal", "units", "not_units"),
    *("partners", *_PAYS, "per", "bonus", "refund"),
)


class Tier(msgspec.Struct, frozen=True):
    """One tier: `rate` on what a period's deals come to up to `up_to` 分 (None: all above)."""

    up_to: int | None
    rate: Fraction


class Bonus(msgspec.Struct, frozen=True):
    """What is sold past `past` × `target` 分 in a period earns `times` the rate (G5)."""

    target: int
    past: Fraction
    times: Fraction

    @property
    def mark(self) -> Fraction:
        """The 分 past which the bonus is earned."""
        return self.target * self.past


class CommissionRule(msgspec.Struct, frozen=True):
    """One commission: for whom, on which deals, and what it pays.

    It pays either `amount` 分 for a deal (G3), or rates by `tiers`, counted over each month or
    quarter where `per` says so (G5, G6); a plain rate is one tier without a bound (G4).
    """

    title: Title
    who: Who
    part: Part
    """What the person did for the deal: brought the customer, sold, or had the solution."""
    deals: Which
    """All deals, a customer's first, or those after it."""
    from_lead: bool
    """Whether only deals that came from a lead pay."""
    least_deal: int
    """分 that a deal must come to."""
    units: tuple[str, ...]
    """Names of units; whoever is below one of them earns, empty: everybody."""
    not_units: tuple[str, ...]
    """Names of units whose people don't earn by this rule."""
    partners: tuple[PartnerType, ...]
    """Kinds of partners, empty: every kind."""
    amount: int
    tiers: tuple[Tier, ...]
    """The lowest first; empty where the rule pays an amount."""
    per: Span | None
    bonus: Bonus | None
    refund: Policy
    """What a refund takes (G9): what is not posted yet, down to an empty wallet, or into debt."""


def read_commissions(reader: Reader, value: object) -> dict[str, CommissionRule]:
    """Return the commissions of a plan by their ids."""
    return {
        name: _rule(reader, entry, key_path("commissions", name))
        for name, entry in reader.table(value, "commissions").items()
    }


def _rule(reader: Reader, value: object, path: str) -> CommissionRule:
    table = reader.table(value, path, _KEYS)
    _one_way_to_pay(reader, table, path)
    _fitting(reader, table, path)
    return CommissionRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        who=reader.one_of(table.get("who", MISSING), f"{path}.who", WHO),
        part=reader.one_of(table.get("part", MISSING), f"{path}.part", PARTS),
        deals=reader.one_of(table.get("deals", "all"), f"{path}.deals", WHICH),
        from_lead=_flag(reader, table.get("from_lead", False), f"{path}.from_lead"),
        least_deal=reader.whole(table.get("least_deal", 0), f"{path}.least_deal", most=AMOUNT_MAX),
        units=_names(reader, table, path, "units"),
        not_units=_names(reader, table, path, "not_units"),
        partners=_partners(reader, table, path),
        amount=reader.whole(table["amount"], f"{path}.amount", least=1, most=AMOUNT_MAX)
        if "amount" in table
        else 0,
        tiers=_tiers(reader, table, path),
        per=reader.one_of(table["per"], f"{path}.per", SPANS) if "per" in table else None,
        bonus=_bonus(reader, table["bonus"], f"{path}.bonus") if "bonus" in table else None,
        refund=reader.one_of(table.get("refund", MISSING), f"{path}.refund", POLICIES),
    )


def _one_way_to_pay(reader: Reader, table: Mapping[str, object], path: str) -> None:
    ways = [key for key in _PAYS if key in table]
    if len(ways) != 1:
        reader.fault(path, _("one of amount, rate, tiers"), ways or MISSING)


def _fitting(reader: Reader, table: Mapping[str, object], path: str) -> None:
    """Note keys that stand beside others they don't fit, and a period that is missing."""
    if "partners" in table and table.get("who") == "employee":
        sentence = _('this key only with who = "partner"')
        reader.fault(f"{path}.partners", sentence, table["partners"])
    for key in ("units", "not_units"):
        if key in table and table.get("who") == "partner":
            reader.fault(f"{path}.{key}", _('this key only with who = "employee"'), table[key])
    counts = "tiers" in table or "bonus" in table
    if counts and "per" not in table:
        reader.fault(f"{path}.per", _("the period over which deals are counted"), MISSING)
    if "per" in table and not counts:
        reader.fault(f"{path}.per", _("this key only with tiers or a bonus"), table["per"])
    if "bonus" in table and "amount" in table:
        reader.fault(f"{path}.bonus", _("this key only with a rate or tiers"), table["bonus"])


def _tiers(reader: Reader, table: Mapping[str, object], path: str) -> tuple[Tier, ...]:
    if "rate" in table:
        return (Tier(None, read_share(reader, table["rate"], f"{path}.rate")),)
    if "tiers" not in table:
        return ()
    entries = reader.tables(table["tiers"], f"{path}.tiers")
    if not 0 < len(entries) <= TIERS_MAX:
        sentence = _("a list of 1 to %(most)s tiers")
        reader.fault(f"{path}.tiers", sentence, table["tiers"], most=TIERS_MAX)
        return ()
    tiers: list[Tier] = []
    for place, entry in enumerate(entries):
        is_last = place == len(entries) - 1
        tiers.append(_tier(reader, entry, f"{path}.tiers[{place}]", tiers, is_last=is_last))
    return tuple(tiers)


def _tier(reader: Reader, value: object, path: str, before: list[Tier], *, is_last: bool) -> Tier:
    table = reader.table(value, path, ("up_to", "rate"))
    rate = read_share(reader, table.get("rate", MISSING), f"{path}.rate")
    if is_last:
        if "up_to" in table:
            reader.fault(f"{path}.up_to", _("no bound in the last tier"), table["up_to"])
        return Tier(None, rate)
    floor = (before[-1].up_to or 0) if before else 0
    least, given = floor + 1, table.get("up_to", MISSING)
    return Tier(reader.whole(given, f"{path}.up_to", least=least, most=AMOUNT_MAX), rate)


def _bonus(reader: Reader, value: object, path: str) -> Bonus:
    table = reader.table(value, path, ("target", "past", "times"))
    return Bonus(
        target=reader.whole(
            table.get("target", MISSING), f"{path}.target", least=1, most=AMOUNT_MAX
        ),
        past=reader.times(table.get("past", MISSING), f"{path}.past"),
        times=reader.times(table.get("times", MISSING), f"{path}.times"),
    )


def read_share(reader: Reader, value: object, path: str) -> Fraction:
    """Return a share of a sum: "p/q" with 0 < p ≤ q; "2/100" is 2 %."""
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    if found is None or not 0 < int(found[1]) <= int(found[2]) <= PARTS_MAX:
        reader.fault(path, _('"p/q" above 0 and at most 1, such as "2/100" for 2 percent'), value)
        return Fraction(1)
    return Fraction(int(found[1]), int(found[2]))


def _names(reader: Reader, table: Mapping[str, object], path: str, key: str) -> tuple[str, ...]:
    return reader.names(table[key], f"{path}.{key}") if key in table else ()


def _partners(reader: Reader, table: Mapping[str, object], path: str) -> tuple[PartnerType, ...]:
    return tuple(
        reader.one_of(name, f"{path}.partners[{place}]", PARTNER_TYPES)
        for place, name in enumerate(_names(reader, table, path, "partners"))
    )


def _flag(reader: Reader, value: object, path: str) -> bool:
    if not isinstance(value, bool):
        reader.fault(path, _("true or false"), value)
        return False
    return value
