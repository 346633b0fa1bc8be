"""How one "no" is answered."""

from typing import NamedTuple

from server.kit.i18n import Lazy


class Refusal(NamedTuple):
    """How a refusal is answered."""

    status: int
    sentence: Lazy
