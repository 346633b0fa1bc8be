"""What is noted about orders (see server/wiring.py), for antispam to count."""

from server.antispam import devices
from server.antispam.commands import judged_or_held
from server.antispam.incidents import note_incident
from server.coupons.events import CouponRedeemed, OrderPlaced, OrderReversed
from server.people import stores


async def note_redeemed(event: CouponRedeemed) -> None:
    """Note which cashier of a store redeemed for whom; an account of the API is no cashier."""
    store = await stores.store_of(event.by)
    if store is not None and store.id == event.store:
        await note_incident("redeemed", event.by, event.store, customer=event.holder)


async def note_undone(event: OrderReversed) -> None:
    """Note who undid a redemption at a till."""
    if event.why == "undone":
        await note_incident("undone", event.by, customer=event.customer)


async def note_payer(event: OrderPlaced) -> None:
    """Note what a customer paid with, so that a friend who pays with the same is seen."""
    if event.customer is not None and event.payer:
        payer, customer = event.payer, event.customer
        await judged_or_held(lambda: devices.note_payer(payer, customer))
