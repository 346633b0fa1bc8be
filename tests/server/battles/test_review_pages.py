"""The review desk: the oldest first, next in one tap, and never one's own."""

from datetime import timedelta

import pytest

from server.kit import db
from tests.support.cast import bring_in
from tests.support.field import CUT_OFF, FIGHTERS, STARTS, act, begin, close, open_field
from tests.support.services import Clock
from tests.support.visitor import NewClient, Visitor, checked, refusal, visit, words

ACCEPT = {"verdict": "accepted"}
STRIKE = {"verdict": "struck", "reason": "unclear", "note": ""}


@pytest.fixture
async def desk(new_client: NewClient, clock: Clock) -> Visitor:
    """Lin at the desk of a battle that runs."""
    battle = await open_field(clock)
    await begin(clock, battle)
    return await visit(new_client, "OP")


async def verdicts() -> list[str]:
    async with db.connection() as one:
        found = await one.fetch("SELECT verdict FROM action ORDER BY received_at")
    return [each["verdict"] for each in found]


async def test_a_card_says_who_what_and_what_accepting_does(desk: Visitor) -> None:
    await act("BAO")
    await act("MEI", "visit", "A-1", by=None)
    said = await desk.read("/reviews")
    for shown in ("梅", "一队", "员工", "拜访", "A-1", "30 天内首次", "没有证据"):
        assert shown in said, shown
    assert "通过后：梅 +5，一队 2 → 7" in said


async def test_the_oldest_comes_first_and_the_next_after_one_tap(
    desk: Visitor, clock: Clock
) -> None:
    first = await act("MEI", by=None)
    await clock.advance(minutes=1)
    await act("CHEN", "visit", "B-1", by=None)
    assert "行动 2" in await desk.read("/reviews")
    said = await desk.sent(f"/reviews/{first}", ACCEPT)
    assert "已通过：梅 +2" in said
    assert "行动 1" in said
    assert "通过后：陈 +5，二队 0 → 5" in said


async def test_an_empty_desk_says_so(desk: Visitor) -> None:
    only = await act("MEI", by=None)
    assert "都审完了" in await desk.sent(f"/reviews/{only}", ACCEPT)


async def test_a_strike_tells_its_reason(desk: Visitor, new_client: NewClient) -> None:
    one = await act("MEI", by=None)
    assert "梅" in await desk.sent(f"/reviews/{one}", STRIKE | {"note": "拍糊了"})
    mei = await visit(new_client, "MEI")
    assert "林芳 未通过：证据看不清：拍糊了" in await mei.read("/actions")


async def test_another_reason_wants_words_and_keeps_the_choice(desk: Visitor) -> None:
    await act("CHEN", by=None)
    one = await act("MEI", by=None)
    answer = await desk.send(f"/reviews/{one}", STRIKE | {"reason": "other", "note": "  "})
    assert answer.status_code == 422
    assert refusal("reason_missing") in words(answer)
    assert "梅 · 一队" in words(answer), "the same action stays"
    assert checked(answer, "reason") == "other"
    said = await desk.sent(f"/reviews/{one}", STRIKE | {"reason": "other", "note": "客户说没见过"})
    assert "陈 · 二队" in said
    assert await db.value("SELECT reason FROM action WHERE id = $1", one) == "客户说没见过"


async def test_a_verdict_is_accepted_or_struck(desk: Visitor) -> None:
    one = await act("MEI", by=None)
    answer = await desk.send(f"/reviews/{one}", {"verdict": "maybe"})
    assert (answer.status_code, await verdicts()) == (400, ["pending"])


async def test_two_taps_are_one_verdict(desk: Visitor) -> None:
    one = await act("MEI", by=None)
    for _ in range(2):
        assert (await desk.send(f"/reviews/{one}", ACCEPT, key="tap")).status_code == 303
    assert await db.value("SELECT count(*) FROM transfer WHERE kind = 'award'") == 1


async def test_the_second_reviewer_learns_it_and_sees_the_next(
    desk: Visitor, new_client: NewClient, clock: Clock
) -> None:
    one = await act("MEI", by=None)
    await clock.advance(minutes=1)
    await act("CHEN", by=None)
    await desk.send(f"/reviews/{one}", ACCEPT)
    second = await (await visit(new_client, "OP2")).send(f"/reviews/{one}", STRIKE)
    assert second.status_code == 409
    assert refusal("already_decided") in words(second)
    assert "陈 · 二队" in words(second)
    assert await verdicts() == ["accepted", "pending"]


async def test_one_s_own_action_is_not_shown_and_not_decided(
    desk: Visitor, new_client: NewClient
) -> None:
    own = await act("OP", by=None)
    assert "行动 1" not in await desk.read("/reviews")
    answer = await desk.send(f"/reviews/{own}", ACCEPT)
    assert answer.status_code == 403
    assert refusal("own_action") in words(answer)
    assert "林芳" in await (await visit(new_client, "OP2")).read("/reviews")


async def test_what_is_under_audit_has_left_the_desk(desk: Visitor, clock: Clock) -> None:
    inside = await act("MEI", by=None)
    battle = await db.value("SELECT id FROM battle")
    await close(clock, battle)
    await clock.set(CUT_OFF + timedelta(minutes=1))
    await act("CHEN", by=None)
    said = await desk.read("/reviews")
    assert "行动 1" in said
    assert "陈 · 二队" in said
    answer = await desk.send(f"/reviews/{inside}", ACCEPT)
    assert answer.status_code == 403
    assert refusal("not_auditor") in words(answer)


async def test_the_effect_follows_how_a_side_is_scored(new_client: NewClient, clock: Clock) -> None:
    battle = await open_field(clock, score="per_head")
    await begin(clock, battle)
    await act("BAO")
    await act("MEI", "visit", "A-1", by=None)
    said = await (await visit(new_client, "OP")).read("/reviews")
    assert "一队 1 → 3.5" in said


async def test_only_operations_sit_at_the_desk(desk: Visitor, new_client: NewClient) -> None:
    one = await act("MEI", by=None)
    for code in ("BAO", "AU", "FI", "AD"):
        visitor = await visit(new_client, code)
        assert (await visitor.open("/reviews")).status_code == 403
        assert (await visitor.send(f"/reviews/{one}", ACCEPT)).status_code == 403
    assert await verdicts() == ["pending"]


async def test_names_are_escaped(new_client: NewClient, clock: Clock) -> None:
    battle = await open_field(clock)
    await bring_in([("XSS", "<script>alert(1)</script>", *FIGHTERS[0][2:])])
    await begin(clock, battle, STARTS)
    await act("XSS", by=None)
    answer = await (await visit(new_client, "OP")).open("/reviews")
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
