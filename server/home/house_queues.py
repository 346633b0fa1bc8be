"""What waits for those who keep the house: administrators, and whoever checks the records."""

from typing import Final

from server.battles.queries import Battle
from server.config import settings
from server.home import clocks
from server.home.clocks import Queue
from server.home.tasks import Task
from server.kit import clock, db, formats
from server.kit.i18n import _, ngettext
from server.people import erasure
from server.people.auth import Caller
from server.trail import queries as trail

UNINVITED: Final = """
SELECT count(*) FROM person p WHERE p.kind = 'employee' AND p.active AND p.passcode_hash IS NULL
  AND NOT EXISTS (SELECT FROM invite i WHERE i.person = p.id AND i.used_at IS NULL
                  AND i.expires_at > leitai_clock())
"""
AHEAD: Final = frozenset({"joining", "live"})


async def of(caller: Caller, found: list[Battle]) -> list[Task]:
    """Return what waits for somebody with these roles; empty queues are left out."""
    tasks: list[Task | None] = []
    if "admin" in caller.roles:
        tasks += [await _requests(), await _uninvited(), _battles(found)]
    if "audit" in caller.roles:
        tasks.append(await _records())
    return [each for each in tasks if each is not None]


async def _requests() -> Task | None:
    """Return what people ask about their own data."""
    asked = await erasure.requests(open_only=True)
    if not asked:
        return None
    return Task(
        title=_("Answer requests about personal data"),
        under=await clocks.words(Queue(len(asked), oldest=asked[0].at)),
        end=formats.number(len(asked)),
        href="/people/data",
        label=_("Answer the oldest"),
        sentence=ngettext(
            "%(n)s colleague waits for an answer about their data",
            "%(n)s colleagues wait for an answer about their data",
            len(asked),
        ),
        is_urgent=True,
    )


async def _uninvited() -> Task | None:
    """Return how many colleagues can't come in yet."""
    count = int(await db.value(UNINVITED))
    if not count:
        return None
    return Task(
        title=_("Invite colleagues"),
        under=_("they have no passcode and no invite that still opens"),
        end=formats.number(count),
        href="/people",
        label=_("To the people"),
    )


def _battles(found: list[Battle]) -> Task | None:
    """Return that a company that has fought has nothing ahead."""
    if not found or any(each.state in AHEAD for each in found):
        return None
    return Task(
        title=_("Launch the next battle"),
        under=_("none is on, and none is open to join"),
        end="",
        href="/plans",
        label=_("Choose a plan"),
    )


async def _records() -> Task | None:
    """Return how far the records are sealed: nothing to do, and good to know."""
    standing = await trail.standing()
    if standing is None:
        return None
    now, zone = await clock.now(), settings().company_timezone
    return Task(
        title=_("Who did what and why"),
        under=_("sealed up to %(when)s", when=formats.when(standing.at, now, zone)),
        end="",
        href="/records",
        label=_("Read the records"),
        done=True,
    )
