"""The shelf of the demo: its catalogue with pictures, what was redeemed, one suggestion."""

from collections.abc import Awaitable, Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from server.demo import drawings
from server.demo.goods import REWARDS
from server.demo.stage import Stage
from server.kit import clock
from server.rewards import catalogue, commands, queries

DESK: Final = "H03"
COUNTER: Final = "S103"
ENDED_AFTER: Final = timedelta(hours=3)
SUGGESTION: Final = ("周五下午茶", "大家一起歇半小时，比一个人喝咖啡有意思")
End = Callable[[UUID], Awaitable[object]]


class Shelf:
    """The catalogue on its stage."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._made: dict[str, UUID] = {}

    async def fill(self) -> None:
        """Put every reward into the catalogue."""
        for name, (terms, stock) in REWARDS.items():
            picture = await catalogue.picture_of([drawings.picture(name)])
            drawn = replace(terms, picture=picture)
            self._made[name] = await catalogue.create(drawn, stock, self._stage.id(DESK))

    async def redeem(
        self, reward: str, person: str, note: str = "", end: End | None = None
    ) -> None:
        """Let somebody redeem a reward; `end` is what becomes of it some hours later."""
        terms, _stock = REWARDS[reward]
        made = await commands.redeem(self._made[reward], self._stage.id(person), terms.points, note)
        if end is not None:
            self._stage.at(await clock.now() + ENDED_AFTER, lambda: end(made))

    async def hand_over(self, redemption: UUID) -> None:
        """Hand a redemption over at a store's counter."""
        code = (await queries.redemption(redemption)).code
        await commands.hand_over(redemption, self._stage.id(COUNTER), code)

    async def approve(self, redemption: UUID) -> None:
        """Approve a redemption."""
        await commands.decide(redemption, self._stage.id(DESK), approves=True)

    async def refuse(self, reason: str, redemption: UUID) -> None:
        """Refuse a redemption with a reason."""
        by = self._stage.id(DESK)
        await commands.decide(redemption, by, approves=False, reason=reason)

    async def suggest(self) -> None:
        """Let a colleague suggest something."""
        await catalogue.suggest(self._stage.id("K104"), *SUGGESTION)


def plan(stage: Stage, begins: date) -> None:
    """Plan the catalogue, redemptions at every step, and a colleague's suggestion."""
    shelf = Shelf(stage)
    busy = partial(shelf.refuse, "那天全店盘点，换一天再来")
    stage.on(begins, time(11), shelf.fill)
    for ago, reward, person, note, end in (
        (12, "coffee", "K302", "", shelf.hand_over),
        (9, "leave", "K202", "周五下午", shelf.approve),
        (6, "coffee", "S201", "", shelf.hand_over),
        (4, "course", "S101", "", busy),
    ):
        stage.on(stage.days_ago(ago), time(12), partial(shelf.redeem, reward, person, note, end))
    stage.on(stage.days_ago(2), time(15), shelf.suggest)
    stage.at(stage.now - timedelta(hours=20), partial(shelf.redeem, "cinema", "K104"))
    stage.at(
        stage.now - timedelta(hours=2),
        partial(shelf.redeem, "course", "S102", "这个月的晚班已经调好"),
    )
