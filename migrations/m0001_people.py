"""People: who they are, what they may do, how they sign in."""

from piccolo.engine import engine_finder

ID = "m0001_people"

SQL = r"""
-- The one clock. Test databases replace it by one that reads a table.
CREATE FUNCTION leitai_clock() RETURNS timestamptz LANGUAGE sql VOLATILE
AS $$ SELECT clock_timestamp() $$;

-- A1: company → branch or store → department → team; the path is unique and readable.
CREATE TABLE unit (
  id uuid PRIMARY KEY,
  path text COLLATE "C" NOT NULL UNIQUE,
  name text NOT NULL,
  parent uuid REFERENCES unit
);

CREATE TABLE person (
  id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE,          -- the id of the people file
  name text NOT NULL,
  rank text NOT NULL CHECK (rank IN ('staff', 'supervisor', 'manager', 'director', 'vp')),
  unit uuid REFERENCES unit,
  side text NOT NULL DEFAULT '',                  -- the side given by the people file
  opted_out boolean NOT NULL DEFAULT false,       -- A6: on no side and no board
  active boolean NOT NULL DEFAULT true,
  passcode_hash text,
  locale text NOT NULL DEFAULT '',
  created_at timestamptz NOT NULL DEFAULT leitai_clock()
);

CREATE TABLE person_role (
  person uuid NOT NULL REFERENCES person,
  role text NOT NULL CHECK (role IN ('operations', 'audit', 'finance', 'admin', 'screen')),
  PRIMARY KEY (person, role)
);

-- A phone is stored under a data key of its own, wrapped by the master key; erasing the data
-- key erases the phone. It is found by a keyed blind index.
CREATE TABLE person_phone (
  person uuid PRIMARY KEY REFERENCES person,
  blind_index bytea NOT NULL UNIQUE,
  ciphertext bytea NOT NULL,
  wrapped_key bytea NOT NULL
);

CREATE TABLE invite (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  token_hash bytea NOT NULL UNIQUE,
  created_by uuid REFERENCES person,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);

CREATE TABLE one_time_code (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  code_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  expires_at timestamptz NOT NULL,
  tries integer NOT NULL DEFAULT 0,
  used_at timestamptz
);
CREATE INDEX one_time_code_person ON one_time_code (person, created_at DESC);

CREATE TABLE session (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  seen_at timestamptz NOT NULL DEFAULT leitai_clock(),
  idle interval NOT NULL,                         -- ends after this long unused
  expires_at timestamptz NOT NULL,                -- ends then whatever happens
  ended_at timestamptz
);
CREATE INDEX session_person ON session (person) WHERE ended_at IS NULL;

-- Sign-in limits are counters in SQL: atomic, and they survive a wiped Redis.
CREATE TABLE attempt (
  name text NOT NULL,
  window_start timestamptz NOT NULL,
  count integer NOT NULL DEFAULT 0,
  PRIMARY KEY (name, window_start)
);

-- The same write sent again gets the first answer again.
CREATE TABLE command (
  person uuid NOT NULL,
  key text NOT NULL,
  body_hash bytea NOT NULL,
  status integer NOT NULL,
  answer jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  PRIMARY KEY (person, key)
);

-- Opens a write under its key: 'new' (go on), 'done' (answer it again), 'other' (the key
-- belongs to another body) or 'running' (its first sending is still under way).
CREATE FUNCTION command_open(p_person uuid, p_key text, p_hash bytea)
RETURNS TABLE (state text, first_status integer, first_answer jsonb) LANGUAGE plpgsql AS $$ BEGIN
  IF NOT pg_try_advisory_xact_lock(hashtextextended(p_key, hashtextextended(p_person::text, 1))) THEN
    RETURN QUERY SELECT 'running', NULL::integer, NULL::jsonb;
    RETURN;
  END IF;
  RETURN QUERY SELECT CASE WHEN body_hash = p_hash THEN 'done' ELSE 'other' END, status, answer
    FROM command WHERE person = p_person AND key = p_key;
  IF NOT FOUND THEN RETURN QUERY SELECT 'new', NULL::integer, NULL::jsonb; END IF;
END $$;

-- Who did what and why, written in the transaction of the deed.
CREATE TABLE audit_record (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT leitai_clock(),
  actor uuid,
  verb text NOT NULL,
  subject text NOT NULL,
  reason text NOT NULL DEFAULT '',
  facts jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_record_subject ON audit_record (subject, at);

-- Small facts of the company: its name, whether it is a demo.
CREATE TABLE setting (
  name text PRIMARY KEY,
  value jsonb NOT NULL
);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
