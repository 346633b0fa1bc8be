"""A context for each template, as the slices fill them: for the preview and the rendering test."""

from collections.abc import Iterable
from functools import cache

from tests.pwa.samples import (
    badges,
    battles,
    cards,
    challenges,
    coupons,
    deals,
    desk,
    doors,
    first,
    follow,
    honours,
    house,
    inbox,
    lead_doors,
    money,
    numbers,
    privacy,
    push,
    referrals,
    rewards,
    settlements,
    styleguide,
)
from tests.pwa.samples.common import NOW, Sample

__all__ = ["NOW", "first_of_each", "samples"]


@cache
def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    slices = (
        badges,
        battles,
        cards,
        challenges,
        desk,
        house,
        doors,
        first,
        coupons,
        deals,
        follow,
        honours,
        inbox,
        lead_doors,
        money,
        numbers,
        privacy,
        push,
        referrals,
        rewards,
        settlements,
        styleguide,
    )
    return {name: one for part in slices for name, one in part.samples().items()}


def first_of_each(names: Iterable[str]) -> list[str]:
    """Return of the samples named the first of each template."""
    firsts: dict[str, str] = {}
    for name in names:
        firsts.setdefault(samples()[name][0], name)
    return list(firsts.values())
