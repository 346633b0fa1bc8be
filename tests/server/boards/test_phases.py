"""The last minutes of a board, by its own clock."""

from datetime import UTC, datetime, timedelta

import pytest

from server.boards.phases import phase

CUT_OFF = datetime(2026, 6, 30, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "left", "expected"),
    [
        ("live", timedelta(minutes=10, seconds=1), ""),
        ("live", timedelta(minutes=10), "last"),
        ("live", timedelta(seconds=1), "last"),
        ("live", timedelta(0), "over"),
        ("live", timedelta(hours=-1), "over"),
        ("joining", timedelta(minutes=5), ""),
        ("auditing", timedelta(minutes=-1), ""),
        ("final", timedelta(hours=-1), ""),
    ],
)
def test_phase(state: str, left: timedelta, expected: str) -> None:
    frame = {"state": state, "cut_off": CUT_OFF.isoformat(), "at": (CUT_OFF - left).isoformat()}
    assert phase(frame) == expected
