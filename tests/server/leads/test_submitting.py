"""Submitting leads: kept at once, one per customer, the later one told kindly (D1, D2, D6)."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest

from game.errors import RuleViolation
from server.actions.customers import customer_key
from server.kit import crypto, db
from server.leads import blacklist, checks, commands, reviewing, watching
from server.leads.commands import Received
from tests.support.cast import bring_in, person_id
from tests.support.leads import TUESDAY, report, said, stage_of, take_leads, told
from tests.support.services import Clock

pytestmark = pytest.mark.usefixtures("app")
PHONE, OTHER = "13812340001", "13812340002"
RACERS = 50
DAYS = timedelta(days=1)


async def refused(work: object) -> str:
    with pytest.raises(RuleViolation) as refusal:
        await work  # type: ignore[misc]
    return refusal.value.code


async def test_a_lead_is_kept_with_its_first_step_and_its_reporter_is_thanked(clock: Clock) -> None:
    await take_leads(clock)
    got = await report("MEI", note="  周末想看样板间 ", channel="friend", captured_at=TUESDAY)
    assert (got.stage, got.is_held, got.until) == ("submitted", False, None)
    row = await db.value("SELECT to_jsonb(l) FROM lead l WHERE id = $1", got.lead)
    assert (row["name"], row["note"], row["tags"]) == ("周女士", "周末想看样板间", ["home"])
    assert (row["door"], row["consent"], row["channel"]) == ("form", "reporter", "friend")
    assert row["review_due"] == (TUESDAY + DAYS).isoformat()
    store = await db.value("SELECT name FROM unit WHERE id = $1", UUID(row["store"]))
    assert store == "滨江店"
    assert await db.column("SELECT step FROM lead_step WHERE lead = $1", got.lead) == ["submitted"]
    assert await told("MEI") == ["lead_thanks"]


async def test_no_phone_is_kept_in_clear(clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    for table in ("lead", "lead_step", "customer", "notice", "audit_record", "pgqueuer", "command"):
        found = await db.column(f"SELECT t::text FROM {table} t WHERE t::text LIKE '%13812340001%'")
        assert found == [], table


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "  "}, "lead_name_missing"),
        ({"name": "周" * 41}, "lead_name_long"),
        ({"note": "长" * 501}, "note_too_long"),
        ({"tags": ["villa"]}, "need_unknown"),
        ({"channel": "radio"}, "channel_unknown"),
        ({"agrees": False}, "agreement_missing"),
        ({"plan": "none"}, "leads_closed"),
        ({"phone": "12345"}, "phone_unreadable"),
    ],
)
async def test_what_can_be_no_lead_is_refused_and_leaves_nothing(
    clock: Clock, changed: dict[str, object], code: str
) -> None:
    await take_leads(clock)
    assert await refused(report("MEI", **changed)) == code
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_the_second_reporter_learns_until_when_and_never_whose(clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    await clock.advance(days=3)
    second = await report("BAO", "+86 138-1234-0001")
    assert (second.stage, second.until) == ("duplicate", TUESDAY + 30 * DAYS)
    assert await told("BAO") == ["lead_taken"]
    facts = await db.value("SELECT facts FROM notice WHERE kind = 'lead_taken'")
    assert facts == {"name": "周女士", "until": (TUESDAY + 30 * DAYS).isoformat()}
    assert await refused(report("MEI")) == "lead_already_yours"
    assert (await report("MEI", OTHER)).stage == "submitted"


async def test_protection_is_half_open_and_then_another_has_the_customer(clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    await clock.set(TUESDAY + 30 * DAYS - timedelta(microseconds=1))
    assert (await report("BAO")).stage == "duplicate"
    await clock.set(TUESDAY + 30 * DAYS)
    assert (await report("CHEN")).stage == "submitted"


async def once_there_is_room(person: UUID) -> Received:
    """Report as a phone does: a server that is held up is asked again."""
    while True:
        try:
            return await commands.submit(person, PHONE, said())
        except asyncpg.LockNotAvailableError:
            continue


@pytest.mark.parametrize("is_known", [False, True])
async def test_fifty_submitters_of_one_phone_have_one_accepted_lead(
    clock: Clock, *, is_known: bool
) -> None:
    await take_leads(clock)
    await bring_in([(f"R{n}", f"同事{n}", "staff", "华东/仓库", "", "") for n in range(RACERS)])
    people = await db.column("SELECT id FROM person WHERE code ~ '^R[0-9]+$'")
    if is_known:
        # Whoever writes the customer down first holds up the rest; here that is done already.
        await customer_key(crypto.normal_phone(PHONE))

    got = await asyncio.gather(*(once_there_is_room(each) for each in people))

    assert Counter(each.stage for each in got) == {"submitted": 1, "duplicate": RACERS - 1}
    places = await db.column("SELECT count(*) FROM lead WHERE protected IS NOT NULL")
    assert places == [1]
    assert len({each.until for each in got if each.until}) == 1


async def test_the_constraint_holds_whatever_the_code_believes(clock: Clock) -> None:
    await take_leads(clock)
    first = await report("MEI")
    second = await report("BAO")
    with pytest.raises(Exception, match="lead_customer_once"):
        await db.execute(
            "UPDATE lead SET protected = (SELECT protected FROM lead WHERE id = $1) WHERE id = $2",
            first.lead, second.lead,
        )  # fmt: skip


async def test_the_sixth_of_a_device_waits_and_takes_nobodys_place(clock: Clock) -> None:
    await take_leads(clock, limit=5)
    got = await asyncio.gather(
        *(report("MEI", f"1381235{n:04d}", device="d" * 64) for n in range(12))
    )
    assert Counter(each.is_held for each in got) == {False: 5, True: 7}
    assert await db.value("SELECT count(*) FROM lead WHERE protected IS NOT NULL") == 5
    held = next(at for at, each in enumerate(got) if each.is_held)
    assert (await report("BAO", f"1381235{held:04d}")).stage == "submitted"


async def test_a_number_is_checked_without_saying_whose_it_is(clock: Clock) -> None:
    await take_leads(clock, checks=5)
    await report("MEI")
    await clock.advance(days=17, hours=1)
    bao, mei = await person_id("BAO"), await person_id("MEI")
    taken = await checks.check(bao, PHONE)
    assert (taken.state, taken.days, taken.until) == ("taken", 13, TUESDAY + 30 * DAYS)
    assert (await checks.check(mei, PHONE)).state == "own"
    assert (await checks.check(bao, OTHER)).state == "free"
    await blacklist.add(OTHER, "同行", await person_id("OP"))
    assert (await checks.check(bao, OTHER)).state == "blacklisted"
    assert await refused(checks.check(bao, "123")) == "phone_unreadable"
    for _ in range(2):
        await checks.check(bao, OTHER)
    assert await refused(checks.check(bao, OTHER)) == "too_many_checks"
    assert (await checks.check(mei, PHONE)).state == "own"
    await clock.advance(days=1)
    assert (await checks.check(bao, PHONE)).state == "taken"


async def test_checks_are_counted_exactly_in_a_race(clock: Clock) -> None:
    await take_leads(clock, checks=5)
    bao = await person_id("BAO")

    async def ask() -> str:
        try:
            return (await checks.check(bao, PHONE)).state
        except RuleViolation as refusal:
            return refusal.code

    came = Counter(await asyncio.gather(*(ask() for _ in range(20))))
    assert came == {"free": 5, "too_many_checks": 15}


async def test_a_blacklisted_number_is_refused_until_it_is_taken_off(clock: Clock) -> None:
    await take_leads(clock)
    op = await person_id("OP")
    await blacklist.add(PHONE, "同行刺探", op)
    assert await refused(report("MEI")) == "customer_blacklisted"
    [one] = await blacklist.listed("", 0)
    assert (one.shown, one.reason, one.added_by) == ("138****0001", "同行刺探", "林芳")
    assert await blacklist.listed(OTHER, 0) == []
    assert await refused(blacklist.remove(one.customer, " ", op)) == "reason_missing"
    await blacklist.remove(one.customer, "弄错了", op)
    assert await refused(blacklist.remove(one.customer, "再来", op)) == "not_blacklisted"
    assert (await report("MEI")).stage == "submitted"
    verbs = await db.column("SELECT verb FROM audit_record WHERE subject LIKE 'customer:%'")
    assert sorted(verbs) == ["blacklist", "unblacklist"]


async def test_who_watches_is_told_when_protection_ends_and_wins_with_one_tap(clock: Clock) -> None:
    await take_leads(clock)
    await report("MEI")
    second = await report("BAO", note="邻居", channel="friend")
    bao = await person_id("BAO")
    await watching.watch(second.lead, bao)
    await watching.watch(second.lead, bao)
    assert await watching.tell() == 0
    assert await refused(commands.again(second.lead, bao, said())) == "still_taken"
    await clock.set(TUESDAY + 30 * DAYS)
    await watching.sweep({})
    assert (await told("BAO")).count("lead_free") == 1
    assert await watching.tell() == 0

    third = await commands.again(second.lead, bao, said())

    assert third.stage == "submitted"
    row = await db.value("SELECT to_jsonb(l) FROM lead l WHERE id = $1", third.lead)
    assert (row["note"], row["channel"], row["again_of"]) == ("邻居", "friend", str(second.lead))
    assert await refused(commands.again(second.lead, bao, said())) == "lead_already_yours"


async def test_nobody_else_watches_or_reports_again(clock: Clock) -> None:
    await take_leads(clock)
    first = await report("MEI")
    second = await report("BAO")
    chen, mei = await person_id("CHEN"), await person_id("MEI")
    assert await refused(watching.watch(second.lead, chen)) == "lead_unknown"
    assert await refused(watching.watch(first.lead, mei)) == "lead_unknown"
    assert await refused(commands.again(second.lead, chen, said())) == "lead_unknown"


async def test_a_lead_that_is_not_valid_frees_its_customer_at_once(clock: Clock) -> None:
    await take_leads(clock)
    first = await report("MEI")
    second = await report("BAO")
    await watching.watch(second.lead, await person_id("BAO"))
    await reviewing.review(first.lead, await person_id("OP"), "invalid", "号码停机")

    assert await stage_of(first.lead) == "invalid"
    assert (await told("BAO")).count("lead_free") == 1
    assert await told("MEI") == ["lead_invalid", "lead_thanks"]
    assert (await commands.again(second.lead, await person_id("BAO"), said())).stage == "submitted"
