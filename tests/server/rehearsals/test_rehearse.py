"""`leitai rehearse` as its caller sees it: what goes to stdout, to stderr, and the status."""

import io
import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter

from server.rehearsals.command import run

EXAMPLE = Path(__file__).parents[2] / "support" / "example"
PLAN = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")
PEOPLE = (EXAMPLE / "people.csv").read_text(encoding="utf-8")
ACTIONS = (EXAMPLE / "actions.csv").read_text(encoding="utf-8")
TEMPLATES = "full-participation, pk-campaign, word-of-mouth"
EXPECTED = json.loads((EXAMPLE / "expected.json").read_text(encoding="utf-8"))


class Desk:
    """A folder with a plan and both files, in which the command is run."""

    def __init__(self, folder):
        self.folder = folder
        self.write("plan.toml", PLAN)
        self.write("people.csv", PEOPLE)
        self.write("actions.csv", ACTIONS)

    def write(self, name, body):
        (self.folder / name).write_bytes(body if isinstance(body, bytes) else body.encode())

    def run(self, plan="plan.toml", people="people.csv", actions="actions.csv", **options):
        """The status, stdout, and the lines of stderr without the folder."""
        out, err = io.StringIO(), io.StringIO()
        options = {"as_json": True, "skip_bad": False, "locale": "en"} | options
        if plan.endswith(".toml"):
            plan = str(self.folder / plan)
        files = (str(self.folder / people), str(self.folder / actions))
        status = run(plan, *files, out=out, err=err, **options)
        said = err.getvalue().replace(f"{self.folder}/", "")
        return status, out.getvalue(), said.splitlines()

    def json(self, **options):
        """The answer of a run without anything to say."""
        status, out, said = self.run(**options)
        assert (status, said) == (0, [])
        return json.loads(out)


@pytest.fixture
def desk(tmp_path):
    return Desk(tmp_path)


# The answer.


def test_the_example_comes_to_the_expected_answer_key_by_key(desk):
    status, out, said = desk.run()
    assert (status, said) == (0, [])
    # As text too, so that the order of the keys holds.
    assert out == json.dumps(EXPECTED, ensure_ascii=False, indent=1) + "\n"


def test_the_order_of_both_files_does_not_matter(desk):
    for name, text in (("people.csv", PEOPLE), ("actions.csv", ACTIONS)):
        header, *rows = text.splitlines()
        desk.write(name, "\n".join([header, *reversed(rows)]))
    assert desk.json() == EXPECTED


def test_ids_are_listed_by_code_point_and_equal_ones_as_they_were_taken(desk):
    rows = [
        "A9,E9,client_c,,2023-06-02T09:00:00Z,2023-06-02T09:00:00Z,accepted",
        "A10,E1,none,,2023-06-02T09:00:00Z,2023-06-02T09:00:00Z,accepted",
        "A10,E9,client_c,,2023-06-02T09:00:00Z,2023-06-01T09:00:00Z,accepted",
        "A8,E1,client_b,,2023-06-02T09:00:00Z,2023-06-02T09:00:00Z,pending",
        "A70,E1,client_b,,2023-06-02T09:00:00Z,2023-06-02T09:00:00Z,pending",
    ]
    desk.write("actions.csv", "\n".join([ACTIONS.splitlines()[0], *rows]))
    answer = desk.json()
    assert [(entry["action"], entry["reason"]) for entry in answer["refused"]] == [
        ("A10", "unknown_person"),
        ("A10", "duplicate_action"),
        ("A9", "unknown_person"),
    ]
    assert answer["pending"] == ["A70", "A8"]


def test_a_score_per_head_is_a_fraction_in_lowest_terms(desk):
    desk.write("plan.toml", PLAN.replace('score = "sum"', 'score = "per_head"'))
    (battle,) = desk.json()["battles"]
    assert [(place["side"], place["score"]) for place in battle["sides"]] == [
        ("二队", "5"),
        ("一队", "9/2"),
    ]


def test_a_shared_tie_names_all_winners_and_leaves_zeros_out(desk):
    tied = PLAN.replace('"first_to_reach"', '"share"').replace("points = 5", "points = 0")
    desk.write("plan.toml", tied)
    header, *rows = ACTIONS.splitlines()
    kept = [row for row in rows if row.startswith("A1,")]
    later = "B1,E3,client_c,,2023-06-03T09:00:00+08:00,2023-06-03T09:00:00+08:00,accepted"
    desk.write("actions.csv", "\n".join([header, *kept, later]))
    (battle,) = desk.json()["battles"]
    assert [place["rank"] for place in battle["sides"]] == [1, 2]
    assert battle["winners"] == ["一队", "二队"]
    assert battle["payouts"] == {"E1": 30001, "E3": 30000}


def test_a_void_battle_shows_its_pot_and_pays_nobody(desk):
    desk.write("actions.csv", ACTIONS.splitlines()[0])
    answer = desk.json()
    (battle,) = answer["battles"]
    assert (battle["state"], battle["winners"], battle["payouts"]) == ("void", [], {})
    assert battle["pot"]["total"] == 60001
    assert [place["score"] for place in battle["sides"]] == ["0", "0"]
    assert answer["wallets"] == {}


def test_a_battle_for_nothing_has_a_pot_without_asset(desk):
    desk.write("plan.toml", PLAN.split("[battles.stake]")[0])
    (battle,) = desk.json()["battles"]
    assert battle["pot"] == {"asset": None, "stakes": 0, "sponsor": 0, "total": 0}
    assert (battle["winners"], battle["payouts"]) == (["一队"], {})


def test_a_lost_stake_of_points_may_leave_a_wallet_below_zero(desk):
    by_members = PLAN.replace('"cash"', '"points"').replace('"company"', '"member"')
    desk.write("plan.toml", by_members)
    wallets = desk.json()["wallets"]
    assert wallets["E3"] == {"points": 35 - 20000, "cash": 0}
    assert sum(wallet["points"] for wallet in wallets.values()) == 74 + 1


def test_a_template_is_a_plan_by_its_name(desk):
    status, out, _ = desk.run(plan="pk-campaign")
    assert status == 0
    assert [battle["id"] for battle in json.loads(out)["battles"]] == ["clients", "talent"]


# The tables.


def test_the_tables_tell_a_manager_the_same(desk):
    status, out, said = desk.run(as_json=False)
    assert (status, said) == (0, [])
    lines = [" ".join(line.split()) for line in out.splitlines()]
    for line in (
        "Example plan · version 1",
        "1 一队 9 2",
        "Stakes ¥600.00",
        "Sponsor ¥0.01",
        "Pot ¥600.01",
        "Client battle: payouts to 一队",
        "E2 宝 ¥466.67",
        "E3 辰 35 ¥0.00",
        "Points awarded 74",
        "Cash into pots ¥600.01",
        "scored 6",
        "cap reached 1",
    ):
        assert line in lines


def test_the_tables_line_up_though_a_chinese_sign_takes_two_columns(desk):
    _, out, _ = desk.run(as_json=False)
    header, *rows = [line for line in out.splitlines() if line.startswith(("  Person", "  E"))][:3]
    for row in rows:
        assert row.index("¥") + 1 == header.index("Payout")


def test_a_void_battle_and_a_fraction_read_in_tables(desk):
    desk.write("plan.toml", PLAN.replace('score = "sum"', 'score = "per_head"'))
    assert "9/2 ≈ 4.50" in desk.run(as_json=False)[1]
    desk.write("actions.csv", ACTIONS.splitlines()[0])
    assert "Client battle is void: every stake goes back." in desk.run(as_json=False)[1]


@pytest.mark.parametrize(
    ("spoken", "title"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "示例方案"),
        ({"LANG": "zh_TW.UTF-8"}, "範例方案"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C.UTF-8"}, "Example plan"),
        ({"LANG": "de_DE.UTF-8"}, "Example plan"),
        ({}, "Example plan"),
    ],
)
def test_the_terminal_chooses_the_language(desk, monkeypatch, spoken, title):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in spoken.items():
        monkeypatch.setenv(name, value)
    assert desk.run(as_json=False, locale=None)[1].startswith(title)


# What is refused.


def test_every_fault_of_a_plan_is_said_with_its_key(desk):
    broken = PLAN.replace("director = 50000", 'director = "x"').replace("points = 30", "point = 30")
    desk.write("plan.toml", broken)
    assert desk.run() == (
        2,
        "",
        [
            'plan.toml: actions.client_a.point: expected one of the keys title, points, handed_over, cap, once_per_customer, home, needs, got "point"',
            "plan.toml: actions.client_a.points: expected a whole number ≥ 0, got nothing",
            'plan.toml: battles[0].stake.by_rank.director: expected a whole number ≥ 0, got "x"',
        ],
    )


def test_a_plan_that_is_no_toml_names_the_line(desk):
    desk.write("plan.toml", PLAN.replace("version = 1", "version = ", 1))
    status, out, (said,) = desk.run()
    assert (status, out) == (2, "")
    assert said.startswith("plan.toml: expected a TOML document, got a mistake: Invalid value")
    assert "line 3" in said


def test_a_plan_in_another_encoding_is_refused_and_a_bom_is_not(desk):
    desk.write("plan.toml", PLAN.encode("utf-8-sig"))
    assert desk.json() == EXPECTED
    desk.write("plan.toml", PLAN.encode("gb18030"))
    assert desk.run()[2] == ["plan.toml: a plan is TOML in UTF-8; this file is not"]


def test_files_that_are_not_there_are_named_all_at_once(desk):
    status, out, said = desk.run(plan="none.toml", people="none.csv", actions=".")
    assert (status, out) == (2, "")
    assert said == [
        f"none.toml: there is no such file or template; templates: {TEMPLATES}",
        "none.csv: there is no such file",
        f"{desk.folder}: the file can't be read: Is a directory",
    ]


NOW = "2023-06-02T09:00:00+08:00"
TIME = "expected a time such as 2023-06-02T09:00:00+08:00"
ACTION_FAULTS = [
    (f",E1,client_c,,{NOW},{NOW},accepted", "action: the cell is empty"),
    (f"B1,,client_c,,{NOW},{NOW},accepted", "person: the cell is empty"),
    (f"B1,E1,,,{NOW},{NOW},accepted", "kind: the cell is empty"),
    *(
        (
            f"B1,E1,client_c,,{NOW},{NOW},{verdict}",
            f'verdict: expected one of accepted, struck, pending, got "{verdict}"',
        )
        for verdict in ("Accepted", "", "ok")
    ),
    *(
        (f"B1,E1,client_c,,{NOW},{moment},accepted", f'received_at: {sentence}, got "{moment}"')
        for moment, sentence in (
            ("2023-06-02T09:00:00", "expected a time with an offset such as +08:00"),
            ("2023-06-02T09:00:00.1234567Z", "expected at most 6 fraction digits"),
            ("2023-06-02", TIME),
            ("2023-06-02T09:00+08:00", TIME),
            ("2023-06-31T09:00:00+08:00", TIME),
            ("2023-06-02T24:00:00+08:00", TIME),
            ("2023-06-02T09:00:00+24:00", TIME),
            ("2023-06-02T09:00:00+0800", TIME),
            ("２023-06-02T09:00:00+08:00", TIME),
            ("2023-06-02T09:00:00.+08:00", TIME),
            ("yesterday", TIME),
            ("", TIME),
            ("0001-01-01T00:00:00+08:00", "expected a year from 1900 to 9000"),
            ("9999-12-31T23:59:59-08:00", "expected a year from 1900 to 9000"),
        )
    ),
]


@pytest.mark.parametrize(("row", "fault"), ACTION_FAULTS)
def test_a_wrong_row_of_actions_is_named_by_line_and_column(desk, row, fault):
    desk.write("actions.csv", f"{ACTIONS.rstrip()}\n{row}\n")
    assert desk.run() == (
        2,
        "",
        [
            f"actions.csv: line 12, {fault}",
            "actions.csv: rows that can't be read: 1. Mend them, or pass --skip-bad",
        ],
    )


@pytest.mark.parametrize(
    "moment",
    ["2023-06-02T01:00:00Z", "2023-06-02t01:00:00z", "2023-06-02 09:00:00.5+08:00", "2023-06-02T09:00:00.123456+08:00"],
)  # fmt: skip
def test_a_time_may_be_written_as_rfc_3339_allows(desk, moment):
    desk.write("actions.csv", ACTIONS.replace("2023-06-02T09:01:00+08:00", moment))
    status, _, said = desk.run()
    assert (status, said) == (0, [])


PEOPLE_FAULTS = [
    ("E1,又梅,staff,总部,一队", 'person: "E1" is there twice'),
    (",李,staff,总部,一队", "person: the cell is empty"),
    ("E9,,staff,总部,一队", "name: the cell is empty"),
    ("E9,李,,总部,一队", 'rank: expected one of staff, supervisor, manager, director, vp, got ""'),
    ("E9,李,boss,总部,一队", 'rank: expected one of staff, supervisor, manager, director, vp, got "boss"'),
    ("E9,李,staff,,一队", "unit: the cell is empty"),
    ("E9,李,staff,总部//一队,一队", 'unit: expected a path of units such as "A/B", got "总部//一队"'),
]  # fmt: skip


@pytest.mark.parametrize(("row", "fault"), PEOPLE_FAULTS)
def test_a_wrong_row_of_people_is_named_by_line_and_column(desk, row, fault):
    desk.write("people.csv", f"{PEOPLE.rstrip()}\n{row}\n")
    status, out, said = desk.run()
    assert (status, out, said[0]) == (2, "", f"people.csv: line 6, {fault}")


def test_all_wrong_rows_of_both_files_are_reported_at_once_in_order(desk):
    desk.write("people.csv", f"{PEOPLE.rstrip()}\nE1,x,boss,总部,\nE5\n")
    desk.write("actions.csv", ACTIONS.replace("struck", "strike"))
    assert desk.run()[2] == [
        'people.csv: line 6, rank: expected one of staff, supervisor, manager, director, vp, got "boss"',
        'people.csv: line 6, person: "E1" is there twice',
        "people.csv: line 7: 5 cells were expected, there are 1",
        "people.csv: rows that can't be read: 2. Mend them, or pass --skip-bad",
        'actions.csv: line 10, verdict: expected one of accepted, struck, pending, got "strike"',
        "actions.csv: rows that can't be read: 1. Mend them, or pass --skip-bad",
    ]


def test_skip_bad_goes_on_without_the_wrong_rows_and_says_so(desk):
    desk.write("people.csv", f"{PEOPLE.rstrip()}\nE1,又梅,staff,总部,二队\n")
    desk.write("actions.csv", f"{ACTIONS.rstrip()}\nB1,E1,client_c\n")
    status, out, said = desk.run(skip_bad=True)
    assert (status, json.loads(out)) == (0, EXPECTED)
    assert said == [
        'people.csv: line 6, person: "E1" is there twice',
        "people.csv: went on without the rows that can't be read: 1",
        "actions.csv: line 12: 7 cells were expected, there are 3",
        "actions.csv: went on without the rows that can't be read: 1",
    ]


def test_skip_bad_does_not_forgive_a_wrong_header(desk):
    desk.write("people.csv", PEOPLE.replace("rank", "grade", 1))
    assert desk.run(skip_bad=True) == (
        2,
        "",
        [
            'people.csv: line 1: unknown column "grade"; known are person, name, rank, unit, side, partner',
            "people.csv: line 1: the column rank is missing",
        ],
    )


# Encodings and XLSX.


def test_gb18030_is_read_and_said(desk):
    desk.write("people.csv", PEOPLE.encode("gb18030"))
    status, out, said = desk.run()
    assert (status, json.loads(out)) == (0, EXPECTED)
    assert said == ["people.csv: the file is not UTF-8 and was read as GB18030"]


def test_xlsx_with_date_cells_and_numbers_comes_to_the_same(desk):
    with xlsxwriter.Workbook(desk.folder / "actions.xlsx") as book:
        dates = book.add_format({"num_format": "yyyy/m/d hh:mm"})
        sheet = book.add_worksheet()
        for line, row in enumerate(ACTIONS.splitlines()):
            for column, cell in enumerate(row.split(",")):
                if line and column in {4, 5}:
                    # Excel keeps a wall clock; the file was written in Shanghai.
                    clock = datetime.fromisoformat(cell).replace(tzinfo=None)
                    sheet.write_datetime(line, column, clock, dates)
                else:
                    sheet.write(line, column, cell)
    status, out, said = desk.run(actions="actions.xlsx")
    assert (status, json.loads(out)) == (0, EXPECTED)
    assert said == [
        "actions.xlsx: date cells without an offset, read in the zone Asia/Shanghai: 20"
    ]


def test_a_whole_number_in_an_id_cell_of_xlsx_is_its_digits(desk):
    desk.write("people.csv", PEOPLE.replace("E1", "1001"))
    with xlsxwriter.Workbook(desk.folder / "actions.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ACTIONS.splitlines()[0].split(","))
        sheet.write_row(1, 0, [7, 1001, "client_a", 13800138000, NOW, NOW, "accepted"])
        sheet.write_row(2, 0, [8, 1001, "client_b", 13800138000, NOW, NOW, "struck"])
    answer = desk.json(actions="actions.xlsx")
    assert answer["wallets"]["1001"]["points"] == 30
    assert answer["refused"] == [{"action": "8", "reason": "struck"}]
