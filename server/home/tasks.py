"""What waits for somebody by their roles: reviews, audits, payments, the set-up of a company."""

from collections.abc import Sequence
from typing import Final

import msgspec

from server.actions.queries import AT_THE_DESK
from server.battles import queries as battles
from server.battles.queries import Battle
from server.home import clocks
from server.kit import db, formats
from server.kit.i18n import _, locale, ngettext
from server.people.auth import Caller
from server.plans import queries as plans

PAYMENTS_SHOWN: Final = 3
REVIEWS: Final = (
    f"SELECT count(*) AS count, min(a.received_at) AS oldest FROM action a {AT_THE_DESK}"
)


class Task(msgspec.Struct, frozen=True):
    """Something to do: a row on today, and the big sentence when it is the first that is urgent."""

    title: str
    under: str
    end: str
    href: str
    label: str
    sentence: str = ""
    is_urgent: bool = False
    is_late: bool = False
    done: bool = False


def in_order(found: Sequence[Task]) -> list[Task]:
    """Return what is late first, then what is urgent, then the rest; what is done comes last."""
    return sorted(found, key=lambda each: (each.done, not each.is_late, not each.is_urgent))


async def of(caller: Caller, found: list[Battle]) -> list[Task]:
    """Return what waits for somebody with these roles, most urgent first."""
    tasks: list[Task] = []
    if "admin" in caller.roles:
        tasks += await _set_up(found)
    if "operations" in caller.roles:
        tasks.append(await _reviews(caller))
    if "audit" in caller.roles:
        tasks += [await _audit(one) for one in found if one.state == "auditing"]
    if "finance" in caller.roles:
        tasks += [await _payment(one) for one in found if _is_payable(one)][:PAYMENTS_SHOWN]
    return tasks


async def _set_up(found: list[Battle]) -> list[Task]:
    """Return the three steps of a new company; none once all are done."""
    people = int(await db.value("SELECT count(*) FROM person WHERE side <> ''"))
    launched = await plans.in_force()
    steps = [
        Task(
            title=_("Import people"),
            under=ngettext("%(n)s person on a side", "%(n)s people on a side", people),
            end="",
            href="/people/import",
            label=_("Import people"),
            sentence=_("Begin with your people: import them from a table."),
            done=people > 0,
            is_urgent=people == 0,
        ),
        Task(
            title=_("Launch a plan"),
            under=_("what scores, and what is at stake"),
            end="",
            href="/plans",
            label=_("Choose a plan"),
            sentence=_("Your people are here. Launch a plan next."),
            done=bool(launched),
            is_urgent=people > 0 and not launched,
        ),
        Task(
            title=_("Open battles"),
            under=_("opens by itself when a plan is launched"),
            end="",
            href="/battles",
            label=_("See the battles"),
            done=bool(found),
        ),
    ]
    return [] if all(step.done for step in steps) else steps


async def _reviews(caller: Caller) -> Task:
    queue = await clocks.queue(REVIEWS, caller.id)
    count = queue.count
    return Task(
        title=_("Review what was reported"),
        under=await clocks.words(queue, _("the oldest first")),
        end=formats.number(count),
        href="/reviews",
        label=_("Review the next one"),
        sentence=ngettext("%(n)s action waits for you", "%(n)s actions wait for you", count),
        is_urgent=count > 0,
        done=count == 0,
    )


async def _audit(one: Battle) -> Task:
    title = (await battles.rule_of(one)).title.in_locale(locale())
    count = await battles.pending_count(one)
    waits = ngettext(
        "%(n)s action of %(title)s waits for its audit",
        "%(n)s actions of %(title)s wait for their audit",
        count,
        title=title,
    )
    return Task(
        title=title,
        under=_("in audit since the cut-off"),
        end=formats.number(count),
        href=f"/battles/{one.id}/audit",
        label=_("Audit it"),
        sentence=waits if count else _("%(title)s is decided. Pay the pot.", title=title),
        is_urgent=True,
    )


def _is_payable(one: Battle) -> bool:
    return one.state == "final" and one.asset == "cash" and bool(one.result)


async def _payment(one: Battle) -> Task:
    total = formats.money(sum((one.result or {})["payouts"].values()))
    title = (await battles.rule_of(one)).title.in_locale(locale())
    return Task(
        title=title,
        under=_("owed to the winners; download it as XLSX or CSV"),
        end=total,
        href=f"/battles/{one.id}/result",
        label=_("See who is owed what"),
        sentence=_("%(sum)s is owed from %(title)s", sum=total, title=title),
        is_urgent=True,
    )
