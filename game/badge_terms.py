"""What a plan says of badges (F1), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from game.faults import MISSING, Reader, key_path
from game.plan_pieces import Title, read_title


class BadgeRule(msgspec.Struct, frozen=True):
    """The rule of a badge: what earns it, in which tiers."""

    title: Title


def read_badges(reader: Reader, value: object) -> dict[str, BadgeRule]:
    """Return the badges of a plan by their ids."""
    return {
        name: _badge(reader, entry, key_path("badges", name))
        for name, entry in reader.table(value, "badges").items()
    }


def _badge(reader: Reader, value: object, path: str) -> BadgeRule:
    table: Mapping[str, object] = reader.table(value, path, ("title",))
    return BadgeRule(title=read_title(reader, table.get("title", MISSING), f"{path}.title"))
