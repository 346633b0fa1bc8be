"""What the slices above learn from battles."""

from typing import Literal
from uuid import UUID

from server.kit.events import Event


class BattleSettled(Event, frozen=True):
    """A battle is decided and its pot paid, or it is void; told inside its transaction."""

    battle: UUID
    state: Literal["final", "void"]
    members: tuple[UUID, ...]
