"""Leads: what colleagues report, one accepted per customer; the roles and the account they need."""

from piccolo.engine import engine_finder

ID = "m0014_leads"

SQL = r"""
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- `sales` follows leads up, `service` calls customers back.
ALTER TABLE person_role DROP CONSTRAINT person_role_role_check;
ALTER TABLE person_role ADD CONSTRAINT person_role_role_check CHECK (role IN
  ('operations', 'audit', 'finance', 'admin', 'screen', 'store', 'store_manager',
   'sales', 'service'));

-- D1 to D7. A lead belongs to whoever reported it, and to a customer by key.
CREATE TABLE lead (
  id uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- in force when it was received
  reporter uuid NOT NULL REFERENCES person,
  customer text COLLATE "C" NOT NULL REFERENCES customer (key),
  name text NOT NULL,                             -- what the customer is called
  tags text[] NOT NULL DEFAULT '{}',              -- what they need
  note text NOT NULL DEFAULT '',
  door text NOT NULL CHECK (door IN ('form', 'self', 'api')),
  channel text COLLATE "C" NOT NULL DEFAULT '',   -- L1: where it came from
  store uuid REFERENCES unit,
  captured_at timestamptz,                        -- what the phone said, kept as evidence
  received_at timestamptz NOT NULL,
  stage text NOT NULL CHECK (stage IN ('submitted', 'valid', 'assigned', 'contacted',
    'visiting', 'deal', 'lost', 'duplicate', 'invalid', 'withdrawn')),
  stage_at timestamptz NOT NULL,
  is_held boolean NOT NULL DEFAULT false,         -- a suspicion waits for a person (I5)
  review_due timestamptz,                         -- D3: one working day
  reviewed_by uuid REFERENCES person,
  reviewed_at timestamptz,
  reason text NOT NULL DEFAULT '',                -- of a refusal or a loss
  protected tstzrange,                            -- the customer's place, while this lead has it
  owner uuid REFERENCES person,                   -- who follows it up
  contact_due timestamptz,                        -- D4: 24 h for the first contact
  contacted_at timestamptz,
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (reviewed_by IS DISTINCT FROM reporter),
  -- D6: a customer is taken once at a time, whatever the code above believes.
  CONSTRAINT lead_customer_once EXCLUDE USING gist (customer WITH =, protected WITH &&)
);
CREATE INDEX lead_customer ON lead (customer, received_at);
CREATE INDEX lead_reporter ON lead (reporter, received_at DESC);
CREATE INDEX lead_owner ON lead (owner, stage) WHERE owner IS NOT NULL;
CREATE INDEX lead_review ON lead (review_due) WHERE stage = 'submitted';
CREATE INDEX lead_contact ON lead (contact_due) WHERE stage = 'assigned';

-- The passport of a lead (D5): every step, never changed.
CREATE TABLE lead_step (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead uuid NOT NULL REFERENCES lead,
  step text COLLATE "C" NOT NULL,                 -- a stage, or 'note', 'reassigned', 'late' …
  by uuid REFERENCES person,                      -- NULL: the product itself
  at timestamptz NOT NULL,
  note text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX lead_step_lead ON lead_step (lead, id);

-- What was paid out (G7) leaves the wallets for `paid`; like issuer it has no owner and no balance.
ALTER TABLE account DROP CONSTRAINT account_kind_check;
ALTER TABLE account ADD CONSTRAINT account_kind_check CHECK
  (kind IN ('wallet', 'debt', 'escrow', 'issuer', 'sponsor', 'expired', 'redeemed', 'paid'));
ALTER TABLE account DROP CONSTRAINT account_check;
ALTER TABLE account ADD CONSTRAINT account_check CHECK
  ((posted IS NULL) = (kind IN ('issuer', 'sponsor', 'expired', 'redeemed', 'paid')));
ALTER TABLE account DROP CONSTRAINT account_check4;
ALTER TABLE account ADD CONSTRAINT account_check4 CHECK
  ((owner IS NULL) = (kind IN ('issuer', 'sponsor', 'expired', 'redeemed', 'paid')));

CREATE OR REPLACE FUNCTION ledger_account(p_kind text, p_owner uuid, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_id bigint;
BEGIN
  SELECT id INTO v_id FROM account
  WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  IF v_id IS NULL THEN
    INSERT INTO account (kind, owner, asset, posted, version)
    SELECT p_kind, p_owner, p_asset, n, n FROM (SELECT CASE
      WHEN p_kind IN ('issuer', 'sponsor', 'expired', 'redeemed', 'paid') THEN NULL ELSE 0 END AS n) z
    ON CONFLICT DO NOTHING;
    SELECT id INTO v_id FROM account
    WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  END IF;
  RETURN v_id;
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
