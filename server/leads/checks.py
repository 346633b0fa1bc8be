"""Checking a number before typing more (D1, D6): whether it is free, never whose it is."""

from datetime import datetime, timedelta
from typing import Final, Literal
from uuid import UUID

import msgspec

from game import leads as rules
from game.errors import RuleViolation
from server.kit import clock
from server.kit.db import command
from server.leads import blacklist, queries, terms
from server.people import limits
from server.people.limits import Limit

DAY: Final = timedelta(days=1)


class Checked(msgspec.Struct, frozen=True):
    """How a number stands to whoever asks; `days` is how long a colleague's still lasts."""

    state: Literal["free", "own", "taken", "objected", "blacklisted"]
    until: datetime | None = None
    days: int = 0


@command
async def check(person: UUID, phone: str, plan: str = "") -> Checked:
    """Say whether a phone may be reported; each try counts.

    Refused as `phone_unreadable`, `leads_closed`, `too_many_checks`.
    """
    most = rules.terms_of(await terms.open_plan(plan)).checks_per_day
    key = await blacklist.key_of(phone)
    if not most:
        raise RuleViolation("too_many_checks", minutes=0)
    await limits.spend(Limit(f"lead_check:{person}", most, DAY, "too_many_checks"))
    try:
        await blacklist.check(key)
    except RuleViolation as refusal:
        return Checked("objected" if refusal.code == "customer_objected" else "blacklisted")
    now = await clock.now()
    holder = await queries.holder(key, now)
    state = rules.place(holder, str(person), now)
    if holder is None or state != "taken":
        return Checked(state)
    return Checked(state, holder.until, rules.days_left(holder.until, now))
