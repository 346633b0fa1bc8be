"""The ledger beside its oracle: any commands in any order end the same (P1, P2)."""

from collections.abc import Callable
from typing import Any, ClassVar

import asyncpg
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
from msgspec.structs import replace

from game import ledger as postings
from game.battles import Member
from game.errors import RuleViolation
from game.ledger import Leg, Posting, award
from server.config import Settings
from server.kit import db, ids
from server.ledger import commands
from server.ledger.commands import Transfer
from server.ledger.verification import CHECKS, verify
from tests.support.field import TIMES, commanding
from tests.support.oracle import Account, Ledger

SEQUENCES = 25 * TIMES
STEPS = 30
# After each step in one round trip; `verify` itself speaks at the end of each sequence.
PROMISES = " UNION ALL ".join(f"({sql})" for sql in CHECKS.values())

people = st.integers(0, 3)
pots = st.integers(0, 1)
assets = st.sampled_from(["points", "cash"])
amounts = st.integers(1, 40) | st.integers(1, 10**12)
seeds = st.integers(0, 10**6)


class Books(RuleBasedStateMachine):
    """Four people and two battles that issue, strike, stake, pay, refund and repeat themselves."""

    run: ClassVar[Callable[[Any], Any]]

    @initialize()
    def begin(self) -> None:
        self.run(db.execute("SELECT reset_all()"))
        self.oracle = Ledger()
        self.people = [ids.new_id() for _ in range(4)]
        self.pots = [ids.new_id() for _ in range(2)]

    def post(self, posting: Posting, kind: str = "test", **given: Any) -> None:
        new = ids.new_id()
        fields = {"id": new, "reference": str(new), "actor": None, "facts": {}}
        self.compare(Transfer(**(fields | given), kind=kind, posting=posting))

    def compare(self, transfer: Transfer) -> None:
        assert self.run(answer(transfer)) == self.oracle.post(transfer)

    def past(self, seed: int) -> Transfer:
        """Some transfer that was posted before."""
        posted = list(self.oracle.transfers.values())
        assume(posted)
        return posted[seed % len(posted)]

    @rule(person=people, amount=amounts)
    def issue(self, person: int, amount: int) -> None:
        self.post(award(str(self.people[person]), amount))

    @rule(person=people, amount=amounts)
    def strike(self, person: int, amount: int) -> None:
        self.post(award(str(self.people[person]), -amount))

    @rule(person=people, pot=pots, amount=amounts, asset=assets, own=st.booleans())
    def stake(self, person: int, pot: int, amount: int, asset: Any, own: bool) -> None:
        member = Member(str(self.people[person]), "一队", "staff", amount)
        funder = "member" if own else "company"
        self.post(postings.stake(str(self.pots[pot]), member, asset, funder))

    @rule(pot=pots, amount=amounts, asset=assets)
    def sponsor(self, pot: int, amount: int, asset: Any) -> None:
        self.post(postings.sponsor(str(self.pots[pot]), asset, amount), "sponsor")

    @rule(pot=pots, asset=assets, weights=st.lists(st.integers(0, 5), min_size=4, max_size=4))
    def pay(self, pot: int, asset: Any, weights: list[int]) -> None:
        """Empty an escrow, or more than it holds when the weights say so."""
        owner = self.pots[pot]
        total = self.oracle.balances["escrow", owner, asset]
        assume(total)
        parts = [total * weight // max(1, sum(weights)) for weight in weights]
        parts[0] += total - sum(parts) + (weights[0] == 5)
        due = {str(person): part for person, part in zip(self.people, parts, strict=True) if part}
        self.post(Posting(asset, (Leg("escrow", str(owner), -sum(due.values())),), due))

    @rule(seed=seeds)
    def repeat(self, seed: int) -> None:
        self.compare(self.past(seed))

    @rule(seed=seeds, facts=st.dictionaries(st.sampled_from("ab"), st.integers(), min_size=1))
    def repeat_with_another_body(self, seed: int, facts: dict[str, int]) -> None:
        self.compare(replace(self.past(seed), facts=facts))

    @rule(seed=seeds)
    def take_a_reference_again(self, seed: int) -> None:
        self.compare(replace(self.past(seed), id=ids.new_id()))

    @rule(seed=seeds)
    def reverse(self, seed: int) -> None:
        past = self.past(seed)
        undone = {name: -amount for name, amount in past.posting.credits.items()}
        legs = tuple(Leg(leg.account, leg.owner, -leg.amount) for leg in past.posting.legs)
        self.post(Posting(past.posting.asset, legs, undone), "reversal", reverses=past.id)

    @invariant()
    def the_database_says_what_the_oracle_says(self) -> None:
        assert self.run(balances()) == (self.oracle.carried(), self.oracle.entries)

    @invariant()
    def every_promise_holds(self) -> None:
        assert self.run(db.column(PROMISES)) == []

    def teardown(self) -> None:
        assert self.run(verify()) == []


async def answer(transfer: Transfer) -> str:
    """What the database says to a transfer, in the words of the oracle."""
    try:
        return "created" if await commands.post(transfer) else "exists"
    except RuleViolation as error:
        return error.code
    except asyncpg.UniqueViolationError:
        return "taken"


async def balances() -> tuple[dict[Account, int], int]:
    """Every account that has something, and the number of entries."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT kind, owner, asset, posted, (SELECT count(*) FROM entry) AS entries FROM account"
        )
    held = {(row["kind"], row["owner"], row["asset"]): row["posted"] for row in found}
    entries = found[0]["entries"] if found else 0
    return {account: balance for account, balance in held.items() if balance}, entries


def test_the_ledger_is_what_its_oracle_says(settings: Settings) -> None:
    with commanding(settings) as run:
        Books.run = staticmethod(run)
        run_state_machine_as_test(Books, settings=_bounds())


def _bounds() -> bounds:
    return bounds(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
