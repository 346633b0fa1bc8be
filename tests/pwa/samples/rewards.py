"""Samples of rewards: the catalogue, a reward, tickets, the desk, the shelves, suggestions."""

from datetime import timedelta
from typing import Any

from tests.pwa.samples.common import EMPLOYEE, NOW, OPERATIONS, Sample, ago
from tests.pwa.samples.doors import QR


def reward(kind: str, words: str, way: str, title: str, points: int, **more: Any) -> dict[str, Any]:
    usual = {
        "id": f"{kind}-{points}", "kind": kind, "kind_words": words, "way": way,
        "title": {"zh_Hans": title}, "about": {}, "points": points, "stock": None,
        "stock_words": "", "low_stock": None, "limit": "", "audience": "", "keeps_days": 14,
        "picture": None, "is_archived": False, "is_low": False, "state": "now",
        "missing": max(0, points - 286), "have": 286, "why_not": "",
    }  # fmt: skip
    return usual | more


LEAVE = reward(
    "leave", "假期", "approval", "半天假", 240, limit="每月每人 2 次",
    about={"zh_Hans": "上午或下午，提前一天说好，主管同意后生效。"}, keeps_days=7,
)  # fmt: skip
CUP = reward(
    "gift", "礼品", "scan", "云栖保温杯", 120, stock=12, stock_words="还剩 12 件", low_stock=3
)
COUPON = reward("coupon", "券", "at_once", "家居券 ¥200", 200)
COURSE = reward(
    "training", "培训名额", "approval", "摄影课名额", 400, state="reward_not_covered", stock=5,
    stock_words="还剩 5 件",
)  # fmt: skip
TICKET_GONE = reward(
    "gift", "礼品", "scan", "双人电影票", 90, state="reward_sold_out", stock=0, stock_words="兑完了",
    low_stock=2, is_low=True, why_not="最后一份刚被兑走。",
)  # fmt: skip
PARKING = reward(
    "service", "服务", "approval", "总部车位一周", 150, state="reward_not_for_you", audience="经理",
    why_not="这份福利是给其他同事的，看看别的吧。",
)  # fmt: skip
SHELF = [CUP, COUPON, LEAVE, COURSE, TICKET_GONE, PARKING]


def ticket(one: dict[str, Any], state: str, **more: Any) -> dict[str, Any]:
    usual = {
        "id": f"r-{state}-{one['kind']}", "reward": one["id"], "note": "", "state": state,
        "person": "宝", "unit": "客户成功部/三队", "redeemed_at": ago(hours=3),
        "expires_at": NOW + timedelta(days=14), "last_day": NOW + timedelta(days=14),
        "ended_at": None, "ended_by": None, "reason": "", "coupon": None, "picture": None,
    }  # fmt: skip
    same = {name: one[name] for name in ("kind", "kind_words", "way", "title", "points")}
    return same | usual | more


WAITING = ticket(CUP, "waiting")
ASKED = ticket(LEAVE, "waiting", note="周五下午，陈帮我盯店")
GIVEN = ticket(COUPON, "fulfilled", ended_at=ago(days=2), coupon="c1")
APPROVED = ticket(LEAVE, "fulfilled", ended_at=ago(minutes=5), ended_by="林芳")
REFUSED = ticket(LEAVE, "refused", ended_at=ago(days=5), ended_by="林芳", reason="周五要盘点")
RAN_OUT = ticket(CUP, "expired", ended_at=ago(days=9))
VALUES = {
    "kind": "gift", "title_zh_Hans": "云栖保温杯", "points": "十二", "limit_most": "1",
    "limit_per": "month", "keeps_days": "14",
}  # fmt: skip
EDIT: dict[str, Any] = {
    "reward": None, "values": VALUES, "faults": {"points": "这里要填合理的数字或选项。"},
    "kinds": [("gift", "礼品"), ("coupon", "券"), ("leave", "假期")],
    "periods": [("month", "每月"), ("year", "每年")],
    "coupons": {"word/thanks": {"zh_Hans": "感谢券"}},
    "units": [("总部", False), ("总部/客户成功部", True)],
    "ranks": [("staff", "员工", True), ("manager", "经理", False)], "idempotency_key": "k",
}  # fmt: skip
SUGGESTED = {
    "id": "s1", "person_name": "梅", "title": "摄影课名额", "why": "拍样板间用得上，客户爱看。",
    "state": "open", "answer": "", "answered_by_name": None, "reward": None, "made_at": ago(hours=2),
}  # fmt: skip
TAKEN = {"state": "taken", "answer": "好主意，已上架 5 个名额。", "answered_by_name": "林芳"}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me, desk = EMPLOYEE, OPERATIONS
    index = {"available": 286, "rewards": SHELF, "waiting": 1}
    staff = {"can_manage": True, "can_hand_over": True}
    one = {"available": 286, "values": {}, "idempotency_key": "k"}
    shown = {"idempotency_key": "k", "code": "", "qr": ""}
    at_desk: dict[str, Any] = {
        "decides": True, "queue": [ASKED], "keys": {str(ASKED["id"]): ("k", "l")},
        "found": None, "done": None, "values": {}, "faults": {}, "idempotency_key": "k",
    }  # fmt: skip
    counter = {"found": WAITING | {"is_own": False}, "values": {"code": "7K3M9XQ2"}, "queue": []}
    shelves = {
        "rewards": SHELF, "archived": [PARKING | {"id": "p2"}], "suggestions": 1,
        "keys": {str(each["id"]): ("k", "l") for each in [*SHELF, {"id": "p2"}]},
    }  # fmt: skip
    suggest = {"mine": [SUGGESTED | TAKEN], "waiting": [], "values": {}, "idempotency_key": "k"}
    return {
        "rewards": ("rewards/index.html", me, index),
        "rewards_staff": ("rewards/index.html", desk, index | staff),
        "rewards_empty": ("rewards/index.html", me, index | {"rewards": []}),
        "reward": ("rewards/show.html", me, one | {"reward": LEAVE}),
        "reward_short": ("rewards/show.html", me, one | {"reward": COURSE}),
        "reward_gone": ("rewards/show.html", me, one | {"reward": TICKET_GONE}),
        "redemptions": (
            "rewards/redemptions.html",
            me,
            {"waiting": [WAITING, ASKED], "ended": [APPROVED, GIVEN, REFUSED, RAN_OUT]},
        ),
        "redemptions_empty": ("rewards/redemptions.html", me, {"waiting": [], "ended": []}),
        "redemption": (
            "rewards/ticket.html",
            me,
            shown | {"ticket": WAITING, "code": "7K3M-9XQ2", "qr": QR, "is_new": True},
        ),
        "redemption_asked": ("rewards/ticket.html", me, shown | {"ticket": ASKED}),
        "redemption_done": ("rewards/ticket.html", me, shown | {"ticket": APPROVED}),
        "redemption_refused": ("rewards/ticket.html", me, shown | {"ticket": REFUSED}),
        "reward_desk": ("rewards/desk.html", desk, at_desk),
        "reward_counter": ("rewards/desk.html", desk, at_desk | counter),
        "reward_shelves": ("rewards/manage.html", desk, shelves),
        "reward_edit": ("rewards/edit.html", desk, EDIT),
        "suggestions": ("rewards/suggestions.html", me, suggest),
        "suggestions_desk": (
            "rewards/suggestions.html",
            desk,
            suggest | {"waiting": [SUGGESTED], "keys": {"s1": "k"}, "mine": []},
        ),
    }
