"""A customer who is forgotten: their deals stay, of nobody by name."""

from server.kit import db
from server.people.events import PersonErased


async def forget_customer(event: PersonErased) -> None:
    """Blot out what deals say of a customer; sums and contracts are kept, as the law asks."""
    await db.execute(
        "UPDATE deal SET name = '—', note = '', proof = CASE proof WHEN '' THEN '' ELSE '—' END"
        " WHERE customer = $1",
        event.customer,
    )
