"""The chaos run: clients at work while a nemesis kills; then heal, and everything must agree.

The shape is Vortex's: real processes, a proxy that cuts, clients with a model, and at the end
P1, P2, P4, P5, P6, P10, P11 and P21. It ends by itself, and kills only what it started.
"""

import asyncio
import logging
import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec

from server import config, wiring
from server.kit import clock, db, embedded
from server.kit.migrate import migrate
from tests.soak import checks
from tests.soak.clients import Client, Model
from tests.soak.processes import Deployment
from tests.soak.proxy import Proxy
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.eventually import eventually
from tests.support.field import FIGHTERS, plan_text
from tests.support.phones import Phone, cookie_of

# A pool that finds its server away says so with a traceback, each time.
logging.getLogger("asyncpg").setLevel(logging.CRITICAL)
logging.getLogger("httpx").setLevel(logging.WARNING)

READY_S = 90.0
HEALED_S = 30.0
RIGHT_S = 5.0


@dataclass(frozen=True)
class Level:
    """How long and how hard: kills, pauses between them, clients."""

    kills: int
    pause_s: tuple[float, float]
    reporters: int
    phones: int
    fight_s: float
    """How long the short battle runs; its cut-off falls among the kills."""
    limit_s: float


LEVELS = {
    "ci": Level(6, (0.2, 0.8), 4, 4, 12, 240),
    "pr": Level(60, (0.3, 2.0), 12, 50, 60, 1200),
}


@dataclass
class Figures:
    """What a run reports."""

    seed: int
    kills: Counter[str] = field(default_factory=Counter)
    live_after_s: float = 0.0
    board_right_after_s: float = 0.0
    model: Model = field(default_factory=Model)
    cut_answers: int = 0

    def as_data(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "kills": dict(self.kills),
            "requests": self.model.requests,
            "keys": len(self.model.sent),
            "again": dict(self.model.again),
            "cut_answers": self.cut_answers,
            "refused": dict(Counter(self.model.refused.values())),
            "reports": len(self.model.reports),
            "verdicts": len(self.model.verdicts),
            "live_after_s": round(self.live_after_s, 2),
            "board_right_after_s": round(self.board_right_after_s, 2),
        }


class Run:
    """One run, from empty services to the last check."""

    def __init__(self, level: Level, seed: int, services: embedded.Services, folder: Path) -> None:
        self.level = level
        self.chance = random.Random(seed)
        self.figures = Figures(seed)
        self.services = services
        self.deployment = Deployment(services, folder)
        self.proxy = Proxy(self.deployment.ports, random.Random(seed + 1), cut_share=0.1)
        self.cookies: dict[str, str] = {}
        self.battles: dict[str, UUID] = {}
        self.stop = asyncio.Event()

    @property
    def site(self) -> str:
        return f"http://127.0.0.1:{self.proxy.port}"

    async def play(self) -> Figures:
        """Run; AssertionError names what does not hold."""
        await self.proxy.start()
        await self.deployment.start()
        try:
            await self._begin()
            async with self._at_work() as phones:
                await self._torment()
                await self._heal(phones)
            self.figures.cut_answers = self.proxy.cuts
            await self._settle()
            await checks.ledger(self.figures.model)
        except BaseException:
            print(*[await each for each in map(_readiness, self.deployment.ports)], sep="\n")
            print(report(self.figures))
            raise
        else:
            return self.figures
        finally:
            await self.proxy.stop()
            await self.deployment.stop()

    async def _begin(self) -> None:
        """Wait for the apps, then launch: one battle for long, one that ends among the kills."""
        everybody = [*FIGHTERS, *DESK]
        await bring_in(everybody)
        for code, *_ in everybody:
            self.cookies[code] = await cookie_of(await person_id(code))
        op = self.client("OP")
        await eventually(lambda: op.get("/api/battles"), within=READY_S, why="no app came up")
        await op.close()
        now = await clock.now()
        starts = now + timedelta(seconds=1)
        short = plan_text(starts=starts, cut_off=starts + timedelta(seconds=self.level.fight_s))
        long = plan_text(starts=starts, cut_off=starts + timedelta(days=1))
        text = long + short[short.index("[[battles]]") :].replace('id = "duel"', 'id = "short"')
        await launch(text)
        async with db.connection() as one:
            found = await one.fetch("SELECT rule, id FROM battle")
        self.battles = {each["rule"]: each["id"] for each in found}

    def client(self, code: str) -> Client:
        chance = random.Random(self.chance.random())
        return Client(self.site, self.cookies[code], self.figures.model, chance)

    @asynccontextmanager
    async def _at_work(self) -> AsyncIterator[list[Phone]]:
        """Reporters, two reviewers and phones, until the block ends; then all come to rest."""
        codes = ["MEI", "BAO", "CHEN", "DAI"]
        reporters = [self.client(codes[n % 4]) for n in range(self.level.reporters)]
        reviewers = [self.client("OP"), self.client("OP2")]
        phones = [
            Phone(self.site, await cookie_of(await person_id(codes[n % 4])), self.battles["duel"])
            for n in range(self.level.phones)
        ]
        async with asyncio.TaskGroup() as group:
            for one in reporters:
                group.create_task(self._report(one))
            for one in reviewers:
                group.create_task(self._review(one))
            try:
                yield phones
            finally:
                self.stop.set()
                for phone in phones:
                    await phone.stop()
        for one in (*reporters, *reviewers):
            await one.close()

    async def _report(self, one: Client) -> None:
        while not self.stop.is_set():
            await one.report("field")
            await asyncio.sleep(one.chance.uniform(0.0, 0.1))

    async def _review(self, one: Client) -> None:
        while not self.stop.is_set():
            if not await one.review():
                await asyncio.sleep(0.05)

    async def _torment(self) -> None:
        """Kill one thing after the other, each at a random moment."""
        ways: dict[str, Callable[[], Awaitable[None]]] = {
            "app": self._kill_app,
            "app frozen": self._freeze_app,
            "worker": self._kill_worker,
            "valkey": self._kill_valkey,
            "valkey wiped": self._wipe_valkey,
            "postgresql": self._kill_postgres,
            "connections": self._cut,
        }
        plan = [*ways, "app", "valkey", "postgresql"]
        while len(plan) < self.level.kills:
            plan.append(self.chance.choice(list(ways)))
        self.chance.shuffle(plan)
        for name in plan[: self.level.kills]:
            await asyncio.sleep(self.chance.uniform(*self.level.pause_s))
            await ways[name]()
            self.figures.kills[name] += 1

    async def _down(self) -> None:
        await asyncio.sleep(self.chance.uniform(0.0, 0.5))

    async def _kill_app(self) -> None:
        app = self.chance.choice(self.deployment.apps)
        await app.kill()
        await self._down()
        await app.start()

    async def _freeze_app(self) -> None:
        app = self.chance.choice(self.deployment.apps)
        app.freeze()
        await asyncio.sleep(self.chance.uniform(0.2, 1.5))
        app.thaw()

    async def _kill_worker(self) -> None:
        await self.deployment.worker.kill()
        await self._down()
        await self.deployment.worker.start()

    async def _kill_valkey(self) -> None:
        await asyncio.to_thread(self.services.valkey.kill)
        await self._down()
        await asyncio.to_thread(self.services.valkey.start)

    async def _wipe_valkey(self) -> None:
        await asyncio.to_thread(self.services.valkey.wipe)

    async def _kill_postgres(self) -> None:
        await asyncio.to_thread(self.services.postgres.kill)
        await self._down()
        await asyncio.to_thread(self.services.postgres.start)

    async def _cut(self) -> None:
        self.proxy.cut()

    async def _heal(self, phones: list[Phone]) -> None:
        """No more faults: a canary must be reported, accepted and seen by every phone (P21)."""
        self.proxy.cut_share = 0.0
        healed = time.monotonic()
        canary, op = self.client("MEI"), self.client("OP")

        before = [_version(phone) for phone in phones]
        action = await canary.report("field", "call")
        await op.decide(f"/api/actions/{action}/verdict", action, "accepted")
        assert action in self.figures.model.verdicts, self.figures.model.refused

        async def arrived() -> bool:
            behind = [
                _version(phone)
                for phone, old in zip(phones, before, strict=True)
                if _version(phone) == old or phone.frame is None or phone.frame["delayed"]
            ]
            if behind:
                delayed = [phone.frame and phone.frame["delayed"] for phone in phones]
                raise AssertionError(f"behind: {behind[:3]}, {before[:3]}, delayed: {delayed}")
            return True

        left = HEALED_S - (time.monotonic() - healed)
        await eventually(arrived, within=left, why="not live again (P21)")
        self.figures.live_after_s = time.monotonic() - healed
        self.stop.set()
        await canary.close()
        await op.close()
        quiet = time.monotonic()
        await eventually(
            lambda: checks.board(self.site, self.cookies["MEI"], self.battles["duel"], phones),
            within=RIGHT_S + HEALED_S, why="the board is not what SQL says (P10, P11)",
        )  # fmt: skip
        self.figures.board_right_after_s = time.monotonic() - quiet
        went_back = [phone.went_back for phone in phones if phone.went_back]
        assert not went_back, f"a version went back within its epoch (P11): {went_back}"

    async def _settle(self) -> None:
        """The short battle: frozen by the worker, audited, and settled by many at once (P6)."""
        battle = self.battles["short"]
        auditor, other = self.client("AU"), self.client("AU2")

        async def is_frozen() -> bool:
            shown = await auditor.get(f"/api/battles/{battle}")
            return bool(shown and shown["state"] == "auditing")

        await eventually(is_frozen, within=self.level.fight_s + 90, why="never frozen")
        while True:
            listed = await auditor.get(f"/api/battles/{battle}/audit")
            waiting = [each["id"] for each in listed["actions"] if each["outcome"] == "pending"]
            if not waiting:
                break
            path = f"/api/battles/{battle}/audit/{waiting[0]}"
            await auditor.decide(path, waiting[0], self.chance.choice(["accepted", "struck"]))
        answers = await asyncio.gather(*[
            each.write(f"/api/battles/{battle}/settlement", None, f"settle-{n}")
            for n, each in enumerate([auditor, other] * 8)
        ])  # fmt: skip
        assert sum(done for done, _ in answers) == 1, "settled once (P6)"
        await auditor.close()
        await other.close()
        await checks.pot(battle)


async def _readiness(port: int) -> str:
    """What an app says of itself, for the report of a failure."""
    async with httpx.AsyncClient(timeout=5) as http:
        try:
            return f"{port}: {(await http.get(f'http://127.0.0.1:{port}/readyz')).text}"
        except httpx.TransportError as error:
            return f"{port}: {error!r}"


def _version(phone: Phone) -> tuple[Any, Any]:
    frame = phone.frame or {}
    return frame.get("epoch"), frame.get("version")


async def run(level: Level, seed: int) -> Figures:
    """Play one run on services of its own, gone afterwards."""
    with (
        embedded.throwaway("soak", durable=True) as services,
        tempfile.TemporaryDirectory(prefix="leitai-soak-") as name,
    ):
        folder = Path(name)
        config.use(
            config.Settings(
                _env_file=None,
                database_url=services.database_url,
                redis_url=services.redis_url,
                leitai_origin=None,
                leitai_key_file=folder / "leitai.key",
                message_webhook_url=None,
            )
        )
        await migrate(services.database_url)
        db.configure(services.database_url)
        wiring.wire()
        await db.open_pool()
        try:
            async with asyncio.timeout(level.limit_s):
                return await Run(level, seed, services, folder).play()
        except BaseException:
            _show_logs(folder)
            raise
        finally:
            await db.close_pool()


def _show_logs(folder: Path) -> None:
    """Print the faults that the apps logged, the last lines of each."""
    for log in sorted(folder.glob("*.log")):
        lines = log.read_text(errors="replace").splitlines()
        crashes = [line for line in lines if '"crash"' in line or "_failed" in line]
        print(f"--- {log.name}", *[line[-1000:] for line in crashes[-3:]], sep="\n")


def report(figures: Figures) -> str:
    """Return the figures of a run on one line."""
    return msgspec.json.encode(figures.as_data()).decode()
