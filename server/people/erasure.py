"""Seeing, correcting and erasing what is held of a person (promises.md § 4.8)."""

from datetime import datetime
from typing import Final, Literal
from uuid import UUID

import msgspec

from game.errors import RuleViolation
from server.kit import clock, db, events, ids
from server.kit.i18n import gettext as _
from server.people import rights
from server.people.events import PersonErased
from server.people.names import sort_name
from server.people.rights import person_subject, record
from server.people.sessions import end_sessions

Kind = Literal["correct", "erase"]

NAME_MOST: Final = 60
SAID_MOST: Final = 500
OWED: Final = (
    "SELECT coalesce(sum(posted), 0) FROM account"
    " WHERE owner = $1 AND kind = 'wallet' AND asset = 'cash'"
)


class Asked(msgspec.Struct, frozen=True):
    """What somebody asks about their own data, and the answer once there is one."""

    id: UUID
    person: UUID
    name: str
    kind: Kind
    said: str
    at: datetime
    answer: str
    answered_at: datetime | None


@db.command
async def rename(person: UUID, name: str) -> None:
    """Correct what a customer or partner is called; employees ask (`ask`).

    Refused as `name_missing` and `not_allowed`.
    """
    called = " ".join(name.split())[:NAME_MOST]
    if not called:
        raise RuleViolation("name_missing")
    tag = await db.execute(
        "UPDATE person SET name = $2, sort_name = $3"
        " WHERE id = $1 AND kind IN ('customer', 'partner')",
        person, called, sort_name(called),
    )  # fmt: skip
    if tag.endswith(" 0"):
        raise RuleViolation("not_allowed")
    await record(person, "correct_data", person_subject(person), facts={"fields": ["name"]})


@db.command
async def ask(person: UUID, kind: Kind, said: str) -> None:
    """Ask an administrator to correct or erase what the company holds, one request at a time.

    Refused as `request_missing` without words and `request_open` where one waits.
    """
    words = said.strip()[:SAID_MOST]
    if not words:
        raise RuleViolation("request_missing")
    tag = await db.execute(
        "INSERT INTO data_request (id, person, kind, said, at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        ids.new_id(), person, kind, words, await clock.now(),
    )  # fmt: skip
    if tag.endswith(" 0"):
        raise RuleViolation("request_open")
    await record(person, f"ask_{kind}_data", person_subject(person))


@db.command
async def answer(request: UUID, by: UUID, said: str) -> None:
    """Answer a request; what it asks for the administrator has done, or says why not.

    Refused as `request_unknown`, `own_request` and `reason_missing`.
    """
    words = said.strip()[:SAID_MOST]
    asked = await _open(request, by)
    if not words:
        raise RuleViolation("reason_missing")
    await _answer(request, by, words)
    await record(by, f"answer_{asked.kind}_data", person_subject(asked.person), words)


@db.command
async def carry_out(request: UUID, by: UUID) -> None:
    """Erase an employee who asked for it; refused as `answer` and `erase` are."""
    asked = await _open(request, by)
    if asked.kind != "erase":
        raise RuleViolation("request_unknown")
    await _answer(request, by, "✓")
    await rights.dismiss(asked.person, by, _("asked to be forgotten"))
    await erase(asked.person, by)


@db.command
async def erase(person: UUID, by: UUID) -> None:
    """Forget a person: the data key and all that names them go, for good.

    The ledger, the actions and the decisions stay, of nobody by name. What else names them is
    forgotten by whoever hears PersonErased. Refused as `person_unknown`, `money_waiting` while
    the company owes them cash, and `last_administrator`.
    """
    await rights.take_turns()
    found = await db.value(
        "SELECT id FROM person WHERE id = $1 AND erased_at IS NULL FOR NO KEY UPDATE", person
    )
    if found is None:
        raise RuleViolation("person_unknown")
    if await db.value(OWED, person) > 0:
        raise RuleViolation("money_waiting")
    roles = set(await db.column("DELETE FROM person_role WHERE person = $1 RETURNING role", person))
    await rights.keep_an_administrator(roles)
    index = await db.value("SELECT blind_index FROM person_phone WHERE person = $1", person)
    await end_sessions(person)
    await _forget(person)
    # Whoever carried it out is on record; the words that were there before are not.
    await record(by, "erase", person_subject(person))
    await events.publish(PersonErased(person, f"tel:{index.hex()}" if index else ""))


async def requests(*, open_only: bool, person: UUID | None = None) -> list[Asked]:
    """Return what was asked, the oldest first; of one person with `person`."""
    return await db.rows(
        Asked,
        "SELECT r.id, r.person, p.name, r.kind, r.said, r.at, r.answer, r.answered_at"
        " FROM data_request r JOIN person p ON p.id = r.person"
        " WHERE (NOT $1 OR r.answered_at IS NULL) AND ($2::uuid IS NULL OR r.person = $2)"
        " ORDER BY r.at, r.id LIMIT 100",
        open_only, person,
    )  # fmt: skip


async def _open(request: UUID, by: UUID) -> Asked:
    await db.execute("SELECT FROM data_request WHERE id = $1 FOR NO KEY UPDATE", request)
    found = await db.row(
        Asked,
        "SELECT r.id, r.person, p.name, r.kind, r.said, r.at, r.answer, r.answered_at"
        " FROM data_request r JOIN person p ON p.id = r.person WHERE r.id = $1",
        request,
    )
    if found is None or found.answered_at is not None:
        raise RuleViolation("request_unknown")
    if found.person == by:
        raise RuleViolation("own_request")
    return found


async def _answer(request: UUID, by: UUID, words: str) -> None:
    await db.execute(
        "UPDATE data_request SET answered_by = $2, answered_at = $3, answer = $4 WHERE id = $1",
        request, by, await clock.now(), words,
    )  # fmt: skip


async def _forget(person: UUID) -> None:
    for table in ("person_phone", "invite", "one_time_code", "notice", "command"):
        await db.execute(f"DELETE FROM {table} WHERE person = $1", person)
    await db.execute("UPDATE data_request SET said = '—' WHERE person = $1", person)
    await db.execute(
        "UPDATE person SET name = '—', sort_name = '', code = $2, passcode_hash = NULL, side = '', active = false,"
        " opted_out = true, erased_at = $3 WHERE id = $1",
        person, f"X-{ids.new_word(12)}", await clock.now(),
    )  # fmt: skip
