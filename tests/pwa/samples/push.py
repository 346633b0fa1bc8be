"""Samples of what wakes a phone, and of the robots of group chats."""

from types import SimpleNamespace
from typing import Any

from server.notifications.words import GROUPS
from server.push.words import UNDER, groups_for
from tests.pwa.samples.common import CUSTOMER, EMPLOYEE, OPERATIONS, Sample, ago

UNITS = [
    {"id": f"u{place}", "path": path}
    for place, path in enumerate(("总部", "总部/客户成功部", "总部/客户成功部/一队"))
]
ROBOTS = [
    {"unit": "u0", "path": "总部", "ending": "5aaa", "made_at": ago(days=3)},
    {"unit": "u2", "path": "总部/客户成功部/一队", "ending": "0c1f", "made_at": ago(hours=3)},
]
DEVICES = [
    SimpleNamespace(id="d1", name="Chrome · Android", seen_at=ago(minutes=4)),
    SimpleNamespace(id="d2", name="", seen_at=ago(days=12)),
]


def _shown(kind: str, **more: Any) -> dict[str, Any]:
    groups = [
        {"id": group, "title": GROUPS[group], "under": UNDER[group], "on": group != "honour"}
        for group in groups_for(kind)
    ]
    return {
        "groups": groups, "devices": [], "key": "BNb", "has_robot": False, "saved": False,
        "quiet_from": "21:00", "quiet_until": "09:00", "most": 2, "idempotency_key": "k",
    } | more  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    show, robots = "push/show.html", "push/robots.html"
    desk: dict[str, Any] = {
        "robots": ROBOTS, "units": UNITS, "heard": "", "values": {}, "faults": {},
        "idempotency_key": "k",
    }  # fmt: skip
    wrong = {"address": "从企业微信复制完整地址，以 https://qyapi.weixin.qq.com 开头。"}
    typed = {"unit": "u2", "address": "https://example.com"}
    return {
        "push": (show, EMPLOYEE, _shown("employee", devices=DEVICES, has_robot=True, saved=True)),
        "push_outside": (show, CUSTOMER, _shown("customer")),
        "robots": (robots, OPERATIONS, desk | {"heard": "yes"}),
        "robots_none": (robots, OPERATIONS, desk | {"robots": []}),
        "robots_faults": (robots, OPERATIONS, desk | {"values": typed, "faults": wrong}),
    }
