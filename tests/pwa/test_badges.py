"""Every badge of a plan has a drawing of its own: small, and of one family."""

import pytest

from game.badge_terms import ARTS, TIERS
from server.kit import pages

SIZE_MAX = 1024


def drawn(art: str, tier: str) -> str:
    """A badge as pages draw it."""
    text = '{% from "_macros/badges.html" import badge %}{{ badge(art, tier) }}'
    return pages.environment().from_string(text).render(art=art, tier=tier)


@pytest.mark.parametrize("art", ARTS)
def test_every_art_is_drawn_small_in_every_tier(art: str) -> None:
    for tier in ("", *TIERS):
        svg = drawn(art, tier)
        assert len(svg.encode()) < SIZE_MAX
        assert f'data-tier="{tier or "none"}"' in svg
        assert svg.count("<path") + svg.count("<circle") >= 2, "a frame and a glyph"


def test_tiers_differ_by_their_cut_and_not_by_colour_alone() -> None:
    cuts = {tuple(part in drawn("tea", tier) for part in ("frame", "inner", "stone", "rim"))
            for tier in TIERS}  # fmt: skip
    assert len(cuts) == len(TIERS)
    assert len({drawn(art, "bronze") for art in ARTS}) == len(ARTS)
