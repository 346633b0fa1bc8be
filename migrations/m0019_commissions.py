"""Commissions that deals earn, and the budgets they are paid from."""

from piccolo.engine import engine_finder

ID = "m0019_commissions"

SQL = r"""
-- What was told of a deal when it was found true; its place in a period is decided by `made_at`.
CREATE TABLE commission_deal (
  deal uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- in force when it was made
  from_lead boolean NOT NULL,
  is_first boolean NOT NULL,
  reporter uuid REFERENCES person,
  seller uuid REFERENCES person,
  solution uuid REFERENCES person,                -- whose technical solution was adopted
  store uuid REFERENCES unit,
  amount bigint NOT NULL CHECK (amount >= 0),
  made_at timestamptz NOT NULL,
  checked_at timestamptz NOT NULL,
  -- Without a verdict it waits (fail closed).
  standing text NOT NULL CHECK (standing IN
    ('waiting', 'counts', 'refused', 'refunded', 'struck')),
  reason text NOT NULL DEFAULT '',
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version)
);
CREATE INDEX commission_deal_latest ON commission_deal (checked_at DESC, deal);
CREATE INDEX commission_deal_waiting ON commission_deal (checked_at) WHERE standing = 'waiting';

-- What a deal earns a person under one rule (G3 to G6). `amount` is what the rules say now,
-- `posted` what the ledger gave for it; what a refund does not take back is waived.
CREATE TABLE accrual (
  id uuid PRIMARY KEY,
  deal uuid NOT NULL REFERENCES commission_deal,
  plan text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  rule text COLLATE "C" NOT NULL,
  person uuid NOT NULL REFERENCES person,
  starts timestamptz,                             -- the period whose deals it is counted among
  ends timestamptz,
  base bigint NOT NULL,
  amount bigint NOT NULL DEFAULT 0 CHECK (amount >= 0),
  posted bigint NOT NULL DEFAULT 0 CHECK (posted >= 0),
  waived bigint NOT NULL DEFAULT 0 CHECK (waived BETWEEN 0 AND posted),
  moves integer NOT NULL DEFAULT 0,
  state text NOT NULL CHECK (state IN ('pending', 'due', 'clawed')),
  waits_for text NOT NULL DEFAULT '' CHECK (waits_for IN ('', 'verdict', 'budget')),
  explanation jsonb NOT NULL DEFAULT '{}',
  made_at timestamptz NOT NULL,                   -- when the deal was made
  accrued_at timestamptz NOT NULL,
  posted_at timestamptz,
  UNIQUE (deal, rule),
  FOREIGN KEY (plan, version) REFERENCES plan (id, version),
  CHECK ((starts IS NULL) = (ends IS NULL)),
  CHECK (state <> 'pending' OR (posted = 0 AND waits_for <> ''))
);
CREATE INDEX accrual_person ON accrual (person, made_at DESC, id);
CREATE INDEX accrual_period ON accrual (person, plan, rule, starts) WHERE starts IS NOT NULL;
CREATE INDEX accrual_waits ON accrual (waits_for, made_at, id) WHERE waits_for <> '';

-- Every change of what an accrual gave, with the transfer that moved it, never changed.
CREATE TABLE accrual_move (
  accrual uuid NOT NULL REFERENCES accrual,
  n integer NOT NULL,
  transfer uuid REFERENCES transfer,              -- NULL: nothing moved, all of it was waived
  posted bigint NOT NULL,
  waived bigint NOT NULL,
  why text NOT NULL CHECK (why IN ('counted', 'recounted', 'refused', 'refunded', 'struck')),
  reason text NOT NULL DEFAULT '',
  by uuid REFERENCES person,
  at timestamptz NOT NULL,
  PRIMARY KEY (accrual, n)
);

-- G11. One line for whatever costs money: what it cost, and what it is going to.
CREATE TABLE budget_line (
  reference text COLLATE "C" PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  store uuid REFERENCES unit,
  promised bigint NOT NULL CHECK (promised >= 0),
  spent bigint NOT NULL CHECK (spent >= 0),
  at timestamptz NOT NULL
);

-- The sums of its lines, for a plan as a whole (no store) and for each of its stores.
CREATE TABLE budget_use (
  plan text COLLATE "C" NOT NULL,
  store uuid REFERENCES unit,
  promised bigint NOT NULL DEFAULT 0,
  spent bigint NOT NULL DEFAULT 0,
  UNIQUE NULLS NOT DISTINCT (plan, store)
);

-- Pots, bonuses and titles were promised beforehand and are never refused, but they cost the
-- plan its money too. Points move far more often than that money: they are not looked through.
CREATE INDEX transfer_of_plan ON transfer ((facts ->> 'plan')) WHERE kind NOT IN
  ('award', 'strike', 'referral', 'referral_back', 'career', 'career_back', 'redemption',
   'special', 'special_back', 'commission', 'commission_back', 'payment');

CREATE FUNCTION budget_beside(p_plan text) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT coalesce(-sum(e.amount), 0)::bigint
  FROM transfer t JOIN entry e ON e.transfer = t.id JOIN account a ON a.id = e.account
  WHERE t.facts ->> 'plan' = p_plan AND t.kind NOT IN
    ('award', 'strike', 'referral', 'referral_back', 'career', 'career_back', 'redemption',
     'special', 'special_back', 'commission', 'commission_back', 'payment')
    AND a.asset = 'cash' AND a.kind IN ('issuer', 'sponsor')
$$;

-- Make a line cost `p_spent` in all (NULL: what it did) and promise `p_promised` more, if the
-- caps allow (NULL: no cap). `state` is 'fits', or whose cap is in the way: 'campaign' or
-- 'store', and then nothing is written. Whoever spends of one plan takes turns.
CREATE FUNCTION budget_set(
  p_reference text, p_plan text, p_store uuid, p_spent bigint, p_promised bigint,
  p_campaign_cap bigint, p_store_cap bigint
) RETURNS TABLE (state text, campaign_spent bigint, store_spent bigint) LANGUAGE plpgsql AS $$
DECLARE
  v_more bigint;
  v_promised bigint;
  v_campaign bigint;
  v_store bigint;
BEGIN
  INSERT INTO budget_use (plan, store) VALUES (p_plan, NULL) ON CONFLICT DO NOTHING;
  SELECT spent INTO v_campaign FROM budget_use WHERE plan = p_plan AND store IS NULL FOR UPDATE;
  IF p_store IS NOT NULL THEN
    INSERT INTO budget_use (plan, store) VALUES (p_plan, p_store) ON CONFLICT DO NOTHING;
    SELECT spent INTO v_store FROM budget_use WHERE plan = p_plan AND store = p_store FOR UPDATE;
  END IF;
  SELECT coalesce(p_spent, l.spent) - l.spent, p_promised - l.promised
  INTO v_more, v_promised FROM budget_line l WHERE reference = p_reference;
  v_more := coalesce(v_more, p_spent, 0);
  v_promised := coalesce(v_promised, p_promised);
  v_campaign := v_campaign + v_more + budget_beside(p_plan);
  v_store := v_store + v_more;
  IF v_more > 0 AND v_campaign > p_campaign_cap THEN
    RETURN QUERY SELECT 'campaign', v_campaign, v_store;
    RETURN;
  ELSIF v_more > 0 AND v_store > p_store_cap THEN
    RETURN QUERY SELECT 'store', v_campaign, v_store;
    RETURN;
  END IF;
  INSERT INTO budget_line (reference, plan, store, promised, spent, at)
  VALUES (p_reference, p_plan, p_store, p_promised, coalesce(p_spent, 0), leitai_clock())
  ON CONFLICT (reference) DO UPDATE
    SET promised = p_promised, spent = budget_line.spent + v_more, at = leitai_clock();
  UPDATE budget_use u SET spent = u.spent + v_more, promised = u.promised + v_promised
  WHERE u.plan = p_plan AND (u.store IS NULL OR u.store = p_store);
  RETURN QUERY SELECT 'fits', v_campaign, v_store;
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
