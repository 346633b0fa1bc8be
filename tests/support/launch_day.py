"""A store to test challenges with: who works there, what a plan offers, what is in escrow."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from server.challenges import commands as challenges
from server.challenges.commands import New
from server.kit import db
from tests.support.cast import DESK, bring_in, launch, person_id
from tests.support.services import Clock

# A Monday in Shanghai, ten in the morning; the store closes at nine.
MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
CLOSING = datetime(2026, 11, 23, 13, tzinfo=UTC)
NIGHT = CLOSING + timedelta(minutes=1)

STORE = "总部/老城店"
STAFF = [
    ("SM", "林店长", "manager", STORE, "一队", "store_manager"),
    ("MEI", "梅", "staff", STORE, "一队", "store"),
    ("BAO", "宝", "staff", STORE, "二队", "store"),
    ("CHEN", "陈", "staff", "总部/新区店", "二队", "store_manager"),
    ("AN", "安", "staff", "总部", "", ""),
]

PLAN = """
[plan]
id = "shop"
version = {version}
timezone = "Asia/Shanghai"
title = {{ zh_Hans = "店", zh_Hant = "店", en = "Shop" }}

[actions.call]
title = {{ zh_Hans = "电话", zh_Hant = "電話", en = "Call" }}
points = 2

[actions.visit]
title = {{ zh_Hans = "拜访", zh_Hant = "拜訪", en = "Visit" }}
points = 5
once_per_customer = 30

[challenges.launch_day]
kind = "store_day"
title = {{ zh_Hans = "开业日挑战", zh_Hant = "開業日挑戰", en = "Launch day" }}
story = {{ zh_Hans = "一起来", zh_Hant = "一起來", en = "Together" }}
lasts = {{ until = "day", closes = 21:00:00 }}
often = {{ per = "month", most = {most} }}
pool = {{ asset = "{asset}", amount = {amount}, share = "{share}" }}

[[challenges.launch_day.tasks]]
title = {{ zh_Hans = "每人拜访一位", zh_Hant = "每人拜訪一位", en = "A visit each" }}
kinds = ["visit"]
target = 1
per = "person"

[[challenges.launch_day.tasks]]
title = {{ zh_Hans = "一起打三个电话", zh_Hant = "一起打三個電話", en = "Three calls together" }}
kinds = ["call"]
target = 3
per = "together"

[challenges.contest]
kind = "contest"
title = {{ zh_Hans = "电话赛", zh_Hant = "電話賽", en = "Calls" }}
story = {{ zh_Hans = "一起来", zh_Hant = "一起來", en = "Together" }}
ranking = "side"
lasts = {{ until = "month" }}
often = {{ per = "month", most = 1 }}
tasks = [{{ title = {{ zh_Hans = "电话", zh_Hant = "電話", en = "Calls" }}, kinds = ["call"], target = 4, per = "together" }}]

[challenges.week_one]
kind = "kick_off"
title = {{ zh_Hans = "启动周", zh_Hant = "啟動週", en = "Week one" }}
story = {{ zh_Hans = "一件小事", zh_Hant = "一件小事", en = "One small thing" }}
lasts = {{ hours = 168 }}
often = {{ per = "month", most = 1 }}
tasks = [{{ title = {{ zh_Hans = "一次拜访", zh_Hant = "一次拜訪", en = "One visit" }}, kinds = ["visit"], target = 1, per = "person" }}]
"""


def plan_text(
    *,
    version: int = 1,
    most: int = 2,
    asset: str = "points",
    amount: int = 100,
    share: str = "by_points",
) -> str:
    """A plan with one challenge of each kind; by default 100 points for the launch day."""
    return PLAN.format(version=version, most=most, asset=asset, amount=amount, share=share)


async def open_shop(clock: Clock, at: datetime = MORNING, **terms: Any) -> None:
    """Bring everybody in and launch the plan."""
    await clock.set(at)
    await bring_in([*STAFF, *DESK])
    await launch(plan_text(**terms))


async def make_day(by: str = "SM", *people: str, **more: Any) -> UUID:
    """Make a launch day from now until closing time; asks `people`, without any the staff."""
    asked = [await person_id(code) for code in people or ("MEI", "BAO")]
    new = New(plan="shop", rule="launch_day", people=asked, **more)
    return await challenges.make(new, await person_id(by))


async def join(challenge: UUID, *people: str) -> None:
    """Let some people take part."""
    for code in people:
        await challenges.join(challenge, await person_id(code))


async def state_of(challenge: UUID) -> str:
    """The state of a challenge."""
    return str(await db.value("SELECT state FROM challenge WHERE id = $1", challenge))
