"""Honours: nominate, vote, award, revoke (F2 to F5)."""

from uuid import UUID

from game import honours as rules
from game.errors import RuleViolation
from game.honour_terms import HonourRule
from game.ledger import reversal
from server.honours import queries, results, subjects, words
from server.honours.queries import Award, Round
from server.honours.rounds import locked
from server.kit import clock, db, ids
from server.kit.db import command
from server.ledger import commands as ledger
from server.ledger.commands import Transfer
from server.notifications.hints import hint
from server.notifications.notices import notify
from server.people import queries as people
from server.people.rights import record


def subject_of(award: UUID) -> str:
    """Name a title in the audit trail."""
    return f"honour:{award}"


# --- nominations and votes ------------------------------------------------------------------


@command
async def nominate(round_id: UUID, by: UUID, typed: str, sentence: str) -> UUID:
    """Nominate somebody by name, company ID or phone; returns who was meant.

    Refused as `colleague_unknown`, `name_is_several`, `already_nominated`, and by
    `game.honours.check_nominate`.
    """
    one = await locked(round_id, "SHARE")
    rule = await queries.rule_of(one)
    subject = await _meant(one, typed.strip())
    members = await subjects.members_of(one.who, subject)
    now = await clock.now()
    rules.check_nominate(
        rules.due_state(one.span, now), rule.by, opted_out=await _opted_out(by),
        is_own=by in members, made=await _nominated_by(one, by), sentence=sentence,
    )  # fmt: skip
    told = await db.value(
        "INSERT INTO honour_nomination (id, round, subject, nominator, sentence, at)"
        " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id",
        ids.new_id(), one.id, subject, by, sentence.strip(), now,
    )  # fmt: skip
    if told is None:
        raise RuleViolation("already_nominated")
    if one.who != "team":
        facts = {"title": words.title(rule), "sentence": sentence.strip()}
        await notify([subject], "honour_nominated", f"nomination:{told}", facts, page_of(one))
    return subject


async def _nominated_by(one: Round, person: UUID) -> int:
    """Count whom a person has nominated in a round, one request at a time."""
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 11))", f"{one.id}{person}")
    found: int = await db.value(
        "SELECT count(*) FROM honour_nomination WHERE round = $1 AND nominator = $2",
        one.id, person,
    )  # fmt: skip
    return found


async def _meant(one: Round, typed: str) -> UUID:
    if one.who == "team":
        found = await subjects.teams_called(typed)
    else:
        known = await people.known(typed)
        found = list(await subjects.known(one.who, [known.id])) if known else []
        found = found or await subjects.people_called(one.who, typed)
    if not found:
        raise RuleViolation("colleague_unknown")
    if len(found) > 1:
        raise RuleViolation("name_is_several")
    return found[0]


@command
async def vote(round_id: UUID, by: UUID, subject: UUID) -> None:
    """Vote, or change the vote; each employee has one, and nobody can read whose it is.

    Refused by `game.honours.check_vote`.
    """
    one = await locked(round_id, "SHARE")
    rule = await queries.rule_of(one)
    now = await clock.now()
    rules.check_vote(
        rules.due_state(one.span, now), rule.by, opted_out=await _opted_out(by),
        is_own=by in await subjects.members_of(one.who, subject),
        is_candidate=subject in await results.candidates(one, rule),
    )  # fmt: skip
    await db.execute(
        "INSERT INTO honour_vote (round, voter, subject, at) VALUES ($1, $2, $3, $4)"
        " ON CONFLICT (round, voter) DO UPDATE SET subject = $3, at = $4",
        one.id, queries.voter(one.id, by), subject, now,
    )  # fmt: skip


async def _opted_out(person: UUID) -> bool:
    """Tell whether a person takes no part; they may not opt out while this goes on."""
    return bool(await db.value("SELECT opted_out FROM person WHERE id = $1 FOR SHARE", person))


# --- awarding -------------------------------------------------------------------------------


@command
async def award(round_id: UUID, subject: UUID, by: UUID, reason: str) -> UUID:
    """Award a title of a closed round, once, with what comes with it; returns the award.

    A team's fund is shared in equal parts among those who are its members now. Refused by
    `game.honours.check_award`.
    """
    one = await locked(round_id, "UPDATE")
    rule = await queries.rule_of(one)
    members = await subjects.members_of(one.who, subject)
    had = await queries.taken(one)
    place = await queries.place(one, subject)
    rules.check_award(
        rule,
        one.state,
        is_top=bool(members) and place is not None and place.is_top,
        is_own=by in members,
        awarded=[str(each.subject) for each in had if _counts(each, subject)],
        who=str(subject),
        reason=reason,
    )
    award_id = ids.new_id()
    parts = rules.shares(rule.reward, [str(each) for each in members])
    transfer = await _reward(award_id, one, rule, parts, by, reason.strip())
    await _keep(award_id, one, subject, by, reason.strip(), transfer, parts)
    await record(by, "award_honour", subject_of(award_id), reason.strip())
    await _tell_winners(award_id, one, rule, members, reason.strip())
    return award_id


def _counts(had: queries.Taken, subject: UUID) -> bool:
    """A title that was taken back leaves its place free, but for another person."""
    return not had.is_revoked or had.subject == subject


async def _reward(
    award_id: UUID, one: Round, rule: HonourRule, parts: dict[str, int], by: UUID, reason: str
) -> UUID | None:
    terms = rule.reward
    if terms is None:
        return None
    transfer = ids.derived_id(award_id, "reward")
    await ledger.post(
        Transfer(
            id=transfer,
            kind="career" if terms.asset == "career" else "honour",
            reference=str(award_id),
            actor=by,
            facts=_facts(award_id, one, rule, reason)
            | {"fund": terms.amount, "members": len(parts), "who": one.who},
            posting=rules.reward_posting(terms, parts),
        )
    )
    await hint([UUID(person) for person in parts], "wallet")
    return transfer


def _facts(award_id: UUID, one: Round, rule: HonourRule, reason: str) -> dict[str, object]:
    return {
        "title": words.title(rule),
        "period": words.period_facts(rule, one.starts),
        "plan": one.plan,
        "version": one.plan_version,
        "round": str(one.id),
        "award": str(award_id),
        "reason": reason,
    }


async def _keep(
    award_id: UUID, one: Round, subject: UUID, by: UUID, reason: str, transfer: UUID | None,
    parts: dict[str, int],
) -> None:  # fmt: skip
    await db.execute(
        "INSERT INTO honour_award (id, round, subject, awarded_by, awarded_at, reason, transfer)"
        " VALUES ($1, $2, $3, $4, leitai_clock(), $5, $6)",
        award_id, one.id, subject, by, reason, transfer,
    )  # fmt: skip
    await db.execute_many(
        "INSERT INTO honour_share (award, person, amount) VALUES ($1, $2, $3)",
        [(award_id, UUID(person), part) for person, part in parts.items()],
    )


async def _tell_winners(
    award_id: UUID, one: Round, rule: HonourRule, members: list[UUID], reason: str
) -> None:
    """Tell the people whose title it is; who alone has one is asked for their story (F3)."""
    facts = {
        "title": words.title(rule),
        "period": words.period_facts(rule, one.starts),
        "reason": reason,
    }
    topic = subject_of(award_id)
    if one.who != "team":
        # Whoever has several titles of a time is asked once.
        once = f"story:{one.ends.isoformat()}"
        await notify(members, "honour_story_asked", once, facts, f"{page_of(one)}#story")
    await notify(members, "honour_awarded", topic, facts, page_of(one))


@command
async def revoke(award_id: UUID, by: UUID, reason: str) -> None:
    """Take a title back, and what came with it by a reversing transfer (G9).

    Refused as `honour_unknown`, `honour_revoked`, `own_honour`, `reason_missing`.
    """
    if not reason.strip():
        raise RuleViolation("reason_missing")
    state = await db.value(
        "SELECT revoked_at IS NOT NULL FROM honour_award WHERE id = $1 FOR UPDATE", award_id
    )
    if state:
        raise RuleViolation("honour_revoked")
    had = await queries.award(award_id)
    if by in had.people:
        raise RuleViolation("own_honour")
    one = await queries.round_(had.round)
    rule = await queries.rule_of(one)
    await _take_back(had, one, rule, by, reason.strip())
    await db.execute(
        "UPDATE honour_award SET revoked_by = $2, revoked_at = leitai_clock(), revoked_reason = $3"
        " WHERE id = $1",
        award_id, by, reason.strip(),
    )  # fmt: skip
    await record(by, "revoke_honour", subject_of(award_id), reason.strip())
    facts = {
        "title": words.title(rule),
        "period": words.period_facts(rule, one.starts),
        "reason": reason.strip(),
    }
    await notify(had.people, "honour_revoked", subject_of(award_id), facts, "/honours")


async def _take_back(had: Award, one: Round, rule: HonourRule, by: UUID, reason: str) -> None:
    terms, given = rule.reward, await _given(had.id)
    if terms is None:
        return
    await ledger.post(
        Transfer(
            id=ids.derived_id(had.id, "back"),
            kind="career_back" if terms.asset == "career" else "honour_back",
            reference=str(had.id),
            actor=by,
            facts=_facts(had.id, one, rule, reason) | {"who": one.who},
            posting=reversal(rules.reward_posting(terms, given)),
            reverses=ids.derived_id(had.id, "reward"),
        )
    )
    await hint(had.people, "wallet")


async def _given(award_id: UUID) -> dict[str, int]:
    async with db.connection() as conn:
        found = await conn.fetch(
            "SELECT person, amount FROM honour_share WHERE award = $1 ORDER BY person", award_id
        )
    return {str(each["person"]): each["amount"] for each in found}


def page_of(one: Round) -> str:
    return f"/honours/{one.id}"
