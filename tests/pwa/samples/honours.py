"""Samples of the wall of honours, a round of each kind, and the desk that awards."""

from datetime import timedelta
from typing import Any

from tests.pwa.samples.common import EMPLOYEE, NOW, OPERATIONS, Sample, told

BOARD = told("英雄榜", "英雄榜", "Hero board")
STAR = told("月度营销之星", "月度營銷之星", "Marketing star of the month")
IDEA = told("营销创新奖", "營銷創新獎", "Innovation award")
TEAM = told("季度营销天团", "季度營銷天團", "Team of the quarter")
FRIEND = told("品牌挚友", "品牌摯友", "Friend of the brand")
STORIES = {
    0: "每天下班前给三位老客户发一句话，不推销，只问房子住得怎么样。月底有五位自己带了朋友来。",
    2: "直播第一场只有七个人看。第二场我把镜头对准师傅的手，来了两百人。",
}
HEROES = [
    ("梅", "客户成功一队", 126), ("安然", "客户成功三队", 98), ("刘海涛", "厨房", 98),
    ("宝", "客户成功三队", 81), ("陈磊", "仓库", 77), ("苏曼", "客户成功三队", 74),
    ("唐一鸣", "财务", 66), ("许文博", "客户成功二队", 64), ("江映月", "招商引才一队", 60),
    ("高启航", "招商引才一队", 58),
]  # fmt: skip
NTH = "一二二四五六七八九十"


def _winner(name: str, under: str, shown: str, unit: str, **more: Any) -> dict[str, Any]:
    figure = {"shown": shown, "unit": unit}
    return {
        "award": "w", "nth": "一", "name": name, "under": under, "members": 0, "figure": figure,
        "reason": "按做到的评出，2026 年 6 月", "story": "", "mine": False,
    } | more  # fmt: skip


def _bill(name: str, title: dict[str, str], **more: Any) -> dict[str, Any]:
    return {
        "id": name, "title": title, "story": "让最多人认识我们的同事", "period": "2026 年 6 月",
        "season": "month", "who": "employee", "reward": "", "winners": [],
    } | more  # fmt: skip


HERO_BOARD = _bill(
    "h1",
    BOARD,
    story="这个月做得最多的十位，和他们的故事",
    winners=[
        _winner(
            name, under, str(points), "分", nth=NTH[place],
            story=STORIES.get(place, ""), mine=name == "宝",
        )
        for place, (name, under, points) in enumerate(HEROES)
    ],
)  # fmt: skip
BILLS = [
    HERO_BOARD,
    _bill(
        "h2", STAR, reward="100 积分",
        winners=[_winner("安然", "客户成功三队", "54", "分", story=STORIES[2])],
    ),
    _bill(
        "h3", TEAM, story="跨部门合作人均最多的团队；团队基金人人有份", period="2026 年第 2 季度",
        season="quarter", who="team", reward="团队基金 ¥3,000",
        winners=[_winner("客户成功三队", "", "18.5", "人均分", members=6)],
    ),
    _bill(
        "h4", FRIEND, story="一年里把我们介绍给最多朋友的客户", period="2025 年", season="year",
        who="customer", winners=[_winner("周女士", "", "9", "位朋友")],
    ),
]  # fmt: skip
RUNNING = [
    {
        "id": "r1", "title": IDEA, "story": "", "period": "2026 年 6 月", "phase": "voting",
        "until": NOW + timedelta(days=2), "asks": "vote", "voted": False,
    },
    {
        "id": "r2", "title": BOARD, "story": "", "period": "2026 年 7 月", "phase": "running",
        "until": NOW + timedelta(days=20), "asks": "", "voted": False,
    },
    {
        "id": "r3", "title": told("社区服务之星", "社區服務之星", "Neighbourhood star"), "story": "",
        "period": "2026 年 7 月", "phase": "running", "until": NOW + timedelta(days=20),
        "asks": "nominate", "voted": False,
    },
]  # fmt: skip
SAID = [{"text": "门店的旧样品架，她改成了孩子能玩的收纳角。", "by": "宝"}]
CANDIDATES = [
    {"id": "c1", "name": "苏曼", "under": "客户成功三队", "sentences": SAID, "mine": True, "own": False},
    {
        "id": "c2", "name": "石磊", "under": "厨房", "mine": False, "own": False,
        "sentences": [{"text": "把出餐顺序贴在墙上，等位少了十分钟。", "by": ""}],
    },
    {"id": "c3", "name": "宝", "under": "客户成功三队", "sentences": [], "mine": False, "own": True},
]  # fmt: skip


def _round(title: dict[str, str], phase: str, **more: Any) -> dict[str, Any]:
    return {
        "bill": _bill("h9", title), "phase": phase, "until": NOW + timedelta(days=2),
        "closes": NOW + timedelta(days=5), "how": "同事提名、投票选出", "tie": "最后一名并列的都算。",
        "top": 1, "least": 1, "counts": [], "asks": "", "mine": None, "said": [],
        "candidates": [], "my_nominations": [], "story": None, "done": "", "values": {},
        "idempotency_key": "k1", "can_manage": False,
    } | more  # fmt: skip


MINE = {
    "rank": 14, "figure": {"shown": "41", "unit": "分"}, "is_top": False, "to_top": 17, "top": 10,
    "team": "", "state": "open", "of": "points",
}  # fmt: skip
STORY = {
    "award": "w1", "text": STORIES[0], "shows_story": True, "shows_name": False,
    "is_drafted": True, "asks_name": False,
}  # fmt: skip
AWARDED = {
    "id": "w1", "name": "梅", "by": "林芳", "reason": "按做到的评出", "story": STORIES[0],
    "shows_story": False, "is_team": False, "own": False,
}  # fmt: skip
FOUND = [
    {
        "id": f"p{place}", "rank": place + 1, "name": name, "under": under, "own": name == "宝",
        "figure": {"shown": str(points), "unit": "分"}, "sentences": [],
    }
    for place, (name, under, points) in enumerate(HEROES[2:5])
]  # fmt: skip
MANAGE = {
    "bill": _bill("h1", BOARD), "phase": "awarding", "closes": NOW, "top": 10, "by": "rule",
    "pending": 0, "candidates": FOUND, "awards": [AWARDED], "values": {"reason": "按做到的评出"},
    "keys": ["k1", "k2", "k3"], "idempotency_key": "k4", "done": "",
}  # fmt: skip
LEFT = {"id": "h1", "title": BOARD, "period": "2026 年 6 月", "left": 5, "names": "梅"}
DESK = {
    "waiting": [LEFT],
    "running": [
        {
            "id": "h2", "title": STAR, "period": "2026 年 6 月", "phase": "reviewing",
            "until": NOW + timedelta(days=2), "pending": 3,
        }
    ],
    "done": [LEFT | {"id": "h5", "title": TEAM, "left": 0, "names": "客户成功三队"}],
}  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return the pages of honours."""
    wall = {"bills": BILLS, "months": ["2026-06", "2026-05"], "chosen": "", "running": RUNNING}
    empty = {"bills": [], "months": [], "chosen": "", "running": []}
    return {
        "honours": ("honours/index.html", EMPLOYEE, wall | {"can_manage": False}),
        "honours_empty": ("honours/index.html", EMPLOYEE, empty | {"can_manage": False}),
        "honour_running": (
            "honours/show.html",
            EMPLOYEE,
            _round(BOARD, "running", mine=MINE, counts=["写一个客户故事", "拍一条短视频"]),
        ),
        "honour_vote": (
            "honours/show.html",
            EMPLOYEE,
            _round(IDEA, "voting", asks="vote", candidates=CANDIDATES, said=SAID),
        ),
        "honour_nominate": (
            "honours/show.html",
            EMPLOYEE,
            _round(
                IDEA, "running", asks="nominate", done="nominations",
                my_nominations=[{"name": "苏曼", "sentence": SAID[0]["text"]}],
            ),
        ),
        "honour_posted": (
            "honours/show.html",
            EMPLOYEE,
            _round(BOARD, "posted", story=STORY) | {"bill": HERO_BOARD},
        ),
        "honour_desk": ("honours/desk.html", OPERATIONS, DESK),
        "honour_award": ("honours/manage.html", OPERATIONS, MANAGE),
    }  # fmt: skip
