"""Every route of the API, sent whatever its schema allows and forbids: never a fault of ours."""

import asyncio
import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode

from server.app import create_app
from server.battles import commands, queries
from server.config import Settings
from server.kit import ids
from server.ledger.verification import verify
from tests.support.cast import DESK, Cast, bring_in, launch
from tests.support.field import CUT_OFF, EVE, FIGHTERS, STARTS, TIMES, act, at, plan_text

EXAMPLES = 4 * TIMES
ORIGIN = "http://leitai.test"
ROLES = ("MEI", "OP", "AU")
# What the schema can't know.
WORDS = {"plan": "field", "kind": "visit", "customer": "A-2", "side": "一队"}


class Api:
    """The app in a loop of its own, and a company in which something is going on."""

    def __init__(self, run: Any, client: httpx.AsyncClient) -> None:
        self.run = run
        self.client = client
        self.cookies: dict[str, dict[str, str]] = {}
        self.known: dict[str, list[str]] = {}
        self.seen: set[int] = set()

    async def prepare(self) -> None:
        """One battle in audit, one to be joined, actions in every state."""
        await at(EVE)
        await bring_in([*FIGHTERS, *DESK])
        [first] = await launch(plan_text())
        await at(STARTS)
        await commands.start(first)
        actions = [await act("MEI"), await act("BAO", by=None), await act("CHEN", by=None)]
        await launch(plan_text(version=2, starts=CUT_OFF, cut_off=CUT_OFF + (CUT_OFF - STARTS)))
        await at(CUT_OFF - (CUT_OFF - STARTS) / 8)
        actions.append(await act("DAI", "visit", "A-1", by=None))
        battles = [str(each.id) for each in await queries.battles()]
        self.known = {
            "battle_id": battles,
            "board_id": battles,
            "action_id": [str(each) for each in actions],
        }
        for role in ROLES:
            self.cookies[role] = await Cast(self.client).cookies(role)

    def operations(self) -> list[Any]:
        said = self.run(self.client.get("/api/schema/openapi.json")).json()
        found = schemathesis.openapi.from_dict(said).get_all_operations()
        return [each.ok() for each in found if each.ok().path.startswith("/api/")]

    async def send(self, case: Any, role: str, pick: int) -> httpx.Response:
        """Send a case as somebody, to what is there as often as to what is not."""
        for name, known in self.known.items():
            if name in (case.path_parameters or {}) and pick % 2:
                case.path_parameters[name] = known[pick % len(known)]
        if pick % 2 and isinstance(case.body, dict):
            case.body |= {name: words for name, words in WORDS.items() if name in case.body}
        wire = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
        headers = {name: value for name, value in wire.headers.items() if name != "Cookie"}
        headers |= self.cookies[role] | {"Origin": ORIGIN, "Idempotency-Key": str(ids.new_id())}
        return await self.client.request(
            wire.method or "", wire.url or "", headers=headers, content=wire.body
        )


@contextmanager
def api(_: Settings) -> Iterator[Api]:
    with asyncio.Runner(loop_factory=asyncio.new_event_loop) as runner:
        app = create_app()
        opened, done = asyncio.Event(), asyncio.Event()

        async def live() -> None:
            async with app.lifespan():
                opened.set()
                await done.wait()

        async def begin() -> "asyncio.Task[None]":
            living = asyncio.create_task(live())
            await opened.wait()
            return living

        async def end() -> None:
            done.set()
            await living

        living = runner.run(begin())
        try:
            transport = httpx.ASGITransport(app=app)
            made = Api(runner.run, httpx.AsyncClient(transport=transport, base_url=ORIGIN))
            runner.run(made.prepare())
            yield made
        finally:
            runner.run(end())


def test_no_request_is_a_fault_of_ours(settings: Settings) -> None:
    with api(settings) as there:
        operations = there.operations()
        assert len(operations) >= 12
        for operation in operations:
            for mode in GenerationMode:
                attack(there, operation, mode)
        assert {201, 400, 403, 404, 409} <= there.seen, "some went through, some were refused"
        assert there.run(verify()) == []


def attack(there: Api, operation: Any, mode: GenerationMode) -> None:
    """Send an operation what its schema allows, or what it doesn't."""

    @bounds(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode), st.sampled_from(ROLES), st.integers(0, 9))
    def holds(case: Any, role: str, pick: int) -> None:
        answer = there.run(there.send(case, role, pick))
        there.seen.add(answer.status_code)
        assert answer.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, answer.text
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            assert answer.json()["message"], "a refusal says what to do"

    # Of a route without parameters nothing is forbidden.
    with contextlib.suppress(Unsatisfiable):
        holds()
