"""The simulated colleagues: a process of its own that knows nothing but the app's address.

They report, review, audit and settle through the same API as everybody's phones, and learn what is
going on by asking. Nothing here is remembered: whoever is started anew goes on from what they see.
"""

import asyncio
import contextlib
import logging
import math
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from fractions import Fraction
from random import Random
from typing import Any, Final

import httpx2
import msgspec
import structlog

from server.demo import company
from server.demo.customers import AUDIT_STRIKES, ON_THE_JOB, STRIKES, Book
from server.demo.phones import Phone, RefusedError

log = structlog.get_logger()

EVERYDAY: Final = "full-participation"
LETTERS: Final = {"clients": "K", "talent": "Z"}
"""Whose battle it is: the first letter of the company ids that compete in it."""
BATTLE_WEIGHTS: Final = {"clients": 3, "talent": 1}
LOOK_EVERY_S: Final = 2.0
REPORT_GAP_S: Final = (0.8, 3.6)
STEP_GAP_S: Final = (30.0, 80.0)
STEPS: Final = {"share": 5, "prospect": 3, "video": 2, "call": 2}
"""What a store's staff do on its launch day, and how often."""
REVIEW_GAP_S: Final = (1.0, 4.0)
AUDIT_GAP_S: Final = (0.8, 2.0)
SPURT_S: Final = 180.0
"""Before the cut-off everybody hurries."""
SPURT: Final = 0.45
QUEUE: Final = 9
"""About so many actions wait for review; the desk hurries when there are more."""
LEFT_FOR_VISITORS: Final = 4
VISITORS_SIDE: Final = next(
    each.side for each in company.colleagues() if each.person == company.CAST[0].person
)
REACH: Final = 15
"""So many points ahead or behind, and the colleagues let the visitors' side come back or wait:
one good report of a visitor decides."""
HELPED: Final = 5.0
HELD_BACK: Final = 0.15
STRUCK_PERCENT: Final = 3
AUDIT_STRUCK: Final = 2
FORM_SWING: Final = 0.85
FORM_PERIOD_S: Final = (200.0, 520.0)
LOST_S: Final = 3.0


class Seen(msgspec.Struct, frozen=True):
    """A battle as the API lists it."""

    id: str
    plan: str
    rule: str
    kinds: list[str]
    state: str
    starts: datetime
    cut_off: datetime


Play = Callable[[datetime], Awaitable[None]]


class Colleagues:
    """All who act by themselves; `phone` gives the phone of a company id."""

    def __init__(self, phone: Callable[[str], Phone], dice: Random) -> None:
        self._dice = dice
        parts = {each.person for each in company.CAST}
        self._people = {
            each.person: each.side
            for each in company.colleagues()
            if each.side and each.person not in parts
        }
        self._books = {person: Book(dice) for person in self._people}
        self._phones = {
            person: phone(person) for person in (*self._people, company.REVIEWER, company.AUDITOR)
        }
        self._staff = {each: phone(each) for each in company.staff_of(1) if each not in parts}
        self._battles: list[Seen] = []
        self._ahead: dict[str, float] = {}
        self._queue: list[dict[str, Any]] = []
        self._not_ours: set[str] = set()

    async def look(self) -> None:
        """Learn which battles there are and what waits for review."""
        desk = self._phones[company.REVIEWER]
        found = (await desk.read("/api/battles"))["battles"]
        self._battles = [
            each for each in msgspec.convert(found, list[Seen]) if each.plan == company.PLAN
        ]
        self._queue = (await desk.read("/api/reviews?limit=50"))["actions"]
        for battle in self.battles("live"):
            sides = (await desk.read(f"/api/boards/{battle.id}"))["sides"]
            self._ahead[battle.id] = ahead(sides, VISITORS_SIDE)

    def battles(self, state: str) -> list[Seen]:
        """Return the battles of the campaign in a state, as last seen."""
        return [each for each in self._battles if each.state == state]

    async def report(self, now: datetime) -> None:
        """Let somebody of a living battle report something."""
        live = [each for each in self.battles("live") if each.rule in LETTERS]
        if not live:
            return
        battle = self._dice.choices(live, [BATTLE_WEIGHTS[each.rule] for each in live])[0]
        letter = LETTERS[battle.rule]
        people = [each for each in self._people if each.startswith(letter)]
        form = [self._drive(battle, self._people[each], now) for each in people]
        person = self._dice.choices(people, form)[0]
        visit = self._books[person].next_visit(battle.kinds)
        since = (now - ON_THE_JOB).date().isoformat()
        starters = [{"who": who, "since": since} for who in visit.starters]
        body = {"plan": battle.plan, "captured_at": now.isoformat(), **visit._asdict()}
        body["starters"] = starters
        await self._phones[person].write("/api/actions", body)

    async def step(self, now: datetime) -> None:
        """Let somebody of the store that has its launch day do one of its steps."""
        kind = self._dice.choices(list(STEPS), list(STEPS.values()))[0]
        customer = f"KH5{self._dice.randrange(100_000):06}" if kind == "prospect" else ""
        body = {"plan": EVERYDAY, "kind": kind, "customer": customer}
        phone = self._staff[self._dice.choice(list(self._staff))]
        await phone.write("/api/actions", body | {"captured_at": now.isoformat()})

    async def review(self, _: datetime) -> None:
        """Let operations decide one of the oldest actions; a few stay for visitors to decide."""
        queue = [each for each in self._queue if each["id"] not in self._not_ours]
        if len(queue) <= LEFT_FOR_VISITORS or not self.battles("live"):
            return
        chosen = self._dice.choice(queue[: len(queue) - LEFT_FOR_VISITORS])
        self._queue.remove(chosen)
        struck = self._dice.randrange(100) < STRUCK_PERCENT
        verdict = self._verdict(STRIKES if struck else None)
        try:
            await self._phones[company.REVIEWER].write(
                f"/api/actions/{chosen['id']}/verdict", verdict
            )
        except RefusedError:
            # A visitor was quicker, or it belongs to somebody's audit.
            self._not_ours.add(chosen["id"])
            raise

    async def audit(self, battle: Seen, pause: Callable[[], Awaitable[None]]) -> None:
        """Let the audit group decide what is pending, strike what is false, and settle."""
        path = f"/api/battles/{battle.id}"
        phone = self._phones[company.AUDITOR]
        actions = (await phone.read(f"{path}/audit"))["actions"]
        false = sum(each["reason"] in AUDIT_STRIKES for each in actions)
        for each in actions:
            if each["outcome"] == "pending":
                await pause()
                await phone.write(f"{path}/audit/{each['id']}", self._verdict(None))
        scored = [each for each in actions if each["outcome"] == "scored" and each["points"] > 1]
        doubtful = self._dice.sample(scored, min(len(scored), max(0, AUDIT_STRUCK - false)))
        for each in doubtful:
            await pause()
            await phone.write(f"{path}/audit/{each['id']}", self._verdict(AUDIT_STRIKES))
        await pause()
        await phone.write(f"{path}/settlement")

    def _verdict(self, reasons: Sequence[str] | None) -> dict[str, str]:
        if reasons is None:
            return {"verdict": "accepted", "reason": ""}
        return {"verdict": "struck", "reason": self._dice.choice(reasons)}

    async def live(self) -> None:
        """Act at a lively, irregular pace until cancelled."""
        async with asyncio.TaskGroup() as together:
            together.create_task(self._every(self._looking, lambda: LOOK_EVERY_S))
            together.create_task(self._every(self.report, self._report_gap))
            together.create_task(self._every(self.review, self._review_gap))
            together.create_task(self._every(self.step, lambda: self._dice.uniform(*STEP_GAP_S)))
            together.create_task(self._every(self._auditing, lambda: LOOK_EVERY_S))

    async def _looking(self, _: datetime) -> None:
        await self.look()

    async def _auditing(self, _: datetime) -> None:
        for battle in self.battles("auditing"):
            await self.audit(battle, lambda: asyncio.sleep(self._dice.uniform(*AUDIT_GAP_S)))

    async def _every(self, play: Play, gap: Callable[[], float]) -> None:
        while True:
            try:
                await play(_now())
            except RefusedError as refusal:
                log.debug("refused", code=refusal.code)
            except httpx2.HTTPError as error:
                log.debug("app_away", error=repr(error))
                await asyncio.sleep(LOST_S)
            await asyncio.sleep(gap())

    def _drive(self, battle: Seen, side: str, now: datetime) -> float:
        """Return how much a side does just now; the visitors' side stays within their reach."""
        drive = _form(battle, side, now)
        if side != VISITORS_SIDE:
            return drive
        ahead_by = self._ahead.get(battle.id, 0.0)
        if ahead_by < -REACH:
            return drive * HELPED
        return drive * HELD_BACK if ahead_by > REACH else drive

    def _hurry(self) -> float:
        left = [(each.cut_off - _now()).total_seconds() for each in self.battles("live")]
        return SPURT if left and min(left) < SPURT_S else 1.0

    def _report_gap(self) -> float:
        return self._hurry() * self._dice.uniform(*REPORT_GAP_S)

    def _review_gap(self) -> float:
        crowd = min(2.0, max(0.4, QUEUE / max(1, len(self._queue))))
        return self._hurry() * self._dice.uniform(*REVIEW_GAP_S) * crowd


def ahead(sides: Sequence[dict[str, Any]], side: str) -> float:
    """Return by how much a side leads the best of the others; below 0 it is behind, 0 not there."""
    scores = {each["name"]: float(Fraction(each["score"])) for each in sides}
    if side not in scores:
        return 0.0
    return scores[side] - max((scores[each] for each in scores if each != side), default=0.0)


def _form(battle: Seen, side: str, now: datetime) -> float:
    """Return how strong a side is just now: each has its waves, so that the lead changes."""
    dice = Random(f"{battle.id} {side}")  # noqa: S311  # the same waves after a restart
    period, phase = dice.uniform(*FORM_PERIOD_S), dice.random()
    turns = (now - battle.starts).total_seconds() / period + phase
    return 1 + FORM_SWING * math.sin(2 * math.pi * turns)


def _now() -> datetime:
    """What a phone's own clock says."""
    return datetime.fromtimestamp(time.time(), UTC)


async def _end_of_input() -> None:
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


async def main(origin: str) -> None:
    """Act until the process that started this one is gone: its end of standard input closes."""
    transport = httpx2.AsyncHTTPTransport(limits=httpx2.Limits(max_connections=8))
    everybody = Colleagues(lambda person: Phone(origin, person, transport), Random())  # noqa: S311
    acting = asyncio.create_task(everybody.live())
    gone = asyncio.create_task(_end_of_input())
    await asyncio.wait({acting, gone}, return_when=asyncio.FIRST_COMPLETED)
    acting.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await acting
    await transport.aclose()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asyncio.run(main(sys.argv[1]))
