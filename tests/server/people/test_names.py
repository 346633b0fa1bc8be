"""Names stand in the order of an address book, whoever wrote them and whenever."""

import random

import asyncpg
import pytest

from server.people import jobs, names

IN_ORDER = [
    "Anna", "白露", "陈磊", "陳小明", "Ed 林", "盖玉", "李二", "梅雨薇", "仇英", "任平", "单小红", "王建国",
    "尉迟恭", "曾国强", "查良", "翟欣",
]  # fmt: skip


def test_names_are_read_in_pinyin() -> None:
    mixed = random.Random(7).sample(IN_ORDER, len(IN_ORDER))
    assert sorted(mixed, key=names.sort_name) == IN_ORDER


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("曾国强", "zeng guo qiang"),
        ("张曾", "zhang ceng"),
        ("尉遲恭", "yu chi gong"),
        ("  Anna  LI ", "anna li"),
        ("O'Neil 3", "o'neil 3"),
        ("—", "—"),
        ("", "-"),
    ],
)
def test_a_surname_has_its_own_reading(name: str, key: str) -> None:
    assert names.sort_name(name) == key


async def test_whoever_came_without_a_key_gets_it(pool: None, control: asyncpg.Connection) -> None:
    await control.execute(
        "INSERT INTO person (id, code, name, rank)"
        " SELECT gen_random_uuid(), 'N' || n, CASE n WHEN 1 THEN '单小红' ELSE 'Bo ' || n END, 'staff'"
        " FROM generate_series(1, $1) n",
        names.AT_ONCE + 1,
    )
    await jobs.fill_names({})
    assert await control.fetchval("SELECT count(*) FROM person WHERE sort_name = ''") == 0
    found = await control.fetchval("SELECT sort_name FROM person WHERE name = '单小红'")
    assert found == "shan xiao hong"
