"""People from outside the company, store staff, and notices to everybody."""

from piccolo.engine import engine_finder

ID = "m0006_participants"

SQL = r"""
-- A4: old customers and partners take part too. They have no rank and no unit; one phone is
-- one person, whatever they are.
ALTER TABLE person ADD COLUMN kind text NOT NULL DEFAULT 'employee'
  CHECK (kind IN ('employee', 'customer', 'partner'));
ALTER TABLE person ALTER COLUMN rank DROP NOT NULL;
ALTER TABLE person ADD CHECK ((rank IS NOT NULL) = (kind = 'employee'));

-- `store` redeems coupons and hands rewards out, `store_manager` also makes challenges. A
-- store is a unit that somebody with one of these belongs to.
ALTER TABLE person_role DROP CONSTRAINT person_role_role_check;
ALTER TABLE person_role ADD CHECK (role IN
  ('operations', 'audit', 'finance', 'admin', 'screen', 'store', 'store_manager'));

-- M3's inbox: one row per person and news. `topic` groups them and keeps the same news from
-- being told twice; `facts` fill the sentence of its kind in the reader's language.
CREATE TABLE notice (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  kind text COLLATE "C" NOT NULL,
  topic text COLLATE "C" NOT NULL,
  facts jsonb NOT NULL,
  href text NOT NULL,
  at timestamptz NOT NULL DEFAULT leitai_clock(),
  read_at timestamptz,
  UNIQUE (person, kind, topic)
);
CREATE INDEX notice_inbox ON notice (person, at DESC);
CREATE INDEX notice_unread ON notice (person) WHERE read_at IS NULL;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
