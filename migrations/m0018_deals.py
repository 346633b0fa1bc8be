"""Deals: what customers bought, checked, drawn for a call-back, and found genuine."""

from piccolo.engine import engine_finder

ID = "m0018_deals"

SQL = r"""
-- A lead is named on a contract by ten hexadecimal digits of its id: see server/leads/numbers.py.
CREATE INDEX lead_number ON lead (right(id::text, 10));

-- D8. Nothing is paid for a deal before it counts: checked, and where it was drawn, called back.
CREATE TABLE deal (
  id uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- in force when it was reported
  source text NOT NULL CHECK (source IN ('form', 'api', 'order')),
  contract text COLLATE "C" NOT NULL,             -- its number; an order's receipt
  customer text COLLATE "C" NOT NULL REFERENCES customer (key),
  name text NOT NULL DEFAULT '',                  -- what the customer is called
  amount bigint NOT NULL CHECK (amount >= 0),     -- in 分
  made_at timestamptz NOT NULL,
  store uuid REFERENCES unit,
  seller uuid REFERENCES person,                  -- who made it
  reporter uuid REFERENCES person,                -- who brought the customer
  lead uuid REFERENCES lead,
  linked_as text NOT NULL DEFAULT '' CHECK (linked_as IN ('', 'number', 'customer', 'hand')),
  linked_by uuid REFERENCES person,
  proof text NOT NULL DEFAULT '',                 -- why a lead that doesn't fit was linked by hand
  order_id uuid REFERENCES customer_order,
  is_first boolean NOT NULL,                      -- the customer had none before
  note text NOT NULL DEFAULT '',
  reported_by uuid NOT NULL REFERENCES person,
  reported_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN
    ('reported', 'checked', 'counted', 'refused', 'struck', 'refunded')),
  checked_by uuid REFERENCES person,
  checked_at timestamptz,
  call text NOT NULL DEFAULT 'none' CHECK (call IN ('none', 'waiting', 'confirmed', 'denied')),
  counted_at timestamptz,                         -- since when it pays
  verified_by uuid REFERENCES person,             -- finance found it genuine
  verified_at timestamptz,
  closed_by uuid REFERENCES person,               -- refused, struck or refunded
  closed_at timestamptz,
  reason text NOT NULL DEFAULT '',
  practice integer,                               -- the forbidden one that was found (I6)
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (checked_by IS NULL OR (checked_by IS DISTINCT FROM seller
    AND checked_by IS DISTINCT FROM reporter AND checked_by IS DISTINCT FROM reported_by)),
  CHECK ((checked_at IS NULL) = (checked_by IS NULL)),
  CHECK (state <> 'counted' OR (counted_at IS NOT NULL AND call IN ('none', 'confirmed'))),
  CHECK ((state IN ('refused', 'struck', 'refunded')) = (closed_at IS NOT NULL)),
  CHECK ((lead IS NULL) = (linked_as = ''))
);
-- Each till has numbers of its own: receipts are unique in their store, by customer_order.
CREATE UNIQUE INDEX deal_contract ON deal (plan, contract)
  WHERE closed_at IS NULL AND order_id IS NULL;
CREATE INDEX deal_receipt ON deal (plan, contract) WHERE closed_at IS NULL;
CREATE UNIQUE INDEX deal_order ON deal (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX deal_customer ON deal (customer, made_at);
CREATE INDEX deal_lead ON deal (lead) WHERE lead IS NOT NULL;
CREATE INDEX deal_seller ON deal (seller, reported_at DESC) WHERE seller IS NOT NULL;
CREATE INDEX deal_reporter ON deal (reporter, reported_at DESC) WHERE reporter IS NOT NULL;
CREATE INDEX deal_state ON deal (state, reported_at, id);
CREATE INDEX deal_counted ON deal (plan, counted_at) WHERE counted_at IS NOT NULL;
CREATE INDEX deal_calls ON deal (checked_at, id) WHERE call = 'waiting' AND closed_at IS NULL;
CREATE INDEX deal_unverified ON deal (counted_at, id)
  WHERE state = 'counted' AND verified_at IS NULL;

CREATE TABLE deal_photo (
  id uuid PRIMARY KEY,
  deal uuid NOT NULL REFERENCES deal,
  body bytea NOT NULL                             -- a JPEG without metadata
);
CREATE INDEX deal_photo_deal ON deal_photo (deal);

-- I4. The secret of a day is derived under the key file and never stored; its fingerprint is
-- written down before the first draw, so that nobody chooses a secret that suits afterwards.
CREATE TABLE draw_day (
  plan text COLLATE "C" NOT NULL,
  day date NOT NULL,
  fingerprint text NOT NULL,                      -- sha256 of the secret, in hex
  PRIMARY KEY (plan, day)
);

-- What was drawn and what was not, with all that decided it: an auditor draws again.
CREATE TABLE deal_draw (
  deal uuid PRIMARY KEY REFERENCES deal,
  plan text COLLATE "C" NOT NULL,
  day date NOT NULL,
  turn integer NOT NULL,                          -- 1 for the first of the day
  seller uuid REFERENCES person,
  number text NOT NULL,                           -- HMAC-SHA256(secret of the day, id), in hex
  lowest text NOT NULL,                           -- of the seller's week before it, "" for none
  share text NOT NULL,                            -- "1/10"
  standing text NOT NULL CHECK (standing IN ('usual', 'new', 'watched', 'failed', 'again')),
  why text NOT NULL CHECK (why IN ('', 'share', 'week')),
  at timestamptz NOT NULL,
  FOREIGN KEY (plan, day) REFERENCES draw_day,
  UNIQUE (plan, day, turn)
);
CREATE INDEX deal_draw_seller ON deal_draw (seller, at);

-- Every attempt to reach the customer of a drawn deal.
CREATE TABLE deal_call (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deal uuid NOT NULL REFERENCES deal,
  by uuid NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  result text NOT NULL CHECK (result IN ('confirmed', 'denied', 'unreached')),
  note text NOT NULL DEFAULT ''
);
CREATE INDEX deal_call_deal ON deal_call (deal, id);
CREATE UNIQUE INDEX deal_call_answered ON deal_call (deal) WHERE result <> 'unreached';

-- Whoever checks, calls or closes deals of a seller takes turns with others who do: the draw of
-- a week is in one order. Returns the moment after waiting.
CREATE FUNCTION deal_turn(p_plan text) RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_plan, 18));
  RETURN leitai_clock();
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
