"""Who follows a lead up: by the rule, by hand, when it was let lie, when somebody leaves (D4, D7)."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest

from game.errors import RuleViolation
from server.kit import db
from server.leads import assignment, stages
from server.leads.clocks import follow_up
from server.people import rights
from tests.support.cast import person_id
from tests.support.follow import BY_HAND, BY_STORE, BY_TAG, open_leads, owner_of, passport_of, valid
from tests.support.leads import TUESDAY, report, stage_of, told
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")


async def refused(work: object) -> str:
    with pytest.raises(RuleViolation) as refusal:
        await work  # type: ignore[misc]
    return refusal.value.code


async def column(lead: UUID, name: str) -> object:
    return await db.value(f"SELECT {name} FROM lead WHERE id = $1", lead)


async def test_valid_leads_go_round_and_start_the_clock_of_the_first_call(clock: Clock) -> None:
    await open_leads(clock)
    leads = [await valid(n) for n in range(6)]
    assert Counter([await owner_of(each) for each in leads]) == {"SAL": 2, "SAL2": 2, "SAL3": 2}
    assert await stage_of(leads[0]) == "assigned"
    assert await passport_of(leads[0]) == ["submitted", "valid", "assigned"]
    assert await column(leads[0], "contact_due") == TUESDAY + timedelta(hours=24)
    assert await told("SAL") == ["lead_yours", "lead_yours"]


async def test_many_valid_at_once_give_nobody_two_turns(clock: Clock) -> None:
    await open_leads(clock)
    leads = [(await report("MEI", f"138123600{n:02d}")).lead for n in range(12)]
    desk = await person_id("OP")
    await asyncio.gather(*(stages.advance(each, "valid", desk) for each in leads))
    assert set(Counter([await owner_of(each) for each in leads]).values()) == {4}


@pytest.mark.parametrize(
    ("assign", "reporter", "tags", "owner"),
    [
        # The reporter's own store is the lead's.
        (BY_STORE, "MEI", ["home"], "SAL2"),
        (BY_TAG, "MEI", ["renovation"], "SAL3"),
        # Whoever brought the customer keeps them, unless the rule names others.
        (BY_TAG, "SAL2", ["home"], "SAL2"),
        (BY_TAG, "SAL2", ["home", "renovation"], "SAL3"),
    ],
)
async def test_a_plan_says_who_knows_a_customer_best(
    clock: Clock, assign: str, reporter: str, tags: list[str], owner: str
) -> None:
    await open_leads(clock, assign)
    assert await owner_of(await valid(1, reporter, tags=tags)) == owner


async def test_by_hand_operations_choose(clock: Clock) -> None:
    await open_leads(clock, BY_HAND)
    lead, desk = await valid(1), await person_id("OP")
    assert (await stage_of(lead), await owner_of(lead)) == ("valid", None)
    assert "lead_unassigned" in await told("OP2")
    for code, why in (("BAO", "owner_not_sales"), ("OP", "owner_not_sales")):
        assert await refused(assignment.assign(lead, await person_id(code), desk)) == why
    await assignment.assign(lead, await person_id("SAL3"), desk, "他熟")
    assert (await stage_of(lead), await owner_of(lead)) == ("assigned", "SAL3")
    assert await column(lead, "unassigned_at") is None
    assert await refused(assignment.assign(lead, await person_id("SAL3"), desk)) == "owner_already"
    await assignment.assign(lead, await person_id("SAL"), desk)
    assert await passport_of(lead) == ["submitted", "valid", "assigned", "reassigned"]
    assert "lead_moved" in await told("SAL3")
    await stages.advance(lead, "lost", desk, "已买")
    assert await refused(assignment.assign(lead, await person_id("SAL3"), desk)) == "lead_not_open"


async def test_who_does_not_call_is_reminded_then_loses_the_lead_and_never_gets_it_back(
    clock: Clock,
) -> None:
    await open_leads(clock)
    lead = await valid(1)
    first = await owner_of(lead)
    await clock.advance(hours=19, minutes=59)
    await follow_up({})
    assert "lead_remind" not in await told(first or "")
    await clock.advance(minutes=1)
    await follow_up({})
    await follow_up({})
    assert (await told(first or "")).count("lead_remind") == 1
    assert await owner_of(lead) == first
    had = [first]
    for _ in range(2):
        await clock.advance(hours=24)
        await follow_up({})
        await follow_up({})
        had.append(await owner_of(lead))
        assert await column(lead, "contact_due") == await clock_now() + timedelta(hours=24)
    assert sorted(each or "" for each in had) == ["SAL", "SAL2", "SAL3"]
    # Three let it lie: from here on a person chooses.
    await clock.advance(hours=24)
    await follow_up({})
    await follow_up({})
    assert await column(lead, "unassigned_at") is not None
    assert await owner_of(lead) == had[-1]
    assert (await passport_of(lead))[3:] == ["late", "reassigned", "late", "reassigned", "late"]
    assert "lead_unassigned" in await told("OP")


async def test_a_call_in_time_stops_the_clock(clock: Clock) -> None:
    await open_leads(clock)
    lead = await valid(1)
    owner = await owner_of(lead)
    await stages.advance(lead, "contacted", await person_id(owner or ""), "约周三到店")
    await clock.advance(days=3)
    await follow_up({})
    assert (await owner_of(lead), await stage_of(lead)) == (owner, "contacted")
    assert await column(lead, "contacted_at") == TUESDAY
    assert "lead_remind" not in await told(owner or "")
    assert "lead_contacted" in await told("MEI")


@pytest.mark.parametrize("how", ["dismissed", "role"])
async def test_who_leaves_hands_everything_over(clock: Clock, how: str) -> None:
    await open_leads(clock)
    leads = [await valid(n) for n in range(6)]
    mine = [each for each in leads if await owner_of(each) == "SAL"]
    leaver, desk = await person_id("SAL"), await person_id("OP")
    await stages.advance(mine[0], "contacted", leaver)
    await clock.advance(hours=2)
    if how == "dismissed":
        await rights.dismiss(leaver, await person_id("AD"), "离职")
    else:
        await rights.set_roles(leaver, frozenset({"finance"}), await person_id("AD"))
    assert {await owner_of(each) for each in mine} <= {"SAL2", "SAL3"}
    assert (await passport_of(mine[0]))[-2:] == ["contacted", "handed_over"]
    # A customer who was reached has no first call to wait for; another one's clock starts anew.
    assert await column(mine[0], "contact_due") == TUESDAY + timedelta(hours=24)
    assert await column(mine[1], "contact_due") == TUESDAY + timedelta(hours=26)
    heir = await owner_of(mine[0])
    assert "lead_handed_over" in await told(heir or "")
    for code in ("SAL2", "SAL3"):
        await rights.dismiss(await person_id(code), await person_id("AD"), "离职")
    assert {await owner_of(each) for each in leads} == {None}
    assert await db.value("SELECT count(*) FROM lead WHERE unassigned_at IS NOT NULL") == 6
    assert await refused(assignment.assign(mine[0], leaver, desk)) == "owner_not_sales"


async def test_a_customer_who_objects_is_called_by_nobody(clock: Clock) -> None:
    await open_leads(clock)
    lead = await valid(1)
    owner = await owner_of(lead)
    await stages.advance(lead, "withdrawn", None, "客户不希望联系")
    assert "lead_stopped" in await told(owner or "")
    assert "lead_withdrawn" in await told("MEI")
    assert await column(lead, "protected") is None
    await clock.advance(days=2)
    await follow_up({})
    assert (await passport_of(lead))[-1] == "withdrawn"


async def clock_now() -> object:
    return await db.value("SELECT leitai_clock()")
