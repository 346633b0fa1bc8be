"""Typed codes: a wrong one tells nothing, costs a try, and after a few the till must scan."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.coupons import codes, commands, queries
from server.kit import db
from tests.support.cast import Cast
from tests.support.services import Clock
from tests.support.shop import customer, give, open_shop, qr, sale
from tests.support.visitor import NewClient, Visitor, refusal, visit, words

WRONG = "0000-0000-00"
OURS = ("coupon", "attempt", "command_open", "advisory", "unit u")
"""What a statement of a till speaks of; boards and the driver ask things of their own meanwhile."""


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_shop(clock)
    return Cast(client)


@pytest.fixture
async def till(cast: Cast, new_client: NewClient) -> Visitor:
    return await visit(new_client, "TILL")


async def of_each_kind() -> dict[str, str]:
    """A code of each kind that can't be redeemed."""
    made = [await give(await customer(f"1380000{n:04d}"), "thanks") for n in range(3)]
    used, revoked, expired = made
    await commands.redeem(qr(used), await sale("1"))
    await commands.revoke(revoked, "退款", None)
    await db.execute(
        "UPDATE coupon SET issued_at = issued_at - interval '1 year',"
        " expires_at = leitai_clock() WHERE id = $1",
        expired,
    )
    found = {"used": used, "revoked": revoked, "expired": expired}
    return {name: codes.code_of(each) for name, each in found.items()} | {
        "unknown": WRONG, "no code at all": "hello",
    }  # fmt: skip


async def test_the_right_code_leads_to_the_check_of_its_coupon(till: Visitor) -> None:
    coupon = await give(await customer())
    typed = codes.shown(codes.code_of(coupon)).lower()
    said = await till.sent("/till/code", {"code": typed})
    assert "新客见面礼" in said
    assert "周女士 138****1234" in said


async def test_unknown_used_expired_and_revoked_are_one_and_the_same(
    till: Visitor,
) -> None:
    answers, typed = {}, await of_each_kind()
    await till.send("/till/code", {"code": WRONG})  # from here on the plan is known
    for kind, code in typed.items():
        await db.execute("DELETE FROM attempt")
        statements = await counted_statements(
            lambda code=code: till.send("/till/code", {"code": code})
        )
        answers[kind] = statements
    for kind, (answer, _) in answers.items():
        assert answer.status_code == 404, kind
        assert refusal("coupon_code_refused") in words(answer), kind
        assert "用过" not in words(answer), kind
    # The same text, by the same work: the very same statements, one by one.
    made = [statements for _, statements in answers.values()]
    assert made == [made[0]] * len(made)
    assert len(made[0]) > 5


async def counted_statements(
    send: Callable[[], Any],
) -> tuple[httpx.Response, list[str]]:
    """What a request is answered, and the statements that it took."""
    said: list[str] = []

    def note(query: Any) -> None:
        said.append(query.query)

    pool = db.DB.pool
    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for each in connections:
        each.add_query_logger(note)
    for each in connections:
        await pool.release(each)
    answer = await send()
    connections = [await pool.acquire() for _ in range(pool.get_max_size())]
    for each in connections:
        each.remove_query_logger(note)
        await pool.release(each)
    return answer, [query for query in said if any(word in query for word in OURS)]


async def test_the_api_tells_typed_codes_as_little(cast: Cast) -> None:
    made = []
    for kind, code in (await of_each_kind()).items():
        await db.execute("DELETE FROM attempt")
        said = {"receipt": "9", "amount": 128000, "coupon": code}
        answer, statements = await counted_statements(
            lambda said=said: cast.post("TILL", "/api/orders", said)
        )
        assert (answer.status_code, answer.json()["error"]) == (404, "coupon_code_refused"), kind
        assert answer.json()["facts"] == {}
        made.append(statements)
    assert made == [made[0]] * len(made)


async def wrong(cast: Cast, code: str, times: int) -> list[int]:
    body = {"receipt": "9", "amount": 128000, "coupon": WRONG}
    return [(await cast.post(code, "/api/orders", body)).status_code for _ in range(times)]


async def test_an_account_has_five_wrong_codes_an_hour(cast: Cast, clock: Clock) -> None:
    assert await wrong(cast, "TILL", 6) == [404] * 5 + [429]
    coupon = await give(await customer())
    typed = {"receipt": "1", "amount": 128000, "coupon": codes.code_of(coupon)}
    late = await cast.post("TILL", "/api/orders", typed)
    assert (late.status_code, late.json()["error"]) == (429, "too_many_codes")
    assert late.json()["facts"] == {"minutes": 60}
    # Scanning goes on.
    scanned = typed | {"coupon": codes.token_of(coupon)}
    assert (await cast.post("TILL", "/api/orders", scanned)).status_code == 201
    await clock.advance(minutes=60)
    assert await wrong(cast, "TILL", 1) == [404]


async def test_a_till_has_ten_whoever_stands_at_it(cast: Cast) -> None:
    assert await wrong(cast, "TILL", 5) == [404] * 5
    assert await wrong(cast, "TILL2", 5) == [404] * 5
    assert await wrong(cast, "BOSS", 1) == [429]
    assert await wrong(cast, "WEST", 1) == [404]


async def test_right_codes_cost_nothing(cast: Cast) -> None:
    who = await customer()
    for number in range(8):
        coupon = await give(who, "thanks")
        said = {"receipt": f"{number}", "amount": 128000, "coupon": codes.code_of(coupon)}
        assert (await cast.post("TILL", "/api/orders", said)).status_code == 201
    assert await wrong(cast, "TILL", 1) == [404]


async def test_a_slip_beside_a_right_code_costs_nothing_either(cast: Cast) -> None:
    coupon = await give(await customer(), "thanks")
    said = {"receipt": "1", "amount": 100, "coupon": codes.code_of(coupon)}
    for _ in range(7):
        answer = await cast.post("TILL", "/api/orders", said)
        assert answer.json()["error"] == "below_least_order"


async def test_an_address_has_fifty(cast: Cast) -> None:
    await db.execute("INSERT INTO unit (id, path, name) SELECT gen_random_uuid(), 'U', 'U'")
    tried = 0
    for n in range(11):
        id_: UUID = await db.value("SELECT gen_random_uuid()")
        await db.execute(
            "INSERT INTO person (id, code, name, rank) VALUES ($1, $2, 'x', 'staff')", id_, f"X{n}"
        )
        await db.execute("INSERT INTO person_role VALUES ($1, 'operations')", id_)
        visitor = await visit(lambda: cast.client, f"X{n}")
        for _ in range(5):
            answer = await visitor.send("/till/code", {"code": WRONG})
            tried += answer.status_code == 404
    assert tried == 50


async def test_what_was_typed_is_never_kept(cast: Cast) -> None:
    coupon = await give(await customer())
    code = codes.code_of(coupon)
    said = {"receipt": "1", "amount": 128000, "coupon": code}
    assert (await cast.post("TILL", "/api/orders", said)).status_code == 201
    assert (await queries.coupon(coupon)).state == "redeemed"
    for table in ("command", "attempt", "customer_order", "coupon", "audit_record"):
        kept = await db.value(f"SELECT coalesce(string_agg(t::text, ''), '') FROM {table} t")
        assert code not in kept, table
