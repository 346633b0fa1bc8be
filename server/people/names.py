"""Names in the order of an address book: by pinyin, Latin ones among them.

The key is stored beside the name (`person.sort_name`): the database sorts and cuts lists by it, and
knows no Chinese itself (decision 0020). Nobody sees it.
"""

import os
from typing import Final
from uuid import UUID

import msgspec

from server.kit import db
from server.kit.db import command

AT_ONCE: Final = 1000

SURNAMES: Final = {
    "万俟": "mo qi", "尉迟": "yu chi", "尉遲": "yu chi", "长孙": "zhang sun", "長孫": "zhang sun",
    "单": "shan", "單": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "区": "ou",
    "區": "ou", "盖": "ge", "蓋": "ge", "朴": "piao", "任": "ren", "华": "hua", "華": "hua",
    "缪": "miao", "繆": "miao", "覃": "qin", "翟": "zhai", "乐": "yue", "樂": "yue", "冼": "xian",
    "种": "chong", "员": "yun", "員": "yun",
}  # fmt: skip
"""What is read in another way where a name begins with it."""


class _Named(msgspec.Struct, frozen=True):
    id: UUID
    name: str


def sort_name(name: str) -> str:
    """Return what a name is sorted by: 曾国强 → "zeng guo qiang", Anna → "anna"."""
    called = " ".join(name.split())
    surname = next((each for each in SURNAMES if called.startswith(each)), "")
    read = [SURNAMES[surname]] if surname else []
    return " ".join([*read, *_read(called[len(surname) :])]).casefold() or "-"


def _read(called: str) -> list[str]:
    # A name is read sign by sign: the phrases that the library would load are of no use.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin import lazy_pinyin  # noqa: PLC0415  # large, and only for writes of names

    return [each.strip() for each in lazy_pinyin(called) if each.strip()]


@command
async def fill() -> int:
    """Give some people without a key theirs, from before there was one; returns how many."""
    found = await db.rows(
        _Named,
        "SELECT id, name FROM person WHERE sort_name = '' LIMIT $1 FOR NO KEY UPDATE SKIP LOCKED",
        AT_ONCE,
    )
    await db.execute(
        "UPDATE person p SET sort_name = n.key FROM unnest($1::uuid[], $2::text[]) n(id, key)"
        " WHERE p.id = n.id",
        [each.id for each in found],
        [sort_name(each.name) for each in found],
    )
    return len(found)
