"""Rewards over JSON: the same commands, once each, with named refusals."""

import httpx
import pytest

from server.kit import ids
from server.kit.errors import REFUSALS
from tests.support.cast import Cast
from tests.support.services import Clock
from tests.support.shelves import code_of, give, open_shelves, purse, put, state_of


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_shelves(clock)
    await give("MEI", 300)
    return Cast(client)


async def test_a_gift_from_the_catalogue_to_the_hand(cast: Cast) -> None:
    cup = await put(stock=1)
    await put(points=900)
    listed = (await cast.get("MEI", "/api/rewards")).json()
    assert listed["available"] == 300
    assert [(each["points"], each["stock"], each["state"]) for each in listed["rewards"]] == [
        (100, 1, "now"), (900, None, "reward_not_covered"),
    ]  # fmt: skip
    made = await cast.post("MEI", f"/api/rewards/{cup}/redemptions", {"points": 100}, "tap")
    assert made.status_code == 201
    one = made.json()
    assert (one["state"], one["points"], len(one["code"])) == ("waiting", 100, 8)
    again = await cast.post("MEI", f"/api/rewards/{cup}/redemptions", {"points": 100}, "tap")
    assert again.json() == one
    assert await purse("MEI") == (200, 100)
    other = await cast.post("MEI", f"/api/rewards/{cup}/redemptions", {"points": 99}, "tap")
    assert (other.status_code, other.json()["error"]) == (422, "idempotency_mismatch")

    path = f"/api/redemptions/{one['id']}/fulfil"
    wrong = await cast.post("TILL", path, {"code": "ABCD-1234"})
    assert (wrong.status_code, wrong.json()["error"]) == (404, "redemption_unknown")
    done = await cast.post("TILL", path, {"code": one["code"]}, "hand")
    assert (done.status_code, done.json()["state"]) == (201, "fulfilled")
    assert (await cast.post("TILL", path, {"code": one["code"]}, "hand")).json() == done.json()
    late = await cast.post("BOSS", path, {"code": one["code"]})
    assert (late.status_code, late.json()["error"]) == (409, "redemption_over")
    mine = (await cast.get("MEI", "/api/redemptions")).json()["redemptions"]
    assert [each["state"] for each in mine] == ["fulfilled"]


async def test_refusals_are_named_and_say_their_facts(cast: Cast) -> None:
    gone, dear = await put(stock=0), await put(points=900)
    for reward, points, code, facts in (
        (gone, 100, "reward_sold_out", {}),
        (dear, 900, "reward_not_covered", {"missing": 600}),
        (ids.new_id(), 1, "reward_unknown", {}),
    ):
        answer = await cast.post("MEI", f"/api/rewards/{reward}/redemptions", {"points": points})
        assert answer.status_code == REFUSALS[code].status
        assert (answer.json()["error"], answer.json()["facts"]) == (code, facts)
    bad = await cast.post("MEI", f"/api/rewards/{gone}/redemptions", {"points": "100", "x": 1})
    assert bad.status_code == 400


async def test_cancel_and_decide(cast: Cast) -> None:
    leave = await put("leave")
    path = f"/api/rewards/{leave}/redemptions"
    first, second = [(await cast.post("MEI", path, {"points": 100})).json() for _ in range(2)]
    assert first["code"] == "", "nothing to show at a counter"
    cancelled = await cast.post("MEI", f"/api/redemptions/{first['id']}/cancel")
    assert cancelled.json()["state"] == "cancelled"
    decide = f"/api/redemptions/{second['id']}/decide"
    bare = await cast.post("OP", decide, {"outcome": "refused"})
    assert (bare.status_code, bare.json()["error"]) == (422, "reason_missing")
    done = await cast.post("OP", decide, {"outcome": "approved"})
    assert done.json()["state"] == "fulfilled"
    assert await purse("MEI") == (200, 0)


async def test_nobody_decides_on_their_own(cast: Cast) -> None:
    await give("OP", 100)
    leave = await put("leave")
    made = await cast.post("OP", f"/api/rewards/{leave}/redemptions", {"points": 100})
    decide = f"/api/redemptions/{made.json()['id']}/decide"
    own = await cast.post("OP", decide, {"outcome": "approved"})
    assert (own.status_code, own.json()["error"]) == (403, "own_redemption")
    assert (await cast.post("OP2", decide, {"outcome": "approved"})).status_code == 201


async def test_a_code_is_read_as_people_type_it(cast: Cast) -> None:
    cup = await put()
    made = (await cast.post("MEI", f"/api/rewards/{cup}/redemptions", {"points": 100})).json()
    code = (await code_of(made["id"])).replace("0", "O").replace("1", "l")
    typed = f" {code[:4].lower()} - {code[4:]} "
    done = await cast.post("TILL", f"/api/redemptions/{made['id']}/fulfil", {"code": typed})
    assert done.status_code == 201, done.text
    assert await state_of(made["id"]) == "fulfilled"
