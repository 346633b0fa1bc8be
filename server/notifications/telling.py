"""News as an inbox shows it: in the reader's words, by day and by what it is about."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from server.kit import formats
from server.kit.i18n import _, text
from server.notifications.queries import Notice
from server.notifications.words import GROUPS, WORDS

MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d\S*")
DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")


def sections(notices: Sequence[Notice], now: datetime, zone: str) -> list[dict[str, Any]]:
    """Return unread news, then what was read by day; in each the groups by their newest."""
    found = []
    for title, of in groupby(notices, lambda each: _section(each, now, zone)):
        found.append({"title": title, "groups": _groups(of, now, zone)})
    return found


def told(notice: Notice, now: datetime, zone: str) -> dict[str, Any]:
    """Return one notice in the current language."""
    words = WORDS[notice.kind]
    facts = said(notice.facts, now, zone)
    return {
        "id": notice.id,
        "group": words.group,
        "title": words.title % facts,
        "sentence": words.sentence % facts,
        "when": formats.ago(notice.at, now, zone),
        "is_new": notice.read_at is None,
    }


def said(facts: Mapping[str, Any], now: datetime, zone: str) -> dict[str, str]:
    """Return the facts of a notice as they stand in its sentence."""
    return {name: _said(fact, now, zone) for name, fact in facts.items()}


def _said(fact: object, now: datetime, zone: str) -> str:
    if isinstance(fact, Mapping):
        return text(fact)
    if isinstance(fact, int) and not isinstance(fact, bool):
        return formats.number(fact)
    if isinstance(fact, str) and MOMENT.fullmatch(fact):
        return formats.when(fact, now, zone)
    if isinstance(fact, str) and DAY.fullmatch(fact):
        day = date.fromisoformat(fact)
        return formats.month_day(day) if day.year == now.year else formats.full_day(day)
    return str(fact)


def _section(notice: Notice, now: datetime, zone: str) -> str:
    return _("New") if notice.read_at is None else formats.day(notice.at, now, zone)


def _groups(notices: Iterable[Notice], now: datetime, zone: str) -> list[dict[str, Any]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for each in notices:
        shown = told(each, now, zone)
        groups.setdefault(shown["group"], []).append(shown)
    return [
        {"id": group, "title": str(GROUPS[group]), "notices": shown}
        for group, shown in groups.items()
    ]
