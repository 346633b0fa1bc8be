"""Actions over HTTP: every refusal says what to do and changes nothing."""

import itertools
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.kit import db, ids
from tests.support.cast import Cast
from tests.support.field import STARTS, act, everything, open_plan
from tests.support.services import Clock

NOBODY = "00000000-0000-7000-8000-000000000000"
REPORT = {"plan": "field", "kind": "call"}


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_plan(clock)
    return Cast(client)


async def test_a_report_is_pending_and_an_accepted_one_scores(cast: Cast) -> None:
    reported = await cast.report("MEI", "field", "visit", "A-1")
    assert (reported["outcome"], reported["points"]) == ("pending", 5)
    accepted = await cast.decide("OP", reported["action"], "accepted")
    assert accepted.status_code == 201
    said = accepted.json()
    assert (said["verdict"], said["outcome"], said["points"]) == ("accepted", "scored", 5)
    assert said["received_at"] == STARTS.isoformat()
    queue = (await cast.get("OP", "/api/reviews")).json()
    assert queue == {"actions": []}


async def test_the_phone_s_clock_is_evidence_only(cast: Cast) -> None:
    early, late = "2026-11-23T08:30:00+08:00", "2031-01-01T00:00:00Z"
    for captured_at in (early, late):
        answer = await cast.post("MEI", "/api/actions", REPORT | {"captured_at": captured_at})
        assert answer.status_code == 201
    async with db.connection() as one:
        kept = await one.fetch(
            "SELECT captured_at, happened_at, received_at FROM action ORDER BY captured_at"
        )
    assert [row["received_at"] >= STARTS for row in kept] == [True, True]
    assert kept[0]["happened_at"] == kept[0]["captured_at"] < STARTS
    assert kept[1]["happened_at"] == kept[1]["received_at"] < kept[1]["captured_at"]


REFUSED_REPORTS: dict[str, tuple[dict[str, Any], int, str]] = {
    "an unknown plan": ({"plan": "nothing"}, 422, "kind_unknown"),
    "an unknown kind": ({"kind": "nothing"}, 422, "kind_unknown"),
    "a customer by name": ({"kind": "visit", "customer": "王先生"}, 422, "customer_unreadable"),
    "half a phone": ({"kind": "visit", "customer": "+86138"}, 422, "customer_unreadable"),
    "a long note": ({"note": "长" * 501}, 422, "note_too_long"),
    "an unknown field": ({"received_at": "2020-01-01T00:00:00Z"}, 400, "malformed"),
    "a number for a kind": ({"kind": 5}, 400, "malformed"),
    "a null plan": ({"plan": None}, 400, "malformed"),
    "a long plan": ({"plan": "p" * 65}, 400, "malformed"),
    "a time without a zone": ({"captured_at": "2026-11-23T09:00:00"}, 400, "malformed"),
    "a time that is none": ({"captured_at": "yesterday"}, 400, "malformed"),
    "a NUL in the note": ({"note": "a\0b"}, 400, "malformed"),
    "a NUL in the plan": ({"plan": "a\0b"}, 400, "malformed"),
    "a NUL in the customer": ({"kind": "visit", "customer": "A\0"}, 422, "customer_unreadable"),
    "a time before all times": ({"captured_at": "0001-01-01T00:00:00+14:00"}, 400, "malformed"),
}  # fmt: skip


async def test_a_wrong_report_is_refused(cast: Cast) -> None:
    before = await everything()
    for what, (wrong, status, code) in REFUSED_REPORTS.items():
        answer = await cast.post("MEI", "/api/actions", REPORT | wrong)
        assert_refused(answer, status, code, what)
    assert await everything() == before


def assert_refused(answer: httpx.Response, status: int, code: str, what: str = "") -> None:
    said = answer.json()
    assert (answer.status_code, said["error"]) == (status, code), (what, answer.text)
    assert said["message"].strip()
    assert "%(" not in said["message"]


BROKEN_BODIES = [
    (b"", "application/json"),
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b"null", "application/json"),
    (b'"plan"', "application/json"),
    (b'{"plan": "field", "kind": "\xff\xfe"}', "application/json"),
    (b"plan=field&kind=call", "application/x-www-form-urlencoded"),
    (b"\x00" * 100, "application/octet-stream"),
    (b"{" * 10_000, "application/json"),
]


async def test_a_broken_body_is_refused(cast: Cast) -> None:
    before = await everything()
    for body, content_type in BROKEN_BODIES:
        headers = await signed_in(cast, "MEI") | {"Content-Type": content_type}
        answer = await cast.client.post("/api/actions", content=body, headers=headers)
        assert_refused(answer, 400, "malformed", repr(body[:40]))
    assert await everything() == before


async def signed_in(cast: Cast, code: str) -> dict[str, str]:
    return await cast.cookies(code) | {"Idempotency-Key": str(ids.new_id())}


async def test_more_than_ten_megabytes_are_refused(cast: Cast) -> None:
    before = await everything()
    note = b'{"plan": "field", "kind": "call", "note": "' + b"x" * 10_000_001 + b'"}'

    async def in_pieces() -> Any:
        for start in range(0, len(note), 1_000_000):
            yield note[start : start + 1_000_000]

    for content in (note, in_pieces()):
        headers = await signed_in(cast, "MEI") | {"Content-Type": "application/json"}
        answer = await cast.client.post("/api/actions", content=content, headers=headers)
        assert_refused(answer, 413, "too_large")
    assert await everything() == before


async def test_a_write_needs_a_key_of_its_own(cast: Cast) -> None:
    before = await everything()
    for key in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "k" * 201}):
        headers = await cast.cookies("MEI") | key
        answer = await cast.client.post("/api/actions", json=REPORT, headers=headers)
        assert_refused(answer, 400, "idempotency_key_missing")
    assert await everything() == before


ROUTES = [
    ("POST", "/api/actions", REPORT),
    ("POST", f"/api/actions/{NOBODY}/verdict", {"verdict": "accepted"}),
    ("GET", "/api/reviews", None),
    ("GET", "/api/battles", None),
    ("GET", f"/api/battles/{NOBODY}", None),
    ("GET", f"/api/battles/{NOBODY}/audit", None),
    ("PUT", f"/api/battles/{NOBODY}/membership", {"side": "一队"}),
    ("DELETE", f"/api/battles/{NOBODY}/membership", None),
    ("POST", f"/api/battles/{NOBODY}/audit/{NOBODY}", {"verdict": "accepted"}),
    ("POST", f"/api/battles/{NOBODY}/settlement", None),
]


async def test_nobody_enters_without_a_living_session(cast: Cast) -> None:
    ended = await cast.cookies("OP")
    await db.execute("UPDATE session SET ended_at = leitai_clock()")
    before = await everything()
    cookies: list[dict[str, str]] = [{}, {"Cookie": "sid=of-my-own-choice"}, ended]
    for (method, path, body), cookie in itertools.product(ROUTES, cookies):
        headers = cookie | {"Idempotency-Key": str(ids.new_id())}
        answer = await cast.client.request(method, path, json=body, headers=headers)
        assert_refused(answer, 401, "sign_in_first")
    assert await everything() == before


async def test_another_site_writes_nothing(cast: Cast) -> None:
    before = await everything()
    origins = ["https://evil.example", "null", "", "http://leitai.test.evil"]
    writes = [route for route in ROUTES if route[0] != "GET"]
    for (method, path, body), origin in itertools.product(writes, origins):
        headers = await signed_in(cast, "OP") | {"Origin": origin}
        answer = await cast.client.request(method, path, json=body, headers=headers)
        assert_refused(answer, 403, "foreign_origin")
    assert await everything() == before


DESK_ONLY = {"/api/reviews", f"/api/actions/{NOBODY}/verdict"}
AUDIT_ONLY = {
    f"/api/battles/{NOBODY}/audit",
    f"/api/battles/{NOBODY}/audit/{NOBODY}",
    f"/api/battles/{NOBODY}/settlement",
}


async def test_each_route_is_for_its_roles(cast: Cast) -> None:
    for (method, path, body), code in itertools.product(ROUTES, ("MEI", "OP", "AU", "FI", "AD")):
        may = {"OP"} if path in DESK_ONLY else {"AU"} if path in AUDIT_ONLY else None
        answer = await cast.send(method, code, path, body)
        if may is None or code in may:
            assert answer.status_code in {200, 201, 404}, (code, answer.text)
        else:
            assert_refused(answer, 403, "not_allowed")


async def test_a_verdict_needs_an_action_a_reason_and_a_colleague(cast: Cast) -> None:
    mine = await act("OP", by=None)
    other = await act("MEI", by=None)
    before = await everything()
    refusals: list[tuple[UUID | str, dict[str, Any], int, str]] = [
        (NOBODY, {"verdict": "accepted"}, 404, "action_unknown"),
        ("not-an-id", {"verdict": "accepted"}, 404, "not_found"),
        (mine, {"verdict": "accepted"}, 403, "own_action"),
        (mine, {"verdict": "struck", "reason": "no"}, 403, "own_action"),
        (other, {"verdict": "struck"}, 422, "reason_missing"),
        (other, {"verdict": "struck", "reason": " \n\t"}, 422, "reason_missing"),
        (other, {"verdict": "pending"}, 400, "malformed"),
        (other, {"verdict": "struck", "reason": "长" * 501}, 400, "malformed"),
        (other, {"verdict": "struck", "reason": "a\0b"}, 400, "malformed"),
        (other, {"verdict": "accepted", "points": 100}, 400, "malformed"),
        (other, {}, 400, "malformed"),
    ]
    for action, body, status, code in refusals:
        answer = await cast.post("OP", f"/api/actions/{action}/verdict", body)
        assert_refused(answer, status, code)
    assert await everything() == before


async def test_a_decided_action_stays_decided_at_the_desk(cast: Cast) -> None:
    action = await act("MEI")
    before = await everything()
    for code in ("OP", "OP2"):
        for verdict in ("accepted", "struck"):
            assert_refused(await cast.decide(code, str(action), verdict), 409, "already_decided")
    assert await everything() == before


async def test_the_queue_has_a_limit(cast: Cast) -> None:
    for limit in ("0", "51", "-1", "many", "1e9", "9" * 30):
        assert_refused(await cast.get("OP", f"/api/reviews?limit={limit}"), 400, "malformed")


async def test_the_queue_shows_what_waits_and_not_my_own(cast: Cast) -> None:
    theirs = [await act("MEI", by=None), await act("BAO", "visit", "B-1", by=None)]
    mine = await act("OP", by=None)
    await act("CHEN", "visit", "B-1", by=None)
    queue = (await cast.get("OP", "/api/reviews")).json()["actions"]
    assert [each["id"] for each in queue] == [str(each) for each in theirs]
    others = (await cast.get("OP2", "/api/reviews")).json()["actions"]
    assert str(mine) in [each["id"] for each in others]
