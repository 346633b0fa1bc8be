"""Holds beside a model in plain Python, and in every order two sessions can step (P1 to P3, P9)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, assume
from hypothesis import settings as bounds
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from game import ledger as postings
from game.battles import Member
from game.errors import RuleViolation
from game.ledger import award, land
from server.config import Settings
from server.kit import db, ids
from server.ledger import commands, queries
from server.ledger.commands import Transfer
from server.ledger.holds import Capture, capture, hold, release
from server.ledger.verification import CHECKS, verify
from tests.support.field import TIMES, commanding
from tests.support.interleaver import Interleaver, Step, connections, schedules

PROMISES = " UNION ALL ".join(f"({sql})" for sql in CHECKS.values())
people = st.integers(0, 2)
amounts = st.integers(1, 30)
seeds = st.integers(0, 10**6)


@dataclass
class Purse:
    """What the model knows of a person: in the wallet, of it held, and owed."""

    posted: int = 0
    held: int = 0
    owed: int = 0

    def credit(self, amount: int) -> None:
        on_wallet, on_debt = land(amount, self.posted - self.held, self.owed)
        self.posted += on_wallet
        self.owed -= on_debt

    @property
    def available(self) -> int:
        return self.posted - self.held - self.owed


@dataclass
class Held:
    """A hold of the model."""

    id: UUID
    person: int
    amount: int
    state: str = "open"
    transfer: UUID | None = None


class Counter(RuleBasedStateMachine):
    """Three people who earn, lose, stake, hold, capture and release, and repeat themselves."""

    run: ClassVar[Callable[[Any], Any]]

    @initialize()
    def begin(self) -> None:
        self.run(db.execute("SELECT reset_all()"))
        self.people = [ids.new_id() for _ in range(3)]
        self.purses = [Purse() for _ in self.people]
        self.holds: list[Held] = []
        self.redeemed = 0

    def past(self, seed: int) -> Held:
        assume(self.holds)
        return self.holds[seed % len(self.holds)]

    @rule(person=people, amount=st.integers(-40, 40).filter(bool))
    def award_or_strike(self, person: int, amount: int) -> None:
        self.run(commands.post(given(self.people[person], amount)))
        self.purses[person].credit(amount)

    @rule(person=people, amount=amounts)
    def stake(self, person: int, amount: int) -> None:
        purse = self.purses[person]
        is_there = amount <= purse.posted - purse.held
        said = self.run(answer(commands.post(staked(self.people[person], amount))))
        assert said == (True if is_there else "not_covered")
        purse.posted -= amount * is_there

    @rule(person=people, amount=amounts)
    def hold(self, person: int, amount: int) -> None:
        purse, one = self.purses[person], Held(ids.new_id(), person, amount)
        is_there = amount <= purse.available
        said = self.run(answer(hold(one.id, self.people[person], "points", amount, str(one.id))))
        assert said == (True if is_there else "not_covered")
        if is_there:
            purse.held += amount
            self.holds.append(one)

    @rule(seed=seeds, more=st.integers(0, 1))
    def hold_again(self, seed: int, more: int) -> None:
        one = self.past(seed)
        again = hold(one.id, self.people[one.person], "points", one.amount + more, str(one.id))
        assert self.run(answer(again)) == ("idempotency_mismatch" if more else False)

    @rule(seed=seeds, same=st.booleans())
    def capture(self, seed: int, same: bool) -> None:
        one = self.past(seed)
        transfer = one.transfer if same and one.transfer else ids.new_id()
        said = self.run(answer(capture(one.id, spending(transfer))))
        if one.state == "open":
            assert said is True
            one.state, one.transfer = "captured", transfer
            self.purses[one.person].posted -= one.amount
            self.purses[one.person].held -= one.amount
            self.redeemed += one.amount
        else:
            assert said == (False if transfer == one.transfer else "hold_resolved")

    @rule(seed=seeds)
    def release(self, seed: int) -> None:
        one = self.past(seed)
        assert self.run(release(one.id)) is (one.state == "open")
        if one.state == "open":
            one.state = "released"
            self.purses[one.person].held -= one.amount

    @invariant()
    def the_database_says_what_the_model_says(self) -> None:
        found = self.run(purses(self.people))
        assert found == [(each.posted, each.held, each.owed) for each in self.purses]
        assert self.run(taken()) == self.redeemed

    @invariant()
    def every_promise_holds(self) -> None:
        assert self.run(db.column(PROMISES)) == []


async def answer(work: Any) -> bool | str:
    try:
        return bool(await work)
    except RuleViolation as refusal:
        return refusal.code


async def purses(owners: list[UUID]) -> list[tuple[int, int, int]]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT owner, coalesce(sum(posted) FILTER (WHERE kind = 'wallet'), 0)::bigint AS posted,"
            " sum(held)::bigint AS held,"
            " coalesce(-sum(posted) FILTER (WHERE kind = 'debt'), 0)::bigint AS owed"
            " FROM account WHERE kind IN ('wallet', 'debt') GROUP BY owner"
        )
    by_owner = {row["owner"]: (row["posted"], row["held"], row["owed"]) for row in found}
    return [by_owner.get(owner, (0, 0, 0)) for owner in owners]


async def taken() -> int:
    found = await db.value(
        "SELECT coalesce(sum(e.amount), 0)::bigint FROM entry e"
        " JOIN account a ON a.id = e.account WHERE a.kind = 'redeemed'"
    )
    return int(found)


def given(person: UUID, points: int) -> Transfer:
    new = ids.new_id()
    return Transfer(
        id=new, kind="award", reference=str(new), actor=None, facts={},
        posting=award(str(person), points),
    )  # fmt: skip


def staked(person: UUID, points: int) -> Transfer:
    new = ids.new_id()
    member = Member(str(person), "一队", "staff", points)
    return Transfer(
        id=new, kind="test", reference=str(new), actor=None, facts={},
        posting=postings.stake(str(new), member, "points", "member"),
    )  # fmt: skip


def spending(transfer: UUID) -> Capture:
    return Capture(id=transfer, kind="redemption", reference=str(transfer), actor=None, facts={})


def test_holds_are_what_their_model_says(settings: Settings) -> None:
    with commanding(settings) as run:
        Counter.run = staticmethod(run)
        run_state_machine_as_test(
            Counter,
            settings=bounds(
                max_examples=15 * TIMES,
                stateful_step_count=25,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


@pytest.fixture
async def interleaver(pool: None, settings: Settings) -> AsyncIterator[Interleaver]:
    made = await connections(settings.database_url or "", 3)
    yield Interleaver(*made)
    for each in made:
        await each.close()


async def test_a_strike_takes_what_is_not_held_and_leaves_a_debt(pool: None) -> None:
    mei, one = ids.new_id(), ids.new_id()
    await commands.post(given(mei, 100))
    await hold(one, mei, "points", 80, "gift")
    await commands.post(given(mei, -50))
    balance = (await queries.balances(mei))["points"]
    assert (balance.available, balance.held, balance.debt) == (-30, 80, 30)
    assert await answer(hold(ids.new_id(), mei, "points", 1, "more")) == "not_covered"
    assert await release(one)
    assert await queries.available(mei, "points") == 50
    assert await answer(hold(ids.new_id(), mei, "points", 51, "over")) == "not_covered"
    assert await hold(ids.new_id(), mei, "points", 50, "all")
    assert await verify() == []


async def test_sixteen_ends_of_one_hold_are_one_end(pool: None) -> None:
    for _ in range(8):
        mei, one = ids.new_id(), ids.new_id()
        await commands.post(given(mei, 10))
        await hold(one, mei, "points", 10, str(one))
        ends = [
            answer(release(one) if turn % 2 else capture(one, spending(ids.new_id())))
            for turn in range(16)
        ]
        assert (await asyncio.gather(*ends)).count(True) == 1
        [(posted, held, _)] = await purses([mei])
        assert (posted, held) in {(0, 0), (10, 0)}
    assert await verify() == []


HOLD = "SELECT hold_open($1, $2, 'points', $3, $4, NULL)"
STAKE = """SELECT ledger_post($1, 'stake', $4, NULL, '{}', NULL, 'points',
ARRAY['wallet', 'escrow'], ARRAY[$2, $1]::uuid[], ARRAY[-$3::bigint, $3], '{}', '{}')"""


def taking(sql: str, person: UUID) -> list[Step]:
    """The statements by which somebody's 100 points are taken, by a hold or by a stake."""
    see = "SELECT sum(posted - held)::bigint FROM account WHERE owner = $1"
    new = ids.new_id()
    return [("BEGIN",), (see, person), (sql, new, person, 100, str(new)), ("COMMIT",)]


@pytest.mark.parametrize("other", [HOLD, STAKE], ids=["hold", "stake"])
async def test_the_same_points_are_taken_once_in_every_order(
    interleaver: Interleaver, other: str
) -> None:
    for schedule in schedules(4, 4):
        mei = ids.new_id()
        await commands.post(given(mei, 100))
        first, second = await interleaver.play(schedule, (taking(HOLD, mei), taking(other, mei)))
        done = [each.answers[-2] for each in (first, second) if each.error is None]
        assert len([said for said in done if said == "created"]) == 1, (schedule, done)
        assert await queries.available(mei, "points") == 0, schedule
    assert await verify() == []


async def test_a_debt_is_not_held_past_in_any_order(interleaver: Interleaver) -> None:
    for schedule in schedules(4, 4):
        mei, one = ids.new_id(), ids.new_id()
        await commands.post(given(mei, 200))
        await hold(one, mei, "points", 200, str(one))
        await commands.post(given(mei, -100))
        await release(one)
        # 200 lie in the wallet and 100 are owed: one of the two is covered.
        first, second = await interleaver.play(schedule, (taking(HOLD, mei), taking(HOLD, mei)))
        said = sorted(str(each.answers[-2]) for each in (first, second))
        assert said == ["created", "not_covered"], schedule
        assert await queries.available(mei, "points") == 0, schedule
    assert await verify() == []


def ending(sql: str, *arguments: Any) -> list[Step]:
    return [("BEGIN",), ("SELECT state FROM hold WHERE id = $1", arguments[0]),
            (sql, *arguments), ("COMMIT",)]  # fmt: skip


async def test_a_hold_is_captured_or_released_never_both_in_every_order(
    interleaver: Interleaver,
) -> None:
    for schedule in schedules(4, 4):
        mei, one = ids.new_id(), ids.new_id()
        await commands.post(given(mei, 100))
        await hold(one, mei, "points", 100, str(one))
        spent = "SELECT hold_capture($1, $2, 'redemption', $3, NULL, '{}')"
        first, second = await interleaver.play(
            schedule,
            (ending(spent, one, ids.new_id(), str(one)), ending("SELECT hold_release($1)", one)),
        )
        assert [first.error, second.error] == [None, None]
        said = {first.answers[2], second.answers[2]}
        assert said in ({"captured", "resolved"}, {"released", "resolved"}), schedule
        assert await queries.available(mei, "points") == (100 if "released" in said else 0)
    assert await verify() == []
