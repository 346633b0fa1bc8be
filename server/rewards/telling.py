"""Who is told what of rewards: through the inbox, and by hints to open desks."""

from typing import Any, Final

from server.notifications.hints import hint
from server.notifications.notices import notify
from server.rewards import queries
from server.rewards.queries import Redemption, Reward, Suggestion

DESK: Final = "redemptions"
"""The hint that open desks listen to."""
GIVEN_BACK: Final = {"refused": "reward_refused", "expired": "reward_expired"}


async def redeemed(one: Redemption) -> None:
    """Tell how to get it, and open desks that it waits."""
    if one.way == "scan":
        facts = {"title": one.title, "until": one.last_moment.isoformat()}
        await _tell(one, "reward_ready", facts)
    await hint(await queries.operations(), DESK)


async def fulfilled(one: Redemption) -> None:
    """Tell that it is theirs, where they were not there themselves."""
    if one.way == "approval":
        await _tell(one, "reward_approved", {"title": one.title, "points": one.points})
    await hint(await queries.operations(), DESK)


async def given_back(one: Redemption) -> None:
    """Tell who did not cancel themselves that their points are back, and why."""
    if one.state in GIVEN_BACK:
        facts: dict[str, Any] = {"title": one.title, "points": one.points}
        if one.state == "refused":
            facts["reason"] = one.reason
        await _tell(one, GIVEN_BACK[one.state], facts)
    await hint(await queries.operations(), DESK)


async def ending(one: Redemption) -> None:
    """Tell that it is kept until tomorrow only."""
    facts = {"title": one.title, "until": one.last_moment.isoformat()}
    await _tell(one, "reward_ending", facts)


async def low_stock(reward: Reward) -> None:
    """Tell operations once that few are left, and again after each restock."""
    await notify(
        await queries.operations(),
        "reward_low",
        f"reward:{reward.id}:{reward.restocked}",
        {"title": reward.title, "left": reward.low_stock},
        "/rewards/manage",
    )


async def suggested() -> None:
    """Let open desks know that a suggestion waits."""
    await hint(await queries.operations(), DESK)


async def answered(one: Suggestion) -> None:
    """Tell who suggested a reward what became of it."""
    await notify(
        [one.person],
        "suggestion_taken" if one.state == "taken" else "suggestion_declined",
        f"suggestion:{one.id}",
        {"title": one.title, "answer": one.answer},
        "/rewards/suggestions",
    )


async def _tell(one: Redemption, kind: str, facts: dict[str, Any]) -> None:
    await notify([one.person], kind, f"redemption:{one.id}", facts, f"/redemptions/{one.id}")
