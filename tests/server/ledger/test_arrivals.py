"""G8: who got a reward and was not told of it is told within the working day."""

from typing import Any
from uuid import UUID

import pytest

from game import ledger as postings
from server.kit import db, ids
from server.ledger import arrivals, commands
from server.ledger.commands import Transfer
from server.notifications.notices import notify
from tests.support.cast import DESK, bring_in, person_id
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("pool")
TITLE = {"zh_Hans": "六月擂台", "zh_Hant": "六月擂台", "en": "Battle of June"}


@pytest.fixture
async def lin(pool: None, clock: Clock) -> UUID:
    await bring_in(DESK)
    await clock.set(await clock.now())
    return await person_id("OP")


async def reward(person: UUID, kind: str = "payout", points: int = 1200) -> UUID:
    made = ids.new_id()
    posting = postings.award(str(person), points)
    facts = {"title": TITLE}
    await commands.post(
        Transfer(id=made, kind=kind, reference=str(made), actor=None, facts=facts, posting=posting)
    )
    return made


async def told() -> list[tuple[str, dict[str, Any], str]]:
    async with db.connection() as one:
        found = await one.fetch("SELECT kind, facts, href FROM notice ORDER BY id")
    return [(each["kind"], each["facts"], each["href"]) for each in found]


async def test_an_untold_reward_is_told_once(lin: UUID, clock: Clock) -> None:
    made = await reward(lin)
    await clock.advance(minutes=9)
    for _ in range(2):
        await arrivals.sweep({})
    [(kind, facts, href)] = await told()
    assert (kind, href) == ("reward_arrived", f"/wallet/{made}")
    assert facts == {
        "title": TITLE,
        "sum": {"zh_Hans": "1,200 分", "zh_Hant": "1,200 分", "en": "1,200 points"},
    }


async def test_what_told_of_it_itself_is_left_alone(lin: UUID, clock: Clock) -> None:
    @db.command
    async def give() -> None:
        await reward(lin, "bonus")
        facts = {"title": TITLE, "sum": "1"}
        await notify([lin], "bonus_arrived", "challenge:1", facts, "/challenges")

    await give()
    await clock.advance(minutes=9)
    await arrivals.sweep({})
    assert [kind for kind, *_ in await told()] == ["bonus_arrived"]
    await reward(lin)
    await clock.advance(minutes=9)
    await arrivals.sweep({})
    assert [kind for kind, *_ in await told()] == ["bonus_arrived", "reward_arrived"]


async def test_news_of_somebody_else_tells_nobody(lin: UUID, clock: Clock) -> None:
    await reward(lin)
    other = await person_id("AU")
    await notify([other], "bonus_arrived", "challenge:1", {"title": "", "sum": ""}, "/")
    await clock.advance(minutes=9)
    await arrivals.sweep({})
    assert len(await told()) == 2


@pytest.mark.parametrize("kind", ["award", "stake_back", "referral_back"])
async def test_ordinary_lines_of_a_statement_are_no_rewards(
    lin: UUID, clock: Clock, kind: str
) -> None:
    await reward(lin, kind)
    await clock.advance(minutes=9)
    await arrivals.sweep({})
    assert await told() == []


async def test_a_reward_taken_back_meanwhile_is_not_told(lin: UUID, clock: Clock) -> None:
    made = await reward(lin)
    posting = postings.award(str(lin), -1200)
    await commands.post(
        Transfer(
            id=ids.new_id(), kind="payout_back", reference="1", actor=None, facts={},
            posting=posting, reverses=made,
        )
    )  # fmt: skip
    await clock.advance(minutes=9)
    await arrivals.sweep({})
    assert await told() == []


async def test_old_rewards_are_no_news(lin: UUID, clock: Clock) -> None:
    await reward(lin)
    await clock.advance(days=8)
    await arrivals.sweep({})
    assert await told() == []
