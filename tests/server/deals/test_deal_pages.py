"""Deals over HTTP: the form, the desk, the calls and the draws; who sees and may what."""

import re
from typing import Any
from uuid import UUID

import httpx
import pytest

from server.deals import queries
from server.kit import db, ids
from server.leads.numbers import number_of
from tests.server.actions.test_actions_pages import photo
from tests.support.cast import Cast, person_id
from tests.support.deals import PHONE, WEDNESDAY, check, deal, lead, open_desk
from tests.support.services import Clock

TYPED = {
    "plan": "sold", "contract": "ht 2026-1", "customer": PHONE, "amount": "128,000.50",
    "made_on": "2026-11-25",
}  # fmt: skip


@pytest.fixture
async def cast(client: httpx.AsyncClient, clock: Clock) -> Cast:
    await open_desk(clock)
    return Cast(client)


async def send(
    cast: Cast, code: str, path: str, form: dict[str, Any], *, photos: int = 0, key: str = ""
) -> httpx.Response:
    files = [("photos", (f"{place}.jpg", photo((60, 40)), "image/jpeg")) for place in range(photos)]
    return await cast.client.post(
        path,
        data=form | {"idempotency_key": key or str(ids.new_id())},
        files=files or None,
        headers=await cast.cookies(code),
    )


async def reported(cast: Cast, **more: Any) -> UUID:
    answer = await send(cast, "SAL", "/deals", TYPED | more, photos=1)
    assert answer.status_code == 303, answer.text
    return UUID(answer.headers["location"].rsplit("/", 1)[1])


async def test_a_seller_reports_a_deal_with_its_photo(cast: Cast) -> None:
    came_from = await lead()
    form = await cast.get("SAL", "/deals/new")
    assert form.status_code == 200
    assert 'value="2026-11-25"' in form.text
    first = await send(cast, "SAL", "/deals", TYPED, photos=2, key="k1")
    again = await send(cast, "SAL", "/deals", TYPED, photos=2, key="k1")
    assert first.headers["location"] == again.headers["location"]

    found = UUID(first.headers["location"].rsplit("/", 1)[1])
    one = await queries.deal(found)
    assert (one.contract, one.amount, one.lead) == ("HT2026-1", 12_800_050, came_from)
    assert (one.seller_name, one.store_name, len(one.photos)) == ("沙莉", "滨江店", 2)
    shown = await cast.get("SAL", f"/deals/{found}")
    assert "¥128,000.50" in shown.text
    assert number_of(came_from) in shown.text
    assert "138****0001" in shown.text
    assert PHONE not in shown.text
    picture = await cast.get("MEI", f"/deals/{found}/photos/{one.photos[0]}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    for path in (f"/deals/{found}", f"/deals/{found}/photos/{one.photos[0]}"):
        assert (await cast.get("TIM", path)).status_code == 404
        assert (await cast.get("SER", path)).status_code == 404


async def test_a_deal_that_begins_at_its_lead_needs_no_phone(cast: Cast) -> None:
    came_from = await lead()
    number = number_of(came_from)
    form = (await cast.get("SAL", f"/deals/new?lead={number}&plan=sold")).text
    assert f'value="{number}"' in form
    one = await queries.deal(await reported(cast, customer="", lead=number))
    assert (one.lead, one.linked_as, one.phone) == (came_from, "number", "138****0001")
    bare = await send(cast, "SAL", "/deals", TYPED | {"customer": ""}, photos=1)
    assert (bare.status_code, 'id="d-customer"' in bare.text) == (422, True)


@pytest.mark.parametrize(
    ("more", "photos", "beside"),
    [
        ({}, 0, "photos"),
        ({"contract": ""}, 1, "contract"),
        ({"amount": "viel"}, 1, "amount"),
        ({"amount": "0"}, 1, "amount"),
        ({"customer": "12"}, 1, None),
        ({"made_on": "soon"}, 1, "made_on"),
        ({"made_on": "2026-11-26"}, 1, "made_on"),
        ({"made_on": "2020-01-01"}, 1, "made_on"),
        ({"lead": "7K3M-9XQ2"}, 1, "lead"),
    ],
)
async def test_a_refused_report_keeps_what_was_typed(
    cast: Cast, more: dict[str, str], photos: int, beside: str | None
) -> None:
    answer = await send(cast, "SAL", "/deals", TYPED | {"note": "全屋"} | more, photos=photos)
    if beside is None:
        # Two digits are a company's own number of a customer.
        assert answer.status_code == 303
        return
    assert answer.status_code in {404, 409, 422}
    assert f'id="d-{beside}"' in answer.text
    assert "全屋" in answer.text
    assert await db.value("SELECT count(*) FROM deal") == 0


async def test_operations_say_who_made_a_deal(cast: Cast) -> None:
    wrong = await send(cast, "OP", "/deals", TYPED | {"seller": "NOBODY"}, photos=1)
    assert (wrong.status_code, 'id="d-seller"' in wrong.text) == (404, True)
    answer = await send(cast, "OP", "/deals", TYPED | {"seller": "TIM"}, photos=1)
    one = await queries.deal(UUID(answer.headers["location"].rsplit("/", 1)[1]))
    assert (one.seller_name, one.reported_name) == ("田明", "林芳")
    # A seller's deal is their own, whatever they type.
    mine = await reported(cast, contract="HT-2", seller="TIM")
    assert (await queries.deal(mine)).seller_name == "沙莉"


async def test_who_may_do_what(cast: Cast) -> None:
    found = await deal()
    posts = {"check": "OP", "refuse": "OP", "verify": "FI", "reverse": "FI", "call": "SER"}
    for path, role in posts.items():
        for code in ("MEI", "SAL", "SER", "FI", "OP", "AU"):
            if code == role or (path == "reverse" and code == "OP"):
                continue
            answer = await send(cast, code, f"/deals/{found}/{path}", {})
            assert answer.status_code == 403, (path, code)
    assert (await cast.get("MEI", "/deals/new")).status_code == 403
    assert (await cast.get("OP", "/deals/calls")).status_code == 403
    assert (await cast.get("OP", "/deals/draws")).status_code == 403
    # Who brought the customer does not choose the lead of the deal.
    assert (await send(cast, "MEI", f"/deals/{found}/link", {"lead": "x"})).status_code == 403
    assert (await send(cast, "TIM", f"/deals/{found}/link", {"lead": "x"})).status_code == 404


async def test_operations_check_one_after_another(cast: Cast) -> None:
    await lead()
    first, second = await reported(cast), await reported(cast, contract="HT-2")
    listed = (await cast.get("OP", "/deals")).text
    assert f'class="sunk spread" href="/deals/{first}"' in listed
    half = await send(cast, "OP", f"/deals/{first}/check", {"practice": "0"})
    assert half.status_code == 422
    assert re.search(r'value="0" required checked', half.text)
    done = await send(cast, "OP", f"/deals/{first}/check", {"practice": ["0", "1"]})
    assert (done.status_code, done.headers["location"]) == (303, f"/deals/{first}")
    shown = (await cast.get("OP", f"/deals/{first}")).text
    assert f'href="/deals/{second}"' in shown
    assert (await queries.deal(first)).state == "counted"

    bare = await send(cast, "OP", f"/deals/{second}/refuse", {"reason": " "})
    assert (bare.status_code, 'class="strike" open' in bare.text) == (422, True)
    refuse = {"reason": "查无此单", "practice": "1"}
    assert (await send(cast, "OP", f"/deals/{second}/refuse", refuse)).status_code == 303
    assert "买存款" in (await cast.get("SAL", f"/deals/{second}")).text
    counted = (await cast.get("OP", "/deals?state=counted")).text
    assert str(first) in counted
    assert str(second) not in counted
    assert str(second) in (await cast.get("SAL", "/deals?state=closed")).text
    assert str(first) in (await cast.get("MEI", "/deals")).text
    assert str(second) not in (await cast.get("TIM", "/deals")).text


async def test_finance_finds_it_genuine_or_takes_it_back(cast: Cast) -> None:
    found = await deal()
    await check(found)
    assert "/verify" in (await cast.get("FI", f"/deals/{found}")).text
    assert (await send(cast, "FI", f"/deals/{found}/verify", {})).status_code == 303
    assert "/verify" not in (await cast.get("FI", f"/deals/{found}")).text
    bare = await send(cast, "FI", f"/deals/{found}/reverse", {"why": "refunded"})
    assert (bare.status_code, 'id="d-reason"' in bare.text) == (422, True)
    said = {"why": "struck", "reason": "款没到账", "practice": "0"}
    assert (await send(cast, "FI", f"/deals/{found}/reverse", said)).status_code == 303
    one = await queries.deal(found)
    assert (one.state, one.practice, one.reason) == ("struck", 0, "款没到账")


async def test_a_lead_is_linked_on_the_page(cast: Cast) -> None:
    other = await lead("13812340002")
    found = await reported(cast)
    form = {"lead": number_of(other), "proof": ""}
    bare = await send(cast, "SAL", f"/deals/{found}/link", form)
    assert (bare.status_code, 'id="d-proof"' in bare.text) == (422, True)
    assert number_of(other) in bare.text
    told = await send(cast, "SAL", f"/deals/{found}/link", form | {"proof": "她先生"})
    assert told.status_code == 303
    assert (await queries.deal(found)).linked_as == "hand"


class TestCalls:
    """Everything is drawn."""

    @pytest.fixture
    async def cast(self, client: httpx.AsyncClient, clock: Clock) -> Cast:
        await open_desk(clock, share="1/1")
        return Cast(client)

    async def test_service_calls_one_customer_after_another(self, cast: Cast) -> None:
        first, second = await deal(), await deal("HT-2", customer="13812340002")
        assert "HT-1" not in (await cast.get("SER", "/deals/calls")).text
        await check(first)
        await check(second)
        shown = (await cast.get("SER", "/deals/calls")).text
        assert f"/deals/{first}/call" in shown
        assert "138****0001" in shown
        assert PHONE not in shown

        denied = {"result": "denied", "note": ""}
        bare = await send(cast, "SER", f"/deals/{first}/call", denied)
        assert (bare.status_code, 'id="d-note"' in bare.text) == (422, True)
        nothing = await send(cast, "SER", f"/deals/{first}/call", {"result": "maybe"})
        assert nothing.status_code == 400
        tried = await send(cast, "SER", f"/deals/{first}/call", {"result": "unreached"})
        assert tried.headers["location"] == f"/deals/calls?done={first}"
        # It comes back after the others.
        assert f"/deals/{second}/call" in (await cast.get("SER", "/deals/calls")).text
        right = {"result": "confirmed", "note": "属实"}
        assert (await send(cast, "SER", f"/deals/{second}/call", right)).status_code == 303
        assert (await queries.deal(second)).state == "counted"
        shown = (await cast.get("SER", "/deals/calls")).text
        assert f"/deals/{first}/call" in shown

    async def test_the_number_is_shown_to_who_calls_and_counted(self, cast: Cast) -> None:
        found = await deal()
        early = await send(cast, "SER", f"/deals/{found}/number", {})
        assert (early.status_code, PHONE in early.text) == (409, False)
        await check(found)
        answer = await send(cast, "SER", f"/deals/{found}/number", {})
        assert f"tel:+86{PHONE}" in answer.text
        assert answer.headers["cache-control"] == "no-store"
        seen = await db.value(
            "SELECT reason FROM phone_reveal WHERE by = $1", await person_id("SER")
        )
        assert "HT-1" in seen
        for code in ("OP", "SAL", "FI"):
            answer = await send(cast, code, f"/deals/{found}/number", {})
            assert (answer.status_code, PHONE in answer.text) == (403, False)

    async def test_who_gains_does_not_learn_that_it_was_drawn(self, cast: Cast) -> None:
        await lead()
        drawn, waits = await deal(), await deal("HT-2")
        await check(drawn)
        for code in ("SAL", "MEI"):
            pages = [(await cast.get(code, f"/deals/{each}")).text for each in (drawn, waits)]
            seals = [re.findall(r'data-state="(\w+)"', page) for page in pages]
            steps = [page.count("step-dot done") for page in pages]
            assert seals[0] == seals[1]
            assert steps[0] == steps[1] == 1
            assert "回访" not in pages[0].split("<main", 1)[1].split("</main>", 1)[0]
            said = await cast.get(code, f"/api/deals/{drawn}")
            assert said.json()["state"] == "reported"
        assert 'data-state="auditing"' in (await cast.get("AU", f"/deals/{drawn}")).text

    async def test_an_auditor_gets_the_secret_once_the_day_is_over(
        self, cast: Cast, clock: Clock
    ) -> None:
        found = await deal()
        await check(found)
        number = await db.value("SELECT number FROM deal_draw")
        today = (await cast.get("AU", "/deals/draws?day=2026-11-25")).text
        fingerprint = await db.value("SELECT fingerprint FROM draw_day")
        assert number in today
        secrets = re.findall(r"\b[0-9a-f]{64}\b", today)
        assert sorted(secrets) == sorted([number, fingerprint])
        await clock.set(WEDNESDAY.replace(day=26))
        after = (await cast.get("AU", "/deals/draws")).text
        told = set(re.findall(r"\b[0-9a-f]{64}\b", after)) - {number, fingerprint}
        assert len(told) == 1
        assert (await cast.get("AU", "/deals/draws?day=2026-11-20")).status_code == 200


async def test_a_company_s_own_system_reports_and_decides(cast: Cast) -> None:
    came_from = await lead()
    said = {
        "plan": "sold", "contract": "X-1", "customer": PHONE, "amount": 990000,
        "made_at": "2026-11-25T09:00:00+08:00", "seller": "SAL",
    }  # fmt: skip
    answer = await cast.post("OP", "/api/deals", said, key="k1")
    assert answer.status_code == 201, answer.text
    assert (await cast.post("OP", "/api/deals", said, key="k1")).json() == answer.json()
    one = answer.json()
    assert (one["lead"], one["linked_as"], one["state"]) == (str(came_from), "customer", "reported")
    path = f"/api/deals/{one['id']}"
    assert (await cast.get("SAL", path)).json() == one
    assert (await cast.get("TIM", path)).status_code == 404
    taken = await cast.post("SAL", "/api/deals", said)
    assert (taken.status_code, taken.json()["error"]) == (409, "contract_taken")
    assert "X-1" in taken.json()["message"]

    left = await cast.post("OP2", f"{path}/check", {"ruled_out": [0]})
    assert (left.status_code, left.json()["facts"]) == (422, {"n": 1})
    own = await cast.post("OP", f"{path}/check", {"ruled_out": [0, 1]})
    assert (own.status_code, own.json()["error"]) == (403, "own_deal")
    done = await cast.post("OP2", f"{path}/check", {"ruled_out": [0, 1]})
    assert done.json()["state"] == "counted"
    assert (await cast.post("FI", f"{path}/verify")).status_code == 201
    back = {"why": "refunded", "reason": "退货"}
    assert (await cast.post("FI", f"{path}/reverse", back)).json()["state"] == "refunded"
    for wrong in ({"amount": 0}, {"made_at": "2026-11-25T09:00:00"}, {"contract": "x" * 300}):
        assert (await cast.post("OP", "/api/deals", said | wrong)).status_code == 400


async def test_refuse_and_call_over_json(client: httpx.AsyncClient, clock: Clock) -> None:
    await open_desk(clock, share="1/1")
    cast = Cast(client)
    first, second = await deal(), await deal("HT-2")
    refused = await cast.post("OP", f"/api/deals/{first}/refuse", {"reason": "重复"})
    assert (refused.json()["state"], refused.json()["reason"]) == ("refused", "重复")
    await check(second)
    path = f"/api/deals/{second}/call"
    assert (await cast.post("OP", path, {"result": "confirmed"})).status_code == 403
    answer = await cast.post("SER", path, {"result": "confirmed"})
    assert answer.json()["state"] == "counted"
