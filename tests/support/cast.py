"""Who plays in the server tests, and how they act: over HTTP, with sessions of their own."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from server.kit import db, ids
from server.people import sessions
from server.people.commands import import_people
from server.people.imports import read_people
from server.plans import commands as plans

# Mei and Bao are the first side, Chen the second, An is on none. Lin reviews, Guo audits,
# Fang pays, Wen administers.
DESK = [
    ("OP", "林芳", "manager", "总部/运营", "", "operations"),
    ("AU", "郭总", "director", "总部", "", "audit"),
    ("AU2", "邓副总", "director", "总部", "", "audit"),
    ("FI", "方会计", "staff", "总部/财务", "", "finance"),
    ("AD", "文管理", "staff", "总部/行政部", "", "admin"),
]


async def bring_in(people: Iterable[tuple[str, str, str, str, str, str]]) -> None:
    """Import people given as (person, name, rank, unit, side, roles)."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["person", "name", "rank", "unit", "side", "roles"])
    table.writerows(people)
    await import_people(read_people(text.getvalue().encode()), None)


def people_of(path: Path) -> list[tuple[str, str, str, str, str, str]]:
    """The rows of a people file, without roles."""
    with path.open(encoding="utf-8-sig") as file:
        return [
            (row["person"], row["name"], row["rank"], row["unit"], row["side"], "")
            for row in csv.DictReader(file)
        ]


async def person_id(code: str) -> UUID:
    return await db.value("SELECT id FROM person WHERE code = $1", code)


async def launch(document: str) -> list[UUID]:
    """Draft and launch a plan; returns its battles in the order of the plan."""
    plan = await plans.draft(document, None)
    await plans.launch(plan.id, plan.version, None)
    opened = await db.column(
        "SELECT id FROM battle WHERE plan = $1 AND plan_version = $2 ORDER BY id",
        plan.id, plan.version,
    )  # fmt: skip
    return list(opened)


class Cast:
    """Somebody acts by `await cast.post("OP", "/api/…", {…})`, signed in anew each time."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client

    async def cookies(self, code: str) -> dict[str, str]:
        opened = await sessions.start_session(await person_id(code))
        return {"Cookie": f"sid={opened.token}"}

    async def send(
        self, method: str, code: str, path: str, json: Any = None, key: str | None = None
    ) -> httpx.Response:
        headers = await self.cookies(code) | {"Idempotency-Key": key or str(ids.new_id())}
        return await self.client.request(method, path, json=json, headers=headers)

    async def post(
        self, code: str, path: str, json: Any = None, key: str | None = None
    ) -> httpx.Response:
        return await self.send("POST", code, path, json, key)

    async def get(self, code: str, path: str) -> httpx.Response:
        return await self.client.get(path, headers=await self.cookies(code))

    async def report(
        self, code: str, plan: str, kind: str, customer: str = "", key: str | None = None
    ) -> dict[str, Any]:
        """Report an action; returns what the API answers."""
        said = {"plan": plan, "kind": kind, "customer": customer}
        answer = await self.post(code, "/api/actions", said, key)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def decide(
        self, code: str, action: str, verdict: str, reason: str = "not shown"
    ) -> httpx.Response:
        said = {"verdict": verdict, "reason": reason if verdict == "struck" else ""}
        return await self.post(code, f"/api/actions/{action}/verdict", said)
