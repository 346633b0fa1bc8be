"""The review desk of leads (D3): who may, what it does, lateness, suspicions, the customer's say."""

import json
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from game.errors import RuleViolation
from server.antispam import desk as suspicions
from server.kit import db
from server.leads import blacklist, commands, consent, queries, reviewing, watching
from tests.server.people.conftest import Gateway, gateway
from tests.support.cast import person_id
from tests.support.leads import TUESDAY, report, said, stage_of, take_leads, told
from tests.support.services import Clock

__all__ = ["gateway"]

pytestmark = pytest.mark.usefixtures("app")
DAY = timedelta(days=1)


async def refused(work: object) -> str:
    with pytest.raises(RuleViolation) as refusal:
        await work  # type: ignore[misc]
    return refusal.value.code


async def held(phone: str = "13812340009") -> commands.Received:
    """A lead that a suspicion holds: the second one of a device where one is usual."""
    await report("MEI", "13812349999", device="d" * 64)
    found = await report("MEI", phone, device="d" * 64)
    assert found.is_held
    return found


async def verdict_on(lead: UUID) -> UUID:
    found = await db.value("SELECT id FROM verdict WHERE subject = $1", f"lead:{lead}")
    assert found is not None
    return UUID(str(found))


async def test_a_valid_lead_goes_on_and_says_who_reviewed_it(clock: Clock) -> None:
    await take_leads(clock)
    got = await report("MEI")
    await reviewing.review(got.lead, await person_id("OP"), "valid")
    assert await stage_of(got.lead) == "valid"
    row = await db.value("SELECT to_jsonb(l) FROM lead l WHERE id = $1", got.lead)
    assert row["reviewed_by"] == str(await person_id("OP"))
    assert row["protected"] is not None
    assert "lead_valid" in await told("MEI")
    again = reviewing.review(got.lead, await person_id("OP2"), "invalid", "x")
    assert await refused(again) == "already_reviewed"


async def test_nobody_reviews_their_own_line(clock: Clock) -> None:
    await take_leads(clock)
    got = await report("OP2")
    op2, op = await person_id("OP2"), await person_id("OP")
    assert await refused(reviewing.review(got.lead, op2, "valid")) == "own_lead"
    assert await queries.waiting(op2, 10) == []
    assert (await queries.queue(op2, TUESDAY)).own == 1
    assert [each.id for each in await queries.waiting(op, 10)] == [got.lead]


async def test_what_is_not_valid_needs_a_reason_and_frees_the_customer(clock: Clock) -> None:
    await take_leads(clock)
    got, op = await report("MEI"), await person_id("OP")
    assert await refused(reviewing.review(got.lead, op, "invalid", " ")) == "reason_missing"
    await reviewing.review(got.lead, op, "duplicate", "已是我们的客户")
    assert await stage_of(got.lead) == "duplicate"
    assert "lead_known" in await told("MEI")
    assert (await report("BAO")).stage == "submitted"


async def test_many_are_decided_in_one_tap_and_what_others_decided_is_passed_over(
    clock: Clock,
) -> None:
    await take_leads(clock)
    leads = [(await report("MEI", f"1381234100{n}")).lead for n in range(4)]
    own = (await report("OP", "13812341009")).lead
    op = await person_id("OP")
    await reviewing.review(leads[0], await person_id("OP2"), "invalid", "号码不真实")
    assert await reviewing.review_many([*leads, own], op, "valid") == 3
    assert [await stage_of(each) for each in leads] == ["invalid", "valid", "valid", "valid"]
    assert await stage_of(own) == "submitted"
    many = reviewing.review_many([UUID(int=n) for n in range(51)], op, "valid")
    assert await refused(many) == "too_many_leads"


async def test_lateness_is_counted_on_working_time_and_escalates_once(clock: Clock) -> None:
    friday = TUESDAY + 3 * DAY
    await take_leads(clock, friday)
    got, op = await report("MEI"), await person_id("OP")
    await clock.set(friday + 2 * DAY)
    assert await reviewing.escalate() == 0
    due = friday + 3 * DAY
    await clock.set(due)
    assert (await queries.queue(op, due)).late == 0
    await clock.advance(microseconds=1)
    await reviewing.sweep({})
    await reviewing.sweep({})
    assert (await queries.queue(op, due + timedelta(minutes=1))).late == 1
    for code in ("OP", "OP2", "AU", "AU2"):
        assert await told(code) == ["leads_late"], code
    steps = await db.column("SELECT step FROM lead_step WHERE lead = $1 ORDER BY id", got.lead)
    assert steps == ["submitted", "review_late"]


async def test_a_held_lead_waits_for_its_suspicion_and_takes_nobodys_place(clock: Clock) -> None:
    await take_leads(clock, limit=1)
    got, op = await held(), await person_id("OP")
    assert await refused(reviewing.review(got.lead, op, "valid")) == "lead_held"
    assert got.lead not in [each.id for each in await queries.waiting(op, 10)]
    await suspicions.decide(await verdict_on(got.lead), op, clear=True, reason="核对无误")
    assert [
        await stage_of(got.lead),
        got.lead in [w.id for w in await queries.waiting(op, 10)],
    ] == [
        "submitted",
        True,
    ]
    assert (await report("BAO", "13812340009")).stage == "duplicate"


async def test_cleared_too_late_it_is_the_duplicate_of_who_came_meanwhile(clock: Clock) -> None:
    await take_leads(clock, limit=1)
    got, op = await held(), await person_id("OP")
    assert (await report("BAO", "13812340009")).stage == "submitted"
    await suspicions.decide(await verdict_on(got.lead), op, clear=True, reason="核对无误")
    assert await stage_of(got.lead) == "duplicate"
    assert "lead_taken" in await told("MEI")


async def test_refused_it_is_invalid_until_an_appeal_is_right(clock: Clock) -> None:
    await take_leads(clock, limit=1)
    got, op, mei = await held(), await person_id("OP"), await person_id("MEI")
    verdict = await verdict_on(got.lead)
    await suspicions.decide(verdict, op, clear=False, reason="编造的线索")
    assert await stage_of(got.lead) == "invalid"
    await suspicions.appeal(verdict, mei, "是我邻居")
    await suspicions.decide(verdict, await person_id("OP2"), clear=True, reason="核对无误")
    assert await stage_of(got.lead) == "submitted"
    assert await db.value("SELECT protected IS NOT NULL FROM lead WHERE id = $1", got.lead)


async def messages(gateway: Gateway) -> list[dict[str, str]]:
    """Run what was left behind for customers; returns what the gateway got."""
    jobs = await db.column("SELECT payload FROM pgqueuer WHERE entrypoint = $1", consent.MESSAGE)
    for payload in jobs:
        await consent.send_message(json.loads(payload))
    return [each for each in gateway.messages if each["kind"] == consent.KIND]


async def test_the_customer_gets_one_message_and_one_tap_ends_it(
    clock: Clock, gateway: Gateway, client: httpx.AsyncClient
) -> None:
    await take_leads(clock)
    got = await report("MEI", origin="http://leitai.test")
    await report("BAO", origin="http://leitai.test")
    [one] = await messages(gateway)
    assert one["phone"] == "+8613812340001"
    link = f"/l/o/{one['code']}"
    assert f"http://leitai.test{link}" in one["text"]
    assert "梅" in one["text"]

    seen = await client.get(link)
    assert seen.status_code == 200
    assert await stage_of(got.lead) == "submitted"
    for _ in range(2):
        answer = await client.post(link)
        assert answer.status_code == 200

    assert await stage_of(got.lead) == "withdrawn"
    assert "lead_withdrawn" in await told("MEI")
    [listed] = await blacklist.listed("13812340001", 0)
    assert (listed.cause, listed.added_by) == ("objection", None)
    assert await refused(report("CHEN")) == "customer_objected"
    assert (await client.get("/l/o/" + "0" * 26)).status_code == 404
    assert (await client.post("/l/o/nonsense")).status_code == 404


async def test_who_objected_gets_no_message_that_was_still_waiting(
    clock: Clock, gateway: Gateway
) -> None:
    await take_leads(clock)
    got = await report("MEI", origin="http://leitai.test")
    await consent.objected(consent.token_of(got.lead))
    assert await messages(gateway) == []


async def test_an_objection_stands_beside_the_companys_own_entry(clock: Clock) -> None:
    await take_leads(clock)
    got = await report("MEI")
    op = await person_id("OP")
    await consent.objected(consent.token_of(got.lead))
    await blacklist.add("13812340001", "公司也不要", op)
    [listed] = await blacklist.listed("", 0)
    assert listed.cause == "objection"


async def test_who_watches_a_customer_who_objected_is_not_called_to_report_them(
    clock: Clock,
) -> None:
    await take_leads(clock)
    got, second = await report("MEI"), await report("BAO")
    bao = await person_id("BAO")
    await watching.watch(second.lead, bao)
    await consent.objected(consent.token_of(got.lead))
    assert "lead_free" not in await told("BAO")
    assert await refused(commands.again(second.lead, bao, said())) == "customer_objected"
