"""Rehearsing C2 to C4: how an action came about, whose home it is, who started work."""

import io
import json

import pytest

from server.rehearsals.command import run

TITLE = '{ zh_Hans = "题", zh_Hant = "題", en = "Title" }'
PLAN = f"""
[plan]
id = "talent"
version = 1
timezone = "Asia/Shanghai"
title = {TITLE}

[actions.client]
title = {TITLE}
points = 10
handed_over = 4
home = {{ unit = "客户成功部", quota = {{ per = "month", most = 1 }} }}

[actions.agency]
title = {TITLE}
points = 50
needs = {{ people = 2, days = 3 }}

[actions.placement]
title = {TITLE}
points = 5
needs = {{ people = 1, days = 3 }}
"""
PEOPLE = """person,name,rank,unit,side
E1,梅,staff,总部/客户成功部/一队,
E2,宝,staff,总部/行政部,
"""
HEAD = "action,person,kind,customer,happened_at,received_at,verdict,mode,starters\n"
ROWS = """A1,E1,client,,{0},2023-06-02T09:00:00+08:00,accepted,,
A2,E1,client,,{0},2023-06-03T09:00:00+08:00,accepted,direct,
A3,E1,client,,{0},2023-06-04T09:00:00+08:00,accepted,handed_over,
A4,E2,client,,{0},2023-06-04T09:00:00+08:00,accepted,handed_over,
A5,E2,agency,,{0},2023-06-10T09:00:00+08:00,accepted,,周 敏 2023-06-07; 李强 2023-06-05；
A6,E2,placement,,{0},2023-06-11T09:00:00+08:00,accepted,,李强 2023-06-05
A7,E2,placement,,{0},2023-06-11T09:00:00+08:00,accepted,,王芳 2023-06-09
A8,E2,placement,,{0},2023-06-12T09:00:00+08:00,accepted,,王芳 2023-06-09
""".format("2023-06-01T00:00:00+08:00")


@pytest.fixture
def play(tmp_path):
    def played(rows, as_json=True):
        (tmp_path / "plan.toml").write_text(PLAN, encoding="utf-8")
        (tmp_path / "people.csv").write_text(PEOPLE, encoding="utf-8")
        (tmp_path / "actions.csv").write_text(HEAD + rows, encoding="utf-8")
        out, err = io.StringIO(), io.StringIO()
        files = [str(tmp_path / name) for name in ("plan.toml", "people.csv", "actions.csv")]
        options = {"as_json": as_json, "skip_bad": False, "locale": "en"}
        status = run(*files, out=out, err=err, **options)
        return status, out.getvalue(), err.getvalue().replace(f"{tmp_path}/", "")

    return played


def test_modes_homes_and_starters_come_out_as_the_plan_says(play):
    status, out, said = play(ROWS)
    assert (status, said) == (0, "")
    answer = json.loads(out)
    assert answer["wallets"] == {
        "E1": {"points": 10 + 4, "cash": 0},
        "E2": {"points": 4 + 50 + 5, "cash": 0},
    }
    assert answer["within_quota"] == ["A1"]
    assert answer["refused"] == [
        {"action": "A6", "reason": "starter_counted"},
        {"action": "A7", "reason": "needs_unmet"},
    ]


def test_a_manager_reads_why(play):
    _, out, _ = play(ROWS, as_json=False)
    for words in ("within the quota", "too few people on the job", "people counted already"):
        assert words in out


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ("by_hand,", 'mode: expected one of direct, handed_over, got "by_hand"'),
        (",李强", "starters: expected people and days such as"),
        (",2023-06-05", "starters: expected people and days such as"),
        (",李强 2023-02-30", "starters: expected people and days such as"),
        (",李强 20230205", "starters: expected people and days such as"),
    ],
)
def test_a_wrong_cell_is_named(play, cells, fault):
    moment = "2023-06-02T09:00:00+08:00"
    status, out, said = play(f"A1,E1,client,,{moment},{moment},accepted,{cells}\n")
    assert (status, out) == (2, "")
    assert f"actions.csv: line 2, {fault}" in said
