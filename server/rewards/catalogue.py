"""The catalogue of rewards: add, edit, restock, take off; and what colleagues suggest for it."""

from collections.abc import Mapping
from typing import Any, Final, Literal
from uuid import UUID

import msgspec

from game import rewards as rules
from game.errors import RuleViolation
from game.plan_terms import Rank
from game.rewards import Limit, RewardKind
from server.actions.photos import as_picture
from server.kit import db, ids
from server.kit.db import command
from server.people.rights import record
from server.plans import queries as plans
from server.rewards import queries, telling
from server.rewards.queries import Suggestion, Titles

PICTURE_SIDE: Final = 960
TITLE_MAX: Final = 60
ABOUT_MAX: Final = 500
SUGGESTION_MAX: Final = 300


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What operations say of a reward; `coupon` is `plan/rule` for the kind coupon, else ""."""

    kind: RewardKind
    title: Titles
    about: Titles = {}
    points: int
    low_stock: int | None = None
    limit: Limit | None = None
    units: tuple[str, ...] = ()
    ranks: tuple[Rank, ...] = ()
    keeps_days: int = 14
    coupon: str = ""
    picture: bytes | None = None
    """A JPEG by `picture_of`; None keeps the one that is there."""


async def picture_of(photos: list[bytes]) -> bytes | None:
    """Return what was chosen as a small JPEG, None for nothing; refused as `photo_unreadable`."""
    return await as_picture(photos[0], PICTURE_SIDE) if photos else None


@command
async def create(terms: Terms, stock: int | None, by: UUID, suggestion: UUID | None = None) -> UUID:
    """Put a reward into the catalogue; `stock` None is unlimited. Returns its id.

    Refused as `reward_terms`, `reward_title_missing`, `reward_coupon_missing`.
    """
    await _check(terms, stock)
    id_ = ids.new_id()
    values = await _values(terms)
    await db.execute(
        "INSERT INTO reward (id, stock, created_by, kind, title, about, points, low_stock,"
        " limit_most, limit_per, units, ranks, keeps_days, coupon_plan, coupon_rule, picture)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text[], $12::text[], $13, $14,"
        " $15, $16)",
        id_, stock, by, *values,
    )  # fmt: skip
    if suggestion is not None:
        await db.execute(
            "UPDATE reward_suggestion SET reward = $2 WHERE id = $1 AND state = 'taken'",
            suggestion, id_,
        )  # fmt: skip
    await record(by, "add_reward", _subject(id_), facts={"title": terms.title, "stock": stock})
    return id_


@command
async def edit(reward: UUID, terms: Terms, by: UUID) -> None:
    """Change a reward; what was redeemed keeps what it was. Its stock moves only by `restock`.

    Refused like `create`, and as `reward_unknown`.
    """
    one = await queries.reward(reward)
    await _check(terms, one.stock)
    values = await _values(terms)
    await db.execute(
        "UPDATE reward SET kind = $2, title = $3, about = $4, points = $5, low_stock = $6,"
        " limit_most = $7, limit_per = $8, units = $9::text[], ranks = $10::text[],"
        " keeps_days = $11, coupon_plan = $12, coupon_rule = $13,"
        " picture = coalesce($14, picture) WHERE id = $1",
        reward, *values,
    )  # fmt: skip
    facts = {"points": [one.points, terms.points], "title": terms.title}
    await record(by, "edit_reward", _subject(reward), facts=facts)


@command
async def restock(reward: UUID, pieces: int | None, by: UUID) -> int | None:
    """Add pieces, counted from 0 where it was unlimited; None makes it unlimited again.

    Fewer than none can't be left: refused as `reward_terms`. Returns what is there now.
    """
    await queries.reward(reward)
    if pieces is not None and abs(pieces) > 1_000_000:
        raise RuleViolation("reward_terms", field="pieces")
    async with db.connection() as one:
        found = await one.fetchrow(
            "UPDATE reward SET stock = coalesce(stock, 0) + $2::integer, restocked = restocked + 1"
            " WHERE id = $1 AND ($2::integer IS NULL"
            " OR coalesce(stock, 0) + $2::integer BETWEEN 0 AND 1000000) RETURNING stock",
            reward, pieces,
        )  # fmt: skip
    if found is None:
        raise RuleViolation("reward_terms", field="pieces")
    await record(by, "restock_reward", _subject(reward), facts={"pieces": pieces})
    left: int | None = found["stock"]
    return left


@command
async def archive(reward: UUID, by: UUID, *, is_offered: bool = False) -> None:
    """Take a reward off, or offer it again; what waits goes on."""
    await queries.reward(reward)
    await db.execute(
        "UPDATE reward SET archived_at = CASE WHEN $2 THEN NULL"
        " ELSE coalesce(archived_at, leitai_clock()) END WHERE id = $1",
        reward, is_offered,
    )  # fmt: skip
    await record(by, "offer_reward" if is_offered else "archive_reward", _subject(reward))


@command
async def suggest(person: UUID, title: str, why: str) -> UUID:
    """Suggest a reward to operations; refused as `suggestion_words_missing`, `_too_long`."""
    title, why = title.strip(), why.strip()
    if not title or not why:
        raise RuleViolation("suggestion_words_missing")
    for text, most in ((title, TITLE_MAX), (why, SUGGESTION_MAX)):
        if len(text) > most:
            raise RuleViolation("suggestion_too_long", most=most)
    id_ = ids.new_id()
    await db.execute(
        "INSERT INTO reward_suggestion (id, person, title, why) VALUES ($1, $2, $3, $4)",
        id_, person, title, why,
    )  # fmt: skip
    await telling.suggested()
    return id_


@command
async def answer(
    suggestion: UUID, outcome: Literal["taken", "declined"], sentence: str, by: UUID
) -> Suggestion:
    """Answer a suggestion once, with a sentence that its author reads.

    Refused as `reason_missing`, `suggestion_answered`, `suggestion_too_long`.
    """
    if not sentence.strip():
        raise RuleViolation("reason_missing")
    if len(sentence) > SUGGESTION_MAX:
        raise RuleViolation("suggestion_too_long", most=SUGGESTION_MAX)
    await queries.suggestion(suggestion)
    answered = await db.value(
        "UPDATE reward_suggestion SET state = $2, answer = $3, answered_by = $4,"
        " answered_at = leitai_clock() WHERE id = $1 AND state = 'open' RETURNING id",
        suggestion, outcome, sentence.strip(), by,
    )  # fmt: skip
    if answered is None:
        raise RuleViolation("suggestion_answered")
    one = await queries.suggestion(suggestion)
    await telling.answered(one)
    return one


async def coupon_rules() -> Mapping[str, Any]:
    """Return the coupons that a reward may name, `plan/rule` → title, of the plans in force."""
    return {
        f"{found.id}/{rule}": msgspec.to_builtins(terms.title)
        for found in await plans.in_force()
        for rule, terms in found.plan.coupons.items()
    }


async def _check(terms: Terms, stock: int | None) -> None:
    rules.check_terms(
        points=terms.points, stock=stock, limit=terms.limit, ranks=terms.ranks,
        keeps_days=terms.keeps_days,
    )  # fmt: skip
    if not any(terms.title.values()):
        raise RuleViolation("reward_title_missing")
    if any(len(text) > TITLE_MAX for text in terms.title.values()):
        raise RuleViolation("suggestion_too_long", most=TITLE_MAX)
    if any(len(text) > ABOUT_MAX for text in terms.about.values()):
        raise RuleViolation("suggestion_too_long", most=ABOUT_MAX)
    if terms.kind == "coupon" and terms.coupon not in await coupon_rules():
        raise RuleViolation("reward_coupon_missing")


async def _values(terms: Terms) -> tuple[object, ...]:
    plan, rule = terms.coupon.split("/", maxsplit=1) if terms.kind == "coupon" else (None, None)
    picture = None
    if terms.picture is not None:
        picture = ids.new_id()
        await db.execute(
            "INSERT INTO reward_picture (id, body) VALUES ($1, $2)", picture, terms.picture
        )
    limit = terms.limit
    return (
        terms.kind, terms.title, terms.about, terms.points, terms.low_stock,
        limit and limit.most, limit and limit.per, list(terms.units), list(terms.ranks),
        terms.keeps_days, plan, rule, picture,
    )  # fmt: skip


def _subject(reward: UUID) -> str:
    return f"reward:{reward}"
