"""What leads refuse."""

from server.kit.errors.refusal import Refusal
from server.kit.i18n import lazy

LEADS: dict[str, Refusal] = {
    # stages and following up
    "lead_unknown": Refusal(404, lazy("This lead is not here. Choose one of your list.")),
    "lead_step_taken": Refusal(
        409, lazy("Somebody was quicker: this step is taken already. Read on in the passport.")
    ),
    "lead_step_closed": Refusal(
        409, lazy("This step is not open from where the lead is now. Choose one of those offered.")
    ),
}
