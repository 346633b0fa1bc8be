"""Honours to test with: a plan whose months end in Shanghai, and somebody in each part."""

from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID

from server.actions import commands as actions
from server.actions.commands import Report
from server.honours import jobs, queries, rounds
from server.honours.queries import Round
from server.kit import clock as clocks
from server.kit import db
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

# November of Shanghai: its first and last moments in UTC.
STARTS = datetime(2026, 10, 31, 16, tzinfo=UTC)
ENDS = datetime(2026, 11, 30, 16, tzinfo=UTC)
MIDDLE = datetime(2026, 11, 10, 4, tzinfo=UTC)
MS = timedelta(milliseconds=1)

PEOPLE = [
    ("MEI", "梅雨薇", "staff", "总部/一队", "", ""),
    ("BAO", "宝思远", "supervisor", "总部/一队", "", ""),
    ("CHEN", "陈磊石", "manager", "总部/二队", "", ""),
    ("DAI", "戴望舒", "staff", "总部/二队", "", ""),
    ("AN", "安澜音", "staff", "总部/三队", "", ""),
    ("XU", "许多多", "staff", "总部/三队", "", "operations"),
]

PLAN = """
[plan]
id = "wall"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "墙", zh_Hant = "牆", en = "Wall" }}

[actions.call]
title = {{ zh_Hans = "电话", zh_Hant = "電話", en = "Call" }}
points = 2

[actions.video]
title = {{ zh_Hans = "视频", zh_Hant = "影片", en = "Video" }}
points = 5
cap = {{ per = "day", most = 2 }}

[actions.nod]
title = {{ zh_Hans = "点头", zh_Hant = "點頭", en = "Nod" }}
points = 0

[actions.visit]
title = {{ zh_Hans = "拜访", zh_Hant = "拜訪", en = "Visit" }}
points = 3
once_per_customer = 30
"""


def honour(
    name: str, terms: str, *, period: str = "month", who: str = "employee", closes_after: int = 3,
    reward: str = "",
) -> str:  # fmt: skip
    """An honour of the plan; `reward` such as `points 100`."""
    text = f"""
[honours.{name}]
title = {{ zh_Hans = "{name}称号", zh_Hant = "{name}稱號", en = "Title {name}" }}
story = {{ zh_Hans = "谢谢", zh_Hant = "謝謝", en = "Thank you" }}
period = "{period}"
who = "{who}"
closes_after = {closes_after}
{terms}
"""
    if reward:
        asset, amount = reward.split()
        text += f'reward = {{ asset = "{asset}", amount = {amount} }}\n'
    return text


def by_rule(
    of: str = "points", kinds: tuple[str, ...] = ("call", "video", "visit"), top: int = 2,
    tie: str = "share",
) -> str:  # fmt: skip
    """The terms of a rule."""
    named = f", kinds = {list(kinds)}".replace("'", '"') if kinds else ""
    return f'by = "rule"\ntop = {top}\nmetric = {{ of = "{of}"{named} }}\ntie = "{tie}"'


BY_VOTE = 'by = "vote"'
BY_DECISION = 'by = "decision"'


async def open_wall(clock: Clock, *honours: str, at: datetime = MIDDLE) -> None:
    """Bring everybody in and launch the plan with these honours."""
    await clock.set(at)
    await bring_in([*PEOPLE, *DESK])
    await launch(PLAN.format(version=1) + "".join(honours))


async def act(
    code: str, kind: str = "call", verdict: Literal["accepted", "struck"] = "accepted"
) -> UUID:
    """Report an action, and have it decided at once."""
    said = Report(plan="wall", kind=kind, customer="")
    reported = await actions.report(await person_id(code), said)
    await actions.decide(reported.action, await person_id("OP"), verdict, "not so")
    return reported.action


async def round_of(name: str, at: datetime | None = None) -> Round:
    """The round of an honour whose period holds a moment (now)."""
    moment = at or await clocks.now()
    found = await db.row(
        Round,
        f"{queries.ROUND} WHERE r.honour = $1 AND r.starts <= $2 AND $2 < r.ends",
        name, moment,
    )  # fmt: skip
    assert found is not None, (name, moment)
    return found


async def go_to(clock: Clock, moment: datetime) -> None:
    """Let the time pass: the jobs of honours do what is due."""
    await clock.set(moment)
    await jobs.sweep({})


async def close(clock: Clock, one: Round) -> Round:
    """Close a round on time."""
    await clock.set(one.closes)
    await rounds.move(one.id)
    return await queries.round_(one.id)


async def top_of(one: Round) -> list[UUID]:
    """Who is in the top of a closed round, the best first."""
    return [each.subject for each in await queries.top(one)]
