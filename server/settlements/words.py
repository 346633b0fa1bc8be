"""Settlements in words: periods, tax classes, kinds of lines."""

from collections.abc import Mapping
from typing import Final

from server.kit import i18n
from server.kit.i18n import Lazy, _, lazy

TAX_WORDS: Final[Mapping[str, Lazy]] = {
    "incidental": lazy("incidental income"),
    "labour": lazy("remuneration for labour"),
    "business": lazy("business income"),
    "wages": lazy("wages and salaries"),
}
WHO_WORDS: Final[Mapping[str, Lazy]] = {
    "employee": lazy("employee"),
    "customer": lazy("customer"),
    "partner": lazy("partner"),
    "ally": lazy("allied business"),
    "dealer": lazy("dealer"),
    "koc": lazy("KOC"),
}
LINE_WORDS: Final[Mapping[str, Lazy]] = {
    "commission": lazy("Commission"),
    "commission_back": lazy("Commission taken back"),
    "payout": lazy("Share of the pot"),
    "bonus": lazy("Bonus of a challenge"),
    "honour": lazy("Prize of a title"),
    "honour_back": lazy("Prize taken back"),
    "special": lazy("Special contribution"),
    "special_back": lazy("Special contribution taken back"),
    "payment": lazy("Paid out"),
}
OTHER: Final = lazy("Other")


def period_said(name: str) -> str:
    """Write a period: 2026-06 as 2026 年 6 月, 2026-Q2 as 2026 年第 2 季度."""
    year, part = name.split("-")
    if part.startswith("Q"):
        return _("%(year)s, quarter %(n)s", year=year, n=part.removeprefix("Q"))
    return _("%(year)s-%(month)s", year=year, month=part)


def period_facts(name: str) -> dict[str, str]:
    """Write a period in every language, for what is kept and read by others later."""
    return i18n.in_all(lambda: period_said(name))


def payment_title() -> dict[str, str]:
    """Return what a payment is called in the wallet, in every language."""
    return i18n.in_each(LINE_WORDS["payment"])


def line_title(kind: str) -> str:
    """Name what a line of a statement is by its kind of transfer."""
    return str(LINE_WORDS.get(kind) or OTHER)


def corrects(period: str) -> str:
    """Say which earlier period a line corrects, "" where it corrects none."""
    return _("corrects %(period)s", period=period_said(period)) if period else ""
