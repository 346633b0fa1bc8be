"""Samples of commissions and budgets: mine, one explained, the desk, a deal's parts, caps."""

from typing import Any

from server.ledger.words import Fact
from tests.pwa.samples.common import EMPLOYEE, OPERATIONS, PARTNER, Sample, ago, viewer

FINANCE = viewer("p8", "方会计", "finance")


def accrual(name: str, title: str, what: str, amount: int, **more: Any) -> dict[str, Any]:
    """Return an accrual as a row."""
    usual = {"state": "due", "seal": ("", ""), "made_at": ago(days=2)}
    named = {"id": f"{name}{amount}", "deal": "d1", "name": name, "title": title, "what": what}
    return named | usual | {"amount": amount} | more


MINE = [
    accrual("宝", "员工成交佣金", "周女士 · ¥186,000", 372_000, made_at=ago(hours=3)),
    accrual("宝", "个人销售佣金", "悦活健身 · ¥64,000", 86_000, state="pending",
            seal=("live", "待核查")),
    accrual("宝", "推荐签约奖", "陈先生 · ¥12,800", 20_000, made_at=ago(days=9)),
    accrual("宝", "员工成交佣金", "云栖湾 8 栋 1201 · ¥48,000", 0, state="clawed",
            seal=("void", "已收回"), made_at=ago(days=21)),
]  # fmt: skip
CLIMB = {
    "title": "个人销售佣金", "pays": "1%，到 ¥100,000；之后 1.5%", "period": "按月累计",
    "reached": 6_800_000, "missing": 3_200_000, "rate": "1.5%", "percent": 68,
}  # fmt: skip
TOP_CLIMB = CLIMB | {"title": "合作伙伴佣金", "missing": 0, "rate": "", "percent": 100}
INDEX = {
    "month": "2026 年 6 月", "given": 458_000, "waiting": 86_000, "climbs": [CLIMB, TOP_CLIMB],
    "accruals": MINE, "older": "/commissions?before=x", "at_desk": False,
}  # fmt: skip
FACTS = [
    Fact("客户", "周女士"), Fact("合同", "HT-2026-0618"), Fact("规则", "1%，到 ¥100,000；之后 1.5% · 签单人"),
    Fact("周期", "按月累计"), Fact("此前成交", "¥68,000"),
    Fact("退款时", "收回；钱包不够的部分从以后的收入里扣"), Fact("方案", "全员参与激励营销，第 2 版", "/plans/x"),
]  # fmt: skip
MOVES = [
    {"transfer": "t1", "amount": 86_000, "waived": 0, "why": "成交已核实", "reason": "", "by": "",
     "at": ago(days=2)},
    {"transfer": "t2", "amount": -16_000, "waived": 0, "why": "同一周期的另一笔成交有变", "reason": "质量问题退货",
     "by": "林芳", "at": ago(hours=5)},
    {"transfer": None, "amount": 0, "waived": 4_000, "why": "成交已退款", "reason": "", "by": "林芳",
     "at": ago(hours=1)},
]  # fmt: skip
ONE = MINE[0] | {
    "title": "个人销售佣金", "amount": 80_000, "facts": FACTS, "moves": MOVES, "reason": "", "was": "",
    "steps": [Fact("¥32,000 × 1%", "¥320"), Fact("¥32,000 × 1.5%", "¥480")],
}  # fmt: skip
DESK = {
    "shelf": "budget", "counts": {"verdict": 3, "budget": 2},
    "accruals": [
        accrual("安", "员工成交佣金", "刘女士 · ¥98,000", 196_000, state="pending", seal=("live", "等预算")),
        accrual("悦活健身", "异业联盟佣金", "何先生 · ¥23,456.78", 234_568, state="pending",
                seal=("live", "等预算")),
    ],
}  # fmt: skip
DEAL = {
    "deal": {"deal": "d1", "amount": 18_600_000, "made_at": ago(days=2), "standing": "counts",
             "reason": ""},
    "plan": "全员参与激励营销",
    "accruals": [MINE[0], accrual("梅", "个人销售佣金", "周女士 · ¥186,000", 229_000)],
    "asks": True, "values": {}, "faults": {}, "idempotency_key": "k",
}  # fmt: skip


def used(cap: int | None, spent: int, promised: int, level: str, **more: Any) -> dict[str, Any]:
    """Return what was used of a cap."""
    return {
        "cap": cap, "spent": spent, "promised": promised, "forecast": spent + promised,
        "left": None if cap is None else cap - spent, "level": level,
        "percent": min(100, spent * 100 // cap) if cap else 0,
    } | more  # fmt: skip


STORES = [
    used(6_000_000, 5_120_000, 340_000, "near", name="光谷店"),
    used(6_000_000, 6_080_000, 520_000, "reached", name="江汉路步行街旗舰店"),
    used(6_000_000, 910_000, 0, "calm", name="徐东店"),
]
PLANS = [
    used(30_000_000, 18_342_650, 1_120_000, "calm", id="full", title="全员参与激励营销", beside=770_000,
         income=121_000_000, cost_percent=16, share_percent=15, is_dear=True, stores=STORES),
    used(50_000_000, 46_200_000, 0, "near", id="pk", title="全员营销擂台", beside=0,
         income=0, cost_percent=0, share_percent=15, is_dear=False, stores=[]),
    used(None, 0, 0, "calm", id="w", title="口碑推荐", beside=0, income=0, cost_percent=0,
         share_percent=None, is_dear=False, stores=[]),
]  # fmt: skip
BUDGETS = {"plans": PLANS, "points": 48_210, "points_worth": 482_100, "cash": 1_284_030}


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    mine, show = "commissions/index.html", "commissions/show.html"
    desk, deal = "commissions/desk.html", "commissions/deal.html"
    nothing = INDEX | {"given": 0, "waiting": 0, "climbs": [], "accruals": [], "older": None}
    held = ONE | MINE[1] | {"moves": []}
    clawed = ONE | MINE[3] | {"steps": [], "was": "成交已退款", "reason": "客户无理由退货"}
    empty = DESK | {"accruals": []}
    wrong = DEAL | {
        "values": {"person": "E99"},
        "faults": {"person": "没有这个工号的同事。看看工号再填。"},
    }
    return {
        "commissions": (mine, EMPLOYEE, INDEX),
        "commissions_none": (mine, PARTNER, nothing),
        "commission": (show, EMPLOYEE, {"one": ONE, "is_own": True, "at_desk": False}),
        "commission_held": (show, EMPLOYEE, {"one": held, "is_own": True, "at_desk": False}),
        "commission_back": (show, FINANCE, {"one": clawed, "is_own": False, "at_desk": True}),
        "commission_desk": (desk, OPERATIONS, DESK),
        "commission_desk_calm": (desk, FINANCE, empty),
        "commission_desk_checked": (desk, FINANCE, empty | {"shelf": "verdict"}),
        "commission_desk_first": (desk, FINANCE, empty | {"shelf": "given"}),
        "commission_deal": (deal, OPERATIONS, DEAL),
        "commission_deal_wrong": (deal, OPERATIONS, wrong),
        "commission_deal_none": (deal, FINANCE, DEAL | {"accruals": [], "asks": False}),
        "budgets": ("budgets/index.html", FINANCE, BUDGETS),
        "budgets_none": ("budgets/index.html", FINANCE, BUDGETS | {"plans": []}),
    }
