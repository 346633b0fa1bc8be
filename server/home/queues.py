"""What waits in the queues of the newer desks: suspicions, redemptions, titles, a store's day."""

from typing import Final

from server.antispam import queries as antispam
from server.challenges import queries as challenges
from server.home import clocks
from server.home.clocks import Queue
from server.home.tasks import Task
from server.honours import desk as honours
from server.kit import clock, formats, i18n
from server.kit.i18n import _, ngettext
from server.people.auth import STORE, Caller
from server.people.stores import store_of
from server.rewards import queries as rewards

SUSPICIONS: Final = (
    "SELECT count(*) AS count, min(v.at) AS oldest FROM verdict v"
    f" WHERE v.state = 'waiting' AND {antispam.NOT_OWN}"
)


async def of(caller: Caller) -> list[Task]:
    """Return what waits for somebody with these roles; empty queues are left out."""
    tasks: list[Task | None] = []
    if "store_manager" in caller.roles:
        tasks.append(await _store_day(caller))
    if not caller.roles.isdisjoint(STORE):
        tasks.append(await _counter())
    if "operations" in caller.roles:
        tasks += [await _suspicions(caller), await _redemptions(caller)]
        tasks += [await _titles(), await _suggestions()]
    return [each for each in tasks if each is not None]


async def _store_day(caller: Caller) -> Task | None:
    """Return that no challenge is on in the manager's store."""
    store = await store_of(caller.id)
    if store is None:
        return None
    running = [one for one in await challenges.challenges() if one.state in {"open", "live"}]
    if any(one.store == store.id for one in running):
        return None
    return Task(
        title=_("Start a challenge in your store"),
        under=_("from a template, in two minutes"),
        end="",
        href="/challenges/new",
        label=_("Start a challenge"),
    )


async def _counter() -> Task | None:
    """Return how many rewards somebody will come for."""
    count = await rewards.at_counter()
    if not count:
        return None
    return Task(
        title=_("Hand rewards out"),
        under=_("scan the code that a colleague shows"),
        end=formats.number(count),
        href="/redemptions/desk",
        label=_("To the counter"),
    )


async def _suggestions() -> Task | None:
    found = await rewards.open_suggestions()
    if not found:
        return None
    return Task(
        title=_("Answer suggestions"),
        under=await clocks.words(Queue(len(found), oldest=found[0].made_at)),
        end=formats.number(len(found)),
        href="/rewards/suggestions",
        label=_("Answer them"),
    )


async def _suspicions(caller: Caller) -> Task | None:
    queue = await clocks.queue(SUSPICIONS, caller.id)
    if not (count := queue.count):
        return None
    return Task(
        title=_("Look at what is suspicious"),
        under=await clocks.words(queue),
        end=formats.number(count),
        href="/suspicions",
        label=_("Look at the oldest"),
        sentence=ngettext(
            "%(n)s case waits for your look", "%(n)s cases wait for your look", count
        ),
        is_urgent=True,
    )


async def _redemptions(caller: Caller) -> Task | None:
    """Return how many leaves, courses and services wait for a colleague's approval."""
    count = await rewards.waiting_count(caller.id)
    if not count:
        return None
    oldest = (await rewards.to_decide(caller.id, 1))[0].redeemed_at
    return Task(
        title=_("Approve what was redeemed"),
        under=await clocks.words(Queue(count, oldest=oldest)),
        end=formats.number(count),
        href="/redemptions/desk",
        label=_("Decide on them"),
        sentence=ngettext(
            "%(n)s redemption waits for you", "%(n)s redemptions wait for you", count
        ),
        is_urgent=True,
    )


async def _titles() -> Task | None:
    """Return how many titles of rounds that are over nobody has awarded yet."""
    waiting = (await honours.rounds(await clock.now()))["waiting"]
    count = sum(each["left"] for each in waiting)
    if not count:
        return None
    return Task(
        title=_("Award titles"),
        under=" · ".join(i18n.text(each["title"]) for each in waiting[:2]),
        end=formats.number(count),
        href="/honours/manage",
        label=_("Award them"),
        sentence=ngettext(
            "%(n)s title waits to be awarded", "%(n)s titles wait to be awarded", count
        ),
        is_urgent=True,
    )
