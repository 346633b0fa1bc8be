"""Samples of settlement: the runs, one of them, statements, what a scan of one tells."""

from datetime import timedelta
from typing import Any

from tests.pwa.samples.common import EMPLOYEE, NOW, PARTNER, Sample, ago, viewer
from tests.pwa.samples.doors import QR

FINANCE = viewer("p8", "方会计", "finance")
AUGUST = {
    "id": "s8", "period": "2026 年 5 月", "state": "approved", "people": 18, "statements": 19,
    "payable": 4_862_050, "paid": 3_120_000, "left": 7, "until": "06-10", "is_late": True,
}  # fmt: skip
RUNS = [
    AUGUST,
    AUGUST | {"id": "s7", "period": "2026 年第 1 季度", "state": "paid", "payable": 1_830_000,
              "is_late": False},
]  # fmt: skip
OFFER = {"every": "month", "period": "2026 年 6 月", "day": "07-05", "until": "07-10"}
INDEX = {
    "open": 1_284_030, "offers": [OFFER], "runs": RUNS, "can_pay": True, "idempotency_key": "k",
}  # fmt: skip
ROWS = [
    {"id": "t1", "name": "安", "under": "客户成功部/一队", "payable": 1_240_000, "carries": 0,
     "paid_at": ago(days=1)},
    {"id": "t2", "name": "悦活健身", "under": "异业合作", "payable": 800_000, "carries": 0, "paid_at": None},
    {"id": "t3", "name": "宝", "under": "客户成功部/三队", "payable": 0, "carries": -120_000,
     "paid_at": None},
]  # fmt: skip
RUN = AUGUST | {
    "plan": "pk", "version": 3, "computed_by": "", "computed_at": ago(days=3), "decided_by": "方会计",
    "decided_at": ago(days=2), "reason": "", "is_own": False, "carries": -120_000,
    "taxes": [{"label": "偶然所得", "sum": 4_062_050}, {"label": "经营所得", "sum": 800_000}],
    "people_rows": ROWS,
}  # fmt: skip
OPEN_RUN = RUN | {"state": "computed", "paid": 0, "decided_by": "", "is_late": False}


def line(title: str, amount: int, cause: str = "", days: int = 3) -> dict[str, Any]:
    return {"id": f"{title}{amount}", "title": title, "cause": cause, "amount": amount,
            "when": NOW - timedelta(days=days)}  # fmt: skip


STATEMENT = {
    "id": "t1", "settlement": "s8", "name": "宝", "period": "2026 年 5 月", "state": "approved",
    "until": "06-10", "paid_at": None, "payable": 361_500, "earned": 481_500, "carried": -120_000,
    "netted": 120_000, "carries": 0, "share": "50%",
    "taxes": [{"label": "偶然所得", "sum": 361_500}],
    "earnings": [
        line("佣金", 360_000, "云栖湾 8 栋 1201", 4), line("奖池份额", 51_839, "六月客户开发擂台", 6),
        line("佣金", 109_661, "临江府 2 栋 602", 9),
    ],
    "corrections": [line("佣金追回", -40_000, "更正 2026 年 4 月", 5)],
    "payments": [line("已发放", -220_000, "2026 年 4 月", 20)],
    "code": "9f2c41b07d5e83aa", "link": "/v/9f2c", "qr": QR,
}  # fmt: skip
DEBT = STATEMENT | {
    "payable": 0, "earned": -40_000, "carried": -80_000, "netted": 0, "carries": -120_000,
    "earnings": [], "payments": [],
}  # fmt: skip
SHOWN = {"statement": STATEMENT, "is_own": True, "back": "/statements", "can_pay": False}
PAID = STATEMENT | {"state": "paid", "paid_at": ago(days=1)}
LISTED = [
    {"id": "t1", "period": "2026 年 5 月", "payable": 361_500, "paid_at": None},
    {"id": "t0", "period": "2026 年 4 月", "payable": 220_000, "paid_at": ago(days=20)},
    {"id": "t9", "period": "2026 年 3 月", "payable": 0, "paid_at": None},
]
VERIFIED = {
    "period": "2026 年 5 月",
    "payable": 361_500,
    "is_paid": True,
    "code": "9f2c41b07d5e83aa",
}
SHOW = {"run": RUN, "can_pay": True, "values": {}, "done": "", "key": "k2", "idempotency_key": "k"}


def samples() -> dict[str, Sample]:
    run, one = "settlements/show.html", "settlements/statement.html"
    verified = "settlements/verified.html"
    return {
        "settlements": ("settlements/index.html", FINANCE, INDEX),
        "settlements_none": (
            "settlements/index.html", FINANCE, INDEX | {"runs": [], "offers": [], "open": 0},
        ),
        "settlement": (run, FINANCE, SHOW),
        "settlement_open": (run, FINANCE, SHOW | {"run": OPEN_RUN}),
        "settlement_own": (run, FINANCE, SHOW | {"run": OPEN_RUN | {"is_own": True}}),
        "settlement_gone": (
            run, FINANCE,
            SHOW | {"run": RUN | {"state": "discarded", "reason": "五月的退款还没有录完"}},
        ),
        "statement": (one, EMPLOYEE, SHOWN),
        "statement_debt": (one, EMPLOYEE, SHOWN | {"statement": DEBT}),
        "statement_paid": (one, PARTNER, SHOWN | {"statement": PAID}),
        "statement_desk": (
            one, FINANCE,
            SHOWN | {"is_own": False, "can_pay": True, "back": "/settlements/s8",
                     "idempotency_key": "k"},
        ),
        "statements": ("settlements/mine.html", EMPLOYEE, {"statements": LISTED}),
        "statements_none": ("settlements/mine.html", PARTNER, {"statements": []}),
        "verified": (verified, None, {"statement": VERIFIED, "company": "云栖置业"}),
        "verified_not": (verified, None, {"statement": None, "company": "云栖置业"}),
    }  # fmt: skip
