"""Every order in which two sessions can step, on the real server (P3)."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from game.ledger import award
from server.config import Settings
from server.kit import db, ids
from server.ledger import commands
from server.ledger.commands import Transfer
from server.ledger.verification import verify
from tests.support.interleaver import Interleaver, Step, connections, schedules

POST = """SELECT ledger_post($1, 'stake', $2, NULL, '{}', NULL, 'points',
ARRAY['wallet', 'escrow'], ARRAY[$3, $4]::uuid[], ARRAY[-$5::bigint, $5], '{}', '{}')"""


@pytest.fixture
async def interleaver(pool: None, settings: Settings) -> AsyncIterator[Interleaver]:
    made = await connections(settings.database_url or "", 3)
    yield Interleaver(*made)
    for each in made:
        await each.close()


def staking(person: UUID, battle: UUID, amount: int) -> list[Step]:
    """The statements by which a member stakes: gate, what is there, the stake, its end."""
    new = ids.new_id()
    return [
        ("BEGIN",),
        ("SELECT plan_gate($1, false)", str(battle)),
        ("SELECT coalesce(sum(posted), 0)::bigint FROM account WHERE owner = $1", person),
        (POST, new, str(new), person, battle, amount),
        ("COMMIT",),
    ]


def given(person: UUID, points: int) -> Transfer:
    new = ids.new_id()
    return Transfer(
        id=new, kind="award", reference=str(new), actor=None, facts={},
        posting=award(str(person), points),
    )  # fmt: skip


async def test_one_wallet_pays_one_of_two_stakes_in_all_252_orders(
    interleaver: Interleaver,
) -> None:
    played = waited = 0
    for schedule in schedules(5, 5):
        mei, pots = ids.new_id(), [ids.new_id(), ids.new_id()]
        await commands.post(given(mei, 100))
        ends = await interleaver.play(
            schedule, (staking(mei, pots[0], 100), staking(mei, pots[1], 100))
        )
        errors = [each.error for each in ends if each.error is not None]
        assert len(errors) == 1, f"{schedule}: {errors}"
        assert isinstance(errors[0], asyncpg.CheckViolationError), schedule
        assert await held(mei, *pots) == {"wallet": 0, "escrow": 100}, schedule
        played += 1
        waited += any(each.waited for each in ends)
    assert played == 252
    assert waited > 100, "sessions that never meet say nothing"
    assert await verify() == []


async def held(person: UUID, *pots: UUID) -> dict[str, int]:
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT kind, sum(posted)::bigint AS amount FROM account"
            " WHERE owner = ANY ($1::uuid[]) AND kind IN ('wallet', 'escrow') GROUP BY kind",
            [person, *pots],
        )
    return {each["kind"]: each["amount"] for each in found}
