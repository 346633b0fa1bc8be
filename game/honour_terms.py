"""What a plan says of honours (F2 to F5), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from game.faults import MISSING, Reader, key_path
from game.plan_pieces import Title, read_title


class HonourRule(msgspec.Struct, frozen=True):
    """The rule of an honour: for whom, how often, by rule, vote or a person."""

    title: Title


def read_honours(reader: Reader, value: object) -> dict[str, HonourRule]:
    """Return the honours of a plan by their ids."""
    return {
        name: _honour(reader, entry, key_path("honours", name))
        for name, entry in reader.table(value, "honours").items()
    }


def _honour(reader: Reader, value: object, path: str) -> HonourRule:
    table: Mapping[str, object] = reader.table(value, path, ("title",))
    return HonourRule(title=read_title(reader, table.get("title", MISSING), f"{path}.title"))
