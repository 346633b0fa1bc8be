"""Samples of leads on their way: my leads, a passport, what to follow up, customers."""

from datetime import timedelta
from typing import Any

from tests.pwa.samples.common import EMPLOYEE, NOW, OPERATIONS, Sample, ago, viewer

SALES = viewer("p7", "沙莉", "sales")
LATE = ago(minutes=50)
SOON = NOW + timedelta(hours=5, minutes=20)


def lead(id_: str, name: str, stage: str, word: str, seal: str, **more: Any) -> dict[str, Any]:
    usual = {
        "id": id_, "name": name, "shown": "138****0001", "needs": ["改善型装修"], "note": "",
        "stage": stage, "word": word, "seal": seal, "owner": "沙莉", "reporter": "宝", "store": "",
        "received_at": ago(days=2), "stage_at": ago(hours=3), "due": None, "is_late": False,
        "unassigned_at": None, "is_held": False, "reason": "", "done": 0, "of": 6,
    }  # fmt: skip
    return usual | more


TO_CALL = lead("l1", "周女士", "assigned", "待联系", "live", due=SOON, done=3,
               note="下午三点后方便接电话，想看样板间。")  # fmt: skip
OVERDUE = lead("l2", "何先生", "assigned", "待联系", "live", due=LATE, is_late=True, done=3,
               shown="139****7788", needs=["刚需买房", "学区"])  # fmt: skip
REACHED = lead("l3", "孙小姐", "contacted", "已联系", "quiet", done=4)
VISITING = lead("l4", "吴先生", "visiting", "约到店", "quiet", done=5, needs=[])
WON = lead("l5", "郑女士", "deal", "成交", "done", done=6, stage_at=ago(days=1))
LOST = lead("l6", "王先生", "lost", "这次没成", "void", reason="已在别家签约")
KNOWN = lead("l7", "冯女士", "duplicate", "已有人报过", "void", owner="")
NEW = lead("l8", "陈先生", "submitted", "核实中", "quiet", owner="", due=SOON, done=1)
MINE = [NEW, TO_CALL, REACHED, VISITING, WON, LOST, KNOWN]
WAITING = lead("l9", "卫女士", "valid", "有效", "quiet", owner="", done=2, unassigned_at=LATE,
               store="滨江店")  # fmt: skip
LET_LIE = OVERDUE | {"id": "l10", "unassigned_at": LATE}
TAPS = [("contacted", "已联系"), ("visiting", "约到店"), ("lost", "这次没成")]


def line(title: str, hours: int, by: str = "", note: str = "") -> dict[str, Any]:
    return {"title": title, "by": by, "at": ago(hours=hours), "note": note}


LINES = [
    line("已收到", 50, "宝"),
    line("已核实，有效线索", 47, "林芳"),
    line("沙莉 负责跟进", 47),
    line("联系上了", 30, "沙莉", "已联系，约周三到店看样板间。"),
    line("备注", 3, "沙莉", "想带先生一起来，周末也可以。"),
]
SELLERS = [
    {"id": "s1", "name": "苏珊", "unit": "滨江店", "open": 2},
    {"id": "s2", "name": "沙莉", "unit": "销售", "open": 5},
]
WHY = [{"id": "call", "title": "跟进线索或成交"}, {"id": "other", "title": "其他原因"}]
CUSTOMER = {
    "id": "c1", "name": "孙小姐", "shown": "138****0001", "owner": "沙莉",
    "tags": ["要花园", "预算充足"], "needs": ["改善型装修"], "word": "已联系", "seal": "quiet",
    "stage_at": ago(hours=3), "count": 2, "since": ago(days=40), "lead": "l3",
}  # fmt: skip
OTHER = CUSTOMER | {
    "id": "c2", "name": "郑女士", "shown": "137****2211", "owner": "", "tags": [], "word": "成交",
    "seal": "done",
}  # fmt: skip


def passport(one: dict[str, Any], **more: Any) -> dict[str, Any]:
    usual = {
        "lead": one | {
            "number": "7K3M-9XQ2", "channel": "亲友同学", "until": NOW + timedelta(days=12),
            "customer": "c1", "photos": [], "captured_at": None, "owner_id": "s2",
        },
        "lines": LINES, "ahead": ["到店", "成交"], "taps": [], "may_note": False,
        "may_record": False, "why": WHY, "is_mine": False, "is_owner": False, "sellers": [], "values": {},
        "faults": {}, "keys": {"step": "k", "owner": "l"},
    }  # fmt: skip
    return usual | more


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me, desk = EMPLOYEE, OPERATIONS
    counted = {"": 7, "open": 4, "deal": 1, "over": 2}
    mine = {"leads": MINE, "counted": counted, "group": ""}
    none = {"leads": [], "counted": dict.fromkeys(counted, 0), "group": ""}
    follow: dict[str, Any] = {
        "leads": [each | {"taps": TAPS, "key": each["id"]} for each in (OVERDUE, TO_CALL)]
        + [REACHED | {"taps": TAPS[1:], "key": "l3"}],
        "group": "open", "waiting": {"count": 2, "late": 1, "due": LATE}, "refused": None,
        "values": {}, "faults": {},
    }  # fmt: skip
    refused = {
        "refused": "l1", "values": {"note": ""}, "faults": {"note": "请写明原因，让对方明白。"},
    }  # fmt: skip
    hands = {"is_owner": True, "may_note": True, "may_record": True, "taps": TAPS[1:]}
    assign = {
        "leads": [WAITING | {"key": "k"}, LET_LIE | {"key": "l"}], "sellers": SELLERS,
    }  # fmt: skip
    listed: dict[str, Any] = {
        "customers": [CUSTOMER, OTHER], "words": "", "tag": "", "tags": ["要花园", "预算充足"],
        "sees_all": False, "is_cut": False,
    }  # fmt: skip
    record = {
        "customer": CUSTOMER, "leads": [REACHED, LOST], "lines": LINES[::-1], "values": {}, "why": WHY,
        "faults": {}, "key": "k",
    }  # fmt: skip
    return {
        "leads": ("leads/index.html", me, mine),
        "leads_empty": ("leads/index.html", me, none),
        "passport": ("leads/show.html", me, passport(REACHED, is_mine=True)),
        "passport_taken": ("leads/show.html", me, passport(KNOWN, is_mine=True, ahead=[])),
        "passport_owner": ("leads/show.html", SALES, passport(REACHED, **hands)),
        "passport_desk": (
            "leads/show.html",
            desk,
            passport(REACHED, sellers=SELLERS, may_record=True),
        ),
        "lead_follow": ("leads/follow.html", SALES, follow),
        "lead_follow_refused": ("leads/follow.html", SALES, follow | refused),
        "lead_follow_over": (
            "leads/follow.html",
            SALES,
            follow | {"group": "over", "leads": [LOST]},
        ),
        "lead_follow_empty": (
            "leads/follow.html",
            SALES,
            follow | {"leads": [], "waiting": {"count": 0, "late": 0, "due": None}},
        ),
        "lead_assign": ("leads/assign.html", desk, assign),
        "lead_assign_empty": ("leads/assign.html", desk, assign | {"leads": []}),
        "customers": ("leads/customers.html", SALES, listed),
        "customers_empty": ("leads/customers.html", SALES, listed | {"customers": [], "tags": []}),
        "customer": ("leads/customer.html", SALES, record),
        "customer_number": (
            "leads/number.html",
            SALES,
            {
                "customer": CUSTOMER,
                "phone": "+8613800000001",
                "left": 27,
                "why": WHY,
                "values": {},
            },
        ),
    }
