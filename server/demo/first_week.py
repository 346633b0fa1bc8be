"""Week one (K7): begun two days before the visitor comes, with half of the company in it."""

from datetime import timedelta
from functools import partial
from typing import Final

from server.challenges import commands
from server.challenges.commands import New
from server.demo import company
from server.demo.everyday import LIVELY, PLAN
from server.demo.stage import Stage

RULE: Final = "week_one"
MAKER: Final = "H03"
BEGAN: Final = timedelta(days=2)
JOINS_EVERY: Final = timedelta(minutes=7)


def plan(stage: Stage) -> None:
    """Plan its beginning, and who joins one after the other: nobody whom a visitor may play."""
    began = stage.now - BEGAN
    stage.at(began, partial(_begin, stage))


async def _begin(stage: Stage) -> None:
    made = await commands.make(New(plan=PLAN, rule=RULE), stage.id(MAKER))
    played = {each.person for each in company.CAST}
    joining = [each for each in LIVELY if each not in played]
    for nth, person in enumerate(joining, 1):
        at = stage.now - BEGAN + nth * JOINS_EVERY
        stage.at(at, partial(commands.join, made, stage.id(person)))
