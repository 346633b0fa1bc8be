"""Points: how an action came about, what it stands for, and special contributions."""

from piccolo.engine import engine_finder

ID = "m0017_points"

SQL = r"""
-- C3, C4: brought about alone or handed over; received from somebody of the kind's home. Both
-- are decided at receipt. `reference` is what an action recorded by the product stands for.
ALTER TABLE action
  ADD mode text NOT NULL DEFAULT 'direct' CHECK (mode IN ('direct', 'handed_over')),
  ADD is_home boolean NOT NULL DEFAULT false,
  ADD reference text COLLATE "C" UNIQUE;
ALTER TABLE action DROP CONSTRAINT action_outcome_check;
ALTER TABLE action ADD CONSTRAINT action_outcome_check CHECK (outcome IN
  ('scored', 'pending', 'within_quota', 'cap_reached', 'struck', 'duplicate_customer',
   'needs_unmet', 'starter_counted'));

-- C2: who started work, as an action names them; a starter counts once.
CREATE TABLE starter (
  action uuid NOT NULL REFERENCES action,
  key text COLLATE "C" NOT NULL REFERENCES customer (key),
  started_on date NOT NULL,
  PRIMARY KEY (action, key)
);
CREATE INDEX starter_key ON starter (key);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
