"""The one door of the ledger: once, balanced, covered, and never changed after (P1 to P4)."""

import asyncio
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from msgspec.structs import replace

from game import ledger as postings
from game.battles import Member
from game.errors import RuleViolation
from game.ledger import Asset, Leg, Posting, award, land
from server.kit import db, ids
from server.ledger import queries
from server.ledger.commands import Transfer, lock, post
from server.ledger.verification import CHECKS, verify

pytestmark = pytest.mark.usefixtures("pool")


def transfer(posting: Posting, **given: Any) -> Transfer:
    new = ids.new_id()
    fields = {"id": new, "kind": "test", "reference": str(new), "actor": None, "facts": {}}
    return Transfer(**(fields | given), posting=posting)


async def give(person: UUID, points: int) -> None:
    assert await post(transfer(award(str(person), points)))


async def balance(kind: str, owner: UUID, asset: Asset = "points") -> int:
    found = await db.value(
        "SELECT posted FROM account WHERE kind = $1 AND owner = $2 AND asset = $3",
        kind, owner, asset,
    )  # fmt: skip
    return found or 0


async def refused(one: Transfer) -> str:
    with pytest.raises(RuleViolation) as said:
        await post(one)
    return said.value.code


def spend(person: UUID, amount: int, into: UUID) -> Transfer:
    """Put an amount from a wallet into an escrow."""
    member = Member(str(person), "一队", "staff", amount)
    return transfer(postings.stake(str(into), member, "points", "member"))


async def test_the_same_transfer_is_posted_once() -> None:
    mei = ids.new_id()
    one = transfer(award(str(mei), 5), facts={"rule": "call", "at": "2026-11-23T01:00:00Z"})
    assert [await post(one) for _ in range(3)] == [True, False, False]
    assert await balance("wallet", mei) == 5
    assert await verify() == []


async def test_the_same_transfer_sent_at_once_is_posted_once() -> None:
    mei = ids.new_id()
    one = transfer(award(str(mei), 5))
    answers = await asyncio.gather(*[post(one) for _ in range(16)])
    assert sorted(answers) == [False] * 15 + [True]
    assert await balance("wallet", mei) == 5


async def test_an_id_stands_for_one_body() -> None:
    mei, bao = ids.new_id(), ids.new_id()
    one = transfer(award(str(mei), 5), facts={"rule": "call"}, actor=bao)
    await post(one)
    others: list[dict[str, Any]] = [
        {"posting": award(str(mei), 6)},
        {"posting": award(str(bao), 5)},
        {"posting": Posting("career", (Leg("issuer", None, -5),), {str(mei): 5})},
        {"facts": {"rule": "chat"}},
        {"kind": "award"},
        {"reference": "another"},
        {"actor": mei},
        {"reverses": one.id},
    ]
    for other in others:
        assert await refused(replace(one, **other)) == "idempotency_mismatch"
    assert await balance("wallet", mei) == 5
    assert await balance("wallet", bao) == 0


async def test_a_reference_is_used_once_per_kind() -> None:
    mei = ids.new_id()
    await post(transfer(award(str(mei), 5), kind="payout", reference="battle"))
    with pytest.raises(asyncpg.UniqueViolationError):
        await post(transfer(award(str(mei), 5), kind="payout", reference="battle"))
    await post(transfer(award(str(mei), 1), kind="void", reference="battle"))
    assert await balance("wallet", mei) == 6


async def test_a_transfer_is_reversed_once() -> None:
    mei = ids.new_id()
    one = transfer(award(str(mei), 5))
    await post(one)
    await post(transfer(award(str(mei), -5), reverses=one.id))
    with pytest.raises(asyncpg.UniqueViolationError):
        await post(transfer(award(str(mei), -5), reverses=one.id))
    assert await balance("wallet", mei) == 0


async def test_what_does_not_balance_is_refused() -> None:
    mei = ids.new_id()
    with pytest.raises(asyncpg.CheckViolationError, match="unbalanced"):
        await db.value(
            "SELECT ledger_post(gen_random_uuid(), 'test', 'one', NULL, '{}', NULL, 'points',"
            " ARRAY['issuer'], ARRAY[NULL]::uuid[], ARRAY[-5]::bigint[], ARRAY[$1::uuid],"
            " ARRAY[6]::bigint[])",
            mei,
        )
    await give(mei, 5)
    with pytest.raises(asyncpg.CheckViolationError, match="unbalanced"):
        await db.execute(
            "WITH late AS (INSERT INTO transfer (id, kind, reference, facts, body_hash)"
            " VALUES (gen_random_uuid(), 'test', 'two', '{}', '') RETURNING id)"
            " INSERT INTO entry (transfer, account, asset, amount, version, posted_after)"
            " SELECT late.id, a.id, 'points', 1, 9, 9 FROM late, account a WHERE a.owner = $1",
            mei,
        )
    with pytest.raises(ValueError, match="sum to zero"):
        Posting("points", (Leg("issuer", None, -5),), {str(mei): 6})


@pytest.mark.parametrize("table", ["transfer", "entry", "audit_record"])
@pytest.mark.parametrize(
    "change", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"]
)
async def test_what_is_posted_stays_as_it_is(table: str, change: str) -> None:
    column = {"transfer": "kind", "entry": "amount", "audit_record": "verb"}[table]
    with pytest.raises(asyncpg.ObjectNotInPrerequisiteStateError, match="append_only"):
        await db.execute(change.format(table, column, column))


async def test_a_wallet_and_an_escrow_never_go_below_zero() -> None:
    mei, battle = ids.new_id(), ids.new_id()
    await give(mei, 5)
    assert await refused(spend(mei, 6, battle)) == "not_covered"
    assert await balance("wallet", mei) == 5
    assert await db.value("SELECT count(*) FROM transfer") == 1, "a refusal leaves nothing"
    await post(spend(mei, 5, battle))
    over = Posting("points", (Leg("escrow", str(battle), -6),), {str(mei): 6})
    assert await refused(transfer(over)) == "not_covered"
    whole = Posting("points", (Leg("escrow", str(battle), -5),), {str(mei): 5})
    await post(transfer(whole))
    assert await balance("escrow", battle) == 0
    assert await balance("wallet", mei) == 5
    assert await verify() == []


async def test_an_amount_past_what_an_entry_keeps_is_refused() -> None:
    mei = ids.new_id()
    await give(mei, 10**15)
    assert await refused(transfer(award(str(mei), 10**15 + 1))) == "amount_too_large"
    assert await balance("wallet", mei) == 10**15


async def test_points_and_cash_never_mix() -> None:
    mei, battle = ids.new_id(), ids.new_id()
    await give(mei, 100)
    stake = postings.stake(str(battle), Member(str(mei), "一队", "staff", 100), "cash", "member")
    assert await refused(transfer(stake)) == "not_covered"


@pytest.mark.parametrize("has", [0, 3, 10])
@pytest.mark.parametrize("owes", [0, 4])
@pytest.mark.parametrize("credit", [-20, -10, -3, -1, 1, 4, 5, 20])
async def test_a_credit_lands_as_the_rules_say(has: int, owes: int, credit: int) -> None:
    mei, sink = ids.new_id(), ids.new_id()
    if owes:
        await give(mei, -owes)
    if has:
        # Won by a leg, not a credit: it does not pay the debt.
        await give(sink, has)
        legs = (Leg("wallet", str(sink), -has), Leg("wallet", str(mei), has))
        await post(transfer(Posting("points", legs, {})))
    assert (await balance("wallet", mei), await balance("debt", mei)) == (has, -owes)
    await give(mei, credit)
    on_wallet, on_debt = land(credit, has, owes)
    assert await balance("wallet", mei) == has + on_wallet
    assert await balance("debt", mei) == -owes + on_debt
    assert await queries.available(mei, "points") == has - owes + credit
    assert await verify() == []


async def covered(one: Transfer) -> bool:
    try:
        return await post(one)
    except RuleViolation as error:
        if error.code != "not_covered":
            raise
        return False


async def test_sixty_four_clients_drain_one_wallet_to_zero() -> None:
    mei, pots = ids.new_id(), [ids.new_id() for _ in range(64)]
    await give(mei, 400)

    async def drain(pot: UUID) -> int:
        return 10 if await covered(spend(mei, 10, pot)) else 0

    drained = await asyncio.gather(*[drain(pot) for pot in pots])
    assert sum(drained) == 400
    assert await balance("wallet", mei) == 0
    assert await verify() == []


async def test_strikes_at_once_take_what_is_there_and_leave_the_rest_as_debt() -> None:
    mei = ids.new_id()
    await give(mei, 100)
    await asyncio.gather(*[give(mei, -10) for _ in range(24)])
    assert (await balance("wallet", mei), await balance("debt", mei)) == (0, -140)
    await asyncio.gather(*[give(mei, 10) for _ in range(24)])
    assert (await balance("wallet", mei), await balance("debt", mei)) == (100, 0)
    assert await verify() == []


async def deadlocks() -> int:
    """How many the server has broken up so far."""
    await db.execute("SELECT pg_stat_force_next_flush()")
    found: int = await db.value("SELECT sum(deadlocks)::int FROM pg_stat_database")
    return found


async def test_transfers_that_cross_each_other_end_without_a_deadlock() -> None:
    people = [ids.new_id() for _ in range(4)]
    for person in people:
        await give(person, 1000)

    async def cross(number: int) -> None:
        one, other = people[number % 4], people[(number * 7 + 1 + number // 4) % 4]
        if one == other:
            return
        legs = (Leg("wallet", str(one), -1), Leg("wallet", str(other), 1))
        await post(transfer(Posting("points", legs, {})))

    before = await deadlocks()
    await asyncio.gather(*[cross(number) for number in range(200)])
    assert await deadlocks() == before
    assert await verify() == []


async def test_several_posts_of_one_command_take_all_locks_first() -> None:
    mei, bao = ids.new_id(), ids.new_id()
    await give(mei, 10)
    await give(bao, 10)

    async def both(first: UUID, second: UUID) -> None:
        async def work() -> None:
            await lock("points", [first, second])
            await give(first, 1)
            await give(second, 1)

        await db.in_transaction(work)

    before = await deadlocks()
    await asyncio.gather(*[both(mei, bao) if n % 2 else both(bao, mei) for n in range(20)])
    assert await deadlocks() == before
    assert await balance("wallet", mei) == await balance("wallet", bao) == 30


# Each promise broken by hand, past the triggers: `verify` must name it.
BREAKS = {
    "entries of each asset sum to zero": "UPDATE entry SET amount = amount + 1 WHERE amount = 7",
    "entries of each transfer sum to zero": "UPDATE entry SET amount = amount + 1 WHERE amount = 7",
    "an account holds the sum of its entries": "UPDATE account SET posted = 8 WHERE posted = 7",
    "an account's versions have no gap": "UPDATE account SET version = 2 WHERE posted = 7",
    "each entry tells the balance after it": "UPDATE entry SET posted_after = 8 WHERE amount = 7",
    "a transfer has entries": "DELETE FROM entry",
    "a reversal undoes the whole transfer for its person": (
        "UPDATE transfer SET reverses = id WHERE kind = 'test'"
    ),
    "an action holds what the ledger posted for it": (
        "INSERT INTO action (id, person, plan, plan_version, kind, happened_at, received_at,"
        " within_cap, outcome, points) SELECT gen_random_uuid(), gen_random_uuid(), 'p', 1, 'k',"
        " now(), now(), true, 'scored', 5"
    ),
    "a settled battle leaves nothing in escrow": (
        "INSERT INTO battle (id, plan, plan_version, rule, kinds, state, starts, cut_off, asset)"
        " SELECT owner, 'p', 1, 'b', '{k}', 'final', now(), now() + interval '1 day', 'points'"
        " FROM account WHERE kind = 'escrow'"
    ),
    "a challenge keeps its bonus until it is decided, and nothing after": (
        "INSERT INTO challenge (id, plan, plan_version, rule, kind, kinds, sides, state, starts,"
        " ends, ended_at) SELECT owner, 'p', 1, 'c', 'contest', '{k}', '{s}', 'paid', now(),"
        " now() + interval '1 day', now() FROM account WHERE kind = 'escrow'"
    ),
    "a standing in a challenge equals its member's scored actions": (
        "WITH c AS (INSERT INTO challenge (id, plan, plan_version, rule, kind, kinds, sides,"
        " state, starts, ends) VALUES (gen_random_uuid(), 'p', 1, 'c', 'contest', '{k}', '{s}',"
        " 'live', now(), now() + interval '1 day') RETURNING id)"
        " INSERT INTO standing (board, person, side, score, reached_at)"
        " SELECT id, gen_random_uuid(), 's', 1, now() FROM c"
    ),
    "an account holds back the sum of its open holds": "UPDATE account SET held = 1 WHERE posted = 7",
    "a captured hold was spent wholly by its transfer": (
        "INSERT INTO hold (id, account, amount, state, reference, resolved_at, capture)"
        " SELECT gen_random_uuid(), a.id, 3, 'captured', 'h', now(), t.id"
        " FROM account a, transfer t WHERE a.posted = 7 LIMIT 1"
    ),
    "a redemption and its hold tell the same": (
        "INSERT INTO redemption (id, reward, person, kind, title, points, took_stock, code,"
        " redeemed_at, expires_at) SELECT gen_random_uuid(), gen_random_uuid(),"
        " gen_random_uuid(), 'gift', '{}', 5, false, 'C', now(), now()"
    ),
    "a standing equals its person's scored actions": (
        "WITH b AS (INSERT INTO battle (id, plan, plan_version, rule, kinds, state, starts,"
        " cut_off, asset) VALUES (gen_random_uuid(), 'p', 1, 'b', '{k}', 'live', now(),"
        " now() + interval '1 day', 'points') RETURNING id)"
        " INSERT INTO standing (board, person, side, score, reached_at)"
        " SELECT id, gen_random_uuid(), 's', 1, now() FROM b"
    ),
}


@pytest.mark.parametrize("promise", CHECKS)
async def test_verify_finds_what_is_broken(promise: str) -> None:
    mei, battle = ids.new_id(), ids.new_id()
    await give(mei, 7)
    await give(mei, 3)
    await post(spend(mei, 3, battle))
    assert await verify() == []

    async def tamper() -> None:
        await db.execute("SET LOCAL session_replication_role = replica")
        await db.execute(BREAKS[promise])

    await db.in_transaction(tamper)
    assert promise in {fault.promise for fault in await verify()}
