"""Anti-spam: who was seen with what, who referred whom, and what was decided about it."""

from piccolo.engine import engine_finder

ID = "m0013_antispam"

SQL = r"""
-- A person was seen with a device, a payer or a network: a keyed hash each, never the thing
-- itself. They are personal data too, so a sighting is deleted 90 days after the last time.
CREATE TABLE sighting (
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('device', 'payer', 'network')),
  token text COLLATE "C" NOT NULL,
  person uuid NOT NULL REFERENCES person,
  role text COLLATE "C" NOT NULL,                 -- as what: referrer, friend, till …
  first_at timestamptz NOT NULL,
  last_at timestamptz NOT NULL,
  PRIMARY KEY (kind, token, person, role)
);
CREATE INDEX sighting_person ON sighting (person, kind);
CREATE INDEX sighting_age ON sighting (last_at);

-- Who brought whom: the edges among which rings are looked for.
CREATE TABLE referral_link (
  referrer uuid NOT NULL REFERENCES person,
  friend uuid NOT NULL REFERENCES person,
  at timestamptz NOT NULL,
  PRIMARY KEY (referrer, friend)
);
CREATE INDEX referral_link_pace ON referral_link (referrer, at);
CREATE INDEX referral_link_friend ON referral_link (friend);

-- What is counted about the work at a till: redeemed, undone, a code typed wrong.
CREATE TABLE incident (
  id uuid PRIMARY KEY,
  kind text COLLATE "C" NOT NULL CHECK (kind IN ('redeemed', 'undone', 'wrong_code')),
  person uuid NOT NULL REFERENCES person,         -- the cashier
  customer uuid REFERENCES person,
  store uuid REFERENCES unit,
  at timestamptz NOT NULL
);
CREATE INDEX incident_person ON incident (person, kind, at);
CREATE INDEX incident_age ON incident (at);

-- The verdict on one thing, given once. Nothing is paid without one (fail closed).
CREATE TABLE verdict (
  id uuid PRIMARY KEY,
  subject text COLLATE "C" NOT NULL UNIQUE,
  person uuid NOT NULL REFERENCES person,         -- whose it is
  others uuid[] NOT NULL,                         -- who else has a part in it
  what jsonb,                                     -- what is held, in three languages; NULL: nothing
  outcome text NOT NULL CHECK (outcome IN ('clean', 'review', 'refused')),
  score integer NOT NULL,
  reasons jsonb NOT NULL,                         -- [{code, score, found, most}]
  codes text[] NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'cleared', 'refused')),
  at timestamptz NOT NULL,
  appeal text NOT NULL DEFAULT '',
  appealed_at timestamptz,                        -- once at most
  CHECK ((appealed_at IS NULL) = (appeal = ''))
);
CREATE INDEX verdict_queue ON verdict (at, id) WHERE state = 'waiting';
CREATE INDEX verdict_person ON verdict (person, at);
CREATE INDEX verdict_codes ON verdict USING gin (codes) WHERE outcome <> 'clean';

-- What people decided about it: first, and once more after an appeal, by somebody else.
CREATE TABLE verdict_decision (
  verdict uuid NOT NULL REFERENCES verdict,
  after_appeal boolean NOT NULL,
  by uuid NOT NULL REFERENCES person,
  cleared boolean NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  at timestamptz NOT NULL,
  PRIMARY KEY (verdict, after_appeal),
  UNIQUE (verdict, by)
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
