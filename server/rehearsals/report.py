"""What a rehearsal says: one JSON object, or tables that a manager can read."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final, NamedTuple

from game.battles import Outcome
from game.plan import BattleRule, Plan
from game.points import Decision
from game.rehearsal import Participant, Rehearsal
from server.kit.i18n import gettext as _
from server.kit.i18n import lazy, locale
from server.rehearsals import money
from server.rehearsals.tables import Table, block, sum_of

WALLETS_SHOWN: Final = 10

OUTCOMES: Final = {
    "scored": lazy("scored"),
    "pending": lazy("pending"),
    "duplicate_action": lazy("sent before"),
    "unknown_person": lazy("unknown person"),
    "unknown_kind": lazy("unknown kind of action"),
    "happened_after_received": lazy("happened after it was received"),
    "cap_reached": lazy("cap reached"),
    "struck": lazy("struck by a reviewer"),
    "duplicate_customer": lazy("customer counted already"),
    "needs_unmet": lazy("too few people on the job"),
    "starter_counted": lazy("people counted already"),
    "within_quota": lazy("within the quota"),
}


class Given(NamedTuple):
    """Which files there were beside people and actions: only these are told of."""

    leads: bool = False
    deals: bool = False


def as_json_text(result: Rehearsal, given: Given) -> str:
    """Return the result as one JSON object; sums are whole points or 分, scores exact."""
    refused = sorted((made for made in result.decisions if made.is_refused), key=_action)
    pending = [made.action for made in result.decisions if made.outcome == "pending"]
    owed = [made.action for made in result.decisions if made.outcome == "within_quota"]
    answer = {
        "battles": [_battle(rule, ended) for rule, ended in result.battles],
        "wallets": {
            person: {"points": wallet.points, "cash": wallet.cash}
            for person, wallet in result.wallets.items()
        },
        "refused": [{"action": made.action, "reason": made.outcome} for made in refused],
        "pending": sorted(pending),
        **({"within_quota": sorted(owed)} if owed else {}),
        **(money.leads_data(result) if given.leads else {}),
        **(money.deals_data(result) if given.deals else {}),
    }
    return json.dumps(answer, ensure_ascii=False, indent=1) + "\n"


def _action(made: Decision) -> str:
    return made.action


def _battle(rule: BattleRule, ended: Outcome) -> dict[str, object]:
    pot = ended.pot
    return {
        "id": rule.id,
        "state": ended.state,
        "sides": [
            {
                "side": place.side,
                "rank": place.rank,
                "score": str(place.score),
                "members": place.members,
            }
            for place in ended.sides
        ],
        "pot": {
            "asset": pot.asset,
            "stakes": pot.stakes,
            "sponsor": pot.sponsor,
            "total": pot.total,
        },
        "winners": list(ended.winners),
        "payouts": {person: paid for person, paid in sorted(ended.payouts.items()) if paid},
    }


def as_tables(plan: Plan, people: Sequence[Participant], result: Rehearsal, given: Given) -> str:
    """Return standings, pots, payouts, statements, top wallets, cost and refusals, as text."""
    names = {person.person: person.name for person in people}
    title = f"{plan.title.in_locale(locale())} · {_('version %(n)s', n=plan.version)}"
    blocks = [title]
    for rule, ended in result.battles:
        blocks += _battle_blocks(rule, ended, names)
    if given.deals:
        blocks += [money.commissions(plan, result, names), money.statements(result, names)]
    blocks += [_wallets(result, names), _cost(result, given), _actions(result)]
    if given.leads:
        blocks.append(money.leads(result))
    return "\n\n".join(block for block in blocks if block) + "\n"


def _battle_blocks(rule: BattleRule, ended: Outcome, names: dict[str, str]) -> Iterator[str]:
    title = rule.title.in_locale(locale())
    standings: Table = [(_("Place"), _("Side"), _("Score"), _("Members"))]
    standings += [
        (str(place.rank), place.side, _score(place.score), str(place.members))
        for place in ended.sides
    ]
    yield block(_("%(battle)s: standings", battle=title), standings)
    pot = ended.pot
    yield block(
        _("%(battle)s: pot", battle=title),
        [
            (_("Stakes"), sum_of(pot.stakes, pot.asset)),
            (_("Sponsor"), sum_of(pot.sponsor, pot.asset)),
            (_("Pot"), sum_of(pot.total, pot.asset)),
        ],
    )
    if ended.state == "void":
        yield _("%(battle)s is void: every stake goes back.", battle=title)
        return
    payouts: Table = [(_("Person"), _("Name"), _("Payout"))]
    payouts += [
        (person, names[person], sum_of(paid, pot.asset))
        for person, paid in sorted(ended.payouts.items(), key=lambda pair: (-pair[1], pair[0]))
        if paid
    ]
    winners = _("%(battle)s: payouts to %(sides)s", battle=title, sides=", ".join(ended.winners))
    yield block(winners, payouts)


def _wallets(result: Rehearsal, names: dict[str, str]) -> str:
    richest = sorted(
        result.wallets.items(), key=lambda pair: (-pair[1].points, -pair[1].cash, pair[0])
    )
    rows: Table = [(_("Person"), _("Name"), _("Points"), _("Cash"))]
    rows += [
        (person, names[person], str(wallet.points), sum_of(wallet.cash, "cash"))
        for person, wallet in richest[:WALLETS_SHOWN]
    ]
    return block(_("Top wallets"), rows)


def _cost(result: Rehearsal, given: Given) -> str:
    paid: Counter[str] = Counter()
    for rule, ended in result.battles:
        if ended.state == "final" and ended.pot.asset is not None:
            from_members = rule.stake is not None and rule.stake.funded_by == "member"
            paid[ended.pot.asset] += ended.pot.sponsor if from_members else ended.pot.total
    awarded = sum(made.points for made in result.decisions)
    return block(
        _("Cost to the company"),
        [
            (_("Points awarded"), str(awarded)),
            (_("Points into pots"), str(paid["points"])),
            (_("Cash into pots"), sum_of(paid["cash"], "cash")),
            *([(_("Commissions"), sum_of(money.paid(result), "cash"))] if given.deals else []),
        ],
    )


def _actions(result: Rehearsal) -> str:
    counted: Counter[str] = Counter(made.outcome for made in result.decisions)
    rows: Table = [
        (str(words), str(counted[outcome]))
        for outcome, words in OUTCOMES.items()
        if counted[outcome]
    ]
    return block(_("Actions"), rows)


def _score(score: Fraction) -> str:
    return str(score) if score.denominator == 1 else f"{score} ≈ {float(score):.2f}"
