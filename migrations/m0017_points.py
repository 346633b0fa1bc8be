"""Points: how an action came about, what it stands for, and special contributions."""

from piccolo.engine import engine_finder

ID = "m0017_points"

SQL = r"""
-- C3, C4: brought about alone or handed over; received from somebody of the kind's home. Both
-- are decided at receipt. `reference` is what an action recorded by the product stands for.
ALTER TABLE action
  ADD mode text NOT NULL DEFAULT 'direct' CHECK (mode IN ('direct', 'handed_over')),
  ADD is_home boolean NOT NULL DEFAULT false,
  ADD reference text COLLATE "C" UNIQUE,
  ADD starters jsonb NOT NULL DEFAULT '{}';       -- C2: key of who started work → on which day
ALTER TABLE action DROP CONSTRAINT action_outcome_check;
ALTER TABLE action ADD CONSTRAINT action_outcome_check CHECK (outcome IN
  ('scored', 'pending', 'within_quota', 'cap_reached', 'struck', 'duplicate_customer',
   'needs_unmet', 'starter_counted'));
CREATE INDEX action_starters ON action USING gin (starters) WHERE starters <> '{}';
CREATE INDEX action_started ON action (plan, received_at) WHERE starters <> '{}';

-- A starter counts once, whatever it is named for: whoever receives or decides an action that
-- names one takes this turn, behind the lock of its chain. Returns a moment of receipt later
-- than those of all others that name one.
CREATE FUNCTION starters_turn(p_plan text, p_at timestamptz) RETURNS timestamptz
LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_plan, 11));
  RETURN greatest(p_at, (
    SELECT max(received_at) + interval '1 microsecond' FROM action
    WHERE plan = p_plan AND starters <> '{}'));
END $$;

-- What somebody at home has done of a kind is decided together with its quota: whoever decides
-- on it takes these turns, behind the others, all of them at once in one order.
CREATE FUNCTION quota_turns(p_plan text, p_kinds text[], p_people uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE v record;
BEGIN
  FOR v IN SELECT DISTINCT k, p FROM unnest(p_kinds, p_people) AS u(k, p) ORDER BY k, p LOOP
    PERFORM pg_advisory_xact_lock(
      hashtextextended(p_plan || ' ' || v.k, hashtextextended(v.p::text, 10)));
  END LOOP;
END $$;

-- C7: proposed by one, confirmed by another, for a third; never changed once it is over.
CREATE TABLE special (
  id uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- in force when it was proposed
  person uuid NOT NULL REFERENCES person,
  points bigint NOT NULL CHECK (points > 0),
  reason text NOT NULL CHECK (reason <> ''),
  proposed_by uuid NOT NULL REFERENCES person,
  proposed_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('proposed', 'given', 'refused', 'taken_back')),
  decided_by uuid REFERENCES person,
  decided_at timestamptz,
  note text NOT NULL DEFAULT '',                  -- why it was refused or taken back
  given_at timestamptz,
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK (proposed_by <> person),
  CHECK (state <> 'given' OR (decided_by <> person AND decided_by <> proposed_by)),
  CHECK ((state = 'proposed') = (decided_by IS NULL)),
  CHECK ((given_at IS NULL) = (state IN ('proposed', 'refused')))
);
CREATE INDEX special_waiting ON special (proposed_at, id) WHERE state = 'proposed';
CREATE INDEX special_given ON special (plan, given_at) WHERE given_at IS NOT NULL;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
