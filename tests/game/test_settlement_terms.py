"""What a plan may say of settlement, and every fault named with its path."""

from fractions import Fraction

import pytest

from game.plan import PlanFaults, parse_plan, template
from game.settlement_terms import PersonTerms, SettlementTerms

HEAD = """
[plan]
id = "p"
version = 1
timezone = "Asia/Shanghai"
title = { zh_Hans = "一", zh_Hant = "一", en = "One" }
"""


def terms(text: str) -> SettlementTerms | None:
    return parse_plan(HEAD + text).settlement


def faults(text: str) -> list[str]:
    with pytest.raises(PlanFaults) as told:
        terms(text)
    return [str(fault) for fault in told.value.faults]


def test_a_plan_without_the_table_settles_nothing() -> None:
    assert terms("") is None


def test_an_empty_table_is_the_usual_terms() -> None:
    usual = terms("[settlement]")
    assert usual == SettlementTerms()
    assert usual is not None
    assert (usual.compute_by, usual.pay_by, usual.netting) == (5, 10, Fraction(1, 2))
    assert usual.of("employee") == PersonTerms("month", "incidental")
    assert usual.of("dealer") == usual.of("partner") == PersonTerms("quarter", "labour")


def test_a_type_of_partner_may_have_terms_of_its_own() -> None:
    said = terms("""
[settlement]
netting = "0/1"
ally = { every = "month", tax = "business" }
employee = { tax = "wages", tax_of = { payout = "incidental" } }
""")
    assert said is not None
    assert said.netting == 0
    assert said.of("ally") == PersonTerms("month", "business")
    assert said.of("koc") == PersonTerms("quarter", "labour")
    assert said.of("employee") == PersonTerms("month", "wages", {"payout": "incidental"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("settlement = 5\n", "settlement: expected a table, got 5"),
        ("[settlement]\npay = 1\n", "settlement.pay: expected one of the keys"),
        ("[settlement]\ncompute_by = 29\n", "settlement.compute_by: expected a whole number ≤ 28"),
        ("[settlement]\ncompute_by = 0\n", "settlement.compute_by: expected a whole number ≥ 1"),
        ("[settlement]\npay_by = 4\n", "settlement.pay_by: expected a day that is not before"),
        ('[settlement]\nnetting = "3/2"\n', 'settlement.netting: expected "p/q" from "0/1"'),
        ('[settlement]\nnetting = "1/0"\n', 'settlement.netting: expected "p/q" from "0/1"'),
        ("[settlement]\nnetting = 1\n", 'settlement.netting: expected "p/q" from "0/1"'),
        ("[settlement]\nkoc = {}\n", "settlement.koc.tax: expected one of incidental, labour"),
        (
            '[settlement]\nkoc = { tax = "labour", every = "week" }\n',
            "settlement.koc.every: expected one of month, quarter",
        ),
        (
            '[settlement]\nkoc = { tax = "labour", tax_of = { pay = "wages" } }\n',
            "settlement.koc.tax_of.pay: expected one of the keys commission",
        ),
        (
            '[settlement]\nkoc = { tax = "labour", tax_of = { bonus = "no" } }\n',
            "settlement.koc.tax_of.bonus: expected one of incidental",
        ),
    ],
)
def test_every_fault_is_named_with_its_path(text: str, told: str) -> None:
    head, own = (HEAD, text) if text.startswith("[") else ("", text + HEAD)
    with pytest.raises(PlanFaults) as found:
        parse_plan(head + own)
    assert len(found.value.faults) == 1
    assert str(found.value.faults[0]).startswith(told)


@pytest.mark.parametrize("name", ["full-participation", "pk-campaign", "word-of-mouth"])
def test_every_template_settles_by_the_5th_and_pays_by_the_10th(name: str) -> None:
    said = parse_plan(template(name)).settlement
    assert said is not None
    assert (said.compute_by, said.pay_by) == (5, 10)
    assert said.of("employee").tax == "incidental"
    assert said.of("partner").every == "quarter"
