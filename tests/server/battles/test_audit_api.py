"""The audit: verdicts turned round, the score before and after, by auditors only (E6)."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from server.battles import commands, queries
from server.kit import db
from server.ledger.verification import verify
from tests.support.cast import Cast, person_id
from tests.support.field import (
    CUT_OFF,
    STARTS,
    TICK,
    act,
    begin,
    close,
    everything,
    open_field,
    wallets,
)
from tests.support.services import Clock

NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def cast(client: httpx.AsyncClient) -> Cast:
    return Cast(client)


async def audit(
    cast: Cast, battle: object, action: object, verdict: str, by: str = "AU", reason: str = "seen"
) -> httpx.Response:
    said = {"verdict": verdict, "reason": reason}
    return await cast.post(by, f"/api/battles/{battle}/audit/{action}", said)


async def settle(cast: Cast, battle: object, by: str = "AU") -> httpx.Response:
    return await cast.post(by, f"/api/battles/{battle}/settlement")


def assert_refused(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    assert (answer.status_code, answer.json()["error"]) == (status, code), answer.text
    return dict(answer.json()["facts"])


async def people(battle: UUID) -> dict[str, int]:
    """Everybody's points on the board, by code."""
    async with db.connection() as one:
        found = await one.fetch(
            "SELECT p.code, s.score FROM standing s JOIN person p ON p.id = s.person"
            " WHERE s.board = $1",
            battle,
        )
    return {each["code"]: each["score"] for each in found}


async def test_verdicts_are_turned_round_and_both_scores_are_kept(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock, share="equal")
    await begin(clock, battle)
    false = [await act("MEI") for _ in range(3)]
    true = await act("CHEN", "visit", "C-1", by=None)
    assert (await cast.decide("OP", str(true), "struck")).is_success
    await close(clock, battle)
    for action in false:
        assert (await audit(cast, battle, action, "struck")).is_success
    assert (await audit(cast, battle, true, "accepted")).is_success
    assert await people(battle) == {"MEI": 0, "BAO": 0, "CHEN": 5, "DAI": 0}
    assert await wallets() == {"CHEN": 5}
    assert await verify() == []

    assert (await settle(cast, battle)).is_success
    shown = (await cast.get("MEI", f"/api/battles/{battle}")).json()
    before, after = shown["frozen"], shown["result"]
    assert [(side["side"], side["score"]) for side in before["sides"]] == [
        ("一队", "6"), ("二队", "0"),
    ]  # fmt: skip
    assert [(side["side"], side["score"]) for side in after["sides"]] == [
        ("二队", "5"), ("一队", "0"),
    ]  # fmt: skip
    assert (before["people"]["MEI"], after["people"]["MEI"]) == (6, 0)
    assert after["winners"] == ["二队"]
    assert after["payouts"] == {"CHEN": 350, "DAI": 350}
    assert await wallets("cash") == after["payouts"]


async def test_a_strike_below_zero_is_owed_and_netted(cast: Cast, clock: Clock) -> None:
    battle = await open_field(
        clock, funded_by="member", asset="points", stakes=(4, 0, 0), share="equal"
    )
    early = [await act("MEI"), await act("MEI")]
    assert (
        await cast.send("PUT", "MEI", f"/api/battles/{battle}/membership", {"side": "一队"})
    ).is_success
    assert (
        await cast.send("PUT", "CHEN", f"/api/battles/{battle}/membership", {"side": "二队"})
    ).is_success
    assert await wallets() == {}
    await begin(clock, battle)
    struck = await act("MEI")
    await close(clock, battle)
    assert (await audit(cast, battle, struck, "struck")).is_success
    # Received before the battle: not of the audit.
    assert_refused(await audit(cast, battle, early[0], "struck"), 409, "battle_not_auditing")
    assert (await settle(cast, battle)).is_success
    assert await wallets() == {"MEI": 4}, "nobody scored: the stake came back"
    assert await verify() == []


async def test_who_may_audit(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await commands.join(battle, await person_id("AU2"), "一队")
    await begin(clock, battle)
    action, own = await act("MEI", by=None), await act("AU2", by=None)
    await close(clock, battle)
    before = await everything()
    assert_refused(await audit(cast, battle, action, "accepted", by="MEI"), 403, "not_allowed")
    assert_refused(await audit(cast, battle, action, "accepted", by="OP"), 403, "not_allowed")
    assert_refused(await audit(cast, battle, action, "accepted", by="AU2"), 403, "not_auditor")
    assert_refused(await audit(cast, battle, own, "accepted", by="AU2"), 403, "not_auditor")
    assert_refused(await settle(cast, battle, by="AU2"), 403, "not_auditor")
    assert_refused(await settle(cast, battle, by="OP"), 403, "not_allowed")
    # The desk may not decide on what is under audit.
    assert_refused(await cast.decide("OP", str(action), "accepted"), 403, "not_auditor")
    assert await everything() == before
    assert (await audit(cast, battle, action, "accepted")).is_success
    assert (await audit(cast, battle, own, "accepted")).is_success


async def test_what_is_under_audit_is_not_at_the_desk(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    await act("MEI", by=None)
    outside = [await act("AN", by=None)]
    await clock.set(CUT_OFF)
    outside.append(await act("MEI", by=None))
    assert await waiting(cast) == 3
    await close(clock, battle)
    listed = (await cast.get("OP", "/api/reviews")).json()["actions"]
    assert [each["id"] for each in listed] == [str(each) for each in outside]
    assert (await queries.desk(await person_id("OP"))).count == 2


async def waiting(cast: Cast) -> int:
    return len((await cast.get("OP", "/api/reviews")).json()["actions"])


async def test_an_audit_has_its_time_and_its_actions(cast: Cast, clock: Clock) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    inside, pending = await act("MEI"), await act("BAO", by=None)
    assert_refused(await audit(cast, battle, inside, "struck"), 409, "battle_not_auditing")
    assert_refused(await settle(cast, battle), 409, "cut_off_not_reached")
    await clock.set(CUT_OFF)
    assert_refused(await settle(cast, battle), 409, "cut_off_not_reached")
    outside = await act("MEI")
    await close(clock, battle)
    before = await everything()
    assert assert_refused(await settle(cast, battle), 409, "still_pending") == {"count": 1}
    assert_refused(await audit(cast, battle, outside, "struck"), 409, "battle_not_auditing")
    assert_refused(await audit(cast, battle, NOBODY, "struck"), 404, "action_unknown")
    assert_refused(await audit(cast, NOBODY, inside, "struck"), 409, "battle_not_auditing")
    assert_refused(await settle(cast, NOBODY), 404, "battle_unknown")
    assert_refused(await audit(cast, battle, inside, "struck", reason=" "), 422, "reason_missing")
    assert_refused(await audit(cast, battle, inside, "accepted"), 409, "already_decided")
    assert await everything() == before
    assert (await audit(cast, battle, pending, "accepted")).is_success
    assert (await settle(cast, battle)).is_success
    before = await everything()
    assert_refused(await audit(cast, battle, inside, "struck"), 409, "battle_not_auditing")
    assert_refused(await settle(cast, battle), 409, "already_settled")
    assert await everything() == before


async def test_a_strike_in_the_audit_frees_a_place_that_is_then_decided(
    cast: Cast, clock: Clock
) -> None:
    battle = await open_field(clock)
    await begin(clock, battle)
    first = await act("MEI", "visit", "A-1")
    await clock.advance(minutes=1)
    second = await act("CHEN", "visit", "A-1", by=None)
    await close(clock, battle)
    assert (await audit(cast, battle, first, "struck")).is_success
    assert assert_refused(await settle(cast, battle), 409, "still_pending") == {"count": 1}
    assert (await audit(cast, battle, second, "accepted")).is_success
    assert await people(battle) == {"MEI": 0, "BAO": 0, "CHEN": 5, "DAI": 0}
    # And back again: the first takes its place again, the second loses it.
    assert (await audit(cast, battle, first, "accepted")).is_success
    assert await people(battle) == {"MEI": 5, "BAO": 0, "CHEN": 0, "DAI": 0}
    assert await wallets() == {"MEI": 5}
    assert await verify() == []
    assert STARTS + TICK < CUT_OFF
    assert (await settle(cast, battle)).json()["result"]["winners"] == ["一队"]


async def test_the_moment_a_score_was_reached_is_decided_anew(cast: Cast, clock: Clock) -> None:
    """First to reach wins; after a strike it was reached earlier, and by somebody else."""
    battle = await open_field(clock, tie="first_to_reach", share="equal")
    await begin(clock, battle)
    await act("MEI")
    await clock.advance(minutes=1)
    await act("CHEN")
    await clock.advance(minutes=1)
    late = await act("MEI")
    await clock.advance(minutes=1)
    later = await act("CHEN")
    await close(clock, battle)
    for action in (late, later):
        assert (await audit(cast, battle, action, "struck")).is_success
    reached = await db.column(
        "SELECT reached_at FROM standing WHERE board = $1 AND score > 0 ORDER BY reached_at", battle
    )
    assert [each - STARTS for each in reached] == [each - reached[0] for each in reached]
    assert (await settle(cast, battle)).json()["result"]["winners"] == ["一队"]
