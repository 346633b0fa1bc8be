"""Following leads up: whose turn it is, the clocks of the first contact, tags of customers."""

from piccolo.engine import engine_finder

ID = "m0016_follow_up"

SQL = r"""
-- D4. Whose turn is longest ago gets the next lead; a count, because two may come in one moment.
CREATE SEQUENCE lead_turn_number;
CREATE TABLE lead_turn (
  person uuid PRIMARY KEY REFERENCES person,
  turn bigint NOT NULL
);

ALTER TABLE lead ADD COLUMN assigned_at timestamptz;    -- to the owner of now
ALTER TABLE lead ADD COLUMN remind_at timestamptz;      -- NULL: reminded, or nothing to remind of
ALTER TABLE lead ADD COLUMN unassigned_at timestamptz;  -- since when a person is to assign it
CREATE INDEX lead_remind ON lead (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX lead_unassigned ON lead (unassigned_at) WHERE unassigned_at IS NOT NULL;
CREATE INDEX lead_followed ON lead (stage_at DESC)
  WHERE stage IN ('valid', 'assigned', 'contacted', 'visiting', 'deal', 'lost');

-- What a page of a customer is called by: a key would be the index of a phone in an address.
ALTER TABLE customer ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid() UNIQUE;

-- D7. What colleagues note of a customer beside the needs of the leads.
CREATE TABLE customer_tag (
  customer text COLLATE "C" NOT NULL REFERENCES customer (key),
  tag text NOT NULL CHECK (tag <> ''),
  by uuid NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  PRIMARY KEY (customer, tag)
);
CREATE INDEX customer_tag_tag ON customer_tag (tag);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
