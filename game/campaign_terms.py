"""What a plan says of campaigns (H1 to H6, H9), and how it is read."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from game.faults import MISSING, Reader, key_path
from game.plan_pieces import Title, read_title


class CampaignRule(msgspec.Struct, frozen=True):
    """The rule of a referral campaign: what both sides get, and under which terms."""

    title: Title


def read_campaigns(reader: Reader, value: object) -> dict[str, CampaignRule]:
    """Return the campaigns of a plan by their ids."""
    return {
        name: _campaign(reader, entry, key_path("campaigns", name))
        for name, entry in reader.table(value, "campaigns").items()
    }


def _campaign(reader: Reader, value: object, path: str) -> CampaignRule:
    table: Mapping[str, object] = reader.table(value, path, ("title",))
    return CampaignRule(title=read_title(reader, table.get("title", MISSING), f"{path}.title"))
