"""Challenges, their members, and the screens in stores."""

from piccolo.engine import engine_finder

ID = "m0010_challenges"

SQL = r"""
CREATE TABLE challenge (
  id uuid PRIMARY KEY,                            -- also the id of its board and its escrow
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- pinned: its rule is that version's
  rule text COLLATE "C" NOT NULL,                 -- the id of the challenge in the plan
  kind text NOT NULL CHECK (kind IN ('store_day', 'contest', 'kick_off')),
  store uuid REFERENCES unit,                     -- NULL: the whole company
  kinds text[] NOT NULL,                          -- the kinds of action that count
  sides text[] NOT NULL,                          -- fixed from the beginning, as its board shows them
  state text NOT NULL CHECK (state IN ('open', 'live', 'finished', 'paid', 'missed', 'void')),
  starts timestamptz NOT NULL,
  ends timestamptz NOT NULL CHECK (starts < ends),
  asset text CHECK (asset IN ('points', 'cash')),
  pool bigint NOT NULL DEFAULT 0 CHECK (pool >= 0),
  created_by uuid REFERENCES person,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  ended_by uuid REFERENCES person,                -- who called it off
  ended_at timestamptz,
  result jsonb,                                   -- steps, points and payouts, as paid
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK ((kind = 'store_day') = (store IS NOT NULL)),
  CHECK ((asset IS NULL) = (pool = 0)),
  CHECK ((ended_at IS NOT NULL) = (state IN ('paid', 'missed', 'void')))
);
CREATE INDEX challenge_running ON challenge (plan) WHERE state IN ('open', 'live', 'finished');
CREATE INDEX challenge_made ON challenge (plan, rule, created_at);

-- Whoever was asked is in here, and a member from `joined_at` on.
CREATE TABLE challenge_member (
  challenge uuid NOT NULL REFERENCES challenge,
  person uuid NOT NULL REFERENCES person,
  side text COLLATE "C" NOT NULL,
  joined_at timestamptz,
  PRIMARY KEY (challenge, person)
);
CREATE INDEX challenge_member_person ON challenge_member (person);

-- Whether whoever owns the board also says how far its goal is (server/boards/goals.py).
ALTER TABLE board ADD COLUMN has_goal boolean NOT NULL DEFAULT false;

-- A screen in a store is a person of its own kind, so that its session, its socket and their end
-- are like everybody's: it is on no list of people, and may only look at boards.
ALTER TABLE person DROP CONSTRAINT person_kind_check;
ALTER TABLE person ADD CONSTRAINT person_kind_check
  CHECK (kind IN ('employee', 'customer', 'partner', 'screen'));
ALTER TABLE session DROP CONSTRAINT session_opened_by_check;
ALTER TABLE session ADD CONSTRAINT session_opened_by_check
  CHECK (opened_by IN ('passcode', 'code', 'invite', 'demo', 'screen'));

CREATE TABLE store_screen (
  id uuid PRIMARY KEY REFERENCES person,
  store uuid REFERENCES unit,                     -- NULL: the whole company
  token_hash bytea NOT NULL UNIQUE,
  created_by uuid REFERENCES person,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  revoked_by uuid REFERENCES person,
  revoked_at timestamptz
);

CREATE INDEX action_thanks ON action (decided_at DESC) WHERE points > 0;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
