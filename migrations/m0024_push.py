"""Push: the phones that may be woken, what each person wants to hear, and robots of group chats."""

from piccolo.engine import engine_finder

ID = "m0024_push"

SQL = r"""
-- The pair by which push services know us (VAPID), one for ever: with another one every phone
-- would have to be asked again. The private half is sealed under the key file.
CREATE TABLE push_key (
  is_one boolean PRIMARY KEY DEFAULT true CHECK (is_one),
  public text NOT NULL,
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  made_at timestamptz NOT NULL DEFAULT leitai_clock()
);

-- A browser that takes pushes for whoever turned them on there. It goes with that session.
CREATE TABLE push_device (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  session uuid NOT NULL REFERENCES session,
  endpoint text COLLATE "C" NOT NULL UNIQUE,
  p256dh text COLLATE "C" NOT NULL,
  auth text COLLATE "C" NOT NULL,
  name text NOT NULL,
  origin text COLLATE "C" NOT NULL,               -- where a tap leads
  made_at timestamptz NOT NULL DEFAULT leitai_clock(),
  seen_at timestamptz NOT NULL DEFAULT leitai_clock()
);
CREATE INDEX push_device_person ON push_device (person);
CREATE INDEX push_device_session ON push_device (session);

-- Who has said nothing has no row, and hears everything.
CREATE TABLE push_choice (
  person uuid PRIMARY KEY REFERENCES person,
  unwanted text[] NOT NULL DEFAULT '{}',          -- groups of the inbox
  asked_at timestamptz                            -- when they said "later"
);

-- What was sent: two a day are the most.
CREATE TABLE push (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  topic text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX push_person ON push (person, at DESC);

-- The side that was last said to be in front: that it is another one is news.
ALTER TABLE battle ADD COLUMN in_front text NOT NULL DEFAULT '';

-- A robot of a group chat, for a unit and all below it. Its address is a secret.
CREATE TABLE robot (
  unit uuid PRIMARY KEY REFERENCES unit,
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL,
  ending text NOT NULL,                           -- the last characters, to tell it by
  made_by uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL DEFAULT leitai_clock()
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
