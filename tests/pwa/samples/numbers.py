"""Samples of the numbers: a month in full, and one without anything."""

from tests.pwa.samples.common import OPERATIONS, Sample

PAIRS = [
    ("链接打开", "312"), ("待审核", "4"), ("重复", "7"), ("无效", "9"), ("流失", "11"),
    ("线索到成交", "21%"), ("本月成交", "18"), ("其中回头客", "5"), ("推广人数", "23"),
    ("人均带来", "¥40,217.39"),
]  # fmt: skip
TOTAL = {
    "income": "¥925,000", "cost": "¥38,420", "profit": "¥886,580", "cost_to_profit": "4.3%",
    "gain_to_cost": "23.08", "in_time": "86%", "pairs": PAIRS,
    "funnel": [("收到", "104"), ("有效", "84"), ("已联系", "71"), ("成交", "18")],
}  # fmt: skip
ROW = {
    "name": "老客户介绍", "income": "¥512,000", "under": "收到 31 · 有效 28 · 成交 9",
    "pairs": [
        ("24 小时内联系", "92%"), ("线索到成交", "32%"), ("重复", "1"), ("无效", "2"),
        ("成本", "¥10,240"), ("成本 ÷ 利润", "2%"), ("利润 ÷ 成本", "49.00"),
    ],
}  # fmt: skip
PAGE = {
    "month": "2026 年 6 月", "before": "by=channel&month=2026-05", "after": "",
    "query": "by=channel&month=2026-06",
    "ways": [("按渠道", "by=channel", True), ("按参与者", "by=person", False),
             ("按门店", "by=store", False)],
    "total": TOTAL,
    "rows": [ROW, ROW | {"name": "上门拜访", "income": "¥413,000"},
             ROW | {"name": "线上", "income": "", "under": "收到 12 · 有效 6 · 成交 0"}],
}  # fmt: skip


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    return {
        "numbers": ("numbers/show.html", OPERATIONS, PAGE),
        "numbers_none": (
            "numbers/show.html",
            OPERATIONS,
            PAGE | {"rows": [], "after": "by=channel&month=2026-07"},
        ),
    }
