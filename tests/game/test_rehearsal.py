"""A rehearsal in the rules alone; the command and the example are in tests/server/rehearsals."""

from game.plan import Sponsor, Stake
from game.rehearsal import Participant, Wallet, rehearse
from tests.game.cast import BATTLE, PLAN, action, at, changed

PEOPLE = [
    Participant("Mei", "梅", "manager", "总部", "North"),
    Participant("Bao", "宝", "staff", "总部", "North"),
    Participant("Chen", "辰", "vp", "总部", "South"),
    Participant("An", "安", "staff", "总部", ""),
]
ACTIONS = [
    action("A1", "plain", at(1)),
    action("A2", "plain", at(2), by="An"),
    action("A3", "once", at(3), by="Chen"),
    action("A4", "plain", at(31), by="Bao"),
]


def wallets(*battles, actions=ACTIONS):
    return rehearse(changed(PLAN, battles=battles), PEOPLE, actions).wallets


def test_a_wallet_is_points_and_payouts_less_stakes_of_members():
    assert wallets(BATTLE) == {
        "An": Wallet(30, 0),
        "Bao": Wallet(30 - 10, 0),
        "Chen": Wallet(5, 0),
        "Mei": Wallet(30 + 40 - 30, 0),
    }


def test_a_loser_may_end_below_zero():
    rich = changed(BATTLE, stake=Stake("points", "member", {"vp": 50, "staff": 10}))
    assert wallets(rich)["Chen"] == Wallet(5 - 50, 0)


def test_what_the_company_stakes_nobody_can_lose():
    funded = changed(BATTLE, stake=Stake("points", "company", {"staff": 10}))
    assert wallets(funded)["Bao"] == Wallet(30, 0)
    assert wallets(funded)["Mei"] == Wallet(30 + 10, 0)


def test_cash_never_mixes_with_points():
    funded = changed(BATTLE, stake=Stake("cash", "company", {"staff": 10}))
    assert wallets(funded)["Mei"] == Wallet(30, 10)


def test_a_void_battle_moves_no_wallet():
    alone = changed(BATTLE, sides=("North",), sponsor=Sponsor("points", 9))
    assert wallets(alone) == wallets()


def test_who_would_hold_nothing_is_left_out():
    assert set(wallets(actions=ACTIONS[:1])) == {"Mei"}
    paid = changed(BATTLE, stake=Stake("points", "member", {"staff": 30}))
    # Bao's 30 points went into the pot that Mei took.
    assert "Bao" not in wallets(paid)


def test_battles_stand_in_the_order_of_the_plan_and_each_pays_for_itself():
    second = changed(BATTLE, id="second")
    result = rehearse(changed(PLAN, battles=(second, BATTLE)), PEOPLE, ACTIONS)
    assert [rule.id for rule, _ in result.battles] == ["second", "clients"]
    assert result.wallets["Mei"] == Wallet(30 + 2 * (40 - 30), 0)
