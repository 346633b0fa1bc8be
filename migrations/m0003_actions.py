"""Plans, actions, boards and battles."""

from piccolo.engine import engine_finder

ID = "m0003_actions"

SQL = r"""
-- A plan is one document; every change is a new version. The version in force at a moment is
-- the highest one launched by then.
CREATE TABLE plan (
  id text COLLATE "C" NOT NULL,
  version integer NOT NULL CHECK (version >= 1),
  document text NOT NULL,
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  launched_by uuid,
  launched_at timestamptz,
  PRIMARY KEY (id, version)
);

-- The gate of a plan: whoever reports or decides an action of it passes (shared), whoever
-- launches a version, starts, freezes or settles a battle of it closes it (exclusive). The
-- moment returned is read under the lock: what waited past the cut-off came after it.
CREATE FUNCTION plan_gate(p_plan text, p_closing boolean) RETURNS timestamptz
LANGUAGE plpgsql AS $$ BEGIN
  IF p_closing THEN PERFORM pg_advisory_xact_lock(hashtextextended(p_plan, 7));
  ELSE PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_plan, 7)); END IF;
  RETURN leitai_clock();
END $$;

-- A customer is a phone (its blind index in hex) or the company's own id, never a free name.
CREATE TABLE customer (
  key text COLLATE "C" PRIMARY KEY,
  shown text NOT NULL,                            -- masked phone, or the id itself
  ciphertext bytea,
  wrapped_key bytea
);

CREATE TABLE action (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,
  kind text COLLATE "C" NOT NULL,
  customer text COLLATE "C" NOT NULL DEFAULT '',
  note text NOT NULL DEFAULT '',
  captured_at timestamptz,                        -- what the phone said, kept as evidence
  happened_at timestamptz NOT NULL,               -- the same, brought down to received_at
  received_at timestamptz NOT NULL,
  within_cap boolean NOT NULL,                    -- decided at receipt, by what came before
  verdict text NOT NULL DEFAULT 'pending' CHECK (verdict IN ('pending', 'accepted', 'struck')),
  decided_by uuid REFERENCES person,
  decided_at timestamptz,
  reason text NOT NULL DEFAULT '',
  outcome text NOT NULL CHECK (outcome IN
    ('scored', 'pending', 'cap_reached', 'struck', 'duplicate_customer')),
  points bigint NOT NULL DEFAULT 0,               -- what the ledger holds for it now
  turn integer NOT NULL DEFAULT 0,                -- how often its points moved
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (happened_at <= received_at),
  CHECK (decided_by IS DISTINCT FROM person)
);
CREATE INDEX action_chain ON action (plan, kind, customer, received_at) WHERE customer <> '';
CREATE INDEX action_person ON action (person, plan, kind, received_at);
CREATE INDEX action_queue ON action (received_at, id) WHERE outcome = 'pending';
CREATE INDEX action_decided ON action (plan, decided_at DESC) WHERE points > 0;

-- The locks under which an action is received: its plan's gate, the person's cap of this kind,
-- the customer's chain; in this order everywhere. Returns the moment of receipt, later than
-- whatever was received before under the same locks.
CREATE FUNCTION action_receipt(p_plan text, p_person uuid, p_kind text, p_customer text)
RETURNS timestamptz LANGUAGE plpgsql AS $$
DECLARE v_now timestamptz;
BEGIN
  PERFORM plan_gate(p_plan, false);
  PERFORM pg_advisory_xact_lock(hashtextextended(p_plan || ' ' || p_kind, hashtextextended(p_person::text, 8)));
  IF p_customer <> '' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_plan || ' ' || p_kind, hashtextextended(p_customer, 9)));
  END IF;
  v_now := leitai_clock();
  RETURN greatest(v_now, (
    SELECT max(received_at) + interval '1 microsecond' FROM action
    WHERE plan = p_plan AND kind = p_kind AND person = p_person AND received_at >= v_now), (
    SELECT max(received_at) + interval '1 microsecond' FROM action
    WHERE plan = p_plan AND kind = p_kind AND customer = p_customer AND customer <> ''
      AND received_at >= v_now));
END $$;

-- The locks under which a verdict is given: the gate, then the chain it may decide anew.
CREATE FUNCTION verdict_locks(p_plan text, p_kind text, p_customer text) RETURNS timestamptz
LANGUAGE plpgsql AS $$ BEGIN
  PERFORM plan_gate(p_plan, false);
  IF p_customer <> '' THEN
    PERFORM pg_advisory_xact_lock(hashtextextended(p_plan || ' ' || p_kind, hashtextextended(p_customer, 9)));
  END IF;
  RETURN leitai_clock();
END $$;

CREATE TABLE evidence (
  id uuid PRIMARY KEY,
  action uuid NOT NULL REFERENCES action,
  media_type text NOT NULL,
  body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT leitai_clock()
);
CREATE INDEX evidence_action ON evidence (action);

-- What a board shows around its standings; whoever owns the board keeps it.
CREATE TABLE board (
  id uuid PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('joining', 'live', 'auditing', 'final', 'void')),
  title jsonb NOT NULL,
  starts timestamptz NOT NULL,
  cut_off timestamptz NOT NULL,
  score text NOT NULL CHECK (score IN ('sum', 'per_head', 'best_n')),
  best_n integer,
  sides jsonb NOT NULL,                           -- [{name, place, members}]
  pot jsonb NOT NULL,                             -- {asset, total}
  winners jsonb NOT NULL DEFAULT '[]',
  version bigint NOT NULL DEFAULT 0               -- grows with each change of this row
);

-- One row per person: the score and the moment it was reached. A side has no row.
CREATE TABLE standing (
  board uuid NOT NULL REFERENCES board,
  person uuid NOT NULL REFERENCES person,
  side text COLLATE "C" NOT NULL,
  score bigint NOT NULL DEFAULT 0,
  reached_at timestamptz NOT NULL,
  version bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (board, person)
) WITH (fillfactor = 70);

-- What the projector has to copy to Redis: absolute values, in the transaction of the cause.
CREATE TABLE change (
  board uuid NOT NULL,
  xid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  id bigint GENERATED ALWAYS AS IDENTITY,
  person uuid NOT NULL,
  side text NOT NULL,
  score bigint NOT NULL,
  reached_at timestamptz NOT NULL,
  version bigint NOT NULL,
  moment jsonb,                                   -- {name, kind_title, points, at} or NULL
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (board, xid, id)
);

CREATE TABLE battle (
  id uuid PRIMARY KEY,                            -- also the id of its board
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,
  rule text NOT NULL,                             -- the id of the battle in the plan
  kinds text[] NOT NULL,
  state text NOT NULL CHECK (state IN
    ('draft', 'joining', 'live', 'auditing', 'final', 'void')),
  starts timestamptz NOT NULL,
  cut_off timestamptz NOT NULL CHECK (starts < cut_off),
  asset text NOT NULL CHECK (asset IN ('points', 'cash')),
  sponsor bigint NOT NULL DEFAULT 0 CHECK (sponsor >= 0),
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  frozen_at timestamptz,
  frozen jsonb,                                   -- the standings at the cut-off, before the audit
  settled_by uuid,
  settled_at timestamptz,
  result jsonb,                                   -- the audited outcome, as paid
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version)
);
CREATE INDEX battle_open ON battle (plan) WHERE state IN ('joining', 'live', 'auditing');

CREATE TABLE battle_side (
  battle uuid NOT NULL REFERENCES battle,
  name text COLLATE "C" NOT NULL,
  place integer NOT NULL CHECK (place >= 1),      -- fixes its colour and shape
  PRIMARY KEY (battle, name),
  UNIQUE (battle, place)
);

CREATE TABLE battle_member (
  battle uuid NOT NULL REFERENCES battle,
  person uuid NOT NULL REFERENCES person,
  side text COLLATE "C" NOT NULL,
  rank text NOT NULL,                             -- pinned at joining
  stake bigint NOT NULL DEFAULT 0 CHECK (stake >= 0),
  stake_transfer uuid REFERENCES transfer,        -- reversed when the member leaves
  joined_at timestamptz NOT NULL,
  PRIMARY KEY (battle, person),                   -- nobody is on two sides
  FOREIGN KEY (battle, side) REFERENCES battle_side (battle, name)
);
CREATE INDEX battle_member_person ON battle_member (person);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
