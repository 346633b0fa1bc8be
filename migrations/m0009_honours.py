"""Honours: rounds of a title, nominations, votes, frozen places, awards and their stories."""

from piccolo.engine import engine_finder

ID = "m0009_honours"

SQL = r"""
-- One period of one honour, under the version of the plan that was in force when it opened.
CREATE TABLE honour_round (
  id uuid PRIMARY KEY,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,
  honour text COLLATE "C" NOT NULL,               -- the id of the honour in the plan
  who text NOT NULL CHECK (who IN ('employee', 'customer', 'partner', 'team')),
  starts timestamptz NOT NULL,
  ends timestamptz NOT NULL CHECK (starts < ends),
  closes timestamptz NOT NULL CHECK (ends <= closes),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'closing', 'closed')),
  closed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT leitai_clock(),
  UNIQUE (plan, honour, starts),
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version)
);
CREATE INDEX honour_round_running ON honour_round (closes) WHERE state <> 'closed';
CREATE INDEX honour_round_closed ON honour_round (ends DESC) WHERE state = 'closed';

-- `subject` is a person, or a unit where the honour is for teams.
CREATE TABLE honour_nomination (
  id uuid PRIMARY KEY,
  round uuid NOT NULL REFERENCES honour_round,
  subject uuid NOT NULL,
  nominator uuid NOT NULL REFERENCES person,
  sentence text NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (round, subject, nominator)
);

-- A vote is secret: `voter` is a keyed digest of round and person, so that nobody reads here who
-- voted for whom, and each still has one.
CREATE TABLE honour_vote (
  round uuid NOT NULL REFERENCES honour_round,
  voter text COLLATE "C" NOT NULL,
  subject uuid NOT NULL,
  at timestamptz NOT NULL,
  PRIMARY KEY (round, voter)
);

-- The result as it was when the round closed. Below the top each person reads their own row only.
CREATE TABLE honour_place (
  round uuid NOT NULL REFERENCES honour_round,
  subject uuid NOT NULL,
  rank integer NOT NULL CHECK (rank >= 1),
  score text NOT NULL,                            -- an exact fraction, "7/2"
  is_top boolean NOT NULL,
  PRIMARY KEY (round, subject)
);

CREATE TABLE honour_award (
  id uuid PRIMARY KEY,
  round uuid NOT NULL REFERENCES honour_round,
  subject uuid NOT NULL,
  awarded_by uuid NOT NULL REFERENCES person,
  awarded_at timestamptz NOT NULL,
  reason text NOT NULL,
  transfer uuid REFERENCES transfer,              -- NULL where nothing comes with the title
  -- F3: told by the winner, or by operations; shown to others only when the winner agreed.
  story text NOT NULL DEFAULT '',
  story_by uuid REFERENCES person,
  shows_story boolean NOT NULL DEFAULT false,
  shows_name boolean NOT NULL DEFAULT false,      -- customers and partners are masked without it
  revoked_by uuid REFERENCES person,
  revoked_at timestamptz,
  revoked_reason text NOT NULL DEFAULT '',
  UNIQUE (round, subject),                        -- a title is awarded once
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);

-- Whose title it is, and what each got: one person, or the members of a team at that moment.
CREATE TABLE honour_share (
  award uuid NOT NULL REFERENCES honour_award,
  person uuid NOT NULL REFERENCES person,
  amount bigint NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (award, person)
);
CREATE INDEX honour_share_person ON honour_share (person);

-- What scored in a period, for the places of a round while it runs.
CREATE INDEX action_scored ON action (plan, received_at) WHERE outcome = 'scored';
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
