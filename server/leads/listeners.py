"""What leads do of themselves when something happens."""

from server.leads.assignment import by_rule, hand_over
from server.leads.events import LeadAdvanced
from server.people.events import PersonDismissed, RolesTaken


async def assign_valid(event: LeadAdvanced) -> None:
    """Give a lead that was found valid to whoever follows it up (D4)."""
    if event.now == "valid":
        await by_rule(event.lead)


async def hand_over_dismissed(event: PersonDismissed) -> None:
    """Give the leads of somebody who leaves to others (D7)."""
    await hand_over(event.person)


async def hand_over_retired(event: RolesTaken) -> None:
    """Give the leads of somebody who is of the sales no more to others (D7)."""
    if "sales" in event.roles:
        await hand_over(event.person)
