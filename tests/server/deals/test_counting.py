"""A deal from its report to the moment it counts, and back (D8, I4, I6, G9)."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from game.errors import RuleViolation
from server.antispam.commands import cleared
from server.deals import commands, queries
from server.deals.events import DealChecked, DealReversed
from server.kit import db
from server.leads import stages
from server.leads.numbers import number_of
from tests.support.cast import person_id
from tests.support.deals import (
    WEDNESDAY,
    check,
    deal,
    lead,
    open_desk,
    sale,
    stage_of,
    told,
)
from tests.support.services import Clock

Heard = list[Any]


async def refused(work: Any) -> str:
    with pytest.raises(RuleViolation) as refusal:
        await work
    return refusal.value.code


async def test_a_checked_deal_counts_and_its_lead_comes_to_it(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    came_from = await lead()
    found = await deal()
    one = await queries.deal(found)
    assert (one.lead, one.linked_as, one.reporter_name) == (came_from, "customer", "梅")
    assert (one.state, one.is_first, heard) == ("reported", True, [])

    one = await check(found)
    assert (one.state, one.call, one.checked_name) == ("counted", "none", "林芳")
    assert await stage_of(came_from) == "deal"
    assert heard == [
        DealChecked(
            deal=found, plan="sold", lead=came_from, order=None, customer=one.customer,
            reporter=await person_id("MEI"), seller=await person_id("SAL"), store=one.store,
            amount=12_800_000, is_first=True, made_at=WEDNESDAY - timedelta(hours=1),
            by=await person_id("OP"), at=WEDNESDAY,
        )
    ]  # fmt: skip
    assert await cleared(f"deal:{found}")
    assert (await told("SAL"), await told("MEI")) == (["deal_counted"], ["deal_counted"])
    verbs = await db.column("SELECT verb FROM audit_record WHERE subject = $1", f"deal:{found}")
    assert verbs == ["check_deal"]


async def test_nothing_is_told_of_a_drawn_deal_before_its_customer_confirmed(
    clock: Clock, heard: Heard
) -> None:
    await open_desk(clock, share="1/1")
    came_from, found = await lead(), await deal()
    one = await check(found)
    assert (one.state, one.call) == ("checked", "waiting")
    assert (heard, await stage_of(came_from), await told("SAL")) == ([], "valid", [])

    await commands.called(found, await person_id("SER"), "unreached")
    assert (await queries.deal(found)).call == "waiting"
    await commands.called(found, await person_id("SER2"), "confirmed", "属实")
    one = await queries.deal(found)
    assert (one.state, one.call, await stage_of(came_from)) == ("counted", "confirmed", "deal")
    assert [type(each) for each in heard] == [DealChecked]
    assert [each.result for each in await queries.calls(found)] == ["unreached", "confirmed"]
    assert await refused(commands.called(found, await person_id("SER"), "denied", "x")) == (
        "deal_not_drawn"
    )


async def test_a_denied_deal_is_struck_and_the_next_ones_are_all_drawn(
    clock: Clock, heard: Heard
) -> None:
    await open_desk(clock, share="1/1")
    came_from, found = await lead(), await deal()
    await check(found)
    assert await refused(commands.called(found, await person_id("SER"), "denied", " ")) == (
        "reason_missing"
    )
    await commands.called(found, await person_id("SER"), "denied", "客户说没买过")
    one = await queries.deal(found)
    assert (one.state, one.call, one.reason) == ("struck", "denied", "客户说没买过")
    # It never counted: nothing was paid, and its lead is where it was.
    assert (heard, await stage_of(came_from)) == ([], "valid")
    assert await told("SAL") == ["deal_struck"]

    for days, standing in ((13, "failed"), (15, "usual")):
        await clock.set(WEDNESDAY + timedelta(days=days))
        another = await deal(f"HT-{days}", customer=f"1381234{days:04}")
        await check(another)
        kept = await db.value("SELECT standing FROM deal_draw WHERE deal = $1", another)
        assert kept == standing


async def test_a_drawn_deal_reported_anew_is_drawn_again(clock: Clock, heard: Heard) -> None:
    await open_desk(clock, share="1/1")
    found = await deal()
    await check(found)
    await commands.reverse(found, await person_id("OP2"), "struck", "合同号写错了")
    assert heard == []
    anew = await deal("HT-2", seller="TIM")
    await check(anew)
    kept = await db.value("SELECT standing FROM deal_draw WHERE deal = $1", anew)
    assert kept == "again"


async def test_a_refund_takes_back_what_the_deal_caused(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    came_from, found = await lead(), await deal()
    await check(found)
    assert await refused(commands.reverse(found, await person_id("OP"), "refunded", "")) == (
        "reason_missing"
    )
    await commands.reverse(found, await person_id("FI"), "refunded", "客户退货")
    assert heard[1] == DealReversed(
        found, "sold", "refunded", "客户退货", await person_id("FI"), WEDNESDAY
    )
    assert await stage_of(came_from) == "lost"
    assert await told("MEI") == ["deal_counted", "deal_refunded"]
    assert await refused(commands.reverse(found, await person_id("FI"), "struck", "x")) == (
        "deal_closed"
    )
    # The contract is free, and a lead that was lost may come to a deal again.
    await check(await deal())
    assert await stage_of(came_from) == "deal"


async def test_a_lead_stays_while_another_deal_of_it_counts(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    came_from = await lead()
    first, second = await deal(), await deal("HT-2")
    assert (await queries.deal(second)).is_first is False
    await check(first)
    await check(second)
    assert len(await queries.deals_of_lead(came_from)) == 2
    await commands.reverse(first, await person_id("OP"), "refunded", "退货")
    assert await stage_of(came_from) == "deal"
    await commands.reverse(second, await person_id("OP"), "struck", "假单", 0)
    assert await stage_of(came_from) == "lost"
    assert [type(each) for each in heard] == [DealChecked, DealChecked, DealReversed, DealReversed]


async def test_whoever_has_a_part_decides_nothing(clock: Clock, heard: Heard) -> None:
    await open_desk(clock, share="1/1")
    await lead(by="OP2")
    found = await deal()
    for code in ("SAL", "OP2"):
        assert await refused(check(found, code)) == "own_deal"
        assert await refused(commands.refuse(found, await person_id(code), "x")) == "own_deal"
    typed = await commands.report(await person_id("OP"), sale(contract="HT-9", customer="C9"))
    assert await refused(check(typed, "OP")) == "own_deal"
    await check(found, "OP")
    # Nor does who checked it call the customer, or find it genuine.
    assert await refused(commands.called(found, await person_id("OP"), "confirmed")) == "own_deal"
    await commands.called(found, await person_id("SER"), "confirmed")
    assert await refused(commands.verify(found, await person_id("OP"))) == "own_deal"
    # The database holds it too, whatever the code above believes.
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute("UPDATE deal SET checked_by = seller WHERE id = $1", found)


async def test_what_is_refused_before_the_check(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    waits = await lead(valid=False)
    found = await deal(lead=number_of(waits))
    by = await person_id("OP")
    assert await refused(commands.check(found, by, [0])) == "practices_open"
    assert await refused(check(found)) == "lead_not_reviewed"
    await stages.advance(waits, "invalid", by, "空号")
    assert await refused(check(found)) == "lead_not_valid"
    assert await refused(commands.verify(found, await person_id("FI"))) == "deal_not_counted"
    assert await refused(commands.reverse(found, by, "struck", "x")) == "deal_not_checked"
    assert await refused(commands.refuse(found, by, " ", 1)) == "reason_missing"
    await commands.refuse(found, by, "查无此单", 1)
    one = await queries.deal(found)
    assert (one.state, one.reason, one.practice) == ("refused", "查无此单", 1)
    assert (heard, await told("SAL")) == ([], ["deal_refused"])
    assert await refused(check(found)) == "deal_closed"


async def test_finance_finds_a_deal_genuine_once(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    found = await deal()
    await check(found)
    finance = await person_id("FI")
    assert (await queries.waiting("verify", finance)).first == found
    await commands.verify(found, finance)
    assert (await queries.deal(found)).verified_name == "方会计"
    assert (await queries.waiting("verify", finance)).count == 0
    assert await refused(commands.verify(found, await person_id("FI2"))) == "deal_verified"


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"plan": "other"}, "deals_not_running"),
        ({"contract": " "}, "contract_missing"),
        ({"contract": "HT-1"}, "contract_taken"),
        ({"customer": ""}, "customer_unreadable"),
        ({"customer": "139"}, "customer_unreadable"),
        ({"amount": 0}, "deal_amount_unreadable"),
        ({"made_at": WEDNESDAY + timedelta(days=1)}, "deal_in_the_future"),
        ({"note": "x" * 501}, "note_too_long"),
        ({"lead": "no number"}, "lead_number_unknown"),
        ({"lead": "7K3M-9XQ2"}, "lead_number_unknown"),
    ],
)
async def test_a_report_that_is_refused(
    clock: Clock, heard: Heard, more: dict[str, Any], code: str
) -> None:
    await open_desk(clock)
    await deal()
    said = sale(**({"contract": "HT-2"} | more))
    if code == "customer_unreadable" and more["customer"] == "139":
        said = sale(contract="HT-2", customer="139 0000")
    assert await refused(commands.report(await person_id("SAL"), said)) == code
    assert await db.value("SELECT count(*) FROM deal") == 1


async def test_a_lead_is_linked_by_its_number_or_by_hand(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    husband = await lead("13812340002", by="TIM")
    number = number_of(husband)
    wife = "13812340003"
    typed = sale(contract="HT-2", customer=wife, lead=number)
    by = await person_id("SAL")
    assert await refused(commands.report(by, typed)) == "link_needs_proof"
    found = await commands.report(
        by, sale(contract="HT-2", customer=wife, lead=number.lower(), proof="合同写的是她先生")
    )
    one = await queries.deal(found)
    assert (one.lead, one.linked_as, one.proof) == (husband, "hand", "合同写的是她先生")
    assert (one.reporter_name, one.name) == ("田明", "周女士")

    fits = await deal("HT-3", customer="13812340002", lead=number)
    assert (await queries.deal(fits)).linked_as == "number"

    plain = await deal("HT-4", customer="C-77")
    assert (await queries.deal(plain)).lead is None
    assert await refused(commands.link(plain, number, by, "")) == "link_needs_proof"
    await commands.link(plain, number, by, "同一家人")
    one = await queries.deal(plain)
    assert (one.lead, one.linked_as, one.reporter_name) == (husband, "hand", "田明")
    await check(plain)
    assert await refused(commands.link(plain, number, by, "x")) == "deal_checked"


async def test_a_lead_that_came_after_the_deal_is_not_found_by_the_customer(
    clock: Clock, heard: Heard
) -> None:
    await open_desk(clock)
    late = await lead()
    found = await deal(made_at=WEDNESDAY - timedelta(days=1))
    assert (await queries.deal(found)).lead is None
    # The same day counts: the customer was in the shop while the colleague typed.
    same_day = await deal("HT-2", made_at=WEDNESDAY - timedelta(hours=9))
    assert (await queries.deal(same_day)).lead == late


async def test_of_many_reports_of_one_contract_one_is_kept(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    who = await person_id("SAL")

    async def attempt(place: int) -> str:
        try:
            await commands.report(who, sale(customer=f"C-{place % 3}", seller=who))
        except RuleViolation as refusal:
            return refusal.code
        return "kept"

    outcomes = await asyncio.gather(*(attempt(place) for place in range(12)))
    assert sorted(outcomes) == ["contract_taken"] * 11 + ["kept"]


async def test_of_many_checks_one_is_told(clock: Clock, heard: Heard) -> None:
    await open_desk(clock)
    await lead()
    found = await deal()

    async def attempt(code: str) -> str:
        try:
            await check(found, code)
        except RuleViolation as refusal:
            return refusal.code
        return "checked"

    outcomes = await asyncio.gather(*(attempt(code) for code in ("OP", "OP2") * 4))
    assert sorted(outcomes) == ["checked"] + ["deal_checked"] * 7
    assert len(heard) == 1
