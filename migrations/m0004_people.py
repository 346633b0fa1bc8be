"""People: how a session was opened, and finding people by their unit."""

from piccolo.engine import engine_finder

ID = "m0004_people"

SQL = r"""
-- A session opened with a one-time code may set a new passcode without the lost one.
ALTER TABLE session ADD COLUMN opened_by text NOT NULL DEFAULT 'passcode'
  CHECK (opened_by IN ('passcode', 'code', 'invite', 'demo'));

CREATE INDEX person_unit ON person (unit);
CREATE INDEX invite_person ON invite (person, created_at DESC);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
