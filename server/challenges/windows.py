"""Double-reward windows: planned in the plan itself, so that live equals rehearsal (C6).

A plan's `multipliers` are the only thing that multiplies points. A new window is the next version
of the plan with one more of them, launched at once; what was received before keeps its version.
"""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from typing import Final
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.plan import Plan
from game.plan_text import with_window
from server.kit import clock
from server.kit.db import command
from server.plans import commands, queries

TIMES: Final = (Fraction(2), Fraction(3, 2), Fraction(3))
"""How much more it may be, the usual first."""


class Window(msgspec.Struct, frozen=True):
    """What somebody asked for: some kinds count `times` as much in [starts, until)."""

    plan: str
    kinds: Sequence[str]
    starts: datetime | None
    until: datetime
    times: Fraction


@command
async def add(window: Window, by: UUID) -> Plan:
    """Launch the next version of a plan with one more window; without `starts` it begins now.

    Refused as `plan_unknown`, `draft_waits`, `window_unreadable`, and as any launch is.
    """
    await commands.gate(window.plan, closing=True)
    now = await clock.now()
    current = next((each for each in await queries.in_force() if each.id == window.plan), None)
    newest = await queries.newest(window.plan)
    if current is None or newest is None:
        raise RuleViolation("plan_unknown")
    if newest.version != current.version:
        raise RuleViolation("draft_waits")
    starts = max(window.starts or now, now)
    is_known = bool(window.kinds) and set(window.kinds) <= current.plan.actions.keys()
    if not is_known or window.until <= starts or window.times not in TIMES:
        raise RuleViolation("window_unreadable")
    text = with_window(
        current.document,
        current.version + 1,
        window.kinds,
        starts.astimezone(current.plan.zone).replace(microsecond=0),
        window.until.astimezone(current.plan.zone),
        window.times,
    )
    plan = await commands.draft(text, by)
    return await commands.launch(plan.id, plan.version, by)
