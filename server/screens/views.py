"""What a wall shows, one slide after the other: battles, challenges, thanks (E10)."""

from typing import Any, Final
from uuid import UUID

import msgspec

from server.boards import service as boards
from server.boards.phases import phase
from server.challenges import views as challenges
from server.challenges.queries import Challenge
from server.people import queries as people
from server.screens import queries, thanks

ROTATE_S: Final = 15
"""So long a slide stands; so often a wall asks what is on."""


async def wall(store: UUID | None, battle: UUID | None = None) -> dict[str, Any]:
    """Return the slides of a wall; never none."""
    slides = [await _battle(one.id) for one in await queries.battles_shown(battle)]
    slides += [await _challenge(one) for one in await queries.challenges_shown(store)]
    slides = slides[: queries.BOARDS]
    said = await thanks.latest(store)
    if said or not slides:
        slides.append({"kind": "thanks", "thanks": msgspec.to_builtins(said)})
    return {
        "slides": slides,
        "rotate": ROTATE_S,
        "company": await people.company_name() or "",
    }


async def _battle(battle: UUID) -> dict[str, Any]:
    frame = await _frame(battle)
    return {"kind": "battle", "frame": frame, "phase": phase(frame)}


async def _challenge(one: Challenge) -> dict[str, Any]:
    card = await challenges.card(one, None)
    return {"kind": "challenge", "frame": await _frame(one.id), "challenge": card}


async def _frame(board: UUID) -> dict[str, Any]:
    frame: dict[str, Any] = msgspec.to_builtins(await boards.current().frame(board))
    return frame
