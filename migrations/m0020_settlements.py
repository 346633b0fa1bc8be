"""Settlements: what each person is owed for a period, stated once, paid once (G7, G8)."""

from piccolo.engine import engine_finder

ID = "m0020_settlements"

SQL = r"""
-- One run over everybody who is settled that often. One of a period stands at a time.
CREATE TABLE settlement (
  id uuid PRIMARY KEY,
  every text COLLATE "C" NOT NULL CHECK (every IN ('month', 'quarter')),
  period text COLLATE "C" NOT NULL,               -- 2026-06, 2026-Q2
  starts timestamptz NOT NULL,
  ends timestamptz NOT NULL,
  plan text COLLATE "C" NOT NULL,                 -- whose terms it follows, for ever
  plan_version integer NOT NULL,
  state text COLLATE "C" NOT NULL CHECK (state IN ('computed', 'approved', 'discarded')),
  computed_by uuid REFERENCES person,             -- NULL: the product itself
  computed_at timestamptz NOT NULL,
  decided_by uuid REFERENCES person,
  decided_at timestamptz,
  reason text NOT NULL DEFAULT '',                -- why it was discarded
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (starts < ends),
  CHECK ((state = 'computed') = (decided_by IS NULL)),
  CHECK (state <> 'approved' OR decided_by IS DISTINCT FROM computed_by)
);
CREATE UNIQUE INDEX settlement_once ON settlement (every, period) WHERE state <> 'discarded';

-- What one person is owed by one run; sums in 分. `body` is the whole of it in canonical bytes.
CREATE TABLE statement (
  id uuid PRIMARY KEY,
  settlement uuid NOT NULL REFERENCES settlement,
  person uuid NOT NULL REFERENCES person,
  who text COLLATE "C" NOT NULL,                  -- the kind of person when it was computed
  opening bigint NOT NULL,                        -- wallet and debt before the first line
  earned bigint NOT NULL,                         -- the lines, without payments
  carried bigint NOT NULL CHECK (carried <= 0),   -- debt of earlier statements
  netted bigint NOT NULL CHECK (netted BETWEEN 0 AND -carried),
  payable bigint NOT NULL CHECK (payable >= 0),
  carries bigint NOT NULL CHECK (carries <= 0),   -- debt that is left for the next one
  closing bigint NOT NULL,                        -- wallet and debt after the last line
  wallet_version bigint NOT NULL,                 -- as of: every entry up to here is stated
  debt_version bigint NOT NULL,
  body bytea NOT NULL,
  hash bytea NOT NULL UNIQUE CHECK (hash = sha256(body)),
  payment uuid UNIQUE REFERENCES transfer,
  paid_by uuid REFERENCES person,
  paid_at timestamptz,
  UNIQUE (settlement, person),
  CHECK (carried + earned = payable + carries),
  CHECK ((payment IS NULL) = (paid_at IS NULL))
);
CREATE INDEX statement_person ON statement (person);

-- A transfer is stated once for each person it moved, whatever the code above believes.
CREATE TABLE statement_line (
  statement uuid NOT NULL REFERENCES statement,
  person uuid NOT NULL,
  transfer uuid NOT NULL REFERENCES transfer,
  PRIMARY KEY (transfer, person)
);
CREATE INDEX statement_line_statement ON statement_line (statement);

-- A closed period never changes: once its run is approved, a statement only becomes paid.
CREATE FUNCTION settlement_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'DELETE' OR OLD.state <> 'computed' THEN
    RAISE EXCEPTION 'settlement_closed' USING ERRCODE = '55000';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER closed BEFORE UPDATE OR DELETE ON settlement
FOR EACH ROW EXECUTE FUNCTION settlement_closed();

CREATE FUNCTION statement_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF OLD.payment IS NOT NULL OR to_jsonb(OLD) - '{payment,paid_by,paid_at}'::text[]
       IS DISTINCT FROM to_jsonb(NEW) - '{payment,paid_by,paid_at}'::text[] THEN
      RAISE EXCEPTION 'statement_closed' USING ERRCODE = '55000';
    END IF;
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT FROM settlement WHERE id = OLD.settlement AND state = 'approved') THEN
    RAISE EXCEPTION 'statement_closed' USING ERRCODE = '55000';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER closed BEFORE UPDATE OR DELETE ON statement
FOR EACH ROW EXECUTE FUNCTION statement_closed();

CREATE FUNCTION statement_line_closed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  IF TG_OP = 'UPDATE' OR EXISTS (
    SELECT FROM statement s JOIN settlement r ON r.id = s.settlement
    WHERE s.id = OLD.statement AND r.state = 'approved') THEN
    RAISE EXCEPTION 'statement_closed' USING ERRCODE = '55000';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER closed BEFORE UPDATE OR DELETE ON statement_line
FOR EACH ROW EXECUTE FUNCTION statement_line_closed();

-- Paying a run looks up the accounts of everybody in it. "IS NOT DISTINCT FROM" reads all accounts
-- of a kind for each of them; "=" and "IS NULL" find the one by the index.
CREATE OR REPLACE FUNCTION ledger_account(p_kind text, p_owner uuid, p_asset text) RETURNS bigint
LANGUAGE plpgsql AS $$
DECLARE v_id bigint;
BEGIN
  FOR turn IN 1..2 LOOP
    IF p_owner IS NULL THEN
      SELECT id INTO v_id FROM account WHERE kind = p_kind AND owner IS NULL AND asset = p_asset;
    ELSE
      SELECT id INTO v_id FROM account WHERE kind = p_kind AND owner = p_owner AND asset = p_asset;
    END IF;
    EXIT WHEN v_id IS NOT NULL;
    INSERT INTO account (kind, owner, asset, posted, version)
    SELECT p_kind, p_owner, p_asset, n, n FROM (SELECT CASE
      WHEN p_kind IN ('issuer', 'sponsor', 'expired', 'redeemed', 'paid') THEN NULL ELSE 0 END AS n) z
    ON CONFLICT DO NOTHING;
  END LOOP;
  RETURN v_id;
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
