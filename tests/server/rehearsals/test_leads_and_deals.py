"""`leitai rehearse` with leads and deals: points, commissions and statements of a month."""

import io
import json

import pytest

from server.rehearsals.command import run

PLAN = """
[plan]
id = "rehearsed"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "试", zh_Hant = "試", en = "Trial" }

[actions.client_c]
title = { zh_Hans = "C", zh_Hant = "C", en = "C" }
points = 1
[actions.client_a]
title = { zh_Hans = "A", zh_Hant = "A", en = "A" }
points = 30

[leads]
scores = { valid = "client_c", deal = "client_a" }

[commissions.staff]
title = { zh_Hans = "推荐", zh_Hant = "推薦", en = "Referral" }
who = "employee"
part = "reporter"
rate = "2/100"
refund = "below_zero"

[commissions.ladder]
title = { zh_Hans = "阶梯", zh_Hant = "階梯", en = "Ladder" }
who = "employee"
part = "seller"
per = "month"
tiers = [{ up_to = 10000000, rate = "1/100" }, { rate = "3/200" }]
refund = "below_zero"

[commissions.partner]
title = { zh_Hans = "伙伴", zh_Hant = "夥伴", en = "Partner" }
who = "partner"
part = "reporter"
per = "quarter"
tiers = [{ up_to = 10000000, rate = "5/100" }, { rate = "8/100" }]
refund = "below_zero"

[settlement]
employee = { tax = "incidental" }
partner = { every = "quarter", tax = "labour" }
"""
PEOPLE = """person,name,rank,unit,side,partner
MEI,梅,staff,总部,,
LI,李,staff,总部,,
ALLY,悦活,staff,外部,,ally
"""
ACTIONS = "action,person,kind,customer,happened_at,received_at,verdict\n"
LEADS = """lead,person,customer,received_at,verdict,deal_at
l1,MEI,A,2026-06-01T09:00:00+08:00,accepted,2026-06-10T09:00:00+08:00
l2,LI,A,2026-06-02T09:00:00+08:00,accepted,
l3,LI,A,2026-07-01T09:00:00+08:00,accepted,
l4,LI,B,2026-06-03T09:00:00+08:00,struck,
l5,MEI,B,2026-06-04T09:00:00+08:00,pending,
l6,ZHAO,C,2026-06-04T09:00:00+08:00,accepted,
l1,MEI,D,2026-06-05T09:00:00+08:00,accepted,
"""
DEALS = """deal,customer,amount,made_at,state,reporter,seller,lead,closed_at
d1,A,80000,2026-06-10T09:00:00+08:00,counted,MEI,LI,l1,
d2,B,40000.50,2026-06-20T09:00:00+08:00,refunded,MEI,LI,,2026-07-03T09:00:00+08:00
d3,C,120000,2026-06-21T09:00:00+08:00,counted,ALLY,,,
d4,D,9000,2026-06-22T09:00:00+08:00,pending,MEI,LI,,
"""


@pytest.fixture
def play(tmp_path):
    """Run the command over files; returns status, stdout and the lines of stderr."""

    def played(*, as_json=True, plan=PLAN, leads=LEADS, deals=DEALS):
        files = {"plan.toml": plan, "people.csv": PEOPLE, "actions.csv": ACTIONS}
        files |= {"leads.csv": leads or "", "deals.csv": deals or ""}
        for name, text in files.items():
            (tmp_path / name).write_text(text, "utf-8")
        out, err = io.StringIO(), io.StringIO()
        paths = {name: str(tmp_path / name) for name in files}
        status = run(
            paths["plan.toml"], paths["people.csv"], paths["actions.csv"],
            leads_path=paths["leads.csv"] if leads else None,
            deals_path=paths["deals.csv"] if deals else None,
            as_json=as_json, skip_bad=False, out=out, err=err, locale="en",
        )  # fmt: skip
        return status, out.getvalue(), err.getvalue().replace(f"{tmp_path}/", "").splitlines()

    return played


def test_the_first_of_a_customer_keeps_them_for_thirty_days(play):
    answer = json.loads(play(deals=None)[1])
    assert [(each["lead"], each["outcome"]) for each in answer["leads"]] == [
        ("l1", "valid"),
        ("l2", "duplicate_customer"),
        ("l4", "struck"),
        ("l5", "pending"),
        ("l6", "unknown_person"),
        ("l1", "duplicate_lead"),
        ("l3", "valid"),
    ]
    assert answer["wallets"] == {"LI": {"points": 1, "cash": 0}, "MEI": {"points": 31, "cash": 0}}
    assert "commissions" not in answer


def test_a_lead_that_another_followed_up_was_handed_over(play):
    plan = PLAN.replace("points = 30", "points = 30\nhanded_over = 20")
    leads = (
        "lead,person,customer,received_at,verdict,owner,deal_at\n"
        "l1,MEI,A,2026-06-01T09:00:00+08:00,accepted,LI,2026-06-10T09:00:00+08:00\n"
        "l2,LI,B,2026-06-01T09:00:00+08:00,accepted,LI,2026-06-10T09:00:00+08:00\n"
    )
    wallets = json.loads(play(plan=plan, leads=leads, deals=None)[1])["wallets"]
    assert {person: each["points"] for person, each in wallets.items()} == {"MEI": 21, "LI": 31}


def test_commissions_fold_over_their_period_and_explain_themselves(play):
    found = json.loads(play()[1])["commissions"]
    assert [(each["person"], each["deal"], each["amount"]) for each in found] == [
        ("ALLY", "d3", 5_000_00 + 1_600_00),
        ("LI", "d1", 800_00),
        ("MEI", "d1", 1_600_00),
    ], "d2 went back, d4 was never checked"
    assert found[0]["steps"] == [
        {"base": 10_000_000, "rate": "1/20"},
        {"base": 2_000_000, "rate": "2/25"},
    ]


def test_a_refund_of_the_next_month_is_a_correction_of_that_month(play):
    stated = json.loads(play()[1])["statements"]
    mine = [(each["period"], each["earned"]) for each in stated if each["person"] == "LI"]
    # 80,000 at 1 %; of 40,000.50 one half at 1 %, the rest at 1.5 %.
    assert mine == [("2026-06", 800_00 + 200_00 + 300_01), ("2026-07", -500_01)]
    assert [each["period"] for each in stated if each["person"] == "ALLY"] == ["2026-Q2"]
    july = stated[-1]
    assert (july["person"], july["payable"], july["carries"]) == ("MEI", 0, -800_01)
    assert [line["kind"] for line in july["lines"]] == ["commission_back"]


def test_wallets_hold_what_the_statements_earned(play):
    answer = json.loads(play()[1])
    for person, wallet in answer["wallets"].items():
        mine = [each["earned"] for each in answer["statements"] if each["person"] == person]
        assert wallet["cash"] == sum(mine), person


def test_a_manager_reads_it_as_tables(play):
    said = play(as_json=False)[1]
    for shown in ("Commissions", "Ladder", "¥6,600.00", "Statements", "2026-Q2",
                  "labour remuneration", "customer protected for somebody else"):  # fmt: skip
        assert shown in said, shown


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("d1,A,80000,2026-06-10T09:00:00+08:00,counted,MEI,LI,l1,", 'deal: "d1" is there twice'),
        ("d5,A,8e4,2026-06-10T09:00:00+08:00,counted,,,,",
         'amount: expected yuan such as 128000.50, got "8e4"'),
        ("d5,A,1,2026-06-10T09:00:00+08:00,refunded,,,,",
         "closed_at: a struck or refunded deal needs the moment of it"),
        ("d5,A,1,2026-06-10T09:00:00+08:00,struck,,,,2026-06-09T09:00:00+08:00",
         "closed_at: expected a moment after checked_at"),
        ("d5,A,1,2026-06-10T09:00:00+08:00,counted,,,,2026-06-19T09:00:00+08:00",
         "closed_at: only a struck or refunded deal has such a moment"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_and_nothing_is_played(play, row, why):
    status, out, said = play(deals=f"{DEALS}{row}\n")
    assert (status, out) == (2, "")
    assert said[0] == f"deals.csv: line 6, {why}"


def test_a_plan_without_leads_refuses_them(play):
    plan = PLAN.replace('[leads]\nscores = { valid = "client_c", deal = "client_a" }\n', "")
    status, out, said = play(plan=plan)
    assert (status, out) == (2, "")
    assert said[0].endswith("this plan takes no leads: it has no table leads")
