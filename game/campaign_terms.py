"""What a plan says of campaigns (H1 to H6, H9, H10), and how it is read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

import msgspec

from game.antispam import Limits, Weights
from game.faults import MISSING, Reader, _, key_path
from game.periods import PERIODS, Per
from game.plan_pieces import Title, read_title, read_window

Role = Literal["customer", "employee", "partner"]
ROLES: tuple[Role, ...] = ("customer", "employee", "partner")
Taking = Literal["take", "keep"]
TAKING: tuple[Taking, ...] = ("take", "keep")

DAYS_MAX = 3_660
DEALS_MAX = 10_000
POINTS_MAX = 1_000_000_000
WEIGHT_MAX = 1_000_000

_KEYS = (
    *("title", "starts", "ends", "friend", "binding", *ROLES),
    *("release_days", "refund", "exclusive", "limits", "weights"),
)
_REFERRER_KEYS = ("coupons", "points", "ladder", "high_value", "agreement")
_WEIGHTS = tuple(name for name in Weights.__struct_fields__ if name != "limits")


class Rung(msgspec.Struct, frozen=True):
    """One step of the ladder (H3): reached once with that many deals, it gives these coupons."""

    deals: int
    coupons: tuple[str, ...]


class HighValue(msgspec.Struct, frozen=True):
    """What a large deal gives (H5): service in place of money, or beside it."""

    order_at_least: int
    """分 that the friend's order comes to."""
    coupons: tuple[str, ...]
    instead: bool
    """Whether it replaces the coupons of a deal; points are given either way."""


class Agreement(msgspec.Struct, frozen=True):
    """What a partner accepts before the first code (A4, H9); a new version is accepted anew."""

    version: int
    text: Title


class ReferrerTerms(msgspec.Struct, frozen=True):
    """What one kind of referrer gets: for each deal, and up the ladder."""

    coupons: tuple[str, ...]
    points: int
    ladder: tuple[Rung, ...]
    """By the number of deals, the fewest first."""
    high_value: HighValue | None
    agreement: Agreement | None


class Binding(msgspec.Struct, frozen=True):
    """How long a friend belongs to who invited them, and whether again after that."""

    days: int
    """Days of 24 h in which a first order counts."""
    again: bool
    """Whether another may bind them once it has lapsed."""


class Refund(msgspec.Struct, frozen=True):
    """What a refunded deal takes back (G9): its coupons, its points, its place on the ladder."""

    coupons: Taking
    points: Taking
    ladder: Taking


class Exclusive(msgspec.Struct, frozen=True):
    """The coupon that a member of staff offers on a page of their own (H10)."""

    coupon: str
    most: int
    """How many customers may claim it from one person in a day, ISO week or month."""
    per: Per


class CampaignRule(msgspec.Struct, frozen=True):
    """A referral campaign: who may invite in [starts, ends), and what both sides get."""

    title: Title
    starts: datetime
    ends: datetime
    friend: tuple[str, ...]
    """Coupons of the new customer, the one that is shown largest first (H2, H4)."""
    referrers: dict[Role, ReferrerTerms]
    binding: Binding
    release_days: int
    """Days of 24 h between a deal and its reward."""
    refund: Refund
    exclusive: Exclusive | None
    weights: Weights
    """How suspicion is weighed (I3), with the limits of one referrer."""


class _Coupons:
    """Reads lists of coupons, each of them a coupon of this plan."""

    def __init__(self, reader: Reader, known: Collection[str]) -> None:
        self.reader = reader
        self.known = known

    def one(self, value: object, path: str) -> str:
        """Return one coupon."""
        name = self.reader.name(value, path)
        if name and name not in self.known:
            self.reader.fault(path, _("a coupon of this plan"), name)
        return name

    def some(self, value: object, path: str) -> tuple[str, ...]:
        """Return at least one coupon."""
        names = self.reader.names(value, path)
        for place, name in enumerate(names):
            if name and name not in self.known:
                self.reader.fault(f"{path}[{place}]", _("a coupon of this plan"), name)
        return names


def read_campaigns(
    reader: Reader, value: object, coupons: Collection[str]
) -> dict[str, CampaignRule]:
    """Return the campaigns of a plan by their ids; `coupons` are the plan's own."""
    known = _Coupons(reader, coupons)
    return {
        name: _campaign(reader, entry, key_path("campaigns", name), known)
        for name, entry in reader.table(value, "campaigns").items()
    }


def _campaign(reader: Reader, value: object, path: str, coupons: _Coupons) -> CampaignRule:
    table = reader.table(value, path, _KEYS)
    starts, ends = read_window(reader, table, path, "starts", "ends")
    friend = reader.table(table.get("friend", MISSING), f"{path}.friend", ("coupons",))
    referrers: dict[Role, ReferrerTerms] = {
        role: _referrer(reader, table[role], f"{path}.{role}", coupons, role)
        for role in ROLES
        if role in table
    }
    if not referrers:
        reader.fault(path, _("at least one of customer, employee, partner"), value)
    return CampaignRule(
        title=read_title(reader, table.get("title", MISSING), f"{path}.title"),
        starts=starts,
        ends=ends,
        friend=coupons.some(friend.get("coupons", MISSING), f"{path}.friend.coupons"),
        referrers=referrers,
        binding=_binding(reader, table.get("binding", MISSING), f"{path}.binding"),
        release_days=reader.whole(
            table.get("release_days", 0), f"{path}.release_days", 0, DAYS_MAX
        ),
        refund=_refund(reader, table.get("refund", MISSING), f"{path}.refund"),
        exclusive=_exclusive(reader, table["exclusive"], f"{path}.exclusive", coupons)
        if "exclusive" in table
        else None,
        weights=_weights(reader, table, path),
    )


def _referrer(
    reader: Reader, value: object, path: str, coupons: _Coupons, role: Role
) -> ReferrerTerms:
    table = reader.table(value, path, _REFERRER_KEYS)
    if role == "partner" and "agreement" not in table:
        reader.fault(f"{path}.agreement", _("the agreement that a partner accepts"), MISSING)
    if role != "employee" and "points" in table:
        reader.fault(f"{path}.points", _("points for employees only"), table["points"])
    return ReferrerTerms(
        coupons=_optional(coupons, table, path),
        points=reader.whole(table.get("points", 0), f"{path}.points", most=POINTS_MAX),
        ladder=_ladder(reader, table.get("ladder", []), f"{path}.ladder", coupons),
        high_value=_high_value(reader, table["high_value"], f"{path}.high_value", coupons)
        if "high_value" in table
        else None,
        agreement=_agreement(reader, table["agreement"], f"{path}.agreement")
        if "agreement" in table
        else None,
    )


def _optional(coupons: _Coupons, table: Mapping[str, object], path: str) -> tuple[str, ...]:
    return coupons.some(table["coupons"], f"{path}.coupons") if "coupons" in table else ()


def _ladder(reader: Reader, value: object, path: str, coupons: _Coupons) -> tuple[Rung, ...]:
    rungs: list[Rung] = []
    for place, entry in enumerate(reader.tables(value, path)):
        here = f"{path}[{place}]"
        table = reader.table(entry, here, ("deals", "coupons"))
        deals = reader.whole(table.get("deals", MISSING), f"{here}.deals", 1, DEALS_MAX)
        if rungs and deals <= rungs[-1].deals:
            sentence = _("more deals than the rung before, %(deals)s")
            reader.fault(f"{here}.deals", sentence, deals, deals=rungs[-1].deals)
        rungs.append(Rung(deals, coupons.some(table.get("coupons", MISSING), f"{here}.coupons")))
    return tuple(rungs)


def _high_value(reader: Reader, value: object, path: str, coupons: _Coupons) -> HighValue:
    table = reader.table(value, path, ("order_at_least", "coupons", "instead"))
    return HighValue(
        order_at_least=reader.whole(
            table.get("order_at_least", MISSING), f"{path}.order_at_least", least=1
        ),
        coupons=coupons.some(table.get("coupons", MISSING), f"{path}.coupons"),
        instead=_flag(reader, table.get("instead", MISSING), f"{path}.instead"),
    )


def _agreement(reader: Reader, value: object, path: str) -> Agreement:
    table = reader.table(value, path, ("version", "text"))
    return Agreement(
        version=reader.whole(table.get("version", MISSING), f"{path}.version", least=1),
        text=read_title(reader, table.get("text", MISSING), f"{path}.text"),
    )


def _binding(reader: Reader, value: object, path: str) -> Binding:
    table = reader.table(value, path, ("days", "again"))
    return Binding(
        days=reader.whole(table.get("days", MISSING), f"{path}.days", 1, DAYS_MAX),
        again=_flag(reader, table.get("again", MISSING), f"{path}.again"),
    )


def _refund(reader: Reader, value: object, path: str) -> Refund:
    """Return the policy: it is never guessed, because it is told to people before."""
    table = reader.table(value, path, ("coupons", "points", "ladder"))
    coupons, points, ladder = (
        reader.one_of(table.get(name, MISSING), f"{path}.{name}", TAKING)
        for name in ("coupons", "points", "ladder")
    )
    return Refund(coupons=coupons, points=points, ladder=ladder)


def _exclusive(reader: Reader, value: object, path: str, coupons: _Coupons) -> Exclusive:
    table = reader.table(value, path, ("coupon", "most", "per"))
    return Exclusive(
        coupon=coupons.one(table.get("coupon", MISSING), f"{path}.coupon"),
        most=reader.whole(table.get("most", MISSING), f"{path}.most", least=1),
        per=reader.one_of(table.get("per", MISSING), f"{path}.per", PERIODS),
    )


def _weights(reader: Reader, campaign: Mapping[str, object], path: str) -> Weights:
    limits = _wholes(reader, campaign.get("limits", {}), f"{path}.limits", Limits.__struct_fields__)
    weights = _wholes(reader, campaign.get("weights", {}), f"{path}.weights", _WEIGHTS)
    return Weights(**weights, limits=Limits(**limits))


def _wholes(reader: Reader, value: object, path: str, keys: tuple[str, ...]) -> dict[str, int]:
    return {
        key: reader.whole(figure, key_path(path, key), 0, WEIGHT_MAX)
        for key, figure in reader.table(value, path, keys).items()
        if key in keys
    }


def _flag(reader: Reader, value: object, path: str) -> bool:
    if not isinstance(value, bool):
        reader.fault(path, _("true or false"), value)
        return False
    return value
