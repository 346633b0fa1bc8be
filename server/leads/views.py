"""What the pages of leads show, as templates want it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import segno
from litestar.connection import ASGIConnection
from markupsafe import Markup

from game import leads as rules
from game.plan import Plan, Title
from server.kit.web import origin_of
from server.leads.queries import Sent, Waiting
from server.people import stores
from server.plans import queries as plans
from server.plans.words import as_builtins


def choices(titles: Mapping[str, Title]) -> list[dict[str, Any]]:
    """Return needs or channels to choose from."""
    return [{"id": name, "title": as_builtins(title)} for name, title in titles.items()]


def plan_choices(found: Iterable[Plan], chosen: Plan | None) -> list[dict[str, Any]]:
    """Return the plans that a lead may go into; one alone is no choice."""
    listed = [
        {"id": each.id, "title": as_builtins(each.title), "on": each is chosen} for each in found
    ]
    return listed if len(listed) > 1 else []


async def store_choices(plan: Plan) -> list[dict[str, str]]:
    """Return the stores to choose from where leads are followed up by store."""
    if plan.leads is None or plan.leads.assign.by != "store":
        return []
    return [{"id": str(each.id), "title": each.name} for each in await stores.stores()]


async def sent(one: Sent, now: datetime) -> dict[str, Any]:
    """Return what became of a lead, to its reporter."""
    until = None if one.taken_by_me else one.taken_until
    return {
        "id": str(one.id),
        "name": one.name,
        "shown": one.shown,
        "stage": one.stage,
        "is_held": one.is_held,
        "due": one.review_due,
        "until": until,
        "days": rules.days_left(until, now) if until else 0,
        "is_mine": one.taken_by_me,
        "is_watched": one.is_watched,
    }


async def waiting(one: Waiting, now: datetime) -> dict[str, Any]:
    """Return a lead as the review desk sees it."""
    plan = await plans.rules_of(one.plan, one.plan_version, one.written_at)
    terms = rules.terms_of(plan)
    channel = terms.channels.get(one.channel)
    return {
        "id": str(one.id),
        "name": one.name,
        "shown": one.shown,
        "needs": [as_builtins(terms.needs[tag]) for tag in one.tags if tag in terms.needs],
        "note": one.note,
        "channel": as_builtins(channel) if channel else None,
        "by_customer": one.door == "self",
        "reporter": one.reporter_name,
        "unit": one.unit.rpartition("/")[2],
        "received_at": one.received_at,
        "captured_at": one.captured_at,
        "due": one.review_due,
        "is_late": one.review_due < now,
        "photos": [f"/leads/photos/{each}" for each in one.photos],
        "earlier": one.earlier,
    }


def link(request: ASGIConnection[Any, Any, Any, Any], code: str) -> str:
    """Return the link of a colleague's door."""
    return f"{origin_of(request)}/l/{code}"


def qr_code(request: ASGIConnection[Any, Any, Any, Any], code: str) -> Markup:
    """Return the QR code of a door: in upper case it is small and quick to read."""
    drawn = segno.make(link(request, code).upper(), error="m")
    return Markup(drawn.svg_inline(omitsize=True))  # noqa: S704  # drawn here
