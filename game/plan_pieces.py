"""Pieces that several parts of a plan document are made of, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from game.faults import MISSING, Reader, _


class Title(msgspec.Struct, frozen=True):
    """A title in each language of the product."""

    zh_Hans: str  # noqa: N815 - the keys of the document are locale names
    zh_Hant: str  # noqa: N815
    en: str

    def in_locale(self, locale: str) -> str:
        """Return the title for `zh_Hans`, `zh_Hant` or `en`."""
        titles = {"zh_Hans": self.zh_Hans, "zh_Hant": self.zh_Hant}
        return titles.get(locale, self.en)


def read_title(reader: Reader, value: object, path: str) -> Title:
    """Return a title in all three languages."""
    if value is MISSING:
        reader.fault(path, _("a title in zh_Hans, zh_Hant and en"), value)
        return Title("", "", "")
    title = reader.table(value, path, ("zh_Hans", "zh_Hant", "en"))
    return Title(
        zh_Hans=reader.name(title.get("zh_Hans", MISSING), f"{path}.zh_Hans"),
        zh_Hant=reader.name(title.get("zh_Hant", MISSING), f"{path}.zh_Hant"),
        en=reader.name(title.get("en", MISSING), f"{path}.en"),
    )


def read_kinds(
    reader: Reader, value: object, path: str, actions: Collection[str]
) -> tuple[str, ...]:
    """Return a list of kinds of action of this plan."""
    kinds = reader.names(value, path)
    for place, kind in enumerate(kinds):
        if kind and kind not in actions:
            reader.fault(f"{path}[{place}]", _("a kind of action of this plan"), kind)
    return kinds


def read_window(
    reader: Reader, table: Mapping[str, object], path: str, first: str, last: str
) -> tuple[datetime, datetime]:
    """Return the half-open window between two keys of a table, in UTC."""
    before = len(reader.faults)
    start = reader.moment(table.get(first, MISSING), f"{path}.{first}")
    end = reader.moment(table.get(last, MISSING), f"{path}.{last}")
    if len(reader.faults) == before and not start < end:
        got = table.get(last)
        reader.fault(f"{path}.{last}", _("a moment after %(first)s"), got, first=first)
    return start, end
