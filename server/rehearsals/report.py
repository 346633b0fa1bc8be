"""What a rehearsal says: one JSON object, or tables that a manager can read."""

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Final

from game.battles import Outcome
from game.plan import BattleRule, Plan
from game.points import Decision
from game.rehearsal import Participant, Rehearsal
from server.kit.i18n import gettext as _
from server.kit.i18n import lazy, locale

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
}

Table = list[tuple[str, ...]]


def as_json_text(result: Rehearsal) -> str:
    """Return the result as one JSON object; sums are whole points or 分, scores exact."""
    refused = sorted((made for made in result.decisions if made.is_refused), key=_action)
    pending = [made.action for made in result.decisions if made.outcome == "pending"]
    answer = {
        "battles": [_battle(rule, ended) for rule, ended in result.battles],
        "wallets": {
            person: {"points": wallet.points, "cash": wallet.cash}
            for person, wallet in result.wallets.items()
        },
        "refused": [{"action": made.action, "reason": made.outcome} for made in refused],
        "pending": sorted(pending),
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


def as_tables(plan: Plan, people: Sequence[Participant], result: Rehearsal) -> str:
    """Return standings, pots, payouts, top wallets, cost and refusals, as plain text."""
    names = {person.person: person.name for person in people}
    title = f"{plan.title.in_locale(locale())} · {_('version %(n)s', n=plan.version)}"
    blocks = [title]
    for rule, ended in result.battles:
        blocks += _battle_blocks(rule, ended, names)
    blocks += [_wallets(result, names), _cost(result), _actions(result)]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _battle_blocks(rule: BattleRule, ended: Outcome, names: dict[str, str]) -> Iterator[str]:
    title = rule.title.in_locale(locale())
    standings: Table = [(_("Place"), _("Side"), _("Score"), _("Members"))]
    standings += [
        (str(place.rank), place.side, _score(place.score), str(place.members))
        for place in ended.sides
    ]
    yield _block(_("%(battle)s: standings", battle=title), standings)
    pot = ended.pot
    yield _block(
        _("%(battle)s: pot", battle=title),
        [
            (_("Stakes"), _sum(pot.stakes, pot.asset)),
            (_("Sponsor"), _sum(pot.sponsor, pot.asset)),
            (_("Pot"), _sum(pot.total, pot.asset)),
        ],
    )
    if ended.state == "void":
        yield _("%(battle)s is void: every stake goes back.", battle=title)
        return
    payouts: Table = [(_("Person"), _("Name"), _("Payout"))]
    payouts += [
        (person, names[person], _sum(paid, pot.asset))
        for person, paid in sorted(ended.payouts.items(), key=lambda pair: (-pair[1], pair[0]))
        if paid
    ]
    winners = _("%(battle)s: payouts to %(sides)s", battle=title, sides=", ".join(ended.winners))
    yield _block(winners, payouts)


def _wallets(result: Rehearsal, names: dict[str, str]) -> str:
    richest = sorted(
        result.wallets.items(), key=lambda pair: (-pair[1].points, -pair[1].cash, pair[0])
    )
    rows: Table = [(_("Person"), _("Name"), _("Points"), _("Cash"))]
    rows += [
        (person, names[person], str(wallet.points), _sum(wallet.cash, "cash"))
        for person, wallet in richest[:WALLETS_SHOWN]
    ]
    return _block(_("Top wallets"), rows)


def _cost(result: Rehearsal) -> str:
    paid: Counter[str] = Counter()
    for rule, ended in result.battles:
        if ended.state == "final" and ended.pot.asset is not None:
            from_members = rule.stake is not None and rule.stake.funded_by == "member"
            paid[ended.pot.asset] += ended.pot.sponsor if from_members else ended.pot.total
    awarded = sum(made.points for made in result.decisions)
    return _block(
        _("Cost to the company"),
        [
            (_("Points awarded"), str(awarded)),
            (_("Points into pots"), str(paid["points"])),
            (_("Cash into pots"), _sum(paid["cash"], "cash")),
        ],
    )


def _actions(result: Rehearsal) -> str:
    counted: Counter[str] = Counter(made.outcome for made in result.decisions)
    rows: Table = [
        (str(words), str(counted[outcome]))
        for outcome, words in OUTCOMES.items()
        if counted[outcome]
    ]
    return _block(_("Actions"), rows)


def _score(score: Fraction) -> str:
    return str(score) if score.denominator == 1 else f"{score} ≈ {float(score):.2f}"


def _sum(amount: int, asset: str | None) -> str:
    """Return points as they are, and 分 as 元 with two places."""
    if asset != "cash":
        return str(amount)
    sign = "-" if amount < 0 else ""
    return f"{sign}¥{abs(amount) // 100:,}.{abs(amount) % 100:02d}"


def _block(title: str, rows: Table) -> str:
    """Lay rows out in columns: the texts left, figures after the first column right."""
    if not rows:
        return ""
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ["  ".join(map(_padded, row, widths)).rstrip() for row in rows]
    return "\n".join([title, *(f"  {line}" for line in lines)])


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """Count terminal columns: a Chinese sign takes two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)
