"""Badges are awarded by what stands, once, and fall with the fact they rest on (F1)."""

import asyncio
from datetime import timedelta

import pytest

from server import wiring
from server.actions import commands as actions
from server.badges import commands
from server.badges.verification import verify
from server.battles import commands as battles
from server.kit import db
from server.ledger import verification as ledger
from server.people import rights
from tests.support.badges import badges_text, held, news, open_badges, open_battle, recount
from tests.support.cast import launch, person_id
from tests.support.field import STARTS, act, begin, close, plan_text
from tests.support.services import Clock


@pytest.fixture(autouse=True)
def _wired(pool: None) -> None:
    wiring.wire()


async def rows(code: str) -> list[tuple[str, str, bool]]:
    """Every award of a person, taken back or not, oldest first."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT badge, tier, revoked_at IS NOT NULL AS gone FROM badge_award"
            " WHERE person = $1 ORDER BY id",
            await person_id(code),
        )
    return [(each["badge"], each["tier"], each["gone"]) for each in found]


async def test_a_tier_is_awarded_when_the_action_is_accepted(clock: Clock) -> None:
    await open_badges(clock, "caller")
    waiting = await act("MEI", by=None)
    assert await held() == {}
    await actions.decide(waiting, await person_id("OP"), "accepted")
    assert await held() == {"MEI": {"caller bronze"}}
    await act("MEI")
    await act("MEI")
    assert await held() == {"MEI": {"caller bronze", "caller silver"}}
    assert [kind for kind, _ in await news("MEI")] == ["badge_earned"] * 2
    [_, (_, facts)] = await news("MEI")
    assert facts["badge"]["zh_Hans"] == "电话王"
    assert facts["tier"] == {"zh_Hans": "银章", "zh_Hant": "銀章", "en": "silver"}
    assert await verify() == []


async def test_the_moment_of_a_tier_is_its_fact_s_not_the_review_s(clock: Clock) -> None:
    await open_badges(clock, "caller")
    waiting = await act("MEI", by=None)
    await clock.set(STARTS + timedelta(days=3))
    await actions.decide(waiting, await person_id("OP"), "accepted")
    assert await db.value("SELECT reached_at FROM badge_award") == STARTS


async def test_what_scores_nothing_counts_all_the_same(clock: Clock) -> None:
    await open_badges(clock, "caller", call=0)
    await act("MEI")
    assert await held() == {"MEI": {"caller bronze"}}


async def test_several_at_once_are_told_in_one_sentence(clock: Clock) -> None:
    await open_badges(clock, "caller", "banner", call=20)
    await act("MEI", "visit", "A-1", by=None)
    await launch(plan_text(version=2, battle=False, call=20) + badges_text())
    await act("MEI")
    [(kind, facts)] = await news("MEI")
    assert (kind, facts["n"]) == ("badges_earned", 2)
    assert facts["badges"]["zh_Hans"] == "电话王（铜章）、积分如珠（金章）"
    assert facts["badges"]["en"] == "caller (bronze), beads (gold)"


async def test_a_strike_takes_back_what_rested_on_it_and_says_so(clock: Clock) -> None:
    battle = await open_battle(clock, "caller", "beads")
    await begin(clock, battle)
    done = [await act("MEI") for _ in range(5)]
    assert await held() == {"MEI": {"caller bronze", "caller silver", "beads silver"}}
    await close(clock, battle)
    auditor = await person_id("AU")
    await actions.decide(done[4], auditor, "struck", "没有这通电话", auditing=battle)
    assert await held() == {"MEI": {"caller bronze", "caller silver"}}
    kind, facts = (await news("MEI"))[-1]
    assert kind == "badge_revoked"
    assert facts["badge"]["zh_Hans"] == "积分如珠"
    assert facts["what"]["zh_Hans"] == "电话"
    assert facts["reason"] == "没有这通电话"
    assert await verify() == []

    await actions.decide(done[4], auditor, "accepted", auditing=battle)
    assert await rows("MEI") == [
        ("caller", "bronze", False),
        ("caller", "silver", False),
        ("beads", "silver", True),
        ("beads", "silver", False),
    ]
    assert [kind for kind, _ in await news("MEI")][-2:] == ["badge_revoked", "badge_earned"]
    assert await verify() == []
    assert await ledger.verify() == []


async def test_a_badge_whose_fact_falls_is_kept_by_the_facts_behind_it(clock: Clock) -> None:
    battle = await open_battle(clock, "caller")
    await begin(clock, battle)
    first = await act("MEI")
    await clock.set(STARTS + timedelta(hours=1))
    second = await act("MEI")
    await close(clock, battle)
    told = await news("MEI")
    await actions.decide(first, await person_id("AU"), "struck", "没有", auditing=battle)
    assert await held() == {"MEI": {"caller bronze"}}
    reached = await db.value("SELECT fact || ' ' || (reached_at = $1) FROM badge_award",
                             STARTS + timedelta(hours=1))  # fmt: skip
    assert reached == f"{second} true"
    assert await news("MEI") == told, "nothing was taken away, nothing is told"
    assert await verify() == []


async def test_a_customer_s_place_that_comes_free_moves_badges_with_it(clock: Clock) -> None:
    battle = await open_battle(clock, "banner", "beads")
    await begin(clock, battle)
    mine = await act("MEI", "visit", "A-1", by=None)
    await act("BAO", "visit", "A-1", by=None)
    await actions.decide(mine, await person_id("OP"), "struck", "没有")
    assert await held() == {}
    [again] = await db.column("SELECT id FROM action WHERE outcome = 'pending'")
    await actions.decide(again, await person_id("OP"), "accepted")
    assert await held() == {"BAO": {"banner bronze"}}
    await close(clock, battle)
    await actions.decide(mine, await person_id("AU"), "accepted", auditing=battle)
    assert await held() == {"MEI": {"banner bronze"}}
    kind, facts = (await news("BAO"))[-1]
    assert (kind, facts["reason"]["zh_Hans"]) == ("badge_revoked", "同一客户更早的一条重新算数")
    assert await verify() == []


async def test_a_first_waits_for_earlier_reviews_and_passes_to_the_next(clock: Clock) -> None:
    battle = await open_battle(clock, "banner")
    await begin(clock, battle)
    earlier = await act("MEI", "visit", "A-1", by=None)
    await clock.set(STARTS + timedelta(hours=1))
    await act("CHEN", "visit", "A-2")
    assert await held() == {}, "the earlier one may still be accepted"
    await actions.decide(earlier, await person_id("OP"), "struck", "没有")
    assert await held() == {"CHEN": {"banner bronze"}}
    await act("BAO", "visit", "A-3")
    assert await held() == {"CHEN": {"banner bronze"}}
    await close(clock, battle)
    await actions.decide(earlier, await person_id("AU"), "accepted", auditing=battle)
    assert await held() == {"MEI": {"banner bronze"}}
    kind, facts = (await news("CHEN"))[-1]
    assert kind == "badge_revoked"
    assert (facts["what"]["en"], facts["reason"]["en"]) == (
        "Visit",
        "an earlier one of somebody else counts again",
    )
    assert await verify() == []


async def test_each_month_has_its_own_first_on_the_clocks_of_the_plan(clock: Clock) -> None:
    # 30 November, 23:30 in Shanghai, is still this month; half past midnight is the next.
    last_night = STARTS.replace(day=30, hour=15, minute=30)
    await open_badges(clock, "banner", at=last_night)
    await act("MEI", "visit", "A-1")
    await act("BAO", "visit", "A-2")
    await clock.set(last_night + timedelta(hours=1))
    await act("CHEN", "visit", "A-3")
    assert await held() == {"MEI": {"banner bronze"}, "CHEN": {"banner bronze"}}
    assert await verify() == []


async def test_who_won_a_battle_is_awarded_when_it_is_settled(clock: Clock) -> None:
    battle = await open_battle(clock, "drum")
    await begin(clock, battle)
    await act("MEI")
    await close(clock, battle)
    assert await held() == {}
    await battles.settle(battle, await person_id("AU"))
    assert await held() == {"MEI": {"drum bronze"}, "BAO": {"drum bronze"}}
    assert await verify() == []


async def test_a_rule_launched_later_counts_what_was_before(clock: Clock) -> None:
    await open_badges(clock, "none")
    for _ in range(3):
        await act("MEI")
    await launch(plan_text(version=2, battle=False) + badges_text("caller"))
    queued = await db.value("SELECT count(*) FROM pgqueuer WHERE entrypoint = 'badges_recount'")
    assert (queued, await held()) == (2, {})
    await recount()
    assert await held() == {"MEI": {"caller bronze", "caller silver"}}
    [(kind, _)] = await news("MEI")
    assert kind == "badge_earned", "one badge is one news, by its highest tier"
    await recount()
    assert len(await rows("MEI")) == 2
    assert await verify() == []


async def test_a_later_version_takes_nothing_away(clock: Clock) -> None:
    await open_badges(clock, "caller")
    await act("MEI")
    await clock.set(STARTS + timedelta(days=1))
    await launch(plan_text(version=2, battle=False))
    await recount()
    await act("MEI")
    assert await held() == {"MEI": {"caller bronze"}}
    assert await db.value("SELECT plan_version FROM badge_award") == 1
    assert await verify() == []


async def test_only_employees_hold_badges(clock: Clock) -> None:
    await open_badges(clock, "caller")
    await db.execute("UPDATE person SET kind = 'customer', rank = NULL WHERE code = 'AN'")
    await act("AN")
    await recount()
    assert await held() == {}
    assert await verify() == []


async def test_who_opted_out_keeps_and_earns_badges_for_themselves(clock: Clock) -> None:
    await open_badges(clock, "caller")
    await act("MEI")
    await rights.opt_out(await person_id("MEI"))
    await act("MEI")
    await act("MEI")
    assert await held() == {"MEI": {"caller bronze", "caller silver"}}


@pytest.mark.parametrize("call", [2, 0])
async def test_many_verdicts_at_once_award_once(clock: Clock, call: int) -> None:
    # Without points no ledger keeps one person's verdicts apart.
    await open_badges(clock, "caller", "beads", "banner", call=call)
    waiting = [await act("MEI", by=None) for _ in range(10)]
    waiting += [await act(code, "visit", f"A-{code}", by=None) for code in ("MEI", "BAO", "CHEN")]
    reviewer = await person_id("OP")
    await asyncio.gather(*(actions.decide(each, reviewer, "accepted") for each in waiting))
    beads = [("beads", "gold", False), ("beads", "silver", False)] if call else []
    assert sorted(await rows("MEI")) == [
        ("banner", "bronze", False),
        *beads,
        ("caller", "bronze", False),
        ("caller", "silver", False),
    ]
    assert await rows("BAO") == await rows("CHEN") == []
    assert await verify() == []


async def test_folding_again_and_again_changes_nothing(clock: Clock) -> None:
    await open_badges(clock)
    for code in ("MEI", "BAO"):
        await act(code)
        await act(code, "visit", f"A-{code}")
    before = await rows("MEI"), await rows("BAO"), await news("MEI"), await news("BAO")
    people = [await person_id("MEI"), await person_id("BAO")]
    await asyncio.gather(*(commands.refold("field", people) for _ in range(6)))
    assert before == (await rows("MEI"), await rows("BAO"), await news("MEI"), await news("BAO"))


async def test_what_is_held_otherwise_than_earned_is_found(clock: Clock) -> None:
    await open_badges(clock, "caller", "banner")
    await act("MEI")
    await act("MEI", "visit", "A-1")
    assert await verify() == []
    await db.execute("DELETE FROM badge_award WHERE badge = 'banner'")
    await db.execute("UPDATE badge_award SET tier = 'gold' WHERE badge = 'caller'")
    assert [fault.what.split(" 1 ")[0] for fault in await verify()] == [
        "not earned: caller gold",
        "not held: banner bronze",
        "not held: caller bronze",
    ]
