"""Samples of badges: mine, one of them, the moment of a new one, those of a side."""

from typing import Any

from tests.pwa.samples.common import EMPLOYEE, Sample, ago, told

WORDS = {"bronze": "铜章", "silver": "银章", "gold": "金章", "": ""}


def _card(art: str, names: tuple[str, str, str], tier: str = "", have: int = 0) -> dict[str, Any]:
    return {
        "href": f"/badges/p/{art}", "art": art, "title": told(*names), "tier": tier or None,
        "story": told("写客户故事，让好口碑有人听", "寫客戶故事，讓好口碑有人聽", "Write stories"),
        "tier_word": WORDS[tier], "next_word": "银章", "far": f"{have} / 10", "percent": have * 10,
        "needed_words": "10 次", "at": ago(days=2), "badge": art, "plan": "p", "id": art,
    }  # fmt: skip


EARNED = [
    _card("scroll", ("说书人", "說書人", "Storyteller"), "silver"),
    _card("tea", ("热茶常在", "熱茶常在", "Warm tea"), "gold"),
    _card("stroke", ("第一笔", "第一筆", "First stroke"), "bronze"),
    _card("drum", ("战鼓", "戰鼓", "War drum"), "bronze"),
]
NEAR = [
    _card("slips", ("勤学", "勤學", "Scholar"), "bronze", 8),
    _card("bridge", ("引路人", "引路人", "Guide"), "", 6),
    _card("moon", ("周周见", "週週見", "Week by week"), "", 3),
]
REST = [
    _card("lantern", ("掌灯人", "掌燈人", "Lantern bearer")),
    _card("knot", ("同心结", "同心結", "Common knot")),
    _card("sprout", ("点子发芽", "點子發芽", "Idea that grew")),
    _card("mountain", ("登顶", "登頂", "Summit")),
]
STORY = told("写一个客户故事", "寫一個客戶故事", "Write a customer story")
ONE = {
    "badge": EARNED[0] | {"best": "9 天连续"},
    "tiers": [
        {"tier": "bronze", "word": "铜章", "takes": "1 次", "at": ago(days=40), "far": "", "percent": 100},
        {"tier": "silver", "word": "银章", "takes": "10 次", "at": ago(days=2), "far": "", "percent": 100},
        {"tier": "gold", "word": "金章", "takes": "50 次", "at": None, "far": "12 / 50", "percent": 24},
    ],
    "behind": {
        "is_held": True, "more": "7",
        "facts": [
            {"title": STORY, "href": None, "at": ago(days=day), "points": ""} for day in (2, 5, 9)
        ],
    },
    "revoked": [
        {"tier_word": "金章", "at": ago(days=1), "what": STORY, "reason": "情况不属实"},
    ],
    "holders": [
        {"name": "梅", "tier": "gold", "tier_word": "金章"},
        {"name": "陈磊", "tier": "bronze", "tier_word": "铜章"},
    ],
}  # fmt: skip
NOTHING = {"earned": [], "near": [], "rest": []}
MOMENT = {"first": EARNED[1], "others": [EARNED[0], EARNED[3]], "more": 2, "awards": ["a", "b"]}
SIDE = [
    {"person": "1", "name": "梅", "badges": EARNED[:3], "more": 2},
    {"person": "2", "name": "陈磊", "badges": EARNED[3:], "more": 0},
]


def samples() -> dict[str, Sample]:
    """Return name → (template, viewer, context)."""
    shelves = {"earned": EARNED, "near": NEAR, "rest": REST}
    return {
        "badges": ("badges/index.html", EMPLOYEE, {"shelves": shelves}),
        "badges_none": ("badges/index.html", EMPLOYEE, {"shelves": NOTHING | {"rest": REST}}),
        "badges_no_plan": ("badges/index.html", EMPLOYEE, {"shelves": NOTHING}),
        "badge": ("badges/show.html", EMPLOYEE, ONE),
        "badge_open": (
            "badges/show.html",
            EMPLOYEE,
            ONE
            | {"badge": REST[0], "holders": [], "revoked": []}
            | {"behind": {"is_held": False, "facts": [], "more": ""}},
        ),
    }
