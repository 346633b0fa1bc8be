"""What the pages of deals show, as templates want it, and to whom."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from game.errors import RuleViolation
from server.config import settings
from server.deals import queries, words
from server.deals.queries import Deal
from server.kit import formats
from server.leads.numbers import number_of
from server.people.auth import Caller
from server.plans import queries as plans
from server.plans.words import as_builtins

REPORTERS: Final = ("sales", "store", "store_manager", "operations")
"""Roles that report deals; the first three make them."""
WATCHERS: Final = frozenset({"operations", "finance", "audit"})
"""Roles that see every deal."""
TAKERS: Final = ("operations", "finance")
"""Roles that take a checked deal back."""


async def seen(caller: Caller, deal: UUID) -> Deal:
    """Return a deal that somebody may look at; any other is refused as `deal_unknown`."""
    one = await queries.deal(deal)
    if not watches(caller) and str(caller.id) not in one.parts:
        raise RuleViolation("deal_unknown")
    return one


def watches(caller: Caller) -> bool:
    """Whether somebody sees every deal."""
    return not caller.roles.isdisjoint(WATCHERS)


def sees_calls(one: Deal, caller: Caller) -> bool:
    """Whether somebody may know which deals are drawn: not who gains, they could prompt."""
    return watches(caller) and str(caller.id) not in one.parts


def state_for(one: Deal, caller: Caller) -> str:
    """Return where a deal stands as this caller may know it: drawn or not looks alike."""
    is_hidden = one.state == "checked" and not sees_calls(one, caller)
    return "reported" if is_hidden else one.state


def row(one: Deal, caller: Caller) -> dict[str, Any]:
    """Return a deal as a list shows it."""
    state = state_for(one, caller)
    return {
        "id": one.id,
        "who": one.name or one.phone,
        "amount": one.amount,
        "contract": one.contract,
        "made_on": day_of(one.made_at),
        "seller": one.seller_name,
        "state": state,
        "state_words": str(words.STATES[state]),
        "seal": words.SEALS.get(state, "void"),
    }


def day_of(moment: datetime) -> str:
    """Write the day of a deal: 今天, 昨天, 11-03; a form tells no more than the day."""
    return formats.day(moment, formats.utc_now(), settings().company_timezone)


async def card(one: Deal, caller: Caller) -> dict[str, Any]:
    """Return a deal with all that this caller may see and do."""
    sees = sees_calls(one, caller)
    calls = await queries.calls(one.id) if sees else []
    return (
        row(one, caller)
        | may(one, caller)
        | {
            "phone": one.phone,
            "name": one.name,
            "reporter": one.reporter_name,
            "store": one.store_name,
            "lead": one.lead,
            "lead_number": number_of(one.lead) if one.lead else "",
            "lead_at": one.lead_at,
            "linked": str(words.LINKED[one.linked_as]) if one.lead else "",
            "proof": one.proof,
            "order": one.order_id,
            "is_first": one.is_first,
            "note": one.note,
            "photos": [f"/deals/{one.id}/photos/{each}" for each in one.photos],
            "steps": words.steps(one, calls, sees_calls=sees),
            "calls": [each for each in calls if each.note],
            "reason": words.reason(one),
            "forbidden": await forbidden(one),
            "practice": await practice(one),
        }
    )


def may(one: Deal, caller: Caller) -> dict[str, bool]:
    """Return what this caller may do with a deal as it stands."""
    roles, is_own = caller.roles, str(caller.id) in one.parts
    is_open = one.state in {"checked", "counted"}
    looked = is_own or caller.id == one.checked_by
    return {
        "is_own": is_own,
        "can_check": one.state == "reported" and "operations" in roles and not is_own,
        "can_link": one.state == "reported"
        and ("operations" in roles or caller.id in {one.seller, one.reported_by}),
        "can_verify": one.state == "counted"
        and one.verified_at is None
        and "finance" in roles
        and not looked,
        "can_refund": is_open and not roles.isdisjoint(TAKERS),
        "can_strike": is_open and not roles.isdisjoint(TAKERS) and not is_own,
    }


async def forbidden(one: Deal) -> list[dict[str, str]]:
    """Return the titles of the practices that a deal must not stand on."""
    terms = (await plans.rules_of(one.plan, one.plan_version, one.made_from)).deals
    return [as_builtins(each) for each in terms.forbidden] if terms else []


async def practice(one: Deal) -> dict[str, str] | None:
    """Return the title of the practice that was found, None where none was."""
    return None if one.practice is None else (await forbidden(one))[one.practice]
