"""A company in which a lead may go all the way to money: five roles, one plan, one battle."""

from datetime import datetime
from uuid import UUID

from tests.support.cast import DESK, bring_in, launch
from tests.support.services import Clock

MONDAY = datetime.fromisoformat("2026-11-23T10:00+08:00")
FIFTH = datetime.fromisoformat("2026-12-05T10:00+08:00")
"""November is computed."""
LATER = datetime.fromisoformat("2026-12-28T10:00+08:00")

PEOPLE = [
    ("MEI", "梅", "staff", "总部/一队", "一队", ""),
    ("BAO", "宝", "staff", "总部/二队", "二队", ""),
    ("SAL", "沙莉", "staff", "总部/销售", "", "sales"),
    ("SER", "佘客服", "staff", "总部/客服", "", "service"),
    ("FI2", "钱会计", "staff", "总部/财务", "", "finance"),
]
PLAN = """
[plan]
id = "all-the-way"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "一路到底", zh_Hant = "一路到底", en = "All the way" }

[actions.client_c]
title = { zh_Hans = "C 类客户", zh_Hant = "C 類客戶", en = "Class C" }
points = 1
[actions.client_b]
title = { zh_Hans = "B 类客户", zh_Hant = "B 類客戶", en = "Class B" }
points = 5
[actions.client_a]
title = { zh_Hans = "A 类客户", zh_Hant = "A 類客戶", en = "Class A" }
points = 30

[[battles]]
id = "duel"
title = { zh_Hans = "对决", zh_Hant = "對決", en = "Duel" }
sides = ["一队", "二队"]
actions = ["client_c", "client_b", "client_a"]
starts = 2026-11-23T10:30:00+08:00
cut_off = 2026-11-30T17:00:00+08:00
score = "sum"
tie = "first_to_reach"
share = "by_points"

[leads]
scores = { valid = "client_c", visiting = "client_b", deal = "client_a" }
[leads.needs]
home = { zh_Hans = "刚需买房", zh_Hant = "剛需買房", en = "First home" }

[deals]
forbidden = [{ zh_Hans = "垫付款项", zh_Hant = "墊付款項", en = "Money advanced" }]
[deals.calls]
share = "1/1"

[commissions.staff]
title = { zh_Hans = "推荐佣金", zh_Hant = "推薦佣金", en = "Commission" }
who = "employee"
part = "reporter"
rate = "2/100"
refund = "below_zero"

[settlement]
employee = { every = "month", tax = "incidental" }
"""


async def open_company(clock: Clock, plan: str = PLAN) -> UUID | None:
    """Bring everybody in and launch the plan; returns its battle."""
    await clock.set(MONDAY)
    await bring_in([*PEOPLE, *DESK])
    return next(iter(await launch(plan)), None)
