"""What the pieces of the style page show: made-up facts, as handlers would give them."""

from datetime import datetime, timedelta
from typing import Any, Final

from server.kit import pages

CLIENT: Final = {
    "zh_Hans": "A 类客户：签订协议",
    "zh_Hant": "A 類客戶：簽訂協議",
    "en": "Class A client: agreement signed",
}
LONG_NAME: Final = "北京朝阳区望京旗舰店客户成功与家居顾问联合战队"
LONG_LATIN: Final = "Wangjing Flagship Customer Success and Interior Advisory Team"
SIDES: Final = (("一队", 762), ("三队", 609), ("七队", 583), ("二队", 546), ("六队", 541), ("五队", 523), ("四队", 360))  # fmt: skip
SCALE: Final = (11, 13, 15, 16, 17, 20, 26, 44, 58)
SURFACES: Final = ("paper", "card", "sunk", "line", "edge")
INKS: Final = ("ink", "ink-2", "ink-3", "cinnabar", "gold", "done")
GAPS: Final = (4, 8, 12, 16, 24, 40)


def sides(*scores: tuple[str, int]) -> list[dict[str, Any]]:
    """Return the sides of a frame by (name, score), the best first."""
    return [
        {"name": name, "place": place, "rank": place, "score": str(score), "shown": f"{score:,}"}
        | {"members": 6}
        for place, (name, score) in enumerate(scores, 1)
    ]


def moment(now: datetime, name: str, side: str, points: int, effect: str) -> dict[str, Any]:
    """Return one moment of a board."""
    return {
        "name": name, "side": side, "kind_title": CLIENT, "points": points, "effect": effect,
        "at": (now - timedelta(minutes=2)).isoformat(),
    }  # fmt: skip


def shown(now: datetime) -> dict[str, Any]:
    """Return everything that `styleguide/show.html` draws."""
    board, two = sides(*SIDES), sides(*SIDES[:2])
    return {
        "places": (),
        "bar": pages.EMPLOYEE,
        "now": now,
        "scale": SCALE,
        "surfaces": SURFACES,
        "inks": INKS,
        "gaps": GAPS,
        "board": board,
        "frames": {
            "two": {"sides": two},
            "even": {"sides": sides(("一队", 609), ("三队", 609))},
            "zero": {"sides": sides(("一队", 0), ("三队", 0))},
            "long": {"sides": sides((LONG_NAME, 1286400), (LONG_LATIN, 98))},
        },
        "moments": [
            moment(now, "梅", "一队", 30, "widened"),
            moment(now, "宝", "三队", 5, "narrowed"),
        ],
        "long_name": LONG_NAME,
        "long_latin": LONG_LATIN,
        "client": CLIENT,
        "typed": {"guest": "刘先生", "number": "138 0013"},
        "ends": now + timedelta(hours=2, minutes=14, seconds=9),
    }
