"""From lines to money: stated once, the same bytes each time, closed for ever, paid once (P13)."""

import asyncio
import random
from collections.abc import Coroutine
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from game.errors import RuleViolation
from server.config import Settings
from server.kit import db
from server.ledger.verification import verify
from server.settlements import commands, jobs, queries, telling, verification
from tests.support.cast import launch, person_id
from tests.support.door import records
from tests.support.services import Clock
from tests.support.settling import (
    DAY,
    JULY,
    JUNE,
    PLAN,
    bytes_of,
    earn,
    held,
    open_company,
    partner,
    settle,
    statement_id,
    statement_of,
)

pytestmark = pytest.mark.usefixtures("pool")
RACERS = 12


@pytest.fixture
async def mei(pool: None, clock: Clock) -> UUID:
    await open_company(clock)
    return await person_id("S1")


async def refused(work: Coroutine[Any, Any, Any], code: str) -> None:
    with pytest.raises(RuleViolation) as told:
        await work
    assert told.value.code == code


async def code_of(work: Coroutine[Any, Any, Any]) -> str:
    try:
        await work
    except RuleViolation as refusal:
        return refusal.code
    return "done"


async def payments(person: UUID) -> list[int]:
    found: list[int] = await db.column(
        "SELECT e.amount FROM transfer t JOIN entry e ON e.transfer = t.id"
        " JOIN account a ON a.id = e.account AND a.kind = 'paid'"
        " WHERE t.kind = 'payment' AND t.facts ->> 'statement' IN"
        " (SELECT id::text FROM statement WHERE person = $1) ORDER BY t.id",
        person,
    )
    return found


async def test_a_month_is_what_was_posted_before_midnight_of_the_plan_s_zone(
    mei: UUID, clock: Clock
) -> None:
    await earn(mei, 100)
    await clock.set(JULY - DAY / 86_400_000)
    await earn(mei, 20, "payout")
    await clock.set(JULY)
    await earn(mei, 3)
    june = await statement_of(await settle(), mei)
    assert (june.period, june.earned, june.payable) == ("2026-06", 120, 120)
    assert [line.amount for line in june.lines] == [100, 20]
    await clock.advance(days=31)
    july = await statement_of(await settle(), mei)
    assert (july.period, july.opening, july.earned, july.payable) == ("2026-07", 120, 3, 3)


async def test_a_second_run_states_the_same_bytes(mei: UUID, clock: Clock) -> None:
    bao = await person_id("S2")
    await earn(mei, 10_000)
    await earn(mei, -12_500, "commission_back")
    await earn(bao, 777, "bonus")
    await clock.set(JULY)
    first = await commands.compute("month", None)
    assert await commands.compute("month", None) == first
    kept = {person: await bytes_of(first, person) for person in (mei, bao)}
    assert await commands.recompute(first) == kept

    # Thrown away and computed anew, after more was posted: what is stated is the same.
    await earn(mei, 5)
    await commands.discard(first, await person_id("FI"), "once more")
    second = await commands.compute("month", None)
    assert second != first
    assert {person: await bytes_of(second, person) for person in (mei, bao)} == kept
    assert await verify() == []


async def test_ten_that_compute_at_once_make_one_run(mei: UUID, clock: Clock) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    made = await asyncio.gather(*[commands.compute("month", None) for _ in range(RACERS)])
    assert len(set(made)) == 1
    assert await db.value("SELECT count(*) FROM settlement") == 1
    assert await db.value("SELECT count(*) FROM statement_line") == 1


async def test_a_refund_a_month_later_is_a_correction_in_the_open_month(
    mei: UUID, clock: Clock
) -> None:
    await earn(mei, 10_000, accrual="a1")
    await clock.set(JULY)
    june = await settle()
    kept = await bytes_of(june, mei)
    await commands.pay(await statement_id(june, mei), await person_id("FI"))
    await earn(mei, -10_000, "commission_back", accrual="a1")
    await earn(mei, 6_000)
    assert await held(mei) == (0, -4_000)
    await clock.advance(days=31)
    july = await statement_of(await settle(), mei)
    assert {line.kind: (line.amount, line.corrects) for line in july.lines} == {
        "payment": (-10_000, ""),
        "commission_back": (-10_000, "2026-06"),
        "commission": (6_000, ""),
    }
    assert (july.earned, july.payable, july.carries) == (-4_000, 0, -4_000)
    assert await bytes_of(june, mei) == kept
    assert (await commands.recompute(june))[mei] == kept


async def test_debt_takes_half_of_a_month_and_the_wallet_agrees(mei: UUID, clock: Clock) -> None:
    await earn(mei, -10_000, "commission_back")
    await clock.set(JULY)
    await settle()
    await earn(mei, 6_000)
    # The ledger took all of it for the debt; the statement gives half of it back.
    assert await held(mei) == (0, -4_000)
    await clock.advance(days=31)
    july = await settle()
    told = await statement_of(july, mei)
    assert (told.carried, told.netted, told.payable, told.carries) == (
        -10_000,
        3_000,
        3_000,
        -7_000,
    )
    await commands.pay(await statement_id(july, mei), await person_id("FI"))
    assert await held(mei) == (0, -7_000)
    assert await payments(mei) == [3_000]
    assert await verify() == []


async def test_what_commits_after_the_run_is_stated_by_the_next_one(
    mei: UUID, clock: Clock, settings: Settings
) -> None:
    """A transfer that was booked in June and had to wait is neither lost nor stated twice."""
    await earn(mei, 100)
    slow = await asyncpg.connect(settings.database_url)
    waiting = slow.transaction()
    await waiting.start()
    await slow.execute(
        "SELECT ledger_post($1, 'payout', 'slow', NULL, '{}', NULL, 'cash', ARRAY['issuer'],"
        " ARRAY[NULL]::uuid[], ARRAY[-7::bigint], ARRAY[$2::uuid], ARRAY[7::bigint])",
        await db.value("SELECT gen_random_uuid()"), mei,
    )  # fmt: skip
    await clock.set(JULY)
    june = await settle()
    await waiting.commit()
    await slow.close()
    await earn(mei, 1)
    await clock.advance(days=31)
    july = await settle()
    assert (await statement_of(june, mei)).earned == 100
    assert (await statement_of(july, mei)).earned == 8
    assert await verify() == []


async def test_what_is_booked_out_of_order_is_stated_once(mei: UUID, clock: Clock) -> None:
    """An entry of June that got its version after one of July: the mark stops before July's."""
    await clock.set(JULY)
    await earn(mei, 50)
    await clock.set(JUNE)
    await earn(mei, 100)
    await clock.set(JULY)
    assert (await statement_of(await settle(), mei)).earned == 100
    await clock.advance(days=31)
    assert (await statement_of(await settle(), mei)).earned == 50
    await clock.advance(days=31)
    await refused(commands.compute("month", None), "nothing_to_settle")
    assert await verify() == []


async def test_a_closed_month_refuses_every_change(mei: UUID, clock: Clock) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    june = await settle()
    for change in (
        "UPDATE statement SET payable = 99, carries = 1 - 1, earned = 99",
        "UPDATE statement SET body = '', hash = sha256('')",
        "DELETE FROM statement_line",
        "UPDATE statement_line SET person = gen_random_uuid()",
        "DELETE FROM statement",
        "UPDATE settlement SET state = 'discarded'",
        "UPDATE settlement SET reason = 'changed'",
        "DELETE FROM settlement",
    ):
        with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
            await db.execute(change)
    await commands.pay(await statement_id(june, mei), await person_id("FI"))
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError):
        await db.execute("UPDATE statement SET payment = NULL, paid_at = NULL")
    await refused(commands.discard(june, await person_id("FI"), "no"), "settlement_decided")
    await refused(commands.approve(june, await person_id("FI2")), "settlement_decided")


async def test_the_database_itself_refuses_to_state_a_transfer_twice(
    mei: UUID, clock: Clock
) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    await settle()
    with pytest.raises(asyncpg.UniqueViolationError):
        await db.execute("INSERT INTO statement_line SELECT statement, person, transfer"
                         " FROM statement_line")  # fmt: skip
    with pytest.raises(asyncpg.CheckViolationError):
        await db.execute(
            "INSERT INTO statement SELECT gen_random_uuid(), settlement, person, who, opening,"
            " earned, carried, netted, payable, carries, closing, wallet_version, debt_version,"
            " body || '\\x20', hash FROM statement"
        )


async def test_a_statement_is_paid_once_however_many_press_at_once(mei: UUID, clock: Clock) -> None:
    bao, finance = await person_id("S2"), await person_id("FI")
    await earn(mei, 100)
    await earn(bao, 40)
    await clock.set(JULY)
    june = await settle()
    one = await statement_id(june, mei)
    said = await asyncio.gather(
        *[code_of(commands.pay(one, finance)) for _ in range(RACERS)],
        *[code_of(commands.pay_all(june, finance)) for _ in range(RACERS)],
    )
    assert set(said) == {"done", "statement_paid"}
    assert await payments(mei) == [100]
    assert await payments(bao) == [40]
    assert (await held(mei), await held(bao)) == ((0, 0), (0, 0))
    assert await verify() == []


async def test_only_what_is_approved_and_owed_is_paid(mei: UUID, clock: Clock) -> None:
    bao, finance = await person_id("S2"), await person_id("FI")
    await earn(mei, 100)
    await earn(bao, -40, "commission_back")
    await clock.set(JULY)
    june = await commands.compute("month", None)
    await refused(commands.pay(await statement_id(june, mei), finance), "settlement_not_approved")
    await refused(commands.pay_all(june, finance), "settlement_not_approved")
    await commands.approve(june, finance)
    await refused(commands.pay(await statement_id(june, bao), finance), "nothing_to_pay")
    assert await commands.pay_all(june, finance) == 1
    await refused(commands.pay_all(june, finance), "statement_paid")
    unknown = await db.value("SELECT gen_random_uuid()")
    await refused(commands.pay(unknown, finance), "statement_unknown")
    await refused(commands.pay_all(unknown, finance), "settlement_unknown")


async def test_whoever_computes_does_not_approve(mei: UUID, clock: Clock) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    finance = await person_id("FI")
    june = await commands.compute("month", finance)
    await refused(commands.approve(june, finance), "own_settlement")
    await commands.approve(june, await person_id("FI2"))
    assert [each["subject"] for each in await records("approve_settlement")] == [
        f"settlement:{june}"
    ]


async def test_a_run_waits_for_the_decision_on_the_one_before(mei: UUID, clock: Clock) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    june = await commands.compute("month", None)
    await earn(mei, 10)
    await clock.advance(days=31)
    await refused(commands.compute("month", None), "settlement_undecided")
    await refused(commands.discard(june, await person_id("FI"), " "), "reason_missing")
    await commands.discard(june, await person_id("FI"), "the wrong plan")
    # What June would have stated is in July's statement now.
    assert (await statement_of(await settle(), mei)).earned == 110
    assert (await queries.settlement(june)).reason == "the wrong plan"


async def test_partners_are_settled_by_the_quarter_under_their_own_class(
    mei: UUID, clock: Clock
) -> None:
    dealer, koc = await partner("dealer", "P1"), await partner("koc", "P2")
    for each in (mei, dealer, koc):
        await earn(each, 100)
    await clock.set(JULY)
    month, quarter = await settle(), await commands.compute("quarter", None)
    assert [one.person for one in await queries.statements_of(month)] == [mei]
    told = [await statement_of(quarter, each) for each in (dealer, koc)]
    assert [(one.period, one.who, one.taxes[0].tax) for one in told] == [
        ("2026-Q2", "dealer", "business"), ("2026-Q2", "koc", "labour"),
    ]  # fmt: skip


async def test_without_terms_nothing_is_settled(pool: None, clock: Clock) -> None:
    await open_company(clock, PLAN.split("[settlement]", maxsplit=1)[0])
    await earn(await person_id("S1"), 100)
    await clock.set(JULY)
    await refused(commands.compute("month", None), "settlement_not_running")
    await jobs.sweep({})
    assert await db.value("SELECT count(*) FROM settlement") == 0


async def test_a_statement_keeps_the_terms_it_was_made_under(mei: UUID, clock: Clock) -> None:
    await earn(mei, -100, "commission_back")
    await clock.set(JULY)
    await settle()
    await earn(mei, 100)
    await clock.advance(days=31)
    july = await settle()
    kept = await bytes_of(july, mei)
    await launch(PLAN.replace("version = 1", "version = 2") + 'netting = "0/1"\n')
    assert (await commands.recompute(july))[mei] == kept


async def test_the_clock_computes_on_the_5th_and_reminds_after_the_10th(
    mei: UUID, clock: Clock
) -> None:
    finance = await person_id("FI")
    await earn(mei, 100)
    await clock.set(datetime.fromisoformat("2026-07-04T23:59+08:00"))
    await jobs.sweep({})
    assert await queries.settlements() == []
    await clock.set(datetime.fromisoformat("2026-07-05T00:05+08:00"))
    await jobs.sweep({})
    await jobs.sweep({})
    [june] = await queries.settlements()
    assert (june.period, june.state, june.computed_by) == ("2026-06", "computed", None)
    await commands.approve(june.id, finance)

    async def told(kind: str) -> int:
        return int(
            await db.value(
                "SELECT count(*) FROM notice WHERE kind = $1 AND person = $2", kind, finance
            )
        )

    assert await told("settlement_waits") == 1
    await clock.set(datetime.fromisoformat("2026-07-10T23:59+08:00"))
    await jobs.sweep({})
    assert await told("payment_late") == 0
    await clock.set(datetime.fromisoformat("2026-07-11T00:05+08:00"))
    await jobs.sweep({})
    await jobs.sweep({})
    assert await told("payment_late") == 1


async def test_everybody_is_told_once_of_each_step(mei: UUID, clock: Clock) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    june = await settle()
    for _ in range(2):
        await telling.tell({"settlement": str(june)})
    await commands.pay_all(june, await person_id("FI"))
    for _ in range(2):
        await telling.tell({"settlement": str(june)})
    assert await db.column("SELECT kind FROM notice WHERE person = $1 ORDER BY id", mei) == [
        "statement_ready",
        "statement_paid",
    ]


async def test_whoever_changes_a_closed_statement_behind_the_product_is_found(
    mei: UUID, clock: Clock, control: asyncpg.Connection
) -> None:
    await earn(mei, 100)
    await clock.set(JULY)
    await settle()
    assert await verification.verify() == []
    changed = (await bytes_of(await _only_run(), mei)).replace(b'"payable":100', b'"payable":900')
    async with control.transaction():
        await control.execute("SET LOCAL session_replication_role = replica")
        await control.execute("UPDATE statement SET body = $1, hash = sha256($1)", changed)
    assert [fault.where for fault in await verification.verify()] == ["2026-06, S1"]


async def _only_run() -> UUID:
    return (await queries.settlements())[0].id


@pytest.mark.parametrize("seed", range(4))
async def test_random_months_in_the_ledger_agree_with_cumulated_sums(
    pool: None, clock: Clock, seed: int
) -> None:
    """Earnings, refunds and late payments of several people, against sums of each person's own."""
    dice = random.Random(seed)
    await open_company(clock)
    people = [await person_id(code) for code in ("S1", "S2", "OP", "AU")]
    finance = await person_id("FI")
    earned = dict.fromkeys(people, 0)
    stated = dict.fromkeys(people, 0)
    runs: list[UUID] = []
    for month in range(4):
        before = dict(earned)
        for _ in range(dice.randrange(4, 14)):
            person, amount = dice.choice(people), dice.choice([1, 33, 9_999, 10_001, 250_000])
            if dice.random() < 0.35:
                await earn(person, -amount, "commission_back")
                earned[person] -= amount
            else:
                await earn(person, amount, dice.choice(["commission", "payout", "honour"]))
                earned[person] += amount
            if runs and dice.random() < 0.3:
                await code_of(commands.pay_all(runs[-1], finance))
        await clock.set(datetime(2026, 7 + month, 1, tzinfo=JULY.tzinfo))
        runs.append(await settle())
        for person in people:
            gain = earned[person] - before[person]
            payable = max(earned[person] - stated[person], -(-gain // 2)) if gain > 0 else 0
            found = await queries.statements_of(runs[-1])
            assert sum(one.payable for one in found if one.person == person) == payable
            stated[person] += payable
    for run in runs:
        await code_of(commands.pay_all(run, finance))
        kept = {one.person: one.body for one in await queries.statements_of(run)}
        assert await commands.recompute(run) == kept
    for person in people:
        wallet, debt = await held(person)
        assert wallet + debt == earned[person] - stated[person]
        assert sum(await payments(person)) == stated[person]
        assert wallet == 0
    assert await verify() == []
