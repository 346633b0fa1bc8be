"""What the demo's catalogue has: eight rewards, each with its stock when the story begins."""

from typing import Final

from game.rewards import Limit
from server.rewards.catalogue import Terms


def _words(zh_hans: str, zh_hant: str, en: str) -> dict[str, str]:
    return {"zh_Hans": zh_hans, "zh_Hant": zh_hant, "en": en}


REWARDS: Final[dict[str, tuple[Terms, int | None]]] = {
    "leave": (
        Terms(
            kind="leave",
            title=_words("半天假", "半天假", "Half a day off"),
            about=_words(
                "自己挑一个半天，主管安排好就批。", "自己挑一個半天，主管安排好就批。",
                "Pick an afternoon; approved once somebody covers for you.",
            ),
            points=60,
            limit=Limit(2, "month"),
        ),
        None,
    ),
    "cup": (
        Terms(
            kind="gift",
            title=_words("保温杯", "保溫杯", "Steel cup"),
            about=_words("500 毫升，刻上你的名字。", "500 毫升，刻上你的名字。", "500 ml, with your name on it."),
            points=40,
            low_stock=3,
        ),
        18,
    ),
    "cinema": (
        Terms(
            kind="gift",
            title=_words("电影票两张", "電影票兩張", "Two cinema tickets"),
            about=_words("任意影城，三个月内有效。", "任意影城，三個月內有效。", "Any cinema, good for three months."),
            points=30,
            low_stock=5,
        ),
        6,
    ),
    "coffee": (
        Terms(
            kind="gift",
            title=_words("一杯咖啡", "一杯咖啡", "A coffee"),
            about=_words("到任意门店前台领。", "到任意門店櫃檯領。", "At the counter of any store."),
            points=8,
            limit=Limit(2, "week"),
        ),
        None,
    ),
    "course": (
        Terms(
            kind="training",
            title=_words("直播口才课", "直播口才課", "Course: talking live"),
            about=_words("两个晚上，小班，老师当场改。", "兩個晚上，小班，老師當場改。", "Two evenings in a small group."),
            points=35,
        ),
        8,
    ),
    "coupon": (
        Terms(
            kind="coupon",
            title=_words("¥100 家政券", "¥100 家事券", "¥100 for a home service"),
            about=_words("自己用，也是给家里人的心意。", "自己用，也是給家人的心意。", "For yourself or your family."),
            points=25,
            coupon="word-of-mouth/exclusive",
            limit=Limit(1, "month"),
        ),
        None,
    ),
    "plant": (
        Terms(
            kind="gift",
            title=_words("工位绿植", "座位綠植", "A plant for your desk"),
            about=_words("琴叶榕或虎尾兰，随缘。", "琴葉榕或虎尾蘭，隨緣。", "A fig or a snake plant."),
            points=20,
        ),
        0,
    ),
    "parking": (
        Terms(
            kind="service",
            title=_words("专属车位一周", "專屬車位一週", "A parking space for a week"),
            about=_words("门口第一个车位，写你的名字。", "門口第一個車位，寫你的名字。", "The one by the door, with your name."),
            points=50,
        ),
        1,
    ),
}  # fmt: skip
