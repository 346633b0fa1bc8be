"""The app ends between any two steps of a request: sent again, it has one effect (P5, P6)."""

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from server.kit import db, ids
from server.ledger.verification import verify
from tests.support.cast import Cast
from tests.support.failpoints import ended_at
from tests.support.field import act, begin, close, escrow, open_field, wallets
from tests.support.services import Clock

STEPS_MAX = 200


@pytest.fixture
def cast(client: httpx.AsyncClient) -> Cast:
    return Cast(client)


async def every_step(
    client: httpx.AsyncClient, send: Callable[[dict[str, str]], Any], cookie: dict[str, str]
) -> AsyncIterator[httpx.Response]:
    """Send a request again and again, each time ended one step later; then wholly.

    Yields what the repetition with the same key was answered, until no end comes in time.
    """
    for step in range(1, STEPS_MAX):
        headers = cookie | {"Idempotency-Key": str(ids.new_id())}
        method, path, body = send(headers)
        first = await ended_at(client.request(method, path, json=body, headers=headers), step)
        again = await client.request(method, path, json=body, headers=headers)
        yield again
        if first is not None:
            assert first.json() == again.json()
            return
    raise AssertionError(f"more than {STEPS_MAX} steps")


async def test_a_report_ended_anywhere_is_reported_once(cast: Cast, clock: Clock) -> None:
    await begin(clock, await open_field(clock))
    notes: list[str] = []

    def report(headers: dict[str, str]) -> tuple[str, str, Any]:
        notes.append(headers["Idempotency-Key"])
        body = {"plan": "field", "kind": "visit", "customer": f"A-{len(notes)}", "note": notes[-1]}
        return "POST", "/api/actions", body

    async for again in every_step(cast.client, report, await cast.cookies("MEI")):
        assert again.status_code == 201, again.text
    assert len(notes) > 10, "a request has more steps than that"
    assert sorted(await db.column("SELECT note FROM action")) == sorted(notes)
    assert await verify() == []


async def test_a_verdict_ended_anywhere_is_given_once(cast: Cast, clock: Clock) -> None:
    await begin(clock, await open_field(clock))
    waiting = [await act("MEI", by=None) for _ in range(60)]
    decided: list[Any] = []

    def decide(_: dict[str, str]) -> tuple[str, str, Any]:
        decided.append(waiting[len(decided)])
        return "POST", f"/api/actions/{decided[-1]}/verdict", {"verdict": "accepted"}

    async for again in every_step(cast.client, decide, await cast.cookies("OP")):
        assert again.status_code == 201, again.text
    assert len(decided) > 10
    assert await wallets() == {"MEI": 2 * len(decided)}
    standing = await db.value("SELECT max(score) FROM standing")
    assert standing == 2 * len(decided)
    assert await verify() == []


async def test_a_settlement_ended_anywhere_pays_once(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    headers = await cast.cookies("AU") | {"Idempotency-Key": "settle"}
    paid = step = 0
    path = f"/api/battles/{battle}/settlement"
    for step in range(1, STEPS_MAX):
        first = await ended_at(cast.client.post(path, headers=headers), step)
        paid = await db.value("SELECT count(*) FROM transfer WHERE kind = 'payout'")
        state = await db.value("SELECT state FROM battle WHERE id = $1", battle)
        assert (paid, state) in {(0, "auditing"), (1, "final")}, "wholly or not at all"
        assert await escrow(battle) == (0 if paid else 700)
        if first is not None:
            break
    assert paid == 1
    assert step > 10
    assert await wallets("cash") == {"MEI": 700}
    assert await verify() == []
