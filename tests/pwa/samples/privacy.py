"""Samples of personal data, of the company's networks, and of leads that look suspicious."""

from typing import Any

from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, OPERATIONS, Sample, ago, viewer
from tests.pwa.samples.inbox import DESK, FORM, SUSPICION

ADMIN = viewer("p9", "文管理", "admin")
SALES = viewer("p8", "沙莉", "sales")
WHY = [
    {"id": "call", "title": "联系线索或成交的事"}, {"id": "asked", "title": "客户要求回电"},
    {"id": "identity", "title": "核对是谁"}, {"id": "other", "title": "其他原因"},
]  # fmt: skip
NUMBER: dict[str, Any] = {
    "customer": {"id": "c1", "name": "周女士", "shown": "199****0001"}, "phone": "+8619900000001",
    "left": 11, "why": WHY, "values": {}, "refusal": None,
}  # fmt: skip
HELD = [
    {"title": "你报的线索", "n": 12, "href": "/leads"}, {"title": "钱包里的明细", "n": 148, "href": "/wallet"},
    {"title": "登录着的手机", "n": 2, "href": ""},
    {"title": "设备和网络：只留看不出内容的记号，90 天后删除", "n": 3, "href": ""},
]  # fmt: skip
DATA: dict[str, Any] = {
    "who": [
        {"title": "姓名", "words": "周女士"}, {"title": "手机号", "words": "199****0001"},
    ],
    "held": HELD[2:],
    "about": [
        {"name": "周女士", "tags": ["home"], "note": "想看两居室，周末有空", "word": "已联系",
         "received_at": ago(days=3)},
    ],
    "seen": [{"reason": "联系线索或成交的事：约周三到店", "at": ago(days=2)}],
    "requests": [], "kind": "customer", "saved": False, "values": {"name": "周女士"}, "faults": {},
    "refusal": None, "idempotency_key": "k",
}  # fmt: skip
MINE = DATA | {
    "who": [
        {"title": "姓名", "words": "宝"}, {"title": "手机号", "words": "138****0007"},
        {"title": "工号", "words": "E1007"}, {"title": "部门", "words": "华东/滨江店"},
    ],
    "held": HELD, "about": [], "seen": [], "kind": "employee", "saved": True,
    "requests": [
        {"said": "部门应是西溪店", "at": ago(days=1), "answer": "已经改好", "answered_at": ago(hours=2)},
    ],
}  # fmt: skip
ASKED = [
    {"id": "r1", "person": "p1", "name": "宝", "phone": "138****0007", "kind": "correct",
     "said": "部门应是西溪店", "at": ago(hours=3), "key": "k1"},
    {"id": "r2", "person": "p2", "name": "陈磊", "phone": "136****7710", "kind": "erase",
     "said": "我月底离职", "at": ago(hours=1), "key": "k2"},
]  # fmt: skip
NETWORKS: dict[str, Any] = {
    "here": "", "values": {}, "faults": {}, "refusal": None, "idempotency_key": "k",
    "networks": [
        {"token": "a", "name": "滨江店", "under": ["林芳", ago(days=9)], "leads": 86, "key": "k1"},
        {"token": "b", "name": "总部办公室", "under": ["林芳", ago(days=30)], "leads": 14, "key": "k2"},
    ],
    "busy": [
        {"token": "c", "most": 12, "people": ["梅", "陈磊", "刘海涛"], "at": ago(days=1), "key": "k3"},
    ],
}  # fmt: skip
LEAD = SUSPICION | {
    "name": "宝", "kind": "同事", "what": "线索 199****0031", "score": 120, "href": "/leads/l1",
    "alike": 34, "unusual": "", "is_lead": True,
    "reasons": [
        "一天内同一台设备报了 31 条线索（通常不超过 5 条）",
        "一天内一个人报了 31 条线索（通常不超过 20 条）", "短时间内接连报了 31 条线索",
    ],
    "involved": [
        {"name": "宝", "kind": "同事", "since": ago(days=400), "referrals": 0, "has_part": True,
         "shares": []},
    ],
    "precedents": {"cleared": 0, "refused": 0, "latest": []},
}  # fmt: skip
PACE = LEAD | {
    "what": "", "is_held": False, "href": "", "alike": 0, "score": 30,
    "unusual": "没有暂扣。这一天的线索报得特别快。", "reasons": ["短时间内接连报了 4 条线索"],
}  # fmt: skip
FALSE = [
    {"id": "made_up", "title": "没有这位客户"}, {"id": "not_agreed", "title": "客户不知情"},
    {"id": "own_lead", "title": "报的是自己或同事"}, {"id": "other", "title": "其他原因"},
]  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    show, desk = "suspicions/show.html", DESK | {"reasons": FALSE}
    said = {"name": "给这个网络起个名字，比如它在哪家店。"}
    return {
        "suspicion_lead": (show, OPERATIONS, desk | {"suspicion": LEAD}),
        "suspicion_alike": (show, OPERATIONS, desk | {"suspicion": LEAD, "values": {"alike": "1"}}),
        "suspicion_pace": (show, OPERATIONS, desk | {"suspicion": PACE}),
        "suspicion_lead_mine": ("suspicions/mine.html", EMPLOYEE, FORM | {"suspicion": LEAD}),
        "suspicion_lead_refused": (
            "suspicions/mine.html", EMPLOYEE,
            FORM | {"suspicion": LEAD | {"state": "refused", "may_appeal": True}},
        ),
        "networks": ("networks/index.html", OPERATIONS, NETWORKS),
        "networks_none": (
            "networks/index.html", OPERATIONS,
            NETWORKS | {"networks": [], "busy": [], "faults": said, "values": {"name": " "}},
        ),
        "networks_here": ("networks/index.html", OPERATIONS, NETWORKS | {"here": "滨江店", "busy": []}),
        "number": ("leads/number.html", SALES, NUMBER),
        "number_refused": (
            "leads/number.html", SALES, NUMBER | {"phone": "", "refusal": "写上原因。"},
        ),
        "my_data": ("me/data.html", CUSTOMER, DATA),
        "my_data_employee": ("me/data.html", EMPLOYEE, MINE),
        "my_data_erase": (
            "me/erase.html", CUSTOMER, {"kind": "customer", "idempotency_key": "k", "refusal": None},
        ),
        "people_data": (
            "people/data.html", ADMIN,
            {"requests": ASKED, "looked": [{"name": "沙莉", "count": 22}], "most": 30, "refusal": None},
        ),
        "people_data_none": (
            "people/data.html", ADMIN, {"requests": [], "looked": [], "most": 30, "refusal": None},
        ),
    }  # fmt: skip
