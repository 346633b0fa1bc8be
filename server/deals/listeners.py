"""What deals learn from the orders of the till (see server/wiring.py)."""

from typing import Final

from server.coupons.events import OrderPlaced, OrderReversed
from server.deals import commands, linking, orders, queries

UNDONE: Final = "undone"
"""The reason of a deal whose order was undone at the till at once: nobody typed one."""


async def take_order(event: OrderPlaced) -> None:
    """Take an order in as a deal where its customer is a lead's: somebody may be paid for it."""
    found = await linking.walking_in(event.customer_key, event.at)
    if found is not None:
        linked, plan = found
        await orders.take(event, plan, linked)


async def take_back(event: OrderReversed) -> None:
    """Reverse the deal of an order that no longer stands."""
    found = await queries.deal_of_order(event.order)
    if found is not None and (await queries.deal(found)).closed_at is None:
        await commands.reverse(found, event.by, "refunded", event.reason or UNDONE)
