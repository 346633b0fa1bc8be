"""Leads to follow up in tests: who of the sales there are, and leads that were found valid."""

from uuid import UUID

from server.kit import db
from server.leads import reviewing
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.leads import COLLEAGUES, PLAN, TUESDAY, report
from tests.support.services import Clock

SALES = [
    ("SAL2", "苏珊", "staff", "华东/滨江店", "", "sales"),
    ("SAL3", "宋伟", "staff", "华西/销售", "", "sales"),
    ("SVC", "客小服", "staff", "总部/客服", "", "service"),
]
IN_TURN = '{ by = "round_robin", most = 3 }'
BY_STORE = '{ by = "store" }'
BY_TAG = '{ by = "tag", tags = { renovation = "华西/销售" } }'
BY_HAND = '{ by = "hand" }'


async def open_leads(clock: Clock, assign: str = IN_TURN) -> None:
    """Bring the company in, with three of the sales, and launch a plan with a rule."""
    await clock.set(TUESDAY)
    await bring_in([*COLLEAGUES, *SALES, *DESK])
    plan = PLAN.format(version=1, checks=20, limit=1000)
    await launch(plan.replace('{ by = "hand" }', assign))


async def valid(phone: int, reporter: str = "MEI", **more: object) -> UUID:
    """A lead that the desk found valid; returns its id."""
    got = await report(reporter, f"1381235{phone:04d}", **more)
    await reviewing.review(got.lead, await person_id("OP"), "valid")
    return got.lead


async def owner_of(lead: UUID) -> str | None:
    """The code of whoever follows a lead up."""
    return await db.value(
        "SELECT p.code FROM lead l JOIN person p ON p.id = l.owner WHERE l.id = $1", lead
    )


async def passport_of(lead: UUID) -> list[str]:
    """The steps of a lead."""
    return list(await db.column("SELECT step FROM lead_step WHERE lead = $1 ORDER BY id", lead))
