"""How leads come in: the customer's consent, doors of their own, watching, and the blacklist."""

from piccolo.engine import engine_finder

ID = "m0015_lead_doors"

SQL = r"""
-- Who said that the customer agrees (D1): whoever reported it, the customer, another system.
ALTER TABLE lead ADD COLUMN consent text COLLATE "C" NOT NULL DEFAULT 'reporter'
  CHECK (consent IN ('reporter', 'customer', 'system'));
-- The token of the customer's objection is derived under the key file; here is its keyed index.
ALTER TABLE lead ADD COLUMN objection_index bytea UNIQUE;
ALTER TABLE lead ADD COLUMN objected_at timestamptz;
ALTER TABLE lead ADD COLUMN escalated_at timestamptz;   -- the review was late, and is known to be
ALTER TABLE lead ADD COLUMN again_of uuid REFERENCES lead;  -- D6: the duplicate this one comes after

CREATE INDEX lead_held ON lead (received_at) WHERE is_held;

CREATE TABLE lead_photo (
  id uuid PRIMARY KEY,
  lead uuid NOT NULL REFERENCES lead,
  media_type text NOT NULL,
  body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT leitai_clock()
);
CREATE INDEX lead_photo_lead ON lead_photo (lead);

-- The QR code of a colleague, behind which customers enter their own number.
CREATE TABLE lead_door (
  code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  plan text COLLATE "C" NOT NULL,
  person uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL,
  UNIQUE (plan, person)
);

-- Who waits for a customer's protection to end; told once, when it has.
CREATE TABLE lead_watch (
  lead uuid PRIMARY KEY REFERENCES lead,          -- the duplicate of whoever watches
  person uuid NOT NULL REFERENCES person,
  customer text COLLATE "C" NOT NULL REFERENCES customer (key),
  since timestamptz NOT NULL,
  told_at timestamptz,
  UNIQUE (person, customer)
);
CREATE INDEX lead_watch_waiting ON lead_watch (customer) WHERE told_at IS NULL;

-- I1. Nobody reports these: the company said so, or the customer objected.
CREATE TABLE blacklist (
  customer text COLLATE "C" PRIMARY KEY REFERENCES customer (key),
  cause text NOT NULL CHECK (cause IN ('company', 'objection')),
  reason text NOT NULL,
  added_by uuid REFERENCES person,                -- NULL: the customer
  added_at timestamptz NOT NULL
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
