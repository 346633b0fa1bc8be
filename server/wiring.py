"""What causes what: each event with those who listen, in order, in the transaction of the cause."""

from server.actions import listeners as actions
from server.actions.events import ActionReported, PointsChanged, VerdictAsked
from server.battles import listeners as battles
from server.boards import listeners as boards
from server.kit import events
from server.people.events import PersonOptedOut, SessionEnded
from server.plans.events import PlanLaunched


def wire() -> None:
    """Set the table."""
    events.listen(
        {
            PlanLaunched: (battles.open_battles,),
            ActionReported: (actions.tell_reviewers,),
            VerdictAsked: (battles.guard_audit,),
            PointsChanged: (battles.count_points,),
            PersonOptedOut: (battles.take_off, boards.stop_naming),
            SessionEnded: (boards.end_sockets,),
        }
    )
