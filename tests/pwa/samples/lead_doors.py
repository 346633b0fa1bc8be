"""Samples of leads as they come in: the form, one's own code, the customer's doors, the desk."""

from types import SimpleNamespace
from typing import Any

from tests.pwa.samples.common import EMPLOYEE, OPERATIONS, Sample, ago, told
from tests.pwa.samples.coupons import QR

NEEDS = [
    {"id": "first_home", "title": told("刚需买房", "剛需買房", "First home")},
    {"id": "better_home", "title": told("改善换房", "改善換屋", "Better home")},
    {"id": "renovation", "title": told("改善型装修", "改善型裝修", "Renovation")},
    {"id": "whole_house", "title": told("全屋定制", "全屋訂製", "Whole-house fitting")},
    {"id": "appliances", "title": told("家电换新", "家電換新", "New appliances")},
]
CHANNELS = [
    {"id": "friend", "title": told("亲友邻居", "親友鄰居", "Friends and neighbours")},
    {"id": "store", "title": told("到店", "到店", "In the store")},
    {"id": "online", "title": told("朋友圈和短视频", "社群與短影音", "Online")},
]
DUE = ago(hours=-20)
DONE: dict[str, Any] = {
    "id": "d1", "name": "周女士", "shown": "138****0001", "stage": "submitted", "is_held": False,
    "due": DUE, "until": None, "days": 0, "is_mine": False, "is_watched": False,
}  # fmt: skip
TAKEN = DONE | {"stage": "duplicate", "until": ago(days=-12), "days": 12}
FORM: dict[str, Any] = {
    "plans": [], "plan": "word-of-mouth", "needs": NEEDS, "channels": CHANNELS, "stores": [],
    "may_check": True, "values": {}, "tags": [], "faults": {}, "checked": None, "done": None,
    "idempotency_key": "k1", "keys": {"watch": "k2"},
}  # fmt: skip
TYPED = {"phone": "138 1234 0001", "name": "周女士", "note": "周六想看样板间，带孩子来"}
CHECKED = SimpleNamespace(state="taken", until=ago(days=-12), days=12)
FREE = SimpleNamespace(state="free", until=None, days=0)
FAULTS = {
    "phone": "这位客户你已经报过了。进展在你的线索里看。",
    "agrees": "先问过客户，再勾选同意联系。",
}
DOOR: dict[str, Any] = {
    "state": "ask", "code": "7K2M9QXD", "name": "宝", "needs": NEEDS, "values": {}, "tags": [],
    "faults": {},
}  # fmt: skip


def _lead(number: int, name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": f"l{number}", "name": name, "shown": f"138****000{number}", "needs": [], "note": "",
        "channel": None, "by_customer": False, "reporter": "宝", "unit": "滨江店",
        "received_at": ago(hours=3 * number), "captured_at": None, "due": ago(hours=-20 + number),
        "is_late": False, "photos": [], "earlier": 0,
    } | more  # fmt: skip


PHOTO = "/static/icons/icon-192.png"
LEADS = [
    _lead(
        1, "周女士", note="周六想看样板间，带孩子来", needs=[NEEDS[0]["title"], NEEDS[2]["title"]],
        due=ago(hours=2), is_late=True, photos=[PHOTO, PHOTO], channel=CHANNELS[0]["title"],
    ),
    _lead(2, "刘先生", needs=[NEEDS[3]["title"]], by_customer=True, reporter="陈磊", unit="厨房"),
    _lead(3, "安先生", note="邻居家装修，问过价", earlier=2, reporter="安", unit="仓库"),
]  # fmt: skip
DESK: dict[str, Any] = {
    "leads": LEADS, "count": 3, "late": 1, "own": 1, "chosen": ["l1"], "values": {}, "done": 0,
    "passed": 0, "idempotency_key": "k1",
    "reasons": [
        {"id": "false_number", "title": "号码不真实"},
        {"id": "not_target", "title": "不是我们能服务的客户"},
        {"id": "no_interest", "title": "客户没有意向"},
        {"id": "known", "title": "已是我们的客户"},
        {"id": "other", "title": "其他原因"},
    ],
}  # fmt: skip
LISTED = [
    SimpleNamespace(
        customer="tel:1", shown="138****0009", cause="company", reason="同行刺探价格",
        added_by="林芳", added_at=ago(days=2),
    ),
    SimpleNamespace(
        customer="tel:2", shown="139****1234", cause="objection", reason="客户要求不再联系",
        added_by=None, added_at=ago(days=9),
    ),
]  # fmt: skip
LIST: dict[str, Any] = {
    "listed": LISTED, "wanted": "", "older": None, "values": {}, "faults": {},
    "keys": {"add": "k1", "remove": "k2"},
}  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    new = "leads/new.html"
    gone = {"state": "gone", "sentence": "这个码打不开。请同事再给你看一次。"}
    return {
        "lead_new": (new, EMPLOYEE, FORM),
        "lead_typed": (
            new, EMPLOYEE,
            FORM | {"values": TYPED, "tags": ["renovation"], "checked": CHECKED},
        ),
        "lead_free": (new, EMPLOYEE, FORM | {"values": TYPED, "checked": FREE}),
        "lead_faults": (new, EMPLOYEE, FORM | {"values": TYPED, "faults": FAULTS}),
        "lead_sent": (new, EMPLOYEE, FORM | {"done": DONE}),
        "lead_taken": (new, EMPLOYEE, FORM | {"done": TAKEN}),
        "lead_closed": (new, EMPLOYEE, FORM | {"plan": None, "needs": [], "channels": []}),
        "lead_again": (
            "leads/again.html", EMPLOYEE,
            {"lead": TAKEN | {"until": None}, "keys": {"watch": "k1", "again": "k2"}},
        ),
        "lead_watched": (
            "leads/again.html", EMPLOYEE,
            {"lead": TAKEN | {"is_watched": True}, "keys": {"watch": "k1", "again": "k2"}},
        ),
        "lead_code": (
            "leads/code.html", EMPLOYEE,
            {"name": "宝", "plans": [], "link": "https://pk.example.com/l/7K2M9QXD", "qr": QR},
        ),
        "lead_door": ("leads/door.html", None, DOOR),
        "lead_door_done": ("leads/door.html", None, DOOR | {"state": "done"}),
        "lead_door_own": ("leads/door.html", EMPLOYEE, DOOR | {"state": "own"}),
        "lead_door_gone": ("leads/door.html", None, gone),
        "lead_objection": (
            "leads/objection.html", None, {"state": "ask", "token": "T", "name": "宝"},
        ),
        "lead_objected": ("leads/objection.html", None, {"state": "done"}),
        "lead_desk": ("leads/desk.html", OPERATIONS, DESK),
        "lead_desk_empty": (
            "leads/desk.html", OPERATIONS,
            DESK | {"leads": [], "count": 0, "late": 0, "done": 3, "passed": 1},
        ),
        "blacklist": ("leads/blacklist.html", OPERATIONS, LIST),
        "blacklist_empty": ("leads/blacklist.html", OPERATIONS, LIST | {"listed": []}),
    }  # fmt: skip
