"""What a verdict would do to an action: the same decision as the verdict itself, not applied."""

from uuid import UUID

import msgspec

from game.errors import RuleViolation
from game.points import Decision, Verdict
from server.actions import chains, verdicts


async def outlook(action: UUID, verdict: Verdict) -> Decision:
    """Decide an action's chain as if it had this verdict; refused as `action_unknown`."""
    one = await chains.link(action)
    if one is None:
        raise RuleViolation("action_unknown")
    decided = msgspec.structs.replace(one, verdict=verdict)
    judged = await verdicts.judge(await chains.chain_of(one), decided)
    return next(each.decision for each in judged if each.link is decided)
