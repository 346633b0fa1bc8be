"""Samples of coupons: the customer's tickets and the till's screens."""

from typing import Any

import segno
from markupsafe import Markup

from tests.pwa.samples.common import CLERK, CUSTOMER, MANAGER, NOW, Sample, ago, told

WELCOME = told("新客见面礼", "新客見面禮", "Welcome gift")
FIGURE = {"before": "¥", "number": "200", "after": "", "is_words": False}
TENTH = {"before": "", "number": "9", "after": "折", "is_words": False}
PACK = {"before": "", "number": "收纳三件套", "after": "", "is_words": True}
TICKET: dict[str, Any] = {
    "id": "t1", "title": WELCOME, "figure": FIGURE, "terms": ["首单可用"], "kind": "amount",
    "state": "issued", "source": "安 邀请你", "stores": "任意门店", "until": "12月31日",
    "expires_at": NOW, "redeemed_at": None, "redeemed_in": "", "reason": "",
}  # fmt: skip
USED = TICKET | {
    "id": "t2", "state": "redeemed", "redeemed_at": ago(minutes=40), "redeemed_in": "滨江店",
}  # fmt: skip
TITLE_TENTH = told("九折券", "九折券", "A tenth off")
TITLE_PACK = told("欢迎礼包", "歡迎禮包", "Welcome pack")
LIST = [
    TICKET,
    TICKET | {"id": "t3", "title": TITLE_TENTH, "figure": TENTH, "terms": ["最多减 ¥500"]},
    TICKET | {"id": "t4", "title": TITLE_PACK, "figure": PACK, "terms": [], "stores": "滨江店"},
]
OVER = [TICKET | {"id": "t5", "state": "expired"}, TICKET | {"id": "t6", "state": "revoked"}]
LINK = "HTTPS://PK.EXAMPLE.COM/C/7K2M9QXD4T7K2M9QXD4T7K2M9Q"
QR = Markup(segno.make(LINK, error="m").svg_inline(omitsize=True))  # drawn here
WHO = "周女士 138****1234"
ORDER: dict[str, Any] = {
    "id": "o1", "receipt": "0457", "amount": 128000, "off": 20000, "payable": 108000,
    "store": "滨江店", "by": "丁店员", "placed_at": ago(minutes=1), "reversed_as": None,
    "reversed_at": None, "reversed_why": "", "reverser": "", "customer": WHO,
    "coupon": {"title": WELCOME, "figure": FIGURE, "terms": [], "kind": "amount"},
}  # fmt: skip
BACK = {"reversed_at": ago(minutes=0), "reverser": "包店长"}
UNDONE = ORDER | BACK | {"reversed_as": "undone"}
REFUNDED = ORDER | BACK | {"reversed_as": "refunded", "reversed_why": "客户退货"}
ROWS = [
    ORDER | {"coupon": WELCOME},
    ORDER | {"id": "o2", "coupon": None, "receipt": "0456", "placed_at": ago(hours=1)},
    UNDONE | {"id": "o3", "coupon": WELCOME, "receipt": "0455", "placed_at": ago(hours=2)},
]
CHECK: dict[str, Any] = {
    "token": "X", "ticket": TICKET | {"customer": WHO}, "store": "滨江店", "stores": [],
    "values": {}, "faults": {}, "idempotency_key": "k",
}  # fmt: skip
TILL: dict[str, Any] = {"store": "滨江店", "values": {}, "faults": {}, "orders": ROWS[:2]}
DONE: dict[str, Any] = {"order": ORDER, "undo_seconds": 104, "idempotency_key": "k"}
ONE: dict[str, Any] = {"order": ORDER, "can_refund": True, "idempotency_key": "k"}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    some = {"tickets": {"usable": LIST, "used": [USED], "over": OVER}}
    none: dict[str, Any] = {"tickets": {"usable": [], "used": [], "over": []}}
    wrong = {"values": {"code": "7k2m"}, "faults": {"code": "这个券码核销不了。"}}
    slip = {"values": {"amount": "12x"}, "faults": {"amount": "请填金额（元）。"}}
    somewhere = {"store": None, "stores": [{"id": "s1", "name": "滨江店"}]}
    used = {
        "code": "coupon_used",
        "sentence": "已在 2026-06-30 14:05 于滨江店用过，一张券只能用一次。",
    }
    return {
        "coupons": ("coupons/index.html", CUSTOMER, some),
        "coupons_empty": ("coupons/index.html", CUSTOMER, none),
        "coupon": ("coupons/show.html", CUSTOMER, {"ticket": TICKET, "code": "7K2M-9QXD-4T", "qr": QR}),
        "coupon_used": ("coupons/show.html", CUSTOMER, {"ticket": USED, "code": "", "qr": ""}),
        "coupon_link": ("coupons/link.html", None, {}),
        "till": ("coupons/till.html", CLERK, TILL),
        "till_wrong": ("coupons/till.html", CLERK, TILL | wrong | {"orders": []}),
        "till_check": ("coupons/check.html", CLERK, CHECK),
        "till_check_slip": ("coupons/check.html", CLERK, CHECK | slip | somewhere),
        "till_done": ("coupons/done.html", CLERK, DONE),
        "till_undone": ("coupons/done.html", CLERK, DONE | {"order": UNDONE, "undo_seconds": 0}),
        "till_refused": ("coupons/refused.html", CLERK, used),
        "orders": ("coupons/orders.html", MANAGER, {"orders": ROWS, "receipt": ""}),
        "orders_none": ("coupons/orders.html", MANAGER, {"orders": [], "receipt": "9999"}),
        "order": ("coupons/order.html", MANAGER, ONE),
        "order_refunded": ("coupons/order.html", MANAGER, ONE | {"order": REFUNDED, "can_refund": False}),
    }  # fmt: skip
