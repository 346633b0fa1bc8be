"""Orders of the till that are deals: of a lead's customer, or through somebody's own code (H9)."""

from typing import Final
from uuid import UUID

from game import deals as rules
from game.plan import Plan, in_force
from server.actions.customers import customer_key
from server.coupons import queries as orders
from server.coupons.events import OrderPlaced
from server.deals import commands
from server.deals.commands import Sale
from server.deals.linking import Linked
from server.kit import db
from server.people.queries import stored_phone
from server.plans import queries as plans

SELLER: Final = "SELECT id FROM person WHERE id = $1 AND unit = $2 AND active AND kind = 'employee'"


async def take(
    event: OrderPlaced, plan: Plan, linked: Linked | None = None, reporter: UUID | None = None
) -> None:
    """Take an order in as a deal to be checked; its `reporter` is the lead's where it has one."""
    order = await orders.order(event.order)
    contract = rules.contract_number(order.receipt)
    if await commands.is_taken(plan.id, contract, event.customer_key):
        return
    seller = await db.value(SELLER, event.by, event.store)
    said = Sale(
        plan=plan.id, contract=contract, customer=event.customer_key, amount=event.payable,
        made_at=event.at, seller=seller, store=event.store, reporter=reporter,
    )  # fmt: skip
    await commands.keep(
        plan, said, linked, by=event.by, now=event.at, contract=contract,
        customer=event.customer_key, is_first=event.is_first, order=event.order,
    )  # fmt: skip


async def take_referred(event: OrderPlaced, plan: str, referrer: UUID) -> None:
    """Take in the order of a friend whom `referrer` brought, where the plan pays for deals."""
    found = in_force(await plans.versions(plan, event.at), event.at)
    if found is None or found.deals is None or not found.commissions:
        return
    # Whoever only ever showed a coupon is known as a person, not yet as a customer.
    phone = await stored_phone(event.customer) if event.customer else None
    if phone is None or await customer_key(phone.opened()) == event.customer_key:
        await take(event, found, reporter=referrer)
