from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.errors import RuleViolation
from game.lead_stages import FREEING, STAGES, WAY, by_owner, check_advance, following

# From each stage, where it may go: written down a second time, by hand, so that a change of the
# table has to be meant.
MAY = {
    "submitted": "valid duplicate invalid withdrawn",
    "valid": "assigned deal lost invalid withdrawn",
    "assigned": "contacted visiting deal lost invalid withdrawn",
    "contacted": "visiting deal lost invalid withdrawn",
    "visiting": "deal lost invalid withdrawn",
    "deal": "visiting lost invalid withdrawn",
    "lost": "contacted visiting deal invalid withdrawn",
    "duplicate": "submitted valid withdrawn",
    "invalid": "submitted valid withdrawn",
    "withdrawn": "",
}


def refusal(before, now, note="said"):
    """The code with which a step is refused, None where it is taken."""
    try:
        check_advance(before, now, note)
    except RuleViolation as refused:
        return refused.code
    return None


@pytest.mark.parametrize("before", STAGES)
@pytest.mark.parametrize("now", STAGES)
def test_each_step_is_open_or_refused_by_name(before, now):
    if now == before:
        assert refusal(before, now) == "lead_step_taken"
    else:
        assert refusal(before, now) == (None if now in MAY[before].split() else "lead_step_closed")


@pytest.mark.parametrize("now", ["lost", "invalid"])
@pytest.mark.parametrize("note", ["", " \n"])
def test_a_loss_needs_its_reason(now, note):
    assert refusal("valid", now, note) == "reason_missing"


def test_a_step_forward_needs_no_note():
    for before, now in pairwise(WAY):
        assert refusal(before, now, "") is None, now


def test_one_tap_offers_only_what_is_open():
    assert by_owner("assigned") == ("contacted", "visiting", "lost")
    assert by_owner("contacted") == ("visiting", "lost")
    assert by_owner("visiting") == ("lost",)
    assert by_owner("lost") == ("contacted", "visiting")
    assert by_owner("submitted") == by_owner("withdrawn") == by_owner("unheard") == ()


@given(st.lists(st.sampled_from(STAGES), max_size=30))
def test_however_it_is_pushed_a_lead_never_comes_back_from_an_objection(tried):
    stage, been = "submitted", ["submitted"]
    for each in tried:
        if refusal(stage, each) is None:
            stage = each
            been.append(stage)
    # An objection is the end, a deal never stands before the lead was found valid.
    assert "withdrawn" not in been[:-1]
    if "deal" in been:
        assert "valid" in been[: been.index("deal")]


@pytest.mark.parametrize("stage", sorted(FREEING))
def test_what_frees_its_customer_is_worked_on_no_more(stage):
    assert not {"assigned", "contacted", "visiting", "deal"} & set(following(stage))
