"""Holds on points, and what they are held for: rewards and their redemptions."""

from piccolo.engine import engine_finder

ID = "m0007_holds"

SQL = r"""
-- What people gave for rewards lands on `redeemed`: like issuer, sponsor and expired it has no
-- owner and no balance. An account of its own, not the issuer's, so that what was ever given out
-- and what was ever taken for rewards stay two figures.
ALTER TABLE account DROP CONSTRAINT account_kind_check;
ALTER TABLE account ADD CONSTRAINT account_kind_check CHECK
  (kind IN ('wallet', 'debt', 'escrow', 'issuer', 'sponsor', 'expired', 'redeemed'));
ALTER TABLE account DROP CONSTRAINT account_check;
ALTER TABLE account ADD CONSTRAINT account_check CHECK
  ((posted IS NULL) = (kind IN ('issuer', 'sponsor', 'expired', 'redeemed')));
ALTER TABLE account DROP CONSTRAINT account_check4;
ALTER TABLE account ADD CONSTRAINT account_check4 CHECK
  ((owner IS NULL) = (kind IN ('issuer', 'sponsor', 'expired', 'redeemed')));
ALTER TABLE account ADD CONSTRAINT account_held_in_wallets CHECK (kind = 'wallet' OR held = 0);

CREATE OR REPLACE FUNCTION ledger_account(p_kind text, p_owner uuid, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_id bigint;
BEGIN
  SELECT id INTO v_id FROM account
  WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  IF v_id IS NULL THEN
    INSERT INTO account (kind, owner, asset, posted, version)
    SELECT p_kind, p_owner, p_asset, n, n FROM (SELECT CASE
      WHEN p_kind IN ('issuer', 'sponsor', 'expired', 'redeemed') THEN NULL ELSE 0 END AS n) z
    ON CONFLICT DO NOTHING;
    SELECT id INTO v_id FROM account
    WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  END IF;
  RETURN v_id;
END $$;

-- A hold keeps an amount of a wallet from being spent until it is captured by one transfer or
-- released. `account.held` is the sum of the open ones and moves only in the three functions
-- below, in the statement's own transaction, under the account's lock.
CREATE TABLE hold (
  id uuid PRIMARY KEY,                            -- made by the caller: the idempotency key
  account bigint NOT NULL REFERENCES account,
  amount bigint NOT NULL CHECK (amount > 0 AND amount <= 1000000000000000),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'captured', 'released')),
  reference text NOT NULL UNIQUE,
  made_at timestamptz NOT NULL DEFAULT leitai_clock(),
  expires_at timestamptz,                         -- whoever made it releases it then
  resolved_at timestamptz,
  capture uuid UNIQUE REFERENCES transfer,
  CHECK ((state = 'captured') = (capture IS NOT NULL)),
  CHECK ((state = 'open') = (resolved_at IS NULL))
);
CREATE INDEX hold_open ON hold (account) WHERE state = 'open';

-- 'created', 'exists' (this very hold, sent again), 'not_covered' (what is available less the
-- debt is not enough) or 'other' (the id or the reference belongs to another hold).
CREATE FUNCTION hold_open(
  p_id uuid, p_owner uuid, p_asset text, p_amount bigint, p_reference text, p_expires timestamptz
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_account bigint;
  v_known hold;
BEGIN
  PERFORM ledger_lock(p_asset, ARRAY[p_owner]);
  v_account := ledger_account('wallet', p_owner, p_asset);
  SELECT * INTO v_known FROM hold WHERE id = p_id OR reference = p_reference;
  IF FOUND THEN
    RETURN CASE WHEN (v_known.id, v_known.account, v_known.amount, v_known.reference)
      = (p_id, v_account, p_amount, p_reference) THEN 'exists' ELSE 'other' END;
  END IF;
  IF (SELECT sum(posted - held) FROM account
      WHERE owner = p_owner AND asset = p_asset AND kind IN ('wallet', 'debt')) < p_amount THEN
    RETURN 'not_covered';
  END IF;
  UPDATE account SET held = held + p_amount WHERE id = v_account;
  INSERT INTO hold (id, account, amount, reference, expires_at)
  VALUES (p_id, v_account, p_amount, p_reference, p_expires);
  RETURN 'created';
END $$;

-- 'captured' (now), 'exists' (by this very transfer before), 'resolved' (in another way) or
-- 'unknown'. The whole hold is spent, by one transfer wallet → redeemed.
CREATE FUNCTION hold_capture(
  p_hold uuid, p_transfer uuid, p_kind text, p_reference text, p_actor uuid, p_facts jsonb
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_wallet account;
  v_hold hold;
BEGIN
  SELECT a.* INTO v_wallet FROM hold h JOIN account a ON a.id = h.account WHERE h.id = p_hold;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  PERFORM ledger_lock(v_wallet.asset, ARRAY[v_wallet.owner]);
  SELECT * INTO v_hold FROM hold WHERE id = p_hold;
  IF v_hold.state <> 'open' THEN
    RETURN CASE WHEN v_hold.capture = p_transfer THEN 'exists' ELSE 'resolved' END;
  END IF;
  UPDATE account SET held = held - v_hold.amount WHERE id = v_hold.account;
  PERFORM ledger_post(p_transfer, p_kind, p_reference, p_actor, p_facts, NULL, v_wallet.asset,
    ARRAY['wallet', 'redeemed'], ARRAY[v_wallet.owner, NULL],
    ARRAY[-v_hold.amount, v_hold.amount], '{}', '{}');
  UPDATE hold SET state = 'captured', resolved_at = leitai_clock(), capture = p_transfer
  WHERE id = p_hold;
  RETURN 'captured';
END $$;

-- 'released' (now), 'resolved' (before, in whichever way) or 'unknown'.
CREATE FUNCTION hold_release(p_hold uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  v_wallet account;
  v_amount bigint;
BEGIN
  SELECT a.* INTO v_wallet FROM hold h JOIN account a ON a.id = h.account WHERE h.id = p_hold;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;
  PERFORM ledger_lock(v_wallet.asset, ARRAY[v_wallet.owner]);
  UPDATE hold SET state = 'released', resolved_at = leitai_clock()
  WHERE id = p_hold AND state = 'open' RETURNING amount INTO v_amount;
  IF NOT FOUND THEN RETURN 'resolved'; END IF;
  UPDATE account SET held = held - v_amount WHERE id = v_wallet.id;
  RETURN 'released';
END $$;

-- G2. `stock` NULL is unlimited, 0 is sold out, n are left: three different things. Titles are
-- {zh_Hans, zh_Hant, en}, of which those that were not written are missing.
CREATE TABLE reward (
  id uuid PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('gift', 'coupon', 'leave', 'training', 'service')),
  title jsonb NOT NULL,
  about jsonb NOT NULL DEFAULT '{}',
  points bigint NOT NULL CHECK (points BETWEEN 1 AND 1000000000),
  stock integer CHECK (stock BETWEEN 0 AND 1000000),
  low_stock integer CHECK (low_stock BETWEEN 0 AND 1000000),
  restocked integer NOT NULL DEFAULT 0,           -- how often: the notice of low stock is new then
  limit_most integer CHECK (limit_most >= 1),
  limit_per text CHECK (limit_per IN ('day', 'week', 'month', 'quarter', 'year', 'ever')),
  units text[] NOT NULL DEFAULT '{}',             -- paths; with none of both it is for everybody
  ranks text[] NOT NULL DEFAULT '{}',
  keeps_days integer NOT NULL CHECK (keeps_days BETWEEN 1 AND 365),
  coupon_plan text COLLATE "C",
  coupon_rule text COLLATE "C",
  picture uuid,
  archived_at timestamptz,
  created_by uuid REFERENCES person,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  CHECK ((limit_most IS NULL) = (limit_per IS NULL)),
  CHECK ((coupon_rule IS NULL) = (coupon_plan IS NULL)),
  CHECK ((kind = 'coupon') = (coupon_rule IS NOT NULL))
) WITH (fillfactor = 70);

CREATE TABLE reward_picture (
  id uuid PRIMARY KEY,
  body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT leitai_clock()
);
ALTER TABLE reward ADD FOREIGN KEY (picture) REFERENCES reward_picture;

CREATE TABLE redemption (
  id uuid PRIMARY KEY,                            -- also the id of its hold
  reward uuid NOT NULL REFERENCES reward,
  person uuid NOT NULL REFERENCES person,
  kind text NOT NULL,                             -- what the reward was at that moment
  title jsonb NOT NULL,
  points bigint NOT NULL,
  took_stock boolean NOT NULL,
  note text NOT NULL DEFAULT '',
  code text COLLATE "C" NOT NULL UNIQUE,          -- shown at the counter
  state text NOT NULL DEFAULT 'waiting' CHECK
    (state IN ('waiting', 'fulfilled', 'refused', 'cancelled', 'expired')),
  redeemed_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  ended_at timestamptz,
  ended_by uuid REFERENCES person,
  reason text NOT NULL DEFAULT '',
  coupon uuid,
  CHECK ((state = 'waiting') = (ended_at IS NULL)),
  CHECK (state NOT IN ('fulfilled', 'refused') OR ended_by IS DISTINCT FROM person)
);
CREATE INDEX redemption_person ON redemption (person, redeemed_at DESC);
CREATE INDEX redemption_limit ON redemption (person, reward) WHERE state IN ('waiting', 'fulfilled');
CREATE INDEX redemption_waiting ON redemption (expires_at) WHERE state = 'waiting';

CREATE TABLE reward_suggestion (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  title text NOT NULL,
  why text NOT NULL,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'taken', 'declined')),
  answer text NOT NULL DEFAULT '',
  answered_by uuid REFERENCES person,
  answered_at timestamptz,
  reward uuid REFERENCES reward,
  made_at timestamptz NOT NULL DEFAULT leitai_clock(),
  CHECK ((state = 'open') = (answered_at IS NULL))
);
CREATE INDEX reward_suggestion_person ON reward_suggestion (person, made_at DESC);
CREATE INDEX reward_suggestion_open ON reward_suggestion (made_at) WHERE state = 'open';
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
