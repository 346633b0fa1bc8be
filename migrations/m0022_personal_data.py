"""Personal data: who was shown a phone and why, what people ask for, who was forgotten."""

from piccolo.engine import engine_finder

ID = "m0022_personal_data"

SQL = r"""
-- A phone that was shown in clear: who saw it, of whom, and why (never the phone itself).
CREATE TABLE phone_reveal (
  id uuid PRIMARY KEY,
  by uuid NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('customer', 'person')),
  subject text COLLATE "C" NOT NULL,              -- the customer's key, or the id of the person
  reason text NOT NULL CHECK (reason <> ''),
  day date NOT NULL,                              -- of the company
  at timestamptz NOT NULL,
  UNIQUE (by, day, kind, subject)
);
CREATE INDEX phone_reveal_subject ON phone_reveal (kind, subject, at);
CREATE INDEX phone_reveal_day ON phone_reveal (day, by);

-- What an employee asks about their own data, for an administrator to carry out.
CREATE TABLE data_request (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  kind text NOT NULL CHECK (kind IN ('correct', 'erase')),
  said text NOT NULL CHECK (said <> ''),
  at timestamptz NOT NULL,
  answered_by uuid REFERENCES person,
  answered_at timestamptz,
  answer text NOT NULL DEFAULT '',
  CHECK ((answered_by IS NULL) = (answered_at IS NULL)),
  CHECK (answered_by IS DISTINCT FROM person)
);
CREATE UNIQUE INDEX data_request_open ON data_request (person, kind) WHERE answered_at IS NULL;

-- Forgotten: the data key is gone, the name too; what the ledger says stays, of nobody by name.
ALTER TABLE person ADD COLUMN erased_at timestamptz;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
