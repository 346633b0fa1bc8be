"""A first look around: at most three steps a role, beside what is to be done, never before it."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from litestar import Response, post
from litestar.response import Redirect

from server.kit import clock, db
from server.kit.i18n import Lazy, lazy
from server.kit.pages import BARS
from server.people.auth import Caller
from server.people.forms import Asked
from server.people.guards import anybody, caller_in


class Step(NamedTuple):
    """What is pointed at, a place of the bar or "top", and what is said of it."""

    at: str
    sentence: Lazy


TOP: Final = "top"
STORE_SCAN: Final = Step(
    "till", lazy("Scan a customer's coupon here. Amount, receipt number, done.")
)
PARTS: Final[dict[str, tuple[Step, ...]]] = {
    "employee": (
        Step(TOP, lazy("This line says how far it is to the top, and what gets you there.")),
        Step("report", lazy("Report what you did here. It takes 20 seconds, also offline.")),
        Step("me", lazy("Your wallet is here: every point says where it comes from.")),
    ),
    "store": (
        STORE_SCAN,
        Step(TOP, lazy("What your store still needs today stands here.")),
        Step("rewards", lazy("What you earn yourself is redeemed here.")),
    ),
    "store_manager": (
        STORE_SCAN,
        Step(TOP, lazy("Today's challenge of your store stands here; starting one takes two minutes.")),
        Step("me", lazy("The screen by the door, and everything else of your desk, is here.")),
    ),
    "sales": (
        Step("leads", lazy("Customers that wait for your call are here, the most urgent first.")),
        Step(TOP, lazy("Call, then tap once: whoever reported them sees every step.")),
        Step("me", lazy("Your commissions are here, each explained down to the deal.")),
    ),
    "service": (
        Step("calls", lazy("Customers drawn by lot wait here for your call.")),
        Step("search", lazy("Somebody calls back? The last four digits find them.")),
    ),
    "operations": (
        Step(TOP, lazy("What is late stands on top; each queue says until when.")),
        Step("reviews", lazy("Reviewing is here: two buttons, and the next one comes by itself.")),
        Step("search", lazy("People and leads are found by name or by the last four digits.")),
    ),
    "audit": (
        Step(TOP, lazy("A battle that waits for its audit stands here after the cut-off.")),
        Step("battles", lazy("Strike what is false: the score before and after stand side by side.")),
        Step("me", lazy("Who did what and why is on record here, sealed every minute.")),
    ),
    "finance": (
        Step(TOP, lazy("What is to be approved or paid stands here, with its sum.")),
        Step("settlements", lazy("Each statement is explained here, down to the single deal.")),
        Step("search", lazy("People and leads are found by name or by the last four digits.")),
    ),
    "admin": (
        Step(TOP, lazy("What the company still needs stands here, step by step.")),
        Step("people", lazy("Bring your people in from a table, then invite them here.")),
        Step("plans", lazy("What scores and what is fought for is decided here.")),
    ),
    "customer": (
        Step("coupons", lazy("Your coupons are here. Show one in the store; no paper, no screenshot.")),
        Step("referrals", lazy("Invite a friend here: you both get something.")),
    ),
    "partner": (
        Step("referrals", lazy("Your link and its code are here, ready to send.")),
        Step("me", lazy("What came of it is here, settled by the month.")),
    ),
}  # fmt: skip
"""The steps of each part; a store's screen has nobody to show around."""


def part_of(caller: Caller) -> str:
    """Return the part somebody plays here: their first role as the bar has it, else their kind."""
    if caller.kind != "employee":
        return caller.kind
    return next((role for role, _bar in BARS if role in caller.roles), "employee")


async def of(caller: Caller, wanted: int) -> dict[str, Any] | None:
    """Return the step `wanted` (from 1) of the caller's tour; None once it was seen."""
    part = part_of(caller)
    steps = PARTS.get(part, ())
    if not steps or await _is_seen(caller.id, part):
        return None
    n = min(max(wanted, 1), len(steps))
    step = steps[n - 1]
    return {"n": n, "most": len(steps), "at": step.at, "sentence": str(step.sentence)}


@post("/tour", guards=[anybody], status_code=303)
async def end(request: Asked) -> Response[Any]:
    """End the caller's tour: seen or skipped, it comes only once."""
    caller = caller_in(request)
    await see(caller.id, part_of(caller))
    return Redirect("/", status_code=303)


@db.command
async def see(person: UUID, part: str) -> None:
    """Remember that somebody has seen the tour of a part."""
    await db.execute(
        "INSERT INTO tour (person, part, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        person, part, await clock.now(),
    )  # fmt: skip


async def _is_seen(person: UUID, part: str) -> bool:
    found = "SELECT EXISTS (SELECT FROM tour WHERE person = $1 AND part = $2)"
    return bool(await db.value(found, person, part))


routes = [end]
