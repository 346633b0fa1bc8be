"""What a verdict would do to an action: the same decision as the verdict itself, not applied."""

from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.points import Decision, Verdict
from server.actions import chains
from server.plans import queries as plans


async def outlook(action: UUID, verdict: Verdict) -> Decision:
    """Decide an action's chain as if it had this verdict; refused as `action_unknown`."""
    one = await chains.link(action)
    if one is None:
        raise RuleViolation("action_unknown")
    judged = [
        msgspec.structs.replace(each, verdict=verdict) if each.id == action else each
        for each in await chains.chain_of(one)
    ]
    decisions = chains.decide(judged, await plans.versions(one.plan, judged[0].received_at))
    return next(each for each in decisions if each.action == str(action))
