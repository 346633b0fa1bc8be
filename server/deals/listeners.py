"""What deals learn from the orders of the till (see server/wiring.py)."""

from typing import Final

from game import deals as rules
from server.coupons import queries as orders
from server.coupons.events import OrderPlaced, OrderReversed
from server.deals import commands, linking, queries
from server.deals.commands import Sale
from server.kit import db

UNDONE: Final = "undone"
"""The reason of a deal whose order was undone at the till at once: nobody typed one."""
SELLER: Final = "SELECT id FROM person WHERE id = $1 AND unit = $2 AND active AND kind = 'employee'"


async def take_order(event: OrderPlaced) -> None:
    """Take an order in as a deal where its customer is a lead's: somebody may be paid for it."""
    found = await linking.walking_in(event.customer_key, event.at)
    if found is None:
        return
    linked, plan = found
    order = await orders.order(event.order)
    contract = rules.contract_number(order.receipt)
    if await commands.is_taken(plan.id, contract, event.customer_key):
        return
    seller = await db.value(SELLER, event.by, event.store)
    said = Sale(
        plan=plan.id, contract=contract, customer=event.customer_key, amount=event.payable,
        made_at=event.at, seller=seller, store=event.store,
    )  # fmt: skip
    await commands.keep(
        plan, said, linked, by=event.by, now=event.at, contract=contract,
        customer=event.customer_key, is_first=event.is_first, order=event.order,
    )  # fmt: skip


async def take_back(event: OrderReversed) -> None:
    """Reverse the deal of an order that no longer stands."""
    found = await queries.deal_of_order(event.order)
    if found is not None and (await queries.deal(found)).closed_at is None:
        await commands.reverse(found, event.by, "refunded", event.reason or UNDONE)
