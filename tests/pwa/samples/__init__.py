"""A context for each template, as the slices fill them: for the preview and the rendering test."""

from tests.pwa.samples import battles, desk, doors, house
from tests.pwa.samples.common import NOW, Sample

__all__ = ["NOW", "samples"]


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    return battles.samples() | desk.samples() | house.samples() | doors.samples()
