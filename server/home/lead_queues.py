"""What waits from a lead to its money: reviews, first contacts, checks, call-backs, statements."""

from typing import Final

from server.home import clocks
from server.home.tasks import Task
from server.kit import db, formats
from server.kit.i18n import _, ngettext
from server.leads import passports
from server.people.auth import Caller

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
SELECT count(*) AS count, min(reported_at) AS oldest FROM deal WHERE state = 'reported' AND reported_by <> $1
  AND seller IS DISTINCT FROM $1 AND reporter IS DISTINCT FROM $1
"""
CALLS: Final = """
SELECT count(*) AS count, min(checked_at) AS oldest FROM deal WHERE call = 'waiting' AND closed_at IS NULL
  AND seller IS DISTINCT FROM $1 AND reporter IS DISTINCT FROM $1
"""
WITHOUT_ROOM: Final = "SELECT count(*) FROM accrual WHERE waits_for = 'budget'"
VERIFIES: Final = """
SELECT count(*) AS count, min(counted_at) AS oldest FROM deal
WHERE state = 'counted' AND verified_at IS NULL
"""
APPROVALS: Final = """
SELECT count(*) AS count, min(computed_at) AS oldest FROM settlement WHERE state = 'computed' AND computed_by IS DISTINCT FROM $1
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


async def _reviews(caller: Caller) -> Task | None:
    queue = await clocks.queue(REVIEWS, caller.id)
    if not queue.count:
        return None
    return Task(
        title=_("Review leads"),
        under=await clocks.words(queue, _("the oldest first")),
        end=formats.number(queue.count),
        href="/leads/desk",
        label=_("Review the oldest"),
        sentence=ngettext("%(n)s lead waits for you", "%(n)s leads wait for you", queue.count),
        is_urgent=True,
        is_late=queue.late > 0,
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
    queue = await clocks.queue(CONTACTS, caller.id)
    if not queue.count:
        return None
    return Task(
        title=_("Contact new leads"),
        under=await clocks.words(queue, _("the oldest first")),
        end=formats.number(queue.count),
        href="/leads/follow",
        label=_("Call the first"),
        sentence=ngettext(
            "%(n)s customer waits for your call", "%(n)s customers wait for your call", queue.count
        ),
        is_urgent=True,
        is_late=queue.late > 0,
    )


async def _checks(caller: Caller) -> Task | None:
    queue = await clocks.queue(CHECKS, caller.id)
    if not (count := queue.count):
        return None
    return Task(
        title=_("Check deals"),
        under=await clocks.words(queue, _("nothing is paid before")),
        end=formats.number(count),
        href="/deals",
        label=_("Check the oldest"),
        sentence=ngettext("%(n)s deal waits for its check", "%(n)s deals wait for a check", count),
        is_urgent=True,
    )


async def _calls(caller: Caller) -> Task | None:
    queue = await clocks.queue(CALLS, caller.id)
    if not (count := queue.count):
        return None
    return Task(
        title=_("Call customers back"),
        under=await clocks.words(queue, _("drawn by lot; each needs its result")),
        end=formats.number(count),
        href="/deals/calls",
        label=_("Call the first"),
        sentence=ngettext("%(n)s call-back waits for you", "%(n)s call-backs wait for you", count),
        is_urgent=True,
    )


async def _approvals(caller: Caller) -> Task | None:
    """Return the settlements that somebody else computed."""
    queue = await clocks.queue(APPROVALS, caller.id)
    if not (count := queue.count):
        return None
    return Task(
        title=_("Approve a settlement"),
        under=await clocks.words(queue, _("then its statements go out")),
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
    queue = await clocks.queue(VERIFIES)
    if not queue.count:
        return None
    return Task(
        title=_("Confirm that deals are genuine"),
        under=await clocks.words(queue, _("contract, payment, customer")),
        end=formats.number(queue.count),
        href="/deals",
        label=_("Look at the oldest"),
    )
