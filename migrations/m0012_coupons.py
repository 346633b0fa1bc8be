"""Coupons, and the orders of customers they are redeemed with."""

from piccolo.engine import engine_finder

ID = "m0012_coupons"

SQL = r"""
-- Imported old customers bought before this product came: they are not new ones.
ALTER TABLE customer ADD COLUMN first_order_at timestamptz;

-- What somebody holds under a rule of a plan's version. Its code and the token of its QR code
-- are derived from its id under the key file; here are only keyed indexes of them, so that who
-- has the database can redeem nothing.
CREATE TABLE coupon (
  id uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,
  rule text COLLATE "C" NOT NULL,
  holder uuid NOT NULL REFERENCES person,
  source text COLLATE "C" NOT NULL CHECK (source IN
    ('friend', 'referrer', 'ladder', 'exclusive', 'reward', 'gift')),
  reference text COLLATE "C" NOT NULL,
  giver text NOT NULL DEFAULT '',                 -- who is thanked for it, as the ticket says
  store uuid REFERENCES unit,                     -- good in this one only
  code_index bytea NOT NULL UNIQUE,
  token_index bytea NOT NULL UNIQUE,
  issued_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'issued' CHECK (state IN
    ('issued', 'redeemed', 'expired', 'revoked')),
  redeemed_by uuid,                               -- the customer_order
  revoked_by uuid REFERENCES person,
  revoked_at timestamptz,
  reason text NOT NULL DEFAULT '',
  warned_at timestamptz,
  UNIQUE (source, reference, rule),
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (expires_at > issued_at),
  CHECK ((state = 'redeemed') = (redeemed_by IS NOT NULL)),
  CHECK ((state = 'revoked') = (revoked_at IS NOT NULL))
);
CREATE INDEX coupon_holder ON coupon (holder, issued_at DESC);
CREATE INDEX coupon_open ON coupon (expires_at) WHERE state = 'issued';

-- One order of one customer, at a till or through the API. A reversal is written once into it.
CREATE TABLE customer_order (
  id uuid PRIMARY KEY,
  store uuid NOT NULL REFERENCES unit,
  customer_key text COLLATE "C" NOT NULL,         -- tel:…, id:…, or person:… without a phone
  customer uuid REFERENCES person,
  receipt text COLLATE "C" NOT NULL,
  amount bigint NOT NULL CHECK (amount >= 0),
  off bigint NOT NULL CHECK (off BETWEEN 0 AND amount),
  payable bigint NOT NULL CHECK (payable = amount - off),
  coupon uuid REFERENCES coupon,
  is_first boolean NOT NULL,
  payer text NOT NULL DEFAULT '',                 -- keyed index of what paid, "" unknown
  device text NOT NULL DEFAULT '',                -- keyed index of the customer's device
  source text NOT NULL CHECK (source IN ('till', 'api')),
  placed_by uuid NOT NULL REFERENCES person,
  placed_at timestamptz NOT NULL,
  reversed_as text CHECK (reversed_as IN ('undone', 'refunded')),
  reversed_by uuid REFERENCES person,
  reversed_at timestamptz,
  reversed_why text NOT NULL DEFAULT '',
  CHECK ((reversed_as IS NULL) = (reversed_by IS NULL)),
  CHECK ((reversed_as IS NULL) = (reversed_at IS NULL))
);
-- What was undone may be taken in again under its receipt; what was refunded may not.
CREATE UNIQUE INDEX customer_order_receipt ON customer_order (store, receipt)
  WHERE reversed_as IS DISTINCT FROM 'undone';
-- A coupon stands in one living order at most.
CREATE UNIQUE INDEX customer_order_coupon ON customer_order (coupon) WHERE reversed_as IS NULL;
CREATE INDEX customer_order_customer ON customer_order (customer_key, placed_at);
CREATE INDEX customer_order_cashier ON customer_order (placed_by, placed_at DESC);
CREATE INDEX customer_order_store ON customer_order (store, placed_at DESC);

-- The key under which the orders of a person are counted: their phone, else themselves.
CREATE FUNCTION customer_key_of(p_person uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT 'tel:' || encode(blind_index, 'hex') FROM person_phone
                   WHERE person = p_person), 'person:' || p_person)
$$;

-- Whether a customer had an order that stands, here or before this product came.
CREATE FUNCTION customer_has_ordered(p_key text) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM customer_order
                 WHERE customer_key = p_key AND reversed_as IS NULL)
      OR EXISTS (SELECT FROM customer WHERE key = p_key AND first_order_at IS NOT NULL)
$$;

-- Whoever places or reverses an order of a customer takes turns: of two first orders one is
-- first. Returns the moment after waiting.
CREATE FUNCTION customer_turn(p_key text) RETURNS timestamptz LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_key, 12));
  RETURN leitai_clock();
END $$;

-- Puts a coupon on the counter, found by the index of its code or token: takes its holder's
-- turn, locks it, and says all that decides about it. No row: no such coupon.
CREATE FUNCTION coupon_present(p_index bytea)
RETURNS TABLE (id uuid, plan text, plan_version integer, made_at timestamptz,
  rule text, holder uuid, state text,
  expires_at timestamptz, bound_to text, used_at timestamptz, used_in text,
  customer_key text, at timestamptz, has_ordered boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  v_id uuid;
  v_key text;
BEGIN
  SELECT id, customer_key_of(holder) INTO v_id, v_key FROM coupon
  WHERE token_index = p_index OR code_index = p_index;
  IF v_id IS NULL THEN RETURN; END IF;
  PERFORM customer_turn(v_key);
  PERFORM FROM coupon WHERE id = v_id FOR NO KEY UPDATE;
  RETURN QUERY SELECT c.id, c.plan, c.plan_version, p.created_at, c.rule, c.holder, c.state,
    c.expires_at, b.path, o.placed_at, s.name, v_key, leitai_clock(), customer_has_ordered(v_key)
  FROM coupon c JOIN plan p ON p.id = c.plan AND p.version = c.plan_version
  LEFT JOIN unit b ON b.id = c.store
  LEFT JOIN customer_order o ON o.id = c.redeemed_by LEFT JOIN unit s ON s.id = o.store
  WHERE c.id = v_id;
END $$;

-- Places an order, and redeems its coupon with it or neither. Answers 'placed', or
-- 'receipt_taken' where the store has this receipt already.
CREATE FUNCTION order_place(
  p_id uuid, p_store uuid, p_key text, p_customer uuid, p_receipt text, p_amount bigint,
  p_off bigint, p_payable bigint, p_coupon uuid, p_is_first boolean, p_payer text,
  p_device text, p_source text, p_by uuid, p_at timestamptz
) RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO customer_order (id, store, customer_key, customer, receipt, amount, off, payable,
    coupon, is_first, payer, device, source, placed_by, placed_at)
  VALUES (p_id, p_store, p_key, p_customer, p_receipt, p_amount, p_off, p_payable, p_coupon,
    p_is_first, p_payer, p_device, p_source, p_by, p_at)
  ON CONFLICT (store, receipt) WHERE reversed_as IS DISTINCT FROM 'undone' DO NOTHING;
  IF NOT FOUND THEN RETURN 'receipt_taken'; END IF;
  IF p_coupon IS NOT NULL THEN
    UPDATE coupon SET state = 'redeemed', redeemed_by = p_id
    WHERE id = p_coupon AND state = 'issued';
    IF NOT FOUND THEN RAISE EXCEPTION 'coupon_not_issued' USING ERRCODE = '23514'; END IF;
  END IF;
  RETURN 'placed';
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
