"""Samples of the doors: invites, sign-in, oneself, errors, the demo's cast."""

from datetime import timedelta
from typing import Any

from markupsafe import Markup

from tests.pwa.samples.common import CARD, CUSTOMER, EMPLOYEE, NOW, OPERATIONS, Sample

QR = Markup('<svg viewBox="0 0 10 10"><path d="M0 0h4v4H0zM6 0h4v4H6zM0 6h4v4H0z"/></svg>')
SIGN_IN: dict[str, Any] = {
    "step": "passcode", "values": {}, "faults": {}, "sent_to": None, "next": "/", "demo": True
}  # fmt: skip
ME = {
    "person": {
        "name": "宝", "kind": "employee", "under": ["客户成功部", "员工", "三队", ""],
        "phone": "138****1234",
    },
    "points": 1286, "badges": [],
    "desks": [{"href": "/till/orders", "title": "订单"}], "opted_out": False, "demo": True, "version": "0.1.0",
}  # fmt: skip
CAST = {
    "company": "云栖家居", "battle": CARD, "warning": None, "qr": QR,
    "link": "http://192.168.1.5:8000",
    "links": [{"href": "/r/7K2M9QXD", "title": "朋友的链接", "sentence": "周女士发来的"}],
    "cast": [
        {"id": "p1", "name": "宝", "role": "员工", "sentence": "报一条，看积分进钱包", "place": 2},
        {"id": "p2", "name": "林芳", "role": "运营", "sentence": "审核等待的动作", "place": 0},
    ],
}  # fmt: skip
INVITE = {
    "mode": "show", "person": {"id": "1", "code": "E001", "name": "安"}, "qr": QR,
    "link": "https://pk.example.com/invites/abc", "expires": NOW + timedelta(days=7),
}  # fmt: skip
INVITED = INVITE | {
    "mode": "accept", "company": "云栖家居", "values": {}, "faults": {}, "token": "t"
}  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    me = EMPLOYEE
    wrong = {"refusal": "工号或口令不对，再看一眼。", "values": {"person": "E0012"}}
    code = {"step": "code", "sent_to": "138****1234", "values": {"person": "E1"}}
    refusal = {"title": "", "sentence": "", "code": "battle_started"}
    return {
        "invite": ("people/invite.html", OPERATIONS, INVITE),
        "invited": ("people/invite.html", None, INVITED),
        "invite_gone": ("people/invite.html", None, {"mode": "gone"}),
        "sign_in": ("people/sign_in.html", None, SIGN_IN | wrong),
        "sign_in_code": ("people/sign_in.html", None, SIGN_IN | code),
        "passcode": ("people/passcode.html", me, {"has_one": True, "values": {}, "faults": {}}),
        "me": ("me/show.html", me, ME),
        "me_customer": (
            "me/show.html",
            CUSTOMER,
            ME
            | {
                "person": {
                    "name": "周女士",
                    "kind": "customer",
                    "under": [],
                    "phone": "138****1234",
                }
            },
        ),
        "me_out": ("me/show.html", me, ME | {"opted_out": True}),
        "error": ("errors/error.html", me, refusal),
        "offline": ("errors/offline.html", None, {}),
        "cast": ("demo/cast.html", None, CAST),
    }
