"""The last minutes of a live board, as every face of it shows them (E3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, Literal

LAST: Final = timedelta(minutes=10)

Phase = Literal["", "last", "over"]
"""`last`: less than ten minutes to the cut-off; `over`: past it, and not frozen yet."""


def phase(frame: Mapping[str, Any]) -> Phase:
    """Return the phase of a frame, by its own clock (see `phaseOf` of the front end)."""
    if frame["state"] != "live":
        return ""
    left = _moment(frame["cut_off"]) - _moment(frame["at"])
    if left <= timedelta(0):
        return "over"
    return "last" if left <= LAST else ""


def _moment(value: datetime | str) -> datetime:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
