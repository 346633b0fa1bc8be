"""Special contributions live: one proposes, another confirms, the day has its sum (C7)."""

import asyncio
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server import wiring
from server.kit import db
from server.ledger.verification import verify
from server.specials import commands as specials
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import FIGHTERS, STARTS, plan_text, wallets
from tests.support.services import Clock
from tests.support.visitor import NewClient, refusal, visit, words

WHY = "两晚守在客户现场"
TEXT = plan_text(battle=False) + "\n[special]\nmost = 100\nper_day = 150\n"


async def prepare(clock: Clock) -> None:
    wiring.wire()
    await clock.set(STARTS)
    await bring_in([*FIGHTERS, *DESK])
    await launch(TEXT)


async def proposed(points: int = 100, by: str = "OP", person: str = "MEI") -> UUID:
    return await specials.propose(
        "field", await person_id(person), points, WHY, await person_id(by)
    )


async def decide(one: UUID, decision: specials.Decision, by: str, note: str = "") -> str:
    """Decide; returns the refusal."""
    try:
        await specials.decide(one, decision, await person_id(by), note)
    except RuleViolation as refused:
        return refused.code
    return ""


async def test_another_person_confirms_and_it_may_be_taken_back(pool: None, clock: Clock) -> None:
    await prepare(clock)
    one = await proposed()
    assert await wallets() == {}, "a proposal gives nothing yet"
    assert await decide(one, "given", "OP") == "special_second"
    assert await decide(one, "given", "FI") == ""
    assert await wallets() == {"MEI": 100}
    assert await decide(one, "given", "AU") == "special_decided"
    assert await decide(one, "taken_back", "FI") == "reason_missing"
    assert await decide(one, "taken_back", "FI", "不是她") == ""
    assert await decide(one, "taken_back", "FI", "不是她") == "special_decided"
    assert await wallets() == {}
    assert await verify() == []
    verbs = await db.column("SELECT verb FROM audit_record WHERE subject = $1", f"special:{one}")
    assert set(verbs) == {"propose_special", "given_special", "taken_back_special"}


async def test_the_day_has_its_sum_though_many_confirm_at_once(pool: None, clock: Clock) -> None:
    await prepare(clock)
    waiting = [await proposed(50, person=code) for code in ("MEI", "BAO", "CHEN", "DAI", "AN")]
    got = await asyncio.gather(*[decide(each, "given", "FI") for each in waiting])
    assert sorted(got) == ["", "", "", "special_day_full", "special_day_full"]
    assert sum((await wallets()).values()) == 150
    await clock.advance(days=1)
    left = waiting[got.index("special_day_full")]
    assert await decide(left, "given", "FI") == ""


async def test_what_is_not_given_says_why_and_is_over(pool: None, clock: Clock) -> None:
    await prepare(clock)
    one = await proposed()
    assert await decide(one, "refused", "AU") == "reason_missing"
    assert await decide(one, "refused", "AU", "本职工作") == ""
    assert await decide(one, "given", "FI") == "special_decided"
    assert await wallets() == {}


@pytest.mark.usefixtures("app")
async def test_two_of_the_desk_give_points_on_the_page(new_client: NewClient, clock: Clock) -> None:
    await prepare(clock)
    op, fi, mei = [await visit(new_client, code) for code in ("OP", "FI", "MEI")]
    form = {"plan": "field", "person": "MEI", "points": "60", "reason": WHY}
    wrong = await op.send("/specials", form | {"points": "1000"}, key="a")
    assert refusal("special_points", most=100) in words(wrong)
    said = await op.sent("/specials", form)
    assert WHY in said
    assert "需要另一位同事确认" in said
    one = await db.value("SELECT id FROM special")
    await fi.sent(f"/specials/{one}", {"decision": "given", "note": ""})
    wallet = await mei.read("/wallet")
    assert "特别贡献" in wallet
    assert WHY in wallet
    entry = await db.value("SELECT id FROM transfer WHERE kind = 'special'")
    told = await mei.read(f"/wallet/{entry}")
    assert "林芳" in told
    assert "方会计" in told
    assert (await mei.client.get("/specials")).status_code == 403
