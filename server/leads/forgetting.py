"""A customer who is forgotten: nobody follows them up, and nothing of a lead says who it was."""

from typing import Final
from uuid import UUID

import msgspec

from game.lead_stages import FOLLOWED, Stage
from server.antispam.leads import forget_words
from server.kit import db
from server.kit.i18n import gettext as _
from server.leads.stages import advance
from server.people.events import PersonErased

LAST: Final = frozenset({"valid", *FOLLOWED})
"""Stages from which a lead is lost; one that was not reviewed yet is withdrawn."""


class _Lead(msgspec.Struct, frozen=True):
    id: UUID
    stage: str


async def forget_customer(event: PersonErased) -> None:
    """End what is open with a customer, then blot out their name and what was said of them."""
    if not event.customer:
        return
    leads = await db.rows(
        _Lead, "SELECT id, stage FROM lead WHERE customer = $1 ORDER BY id", event.customer
    )
    for lead in leads:
        last: Stage = "lost" if lead.stage in LAST else "withdrawn"
        if lead.stage == "submitted" or lead.stage in LAST:
            await advance(lead.id, last, None, _("the customer asked to be forgotten"))
    ids = [lead.id for lead in leads]
    await db.execute("UPDATE lead SET name = '—', note = '', tags = '{}' WHERE id = ANY ($1)", ids)
    await db.execute("UPDATE lead_step SET note = '', facts = '{}' WHERE lead = ANY ($1)", ids)
    await db.execute("DELETE FROM lead_photo WHERE lead = ANY ($1)", ids)
    await db.execute("DELETE FROM customer_tag WHERE customer = $1", event.customer)
    await db.execute("DELETE FROM notice WHERE topic = ANY ($1)", [f"lead:{each}" for each in ids])
    await forget_words([f"lead:{each}" for each in ids])
