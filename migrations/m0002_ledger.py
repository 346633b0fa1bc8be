"""The ledger: accounts, transfers, entries; every money command is one function."""

from piccolo.engine import engine_finder

ID = "m0002_ledger"

SQL = r"""
CREATE TABLE account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  asset text NOT NULL CHECK (asset IN ('points', 'cash', 'career', 'learning')),
  kind text NOT NULL CHECK (kind IN ('wallet', 'debt', 'escrow', 'issuer', 'sponsor', 'expired')),
  owner uuid,
  posted bigint,
  held bigint NOT NULL DEFAULT 0 CHECK (held >= 0),
  version bigint,
  UNIQUE NULLS NOT DISTINCT (kind, owner, asset),
  UNIQUE (id, asset),
  -- Issuer, sponsor and expired carry no balance, so that awarding has no hot row.
  CHECK ((posted IS NULL) = (kind IN ('issuer', 'sponsor', 'expired'))),
  CHECK ((version IS NULL) = (posted IS NULL)),
  CHECK (kind NOT IN ('wallet', 'escrow') OR posted - held >= 0),
  CHECK (kind <> 'debt' OR posted <= 0),
  CHECK ((owner IS NULL) = (kind IN ('issuer', 'sponsor', 'expired')))
) WITH (fillfactor = 70);

CREATE TABLE transfer (
  id uuid PRIMARY KEY,                            -- made by the caller: the idempotency key
  kind text NOT NULL,
  reference text NOT NULL,
  actor uuid,
  facts jsonb NOT NULL,                           -- why: rule, version, multipliers, reviewer …
  body_hash bytea NOT NULL,
  reverses uuid UNIQUE REFERENCES transfer,       -- a transfer is reversed once at most
  booked_at timestamptz NOT NULL DEFAULT leitai_clock(),
  UNIQUE (kind, reference)
);

CREATE TABLE entry (
  transfer uuid NOT NULL REFERENCES transfer,
  account bigint NOT NULL,
  asset text NOT NULL,
  amount bigint NOT NULL CHECK (amount <> 0 AND abs(amount) <= 1000000000000000),
  version bigint,
  posted_after bigint,
  PRIMARY KEY (transfer, account),
  UNIQUE (account, version),
  FOREIGN KEY (account, asset) REFERENCES account (id, asset)
);

CREATE FUNCTION entries_balance() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF EXISTS (SELECT FROM made GROUP BY transfer, asset HAVING sum(amount) <> 0) THEN
    RAISE EXCEPTION 'unbalanced' USING ERRCODE = '23514';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balanced AFTER INSERT ON entry REFERENCING NEW TABLE AS made
FOR EACH STATEMENT EXECUTE FUNCTION entries_balance();

CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'append_only' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON transfer
FOR EACH STATEMENT EXECUTE FUNCTION append_only();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_record
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

CREATE FUNCTION ledger_account(p_kind text, p_owner uuid, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_id bigint;
BEGIN
  SELECT id INTO v_id FROM account
  WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  IF v_id IS NULL THEN
    INSERT INTO account (kind, owner, asset, posted, version)
    SELECT p_kind, p_owner, p_asset, n, n
    FROM (SELECT CASE WHEN p_kind IN ('issuer', 'sponsor', 'expired') THEN NULL ELSE 0 END AS n) z
    ON CONFLICT DO NOTHING;
    SELECT id INTO v_id FROM account
    WHERE kind = p_kind AND owner IS NOT DISTINCT FROM p_owner AND asset = p_asset;
  END IF;
  RETURN v_id;
END $$;

-- The one door through which money and points move. One transfer of one asset:
-- `p_amounts` land on the accounts of `p_kinds` and `p_owners` as they are (a wallet that would
-- go below zero refuses);
-- `p_credits` go to people: a credit pays their debt first, a negative one takes what is
-- available and leaves the rest as debt. All legs sum to zero. Sent again, it answers
-- 'exists'; the same id with another body is refused.
CREATE FUNCTION ledger_post(
  p_id uuid, p_kind text, p_reference text, p_actor uuid, p_facts jsonb, p_reverses uuid,
  p_asset text, p_kinds text[], p_owners uuid[], p_amounts bigint[],
  p_people uuid[], p_credits bigint[]
) RETURNS text LANGUAGE plpgsql SET timezone = 'UTC' AS $$
DECLARE
  v_hash bytea := sha256(convert_to(jsonb_build_array(p_kind, p_reference, p_actor, p_facts,
    p_reverses, p_asset, p_kinds, p_owners, p_amounts, p_people, p_credits)::text, 'UTF8'));
  v_accounts bigint[];
  v_wallets bigint[];
  v_debts bigint[];
BEGIN
  INSERT INTO transfer (id, kind, reference, actor, facts, body_hash, reverses)
  VALUES (p_id, p_kind, p_reference, p_actor, p_facts, v_hash, p_reverses)
  ON CONFLICT (id) DO NOTHING;
  IF NOT FOUND THEN
    IF (SELECT body_hash FROM transfer WHERE id = p_id) IS DISTINCT FROM v_hash THEN
      RAISE EXCEPTION 'idempotency_mismatch' USING ERRCODE = '22023';
    END IF;
    RETURN 'exists';
  END IF;

  SELECT array_agg(ledger_account(k, o, p_asset) ORDER BY n) INTO v_accounts
  FROM unnest(p_kinds, p_owners) WITH ORDINALITY AS u(k, o, n);
  SELECT array_agg(ledger_account('wallet', p, p_asset) ORDER BY n),
         array_agg(ledger_account('debt', p, p_asset) ORDER BY n)
  INTO v_wallets, v_debts FROM unnest(p_people) WITH ORDINALITY AS u(p, n);

  -- One order of locks for everybody: no deadlock.
  PERFORM FROM account
  WHERE id = ANY (v_accounts || v_wallets || v_debts) AND version IS NOT NULL
  ORDER BY id FOR NO KEY UPDATE;

  WITH credit AS (
    SELECT w.id AS wallet, d.id AS debt, u.c, w.posted - w.held AS available, -d.posted AS owed
    FROM unnest(v_wallets, v_debts, p_credits) AS u(w, d, c)
    JOIN account w ON w.id = u.w JOIN account d ON d.id = u.d
  ), leg AS (
    SELECT i AS id, m AS amount FROM unnest(v_accounts, p_amounts) AS l(i, m)
    UNION ALL
    SELECT wallet, CASE WHEN c > 0 THEN c - least(c, owed) ELSE -least(-c, available) END
    FROM credit
    UNION ALL
    SELECT debt, CASE WHEN c > 0 THEN least(c, owed) ELSE c + least(-c, available) END
    FROM credit
  ), summed AS (
    SELECT id, sum(amount)::bigint AS amount FROM leg GROUP BY id HAVING sum(amount) <> 0
  ), moved AS (
    UPDATE account a SET posted = a.posted + s.amount, version = a.version + 1
    FROM summed s WHERE a.id = s.id AND a.version IS NOT NULL
    RETURNING a.id, s.amount, a.version, a.posted
  )
  INSERT INTO entry (transfer, account, asset, amount, version, posted_after)
  SELECT p_id, id, p_asset, amount, version, posted FROM moved
  UNION ALL
  SELECT p_id, s.id, p_asset, s.amount, NULL, NULL
  FROM summed s JOIN account a ON a.id = s.id WHERE a.version IS NULL;
  RETURN 'created';
END $$;

-- Where one command moves the points of several people by several transfers: take all their
-- locks first, in the one order.
CREATE FUNCTION ledger_lock(p_asset text, p_people uuid[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM ledger_account(k, p, p_asset)
  FROM unnest(p_people) p, unnest(ARRAY['wallet', 'debt']) k;
  PERFORM FROM account
  WHERE owner = ANY (p_people) AND asset = p_asset AND kind IN ('wallet', 'debt')
  ORDER BY id FOR NO KEY UPDATE;
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
