"""Phones and reviewers that never give up, and remember what they were told."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx

from server.kit.ids import new_id

AGAIN_S = 0.05
# What a client may be told: done, refused for good, or "send the same again".
AGAIN = {"still_running", "try_again"}


class FindingError(AssertionError):
    """An answer that no client should ever get."""


@dataclass
class Model:
    """What the clients know: every key sent, and the one answer each of them got."""

    sent: set[str] = field(default_factory=set)
    reports: dict[str, dict[str, Any]] = field(default_factory=dict)
    verdicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    again: Counter[str] = field(default_factory=Counter)
    """How often an answer was no answer, by what it was."""
    requests: int = 0


class Client:
    """One person with one connection pool, through the proxy."""

    def __init__(self, site: str, cookie: str, model: Model, chance: random.Random) -> None:
        self.site = site
        self.model = model
        self.chance = chance
        self._http = httpx.AsyncClient(
            base_url=site, timeout=5, headers={"Origin": site, "Cookie": cookie}
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def get(self, path: str) -> Any:
        """Fetch something; None while it can't be had."""
        try:
            answer = await self._http.get(path)
        except httpx.TransportError:
            return None
        if answer.status_code == HTTPStatus.OK:
            return answer.json()
        self._judge(answer)
        return None

    async def write(self, path: str, body: Any, key: str) -> tuple[bool, dict[str, Any]]:
        """Send the same until there is a definite answer: (done, what it said)."""
        self.model.sent.add(key)
        while True:
            self.model.requests += 1
            try:
                answer = await self._http.post(path, json=body, headers={"Idempotency-Key": key})
            except httpx.TransportError as error:
                self.model.again[type(error).__name__] += 1
            else:
                if answer.status_code == HTTPStatus.CREATED:
                    return True, answer.json()
                code = self._judge(answer)
                if code not in AGAIN:
                    return False, answer.json()
                self.model.again[code] += 1
            await asyncio.sleep(AGAIN_S)

    def _judge(self, answer: httpx.Response) -> str:
        """Return the code of a refusal; anything that is neither yes, no nor again is a finding."""
        code = answer.json().get("error") if "json" in answer.headers["content-type"] else None
        if not code or (
            answer.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and code not in AGAIN
        ):
            raise FindingError(f"{answer.status_code} {answer.text[:500]}")
        return str(code)

    async def twice(self, path: str, body: Any, key: str) -> tuple[bool, dict[str, Any]]:
        """Tap twice now and then; both taps must get the same answer."""
        if self.chance.random() < 0.7:
            return await self.write(path, body, key)
        first, second = await asyncio.gather(
            self.write(path, body, key), self.write(path, body, key)
        )
        if first[0] != second[0] or (first[0] and first[1] != second[1]):
            raise FindingError(f"one key, two answers: {first} {second}")
        return first

    async def report(self, plan: str, kind: str = "") -> str:
        """Report one action; its note is the key. Returns the action."""
        kind = kind or self.chance.choice(["call", "visit", "visit", "chat"])
        customer = f"C-{self.chance.randrange(40)}" if kind == "visit" else ""
        key = str(new_id())
        body = {"plan": plan, "kind": kind, "customer": customer, "note": key}
        done, said = await self.twice("/api/actions", body, key)
        if not done:
            raise FindingError(f"a good report was refused: {said}")
        self.model.reports[key] = said
        return str(said["action"])

    async def review(self) -> bool:
        """Decide on one waiting action; False when none is there."""
        queue = await self.get("/api/reviews?limit=10")
        if not queue or not queue["actions"]:
            return False
        action = self.chance.choice(queue["actions"])["id"]
        verdict = self.chance.choice(["accepted", "accepted", "accepted", "struck"])
        await self.decide(f"/api/actions/{action}/verdict", action, verdict)
        return True

    async def decide(self, path: str, action: str, verdict: str) -> None:
        key = str(new_id())
        done, said = await self.twice(path, {"verdict": verdict, "reason": "soak"}, key)
        if done:
            if action in self.model.verdicts:
                raise FindingError(f"{action} was decided twice")
            self.model.verdicts[action] = {"verdict": verdict} | said
        else:
            self.model.refused[key] = said["error"]
