"""What is noted about orders (see server/wiring.py), for antispam to count."""

from server.antispam import devices
from server.antispam.commands import judged_or_held
from server.coupons.events import OrderPlaced


async def note_payer(event: OrderPlaced) -> None:
    """Note what a customer paid with, so that a friend who pays with the same is seen."""
    if event.customer is not None and event.payer:
        payer, customer = event.payer, event.customer
        await judged_or_held(lambda: devices.note_payer(payer, customer))
