"""Proposing, giving and taking back special contributions (C7)."""

from typing import Final, Literal
from uuid import UUID

from game import specials as rules
from game.errors import RuleViolation
from game.ledger import reversal
from game.periods import window
from server.kit import clock, db, ids
from server.kit.db import command
from server.kit.i18n import in_each, lazy
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.people.rights import record
from server.plans import queries as plans
from server.specials import queries
from server.specials.queries import Special

ROLES: Final = ("operations", "finance", "audit")
"""Who proposes and who confirms."""
PAGE: Final = "/specials"
TITLE: Final = lazy("Special contribution")
Decision = Literal["given", "refused", "taken_back"]


@command
async def propose(plan_id: str, person: UUID, points: int, reason: str, by: UUID) -> UUID:
    """Propose points for somebody; they are given once another one confirms.

    Refused as `game.specials.check_proposal` says.
    """
    plan = next((each for each in await queries.open_plans() if each.id == plan_id), None)
    terms = plan.special if plan else None
    rules.check_proposal(terms, str(by), str(person), points, reason)
    special = ids.new_id()
    await db.execute(
        "INSERT INTO special (id, plan, plan_version, person, points, reason, proposed_by,"
        " proposed_at, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'proposed')",
        special, plan_id, plan.version if plan else 0, person, points, reason.strip(), by,
        await clock.now(),
    )  # fmt: skip
    await record(by, "propose_special", f"special:{special}", reason.strip(), {"points": points})
    others = await db.column(
        "SELECT DISTINCT person FROM person_role WHERE role = ANY ($1) AND person <> ALL ($2)",
        list(ROLES), [by, person],
    )  # fmt: skip
    await notify(others, "special_waits", f"special:{special}", {"points": points}, PAGE)
    return special


@command
async def decide(special: UUID, decision: Decision, by: UUID, note: str = "") -> None:
    """Give what was proposed, refuse it, or take back what was given.

    Refused as `special_unknown`, as `game.specials` says, and as `reason_missing` where something
    is not given without saying why.
    """
    one = await _turn(special)
    if decision != "given" and not note.strip():
        raise RuleViolation("reason_missing")
    if decision == "taken_back":
        if one.state != "given":
            raise RuleViolation("special_decided")
        if by == one.person:
            raise RuleViolation("special_own")
        await _take_back(one, by, note.strip())
    else:
        rules.check_confirmation(one.state, str(by), str(one.proposed_by), str(one.person))
        if decision == "given":
            await _give(one, by)
    await db.execute(
        "UPDATE special SET state = $2, decided_by = $3, decided_at = $4, note = $5,"
        " given_at = CASE WHEN $2 = 'given' THEN $4 ELSE given_at END WHERE id = $1",
        special, decision, by, await clock.now(), note.strip(),
    )  # fmt: skip
    await record(by, f"{decision}_special", f"special:{special}", note.strip())


async def _turn(special: UUID) -> Special:
    """Take the turn of all special contributions of a plan, and return one of them."""
    plan = await db.value("SELECT plan FROM special WHERE id = $1", special)
    if plan is None:
        raise RuleViolation("special_unknown")
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 13))", plan)
    return await queries.special(special)


async def _give(one: Special, by: UUID) -> None:
    plan = (await plans.plan_version(one.plan, one.plan_version)).plan
    if plan.special is None:
        raise RuleViolation("special_closed")
    start, end = window("day", await clock.now(), plan.zone)
    given = await db.value(
        "SELECT coalesce(sum(points), 0)::bigint FROM special"
        " WHERE plan = $1 AND given_at >= $2 AND given_at < $3",
        one.plan, start, end,
    )  # fmt: skip
    rules.check_day(plan.special, given, one.points)
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, "special"),
            kind="special",
            reference=str(one.id),
            actor=by,
            facts=facts_of(one),
            posting=rules.posting(str(one.person), one.points),
        )
    )
    said = {"points": one.points, "reason": one.reason}
    await notify([one.person], "special_given", f"special:{one.id}", said, "/wallet")
    await hint([one.person], "wallet")


async def _take_back(one: Special, by: UUID, why: str) -> None:
    await ledger.post(
        Transfer(
            id=ids.derived_id(one.id, "back"),
            kind="special_back",
            reference=str(one.id),
            actor=by,
            facts=facts_of(one) | {"why": why},
            posting=reversal(rules.posting(str(one.person), one.points)),
            reverses=ids.derived_id(one.id, "special"),
        )
    )
    await hint([one.person], "wallet")


def facts_of(one: Special) -> dict[str, object]:
    """Return why points were given, as facts of their transfer (C9)."""
    return {
        "title": in_each(TITLE),
        "plan": one.plan,
        "version": one.plan_version,
        "special": str(one.id),
        "reason": one.reason,
        "proposed_by": str(one.proposed_by),
    }
