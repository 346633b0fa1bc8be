"""Sent again, sent at once: one key is one effect, one cap is one cap (P4)."""

import asyncio
import random
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.kit import db, ids
from server.ledger.verification import verify
from tests.support.cast import Cast
from tests.support.field import TIMES, act, everything, open_plan, wallets
from tests.support.services import Clock

OPERATIONS = 60 * TIMES
REPORT = {"plan": "field", "kind": "call"}


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_plan(clock)
    return Cast(client)


async def insistent(
    client: httpx.AsyncClient, path: str, body: Any, headers: dict[str, str]
) -> httpx.Response:
    """Send as a phone does: again with the same key while the first sending is under way."""
    while True:
        answer = await client.post(path, json=body, headers=headers)
        if answer.status_code != httpx.codes.CONFLICT or _code(answer) != "still_running":
            return answer


def _code(answer: httpx.Response) -> str:
    return str(answer.json().get("error", ""))


async def test_ten_taps_are_one_action(cast: Cast) -> None:
    headers = await cast.cookies("MEI") | {"Idempotency-Key": "tap"}
    answers = await asyncio.gather(
        *[cast.client.post("/api/actions", json=REPORT, headers=headers) for _ in range(10)]
    )
    done = [each for each in answers if each.status_code == httpx.codes.CREATED]
    assert done
    assert {_code(each) for each in answers if each not in done} <= {"still_running"}
    later = await cast.client.post("/api/actions", json=REPORT, headers=headers)
    assert all(each.json() == later.json() for each in done)
    assert await db.value("SELECT count(*) FROM action") == 1


async def test_a_key_stands_for_one_body(cast: Cast) -> None:
    action, other = await act("MEI", by=None), await act("MEI", by=None)
    first = await cast.post("OP", "/api/actions", REPORT, "key")
    before = await everything()
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("/api/actions", REPORT | {"kind": "chat"}),
        ("/api/actions", REPORT | {"note": "again"}),
        (f"/api/actions/{action}/verdict", {"verdict": "accepted"}),
    ]
    for path, body in wrong:
        answer = await cast.post("OP", path, body, "key")
        assert (answer.status_code, _code(answer)) == (422, "idempotency_mismatch")
    assert await everything() == before
    assert (await cast.post("OP", "/api/actions", REPORT, "key")).json() == first.json()
    # The same key of another person is another key.
    assert (await cast.post("MEI", "/api/actions", REPORT, "key")).json() != first.json()
    accepted = {"verdict": "accepted"}
    await cast.post("OP2", f"/api/actions/{action}/verdict", accepted, "verdict")
    answer = await cast.post("OP2", f"/api/actions/{other}/verdict", accepted, "verdict")
    assert (answer.status_code, _code(answer)) == (422, "idempotency_mismatch")


async def test_a_refused_write_leaves_its_key_free(cast: Cast) -> None:
    wrong = await cast.post("MEI", "/api/actions", REPORT | {"kind": "nothing"}, "key")
    assert _code(wrong) == "kind_unknown"
    assert (await cast.post("MEI", "/api/actions", REPORT, "key")).status_code == 201


async def test_n_operations_with_repeats_are_n_effects(cast: Cast) -> None:
    chance = random.Random(11)
    people = {code: await cast.cookies(code) for code in ("MEI", "BAO", "CHEN", "DAI")}
    turns = asyncio.Semaphore(16)

    async def send(code: str, key: str) -> str:
        async with turns:
            headers = people[code] | {"Idempotency-Key": key}
            answer = await insistent(cast.client, "/api/actions", REPORT, headers)
            assert answer.status_code == httpx.codes.CREATED, answer.text
            return str(answer.json()["action"])

    sent = [(chance.choice(list(people)), str(ids.new_id())) for _ in range(OPERATIONS)]
    repeated = [each for each in sent for _ in range(chance.randint(1, 8))]
    chance.shuffle(repeated)
    answers = await asyncio.gather(*[send(*each) for each in repeated])
    assert len(set(answers)) == OPERATIONS
    assert await db.value("SELECT count(*) FROM action") == OPERATIONS
    same: dict[tuple[str, str], set[str]] = {}
    for each, answer in zip(repeated, answers, strict=True):
        same.setdefault(each, set()).add(answer)
    assert all(len(found) == 1 for found in same.values())


async def test_a_cap_holds_under_twenty_reports_at_once(cast: Cast) -> None:
    chat = {"plan": "field", "kind": "chat"}
    answers = await asyncio.gather(*[cast.post("MEI", "/api/actions", chat) for _ in range(20)])
    outcomes = [each.json()["outcome"] for each in answers]
    assert sorted(outcomes) == ["cap_reached"] * 18 + ["pending"] * 2
    received = await db.column("SELECT received_at FROM action ORDER BY received_at")
    assert len(set(received)) == 20, "an order for the fold"
    kept = await db.column("SELECT outcome FROM action ORDER BY received_at, id LIMIT 2")
    assert kept == ["pending", "pending"], "the first by receipt, not by luck"


async def test_a_customer_s_place_is_taken_once(cast: Cast) -> None:
    visit = {"plan": "field", "kind": "visit", "customer": "138 1234 1234"}
    codes = ["MEI", "BAO", "CHEN", "DAI"] * 3
    answers = await asyncio.gather(*[cast.post(code, "/api/actions", visit) for code in codes])
    outcomes = [each.json()["outcome"] for each in answers]
    assert sorted(outcomes) == ["duplicate_customer"] * 11 + ["pending"]


@pytest.mark.parametrize("customer", ["", "A-1"])
@pytest.mark.parametrize(
    "verdicts", [("accepted", "struck"), ("accepted", "accepted"), ("struck", "struck")]
)
async def test_of_two_reviewers_at_once_one_decides(
    cast: Cast, customer: str, verdicts: tuple[str, str]
) -> None:
    kind = "visit" if customer else "call"
    for _ in range(4):
        action = await act("MEI", kind, customer, by=None)
        await compete(cast, action, [("OP", verdicts[0]), ("OP2", verdicts[1])])
        customer = customer and f"{customer}x"


@pytest.mark.parametrize("customer", ["", "A-1"])
async def test_of_one_reviewer_s_two_pages_one_decides(cast: Cast, customer: str) -> None:
    action = await act("MEI", "visit", customer, by=None)
    await compete(cast, action, [("OP", "accepted")] * 6)
    assert await wallets() == {"MEI": 5}


async def compete(cast: Cast, action: UUID, verdicts: list[tuple[str, str]]) -> None:
    """Decide on one action at once; exactly one verdict stands, and everything agrees with it."""
    answers = await asyncio.gather(
        *[cast.decide(code, str(action), verdict) for code, verdict in verdicts]
    )
    won = [n for n, each in enumerate(answers) if each.status_code == httpx.codes.CREATED]
    lost = {(each.status_code, _code(each)) for n, each in enumerate(answers) if n not in won}
    assert (len(won), lost) == (1, {(409, "already_decided")}), [each.text for each in answers]
    stands = await db.value("SELECT verdict FROM action WHERE id = $1", action)
    assert stands == verdicts[won[0]][1]
    assert await verify() == []
