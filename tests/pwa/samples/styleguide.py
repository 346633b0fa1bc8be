"""The style page."""

from server.styleguide.samples import shown
from tests.pwa.samples.common import NOW, Sample


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    return {"styleguide": ("styleguide/show.html", None, shown(NOW))}
