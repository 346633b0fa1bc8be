"""What the stages of a lead score: C, B and A as they happen, and back (C1 to C4)."""

from uuid import UUID

import pytest

from server.kit import db
from server.leads import reviewing, stages
from server.ledger.verification import verify
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.field import wallets
from tests.support.leads import COLLEAGUES, PLAN, TUESDAY, report
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")

KINDS = """
[leads.scores]
valid = "client_c"
visiting = "client_b"
deal = "client_a"

[actions.client_c]
title = { zh_Hans = "C 类", zh_Hant = "C 類", en = "Class C" }
points = 1
once_per_customer = 30

[actions.client_b]
title = { zh_Hans = "B 类", zh_Hant = "B 類", en = "Class B" }
points = 5
once_per_customer = 30

[actions.client_a]
title = { zh_Hans = "A 类", zh_Hant = "A 類", en = "Class A" }
points = 30
once_per_customer = 30
"""


async def a_valid_lead(clock: Clock, by: str = "MEI") -> UUID:
    await clock.set(TUESDAY)
    await bring_in([*COLLEAGUES, *DESK])
    await launch(PLAN.format(version=1, checks=20, limit=1000) + KINDS)
    lead = (await report(by)).lead
    await reviewing.review(lead, await person_id("OP"), "valid")
    return lead


async def go(lead: UUID, *steps: str, by: str = "SAL", note: str = "") -> None:
    for step in steps:
        await stages.advance(lead, step, await person_id(by), note)  # type: ignore[arg-type]


async def own(lead: UUID, code: str) -> None:
    await db.execute("UPDATE lead SET owner = $2 WHERE id = $1", lead, await person_id(code))


async def modes() -> dict[str, str]:
    async with db.connection() as one:
        found = await one.fetch("SELECT kind, mode FROM action WHERE outcome = 'scored'")
    return {each["kind"]: each["mode"] for each in found}


async def test_c_b_and_a_come_as_the_lead_goes_on(clock: Clock) -> None:
    lead = await a_valid_lead(clock)
    assert await wallets() == {"MEI": 1}
    await own(lead, "SAL")
    await go(lead, "assigned", "contacted")
    assert await wallets() == {"MEI": 1}, "a call is no class"
    await go(lead, "visiting")
    assert await wallets() == {"MEI": 6}
    await go(lead, "deal", by="OP")
    assert await wallets() == {"MEI": 36}
    assert set((await modes()).values()) == {"handed_over"}
    await go(lead, "lost", by="OP", note="refunded")
    assert await wallets() == {"MEI": 6}, "what was done before the deal stands"
    assert await verify() == []


async def test_a_lead_of_ones_own_is_direct_and_its_visit_is_for_the_desk(clock: Clock) -> None:
    lead = await a_valid_lead(clock, by="SAL")
    await own(lead, "SAL")
    await go(lead, "assigned", "visiting")
    assert await db.value("SELECT outcome FROM action WHERE kind = 'client_b'") == "pending"
    await go(lead, "deal", by="OP")
    assert (await modes())["client_a"] == "direct"
    assert await wallets() == {"SAL": 31}


async def test_a_lead_struck_later_takes_everything_back_and_may_stand_again(clock: Clock) -> None:
    lead = await a_valid_lead(clock)
    await own(lead, "SAL")
    await go(lead, "assigned", "visiting", "deal")
    assert await wallets() == {"MEI": 36}
    await go(lead, "invalid", by="OP", note="no such person")
    assert await wallets() == {}
    reasons = await db.column("SELECT reason FROM action WHERE verdict = 'struck'")
    assert set(reasons) == {"no such person"}
    await go(lead, "valid", by="OP")
    assert await wallets() == {"MEI": 1}
    assert await verify() == []
