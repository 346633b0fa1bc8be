"""Today of customers and partners: what they can use now, what they can send on, what came of it."""

from typing import Any, Final

from server.coupons import views as coupons
from server.kit import clock
from server.ledger import queries as ledger
from server.people.auth import Caller
from server.referrals import campaigns, queries, views
from server.referrals.campaigns import Campaign
from server.referrals.pages import open_to

TICKETS_SHOWN: Final = 2
FRIENDS_SHOWN: Final = 3


async def today(caller: Caller) -> dict[str, Any]:
    """Return the first screen of somebody from outside the company."""
    usable = (await coupons.tickets(caller.id))["usable"]
    # What runs out first is what to think of first.
    usable.sort(key=lambda each: each["expires_at"])
    found = await open_to(caller)
    cash = (await ledger.balances(caller.id)).get("cash")
    return {
        "tickets": usable[:TICKETS_SHOWN],
        "usable": len(usable),
        "invite": await _invite(caller, found[0]) if found else None,
        "cash": cash.available if cash else 0,
        "is_partner": caller.kind == "partner",
    }


async def _invite(caller: Caller, one: Campaign) -> dict[str, Any]:
    now, role = await clock.now(), await campaigns.role_of(caller.id)
    friends = await queries.friends_of(caller.id, one.plan.id, one.id, FRIENDS_SHOWN)
    return {
        "offer": views.offer(one, role, caller.name, now),
        "friends": [await views.progress_of(each, now, mine=False) for each in friends],
        "counted": await queries.counted(caller.id, one.plan.id, one.id),
    }
