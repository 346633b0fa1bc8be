"""What waits from a lead to its money: reviews, first contacts, checks, call-backs, statements."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from server.config import settings
from server.home.tasks import Task
from server.kit import clock, db, formats
from server.kit.i18n import _, ngettext
from server.leads import passports
from server.people.auth import Caller


class Queue(msgspec.Struct, frozen=True):
    """How much waits, how much of it is late, and when the next of the rest is due."""

    count: int
    late: int = 0
    next_due: datetime | None = None


REVIEWS: Final = """
SELECT count(*) AS count, count(*) FILTER (WHERE review_due <= leitai_clock()) AS late,
  min(review_due) FILTER (WHERE review_due > leitai_clock()) AS next_due
FROM lead WHERE stage = 'submitted' AND NOT is_held AND reporter <> $1
"""
CONTACTS: Final = """
SELECT count(*) AS count, count(*) FILTER (WHERE contact_due <= leitai_clock()) AS late,
  min(contact_due) FILTER (WHERE contact_due > leitai_clock()) AS next_due
FROM lead WHERE stage = 'assigned' AND owner = $1
"""
CHECKS: Final = """
SELECT count(*) AS count FROM deal WHERE state = 'reported' AND reported_by <> $1
  AND seller IS DISTINCT FROM $1 AND reporter IS DISTINCT FROM $1
"""
CALLS: Final = """
SELECT count(*) AS count FROM deal WHERE call = 'waiting' AND closed_at IS NULL
  AND seller IS DISTINCT FROM $1 AND reporter IS DISTINCT FROM $1
"""
WITHOUT_ROOM: Final = "SELECT count(*) FROM accrual WHERE waits_for = 'budget'"
VERIFIES: Final = "SELECT count(*) FROM deal WHERE state = 'counted' AND verified_at IS NULL"
APPROVALS: Final = """
SELECT count(*) FROM settlement WHERE state = 'computed' AND computed_by IS DISTINCT FROM $1
"""
PAYMENTS: Final = """
SELECT coalesce(sum(s.payable), 0)::bigint FROM statement s
JOIN settlement run ON run.id = s.settlement
WHERE run.state = 'approved' AND s.paid_at IS NULL AND s.payable > 0
"""


async def of(caller: Caller) -> list[Task]:
    """Return what waits for somebody with these roles; empty queues are left out."""
    tasks: list[Task | None] = []
    if "operations" in caller.roles:
        tasks += [await _reviews(caller), await _unassigned(), await _checks(caller)]
    if "sales" in caller.roles:
        tasks.append(await _contacts(caller))
    if "service" in caller.roles:
        tasks.append(await _calls(caller))
    if "finance" in caller.roles:
        tasks += [await _approvals(caller), await _payments(), await _verifies()]
    if not caller.roles.isdisjoint({"operations", "finance"}):
        tasks.append(await _without_room())
    return [each for each in tasks if each is not None]


async def _queue(sql: str, person: UUID) -> Queue:
    found = await db.row(Queue, sql, person)
    if found is None:
        raise RuntimeError("a query of totals has one row")
    return found


async def _due(queue: Queue) -> str:
    """Say what is late, else until when the next one waits."""
    if queue.late:
        return ngettext("%(n)s is late", "%(n)s are late", queue.late)
    if queue.next_due is None:
        return _("the oldest first")
    now, zone = await clock.now(), settings().company_timezone
    return _("the next by %(when)s", when=formats.when(queue.next_due, now, zone))


async def _reviews(caller: Caller) -> Task | None:
    queue = await _queue(REVIEWS, caller.id)
    if not queue.count:
        return None
    return Task(
        title=_("Review leads"),
        under=await _due(queue),
        end=formats.number(queue.count),
        href="/leads/desk",
        label=_("Review the oldest"),
        sentence=ngettext("%(n)s lead waits for you", "%(n)s leads wait for you", queue.count),
        is_urgent=True,
    )


async def _unassigned() -> Task | None:
    count = await passports.unassigned_count()
    if not count:
        return None
    return Task(
        title=_("Assign leads"),
        under=_("nobody follows them up by the rule"),
        end=formats.number(count),
        href="/leads/assign",
        label=_("Choose who"),
        sentence=ngettext("%(n)s lead waits for somebody", "%(n)s leads wait for somebody", count),
        is_urgent=True,
    )


async def _contacts(caller: Caller) -> Task | None:
    queue = await _queue(CONTACTS, caller.id)
    if not queue.count:
        return None
    return Task(
        title=_("Contact new leads"),
        under=await _due(queue),
        end=formats.number(queue.count),
        href="/leads/follow",
        label=_("Call the first"),
        sentence=ngettext(
            "%(n)s customer waits for your call", "%(n)s customers wait for your call", queue.count
        ),
        is_urgent=True,
    )


async def _checks(caller: Caller) -> Task | None:
    count = (await _queue(CHECKS, caller.id)).count
    if not count:
        return None
    return Task(
        title=_("Check deals"),
        under=_("nothing is paid before"),
        end=formats.number(count),
        href="/deals",
        label=_("Check the oldest"),
        sentence=ngettext("%(n)s deal waits for its check", "%(n)s deals wait for a check", count),
        is_urgent=True,
    )


async def _calls(caller: Caller) -> Task | None:
    count = (await _queue(CALLS, caller.id)).count
    if not count:
        return None
    return Task(
        title=_("Call customers back"),
        under=_("drawn by lot; each needs its result"),
        end=formats.number(count),
        href="/deals/calls",
        label=_("Call the first"),
        sentence=ngettext("%(n)s call-back waits for you", "%(n)s call-backs wait for you", count),
        is_urgent=True,
    )


async def _approvals(caller: Caller) -> Task | None:
    """Return the settlements that somebody else computed."""
    count = await db.value(APPROVALS, caller.id)
    if not count:
        return None
    return Task(
        title=_("Approve a settlement"),
        under=_("then its statements go out"),
        end=formats.number(count),
        href="/settlements",
        label=_("Look at it"),
        sentence=ngettext(
            "%(n)s settlement waits for your approval",
            "%(n)s settlements wait for your approval",
            count,
        ),
        is_urgent=True,
    )


async def _payments() -> Task | None:
    """Return what is stated, approved and not paid yet."""
    owed = await db.value(PAYMENTS)
    if not owed:
        return None
    return Task(
        title=_("Pay statements"),
        under=_("export, pay, then mark them as paid"),
        end=formats.money(owed),
        href="/settlements",
        label=_("To the settlement"),
        sentence=_("%(sum)s is stated and not paid yet", sum=formats.money(owed)),
        is_urgent=True,
    )


async def _without_room() -> Task | None:
    """Return how many commissions a cap holds up (G11)."""
    count = await db.value(WITHOUT_ROOM)
    if not count:
        return None
    return Task(
        title=_("Make room in a budget"),
        under=_("commissions wait until a cap is raised"),
        end=formats.number(count),
        href="/commissions/desk?shelf=budget",
        label=_("See what waits"),
    )


async def _verifies() -> Task | None:
    """Return how many deals nobody of finance has looked at (I6)."""
    count = await db.value(VERIFIES)
    if not count:
        return None
    return Task(
        title=_("Confirm that deals are genuine"),
        under=_("contract, payment, customer"),
        end=formats.number(count),
        href="/deals",
        label=_("Look at the oldest"),
    )
