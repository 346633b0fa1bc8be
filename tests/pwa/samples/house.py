"""Samples of the plans and the people: pages of those who run a campaign."""

from typing import Any

from game.plan import parse_plan, template
from server.plans import sections, words
from tests.pwa.samples.common import (
    AUDITOR,
    CLASS_B,
    CLASS_C,
    CUT_OFF,
    NOW,
    OPERATIONS,
    STARTS,
    TITLE,
    Sample,
    ago,
)

BATTLE = {
    "title": TITLE, "sides": "一队、二队", "counts": "A 类客户", "starts": STARTS,
    "cut_off": CUT_OFF, "score": "队员得分之和", "tie": "先到者胜", "share": "第一名拿下，按得分分",
    "stakes": [{"rank": "员工", "sum": 10000, "asset": "cash"}], "funded_by": "公司",
    "sponsor": {"asset": "cash", "amount": 100000},
}  # fmt: skip
VERSION = {
    "version": 3, "created_at": ago(days=2), "created_by": "林芳", "launched_at": ago(days=1),
    "launched_by": "林芳",
}  # fmt: skip
PLAN = {"id": "pk", "title": TITLE, "version": 3, "timezone": "Asia/Shanghai"}
SHOWN = {
    "plan": PLAN, "versions": [VERSION], "shown": VERSION, "can_edit": True, "source": "[plan]",
    "kinds": [{"title": CLASS_C, "points": 1, "cap": "每天最多 10 条", "once": None}],
    "multipliers": [{"title": CLASS_B["zh_Hans"], "times": "3/2", "from": NOW, "until": NOW}],
    "battles": [BATTLE], "sections": [],
}  # fmt: skip
LISTED = {
    "id": "pk",
    "title": TITLE,
    "version": 3,
    "summary": "2 场擂台",
    "is_draft": False,
    "when": NOW,
}
FAULT = {"path": "battles[0].cut_off", "expected": "开始之后的时间", "got": "2026-01-01"}
ASK = {"path": "battles[0].sponsor.amount", "label": "公司加注", "type": "money"}
LAUNCH = {
    "plan": PLAN, "timezone": "Asia/Shanghai", "groups": [("六月", [ASK])],
    "values": {ASK["path"]: "0"}, "faults": {}, "plan_faults": [FAULT], "idempotency_key": "k",
    "has_battles": True,
}  # fmt: skip
PERSON = {
    "id": "1", "code": "E001", "name": "梅", "rank": "员工", "unit": "客户成功部/一队",
    "side": "一队", "roles": ["运营"], "phone": "138****1234", "state": "active",
}  # fmt: skip
ROSTER = [
    PERSON | {"id": str(place), "state": state}
    for place, state in enumerate(("active", "invited", "opted_out", "no_invite", "dismissed"))
]
PEOPLE = {
    "units": [{"path": "客户成功部/一队", "people": ROSTER}], "query": "", "role": "", "more": False,
    "counts": {"people": 52, "active": 40, "invited": 8, "opted_out": 1},
    "roles": {"operations": "运营"},
}  # fmt: skip
IMPORT = {
    "faults": [{"line": 7, "column": "rank", "reason": "没有这个职级"}], "notes": ["按 GB18030 读取"],
    "imported": None, "filename": "people.csv", "idempotency_key": "k",
}  # fmt: skip


def _told(name: str) -> dict[str, Any]:
    """Tell a template as its page does, in the reader's language."""
    plan = parse_plan(template(name))
    return SHOWN | {
        "plan": PLAN | {"id": plan.id, "title": words.as_builtins(plan.title)},
        "kinds": words.kinds(plan), "multipliers": [], "battles": words.battles(plan),
        "sections": sections.of(plan), "versions": [], "shown": None,
    }  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    desk = OPERATIONS
    template = {"id": "pk-campaign", "title": TITLE, "summary": "2 场擂台"}
    edit = {"plan_id": "pk", "values": {"document": "[plan]"}, "idempotency_key": "k"}
    done = {"faults": [], "imported": {"added": 40, "changed": 1, "unchanged": 0}}
    record = {
        "at": ago(hours=2), "actor": "林芳", "what": "把客户列入黑名单", "whom": None,
        "subject": "customer:138****1234", "reason": "同一号码三次都打不通", "seal": 812,
    }  # fmt: skip
    roles = record | {"what": "调整了角色", "whom": "梅雨薇", "reason": "", "seal": None}
    trail = {
        "records": [roles | {"subject": "person:1"}, record, record | {"actor": None}],
        "more": 40, "query": "", "standing": {"n": 812, "mac": "9f2c41d07aa3", "at": ago(hours=1)},
    }  # fmt: skip
    return {
        "records": ("trail/records.html", AUDITOR, trail),
        "records_none": (
            "trail/records.html",
            AUDITOR,
            trail | {"records": [], "more": None, "query": "无此人"},
        ),
        "plans": (
            "plans/index.html",
            desk,
            {"plans": [LISTED], "templates": [template], "can_edit": True},
        ),
        "plan": ("plans/show.html", desk, SHOWN),
        "plan_full": ("plans/show.html", desk, _told("full-participation")),
        "plan_coupons": ("plans/show.html", desk, _told("word-of-mouth")),
        "launch": ("plans/launch.html", desk, LAUNCH),
        "plan_edit": ("plans/edit.html", desk, edit | {"plan_faults": [FAULT]}),
        "people": ("people/index.html", desk, PEOPLE),
        "people_empty": ("people/index.html", desk, PEOPLE | {"units": [], "query": "赵"}),
        "person": (
            "people/person.html",
            desk,
            {"person": PERSON, "roles": [("operations", "运营", True), ("audit", "审核组", False)]},
        ),
        "import": ("people/import.html", desk, IMPORT),
        "import_done": ("people/import.html", desk, IMPORT | done),
    }
