"""What a plan says of challenges (E7, E8, K7), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from game.faults import MISSING, Reader, key_path
from game.plan_pieces import Title, read_title


class ChallengeRule(msgspec.Struct, frozen=True):
    """The rule of a template of challenges: its task pack and its bonus."""

    title: Title


def read_challenges(reader: Reader, value: object) -> dict[str, ChallengeRule]:
    """Return the challenges of a plan by their ids."""
    return {
        name: _challenge(reader, entry, key_path("challenges", name))
        for name, entry in reader.table(value, "challenges").items()
    }


def _challenge(reader: Reader, value: object, path: str) -> ChallengeRule:
    table: Mapping[str, object] = reader.table(value, path, ("title",))
    return ChallengeRule(title=read_title(reader, table.get("title", MISSING), f"{path}.title"))
