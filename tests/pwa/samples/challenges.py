"""Samples of challenges and of the wall in a store."""

from typing import Any

from markupsafe import Markup

from tests.pwa.samples.common import (
    CLASS_A,
    EMPLOYEE,
    NOW,
    OPERATIONS,
    Sample,
    ago,
    frame,
    told,
)

TITLE = told("开业日挑战", "開業日挑戰", "Launch day")
STORY = told(
    "开门第一天，全店一起动：每人带来一位意向客户，把门口的热闹转发出去。",
    "開門第一天，全店一起動：每人帶來一位意向客戶，把門口的熱鬧轉發出去。",
    "The doors open: everyone brings one prospect, and together we tell the neighbourhood.",
)
TASKS = [
    told("每人带来一位意向客户", "每人帶來一位意向客戶", "A prospect each"),
    told("每人转发两次今日海报", "每人轉發兩次今日海報", "Share today's poster twice each"),
    told("一起拍短视频", "一起拍短影音", "Make short videos together"),
]
POOL = {"asset": "points", "total": 300}
PROSPECT = told("带来一位意向客户", "帶來一位意向客戶", "Bring a prospect")
WAY = {"title": PROSPECT, "href": "/actions/new"}
FAR = [(3, 5), (7, 10), (2, 2)]
GOAL = {
    "tasks": [
        {"title": title, "done": done, "target": target}
        for title, (done, target) in zip(TASKS, FAR, strict=True)
    ],
    "done": 12, "total": 17, "needed": 17,
}  # fmt: skip
WINDOW = {
    "title": [PROSPECT], "times": "2", "from": ago(hours=1), "until": ago(hours=-3),
}  # fmt: skip
PEOPLE = [
    {"name": name, "joined": name != "周", "is_me": name == "宝"}
    for name in ("林芳", "梅", "宝", "陈磊", "刘海涛", "周")
]


def board(state: str = "live", **goal: Any) -> dict[str, Any]:
    """A frame with a goal and one side."""
    side = {"name": "老城店", "place": 1, "rank": 1, "score": "64", "shown": "64", "members": 5}
    return frame(state, count=1) | {
        "sides": [side], "goal": GOAL | goal, "pot": POOL, "title": TITLE, "board": "c1",
        "winners": [],
    }  # fmt: skip


def _task(place: int, mine: int, target: int, per: str, state: str) -> dict[str, Any]:
    done, total = (FAR[place][1], FAR[place][1]) if state == "paid" else FAR[place]
    mine = target if state == "paid" else mine
    is_done = done == total if per == "together" else mine == target
    is_on = state in {"live", "open"}
    return {
        "title": TASKS[place], "per": per, "mine": mine, "target": target, "done": done,
        "total": total, "is_done": is_done, "is_missed": state == "missed" and not is_done,
        "waiting": place if is_on or state == "finished" else 0, "ways": [WAY] if is_on else [],
    }  # fmt: skip


def shown(state: str = "live", **more: Any) -> dict[str, Any]:
    """The page of a challenge."""
    look = {
        "live": ("live", "进行中"), "open": ("joining", "报名中"), "paid": ("prize", "已达成"),
        "missed": ("final", "未达成"), "finished": ("auditing", "审核中"),
    }[state]  # fmt: skip
    of_board = {"open": "joining", "paid": "final", "missed": "final", "finished": "auditing"}
    return {
        "challenge": {
            "id": "c1", "title": TITLE, "story": STORY, "kind": "一店一日", "state": state,
            "seal": {"state": look[0], "words": look[1]}, "place": "老城店", "is_sides": False,
            "pool": POOL, "pool_words": "按各人的贡献分",
        },
        "frame": board(of_board.get(state, state), done=17 if state == "paid" else 12),
        "me": {
            "is_in": True, "share": 84,
            "tasks": [
                _task(0, 1, 1, "person", state), _task(1, 1, 2, "person", state),
                _task(2, 0, 2, "together", state),
            ],
        },
        "windows": [WINDOW], "people": PEOPLE, "payouts": [], "waiting": 2, "can_join": False,
        "can_leave": state in {"live", "open"}, "can_call_off": False,
        "keys": {"join": "k1", "leave": "k2", "call_off": "k3"},
    } | more  # fmt: skip


TEMPLATE = {
    "plan": "full-participation", "rule": "launch_day", "title": TITLE, "story": STORY,
    "kind": "一店一日", "tasks": TASKS, "ways": [WAY], "pool": POOL, "pool_words": "按各人的贡献分",
}  # fmt: skip
CARD = {
    "id": "c1", "title": TITLE, "kind": "一店一日", "state": "live", "place": "老城店", "done": 12,
    "seal": {"state": "live", "words": "进行中"}, "total": 17, "starts": ago(hours=2),
    "ends": ago(hours=-4), "pool": POOL, "joined": False,
}  # fmt: skip
OVER = CARD | {"state": "paid", "seal": {"state": "prize", "words": "已达成"}, "joined": True}
NEW = {
    "template": TEMPLATE, "is_store": True, "store": {"id": "s1", "name": "老城店"}, "stores": [],
    "people": [{"id": f"p{n}", "name": each["name"], "asked": n < 5} for n, each in enumerate(PEOPLE)],
    "timezone": "Asia/Shanghai", "values": {"starts": "", "ends": "2026-06-30T21:00"},
    "idempotency_key": "k",
}  # fmt: skip
THANKS = [
    {"kind": kind, "name": name, "title": title, "amount": amount, "asset": asset, "at": NOW}
    for kind, name, title, amount, asset in (
        ("action", "梅", CLASS_A, 30, "points"),
        ("bonus", "宝", TITLE, 56, "points"),
        ("badge", "陈磊", told("热心人", "熱心人", "Kind heart"), 0, "points"),
        ("action", "刘海涛", PROSPECT, 5, "points"),
        ("bonus", "林芳", told("短视频大赛", "短影音大賽", "Short-video contest"), 51839, "cash"),
    )
]
SCREEN = {"id": "w1", "name": "一楼门口", "store_name": "老城店", "seen_at": ago(minutes=1)}


def _wall(*slides: dict[str, Any]) -> dict[str, Any]:
    return {"slides": list(slides), "rotate": 15, "company": "云杉家居"}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me, desk = EMPLOYEE, OPERATIONS
    show, wall = "challenges/show.html", "screens/wall.html"
    kick_off, index = "challenges/kick_off.html", "challenges/index.html"
    listed = {"running": [CARD], "over": [OVER], "can_make": True, "can_double": True}
    begun = {
        "started": shown(), "offered": None, "plan": {"id": "p", "title": TITLE}, "first": 2,
        "windows": [WINDOW], "can_start": False, "join_key": "k",
    }  # fmt: skip
    paid = [
        {"name": name, "sum": amount, "points": amount, "is_me": name == "宝"}
        for name, amount in (("梅", 120), ("宝", 96), ("陈磊", 84))
    ]
    plan = {
        "id": "p", "title": TITLE, "timezone": "Asia/Shanghai",
        "windows": [WINDOW | {"state": "live"}], "kinds": [{"id": "prospect", "title": PROSPECT}],
    }  # fmt: skip
    asked = shown("open")["me"] | {"is_in": False}
    battle = {"kind": "battle", "frame": frame()}
    day = {"kind": "challenge", "frame": board(), "challenge": CARD}
    qr = Markup('<svg viewBox="0 0 9 9" aria-hidden="true"><path d="M0 0h9v9H0z"/></svg>')
    return {
        "challenges": (index, me, listed),
        "challenges_empty": (index, me, listed | {"running": [], "over": [], "can_make": False}),
        "challenge": (show, me, shown()),
        "challenge_open": (show, me, shown("open", me=asked, can_join=True, can_leave=False)),
        "challenge_finished": (show, me, shown("finished")),
        "challenge_paid": (show, me, shown("paid", payouts=paid)),
        "challenge_missed": (show, desk, shown("missed")),
        "challenge_templates": ("challenges/templates.html", desk, {"templates": [TEMPLATE] * 2}),
        "challenge_new": ("challenges/new.html", desk, NEW),
        "kick_off": (kick_off, me, begun),
        "kick_off_offered": (kick_off, desk, begun | {
            "started": None, "offered": TEMPLATE, "first": 0, "can_start": True, "windows": []}),
        "windows": ("challenges/windows.html", desk, {
            "plans": [plan], "can_plan": True, "times": [{"id": "2", "words": "×2"}],
            "values": {}, "chosen": [], "key": "k"}),
        "walls": ("screens/index.html", desk, {
            "screens": [SCREEN], "stores": [{"id": "s1", "name": "老城店"}], "values": {}, "key": "k",
            "new_key": lambda: "k"}),
        "walls_empty": ("screens/index.html", desk, {
            "screens": [], "stores": [], "values": {}, "key": "k", "new_key": lambda: "k"}),
        "wall_link": ("screens/link.html", desk, {
            "screen": SCREEN, "link": "https://leitai.example/screens/7k2m9qxd4t", "qr": qr}),
        "screen": (wall, None, _wall(battle, day)),
        "screen_two": (wall, None, _wall({"kind": "battle", "frame": frame(count=2)})),
        "screen_last": (wall, None, _wall(
            {"kind": "battle", "frame": frame(left=8), "phase": "last"})),
        "screen_auditing": (wall, None, _wall({"kind": "battle", "frame": frame("auditing")})),
        "screen_final": (wall, None, _wall({"kind": "battle", "frame": frame("final")})),
        "screen_challenge": (wall, None, _wall(day)),
        "screen_thanks": (wall, None, _wall({"kind": "thanks", "thanks": THANKS})),
        "screen_empty": (wall, None, _wall({"kind": "thanks", "thanks": []})),
        "screen_revoked": ("screens/revoked.html", None, {}),
    }  # fmt: skip
