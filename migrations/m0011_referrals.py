"""Referrals: who invites whom with which link, their deals, and what both sides were given."""

from piccolo.engine import engine_finder

ID = "m0011_referrals"

SQL = r"""
-- A code may go to a phone that is nobody's yet: whoever types it becomes a customer.
ALTER TABLE one_time_code ALTER COLUMN person DROP NOT NULL;
ALTER TABLE one_time_code ADD COLUMN phone_index bytea;
ALTER TABLE one_time_code ADD CHECK ((person IS NULL) = (phone_index IS NOT NULL));
CREATE INDEX one_time_code_phone ON one_time_code (phone_index, created_at DESC)
  WHERE phone_index IS NOT NULL;

-- A4: an ally of another trade, a dealer, somebody whom many follow.
CREATE TABLE partner (
  person uuid PRIMARY KEY REFERENCES person,
  type text COLLATE "C" NOT NULL CHECK (type IN ('ally', 'dealer', 'koc')),
  made_by uuid NOT NULL REFERENCES person,
  made_at timestamptz NOT NULL DEFAULT leitai_clock()
);

-- H9: accepted before the first code, in the words that stood there.
CREATE TABLE partner_agreement (
  person uuid NOT NULL REFERENCES person,
  plan text COLLATE "C" NOT NULL,
  campaign text COLLATE "C" NOT NULL,
  version integer NOT NULL,
  words jsonb NOT NULL,
  accepted_at timestamptz NOT NULL,
  PRIMARY KEY (person, plan, campaign, version)
);

-- H1: one link per person and campaign; its code is eight Crockford characters.
CREATE TABLE invitation (
  id uuid PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code ~ '^[0-9A-HJKMNP-TV-Z]{8}$'),
  plan text COLLATE "C" NOT NULL,
  campaign text COLLATE "C" NOT NULL,
  person uuid NOT NULL REFERENCES person,
  role text NOT NULL CHECK (role IN ('customer', 'employee', 'partner')),
  made_at timestamptz NOT NULL,
  clicks bigint NOT NULL DEFAULT 0,
  greeting text NOT NULL DEFAULT '',              -- H10: what the page of a member of staff says
  offered_at timestamptz,                         -- since when it offers the exclusive coupon
  UNIQUE (plan, campaign, person)
);
CREATE INDEX invitation_person ON invitation (person);

-- The binding of a friend: first come, one living one per friend and campaign.
CREATE TABLE referral (
  id uuid PRIMARY KEY,
  invitation uuid NOT NULL REFERENCES invitation,
  plan text COLLATE "C" NOT NULL,
  campaign text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- the terms that both were shown
  referrer uuid NOT NULL REFERENCES person,
  friend uuid NOT NULL REFERENCES person,
  device text NOT NULL,                           -- keyed hashes, "" unknown
  network text NOT NULL,
  bound_at timestamptz NOT NULL,
  until timestamptz NOT NULL,
  replaced boolean NOT NULL DEFAULT false,        -- lapsed, and another has come
  CHECK (referrer <> friend),
  CHECK (until > bound_at),
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version)
);
CREATE UNIQUE INDEX referral_first_come ON referral (plan, campaign, friend) WHERE NOT replaced;
CREATE INDEX referral_friend ON referral (friend);
CREATE INDEX referral_referrer ON referral (referrer, plan, campaign);
CREATE INDEX referral_invitation ON referral (invitation);

-- The order that is the deal of a referral. It counts once it was found clean and its release
-- has come; what was reversed before that never counts.
CREATE TABLE referral_deal (
  order_id uuid PRIMARY KEY,
  referral uuid NOT NULL REFERENCES referral,
  amount bigint NOT NULL CHECK (amount >= 0),
  placed_at timestamptz NOT NULL,
  state text NOT NULL CHECK (state IN ('judging', 'held', 'refused', 'waiting', 'counted')),
  release_at timestamptz NOT NULL,
  payer text NOT NULL,
  device text NOT NULL,
  store uuid NOT NULL,
  decided_at timestamptz,
  counted_at timestamptz,
  reason text NOT NULL DEFAULT '',                -- why a person refused it
  reversed_as text CHECK (reversed_as IN ('undone', 'refunded')),
  reversed_at timestamptz,
  reversed_why text NOT NULL DEFAULT '',
  CHECK ((counted_at IS NULL) = (state <> 'counted')),
  CHECK ((reversed_as IS NULL) = (reversed_at IS NULL))
);
CREATE UNIQUE INDEX referral_deal_one ON referral_deal (referral) WHERE reversed_as IS NULL;
CREATE INDEX referral_deal_due ON referral_deal (release_at)
  WHERE state IN ('judging', 'waiting') AND reversed_as IS NULL;

-- What a referrer is to get: written before anything is given. `key` and `coupon_rule` name it
-- within its campaign; of each there is one that was not taken back.
CREATE TABLE referral_reward (
  id uuid PRIMARY KEY,
  referrer uuid NOT NULL REFERENCES person,
  plan text COLLATE "C" NOT NULL,
  campaign text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,
  key text COLLATE "C" NOT NULL,
  coupon_rule text COLLATE "C" NOT NULL,          -- "" for points
  points bigint NOT NULL CHECK (points >= 0),
  deal uuid NOT NULL REFERENCES referral_deal,    -- the one that brought it
  state text NOT NULL CHECK (state IN ('due', 'given', 'taken', 'kept')),
  coupon uuid,
  transfer uuid REFERENCES transfer,
  made_at timestamptz NOT NULL,
  taken_at timestamptz,
  CHECK ((coupon_rule = '') = (points > 0)),
  CHECK (state = 'due' OR coupon IS NOT NULL OR transfer IS NOT NULL),
  CHECK ((taken_at IS NULL) = (state IN ('due', 'given')))
);
CREATE UNIQUE INDEX referral_reward_once
  ON referral_reward (referrer, plan, campaign, key, coupon_rule) WHERE state <> 'taken';
CREATE INDEX referral_reward_deal ON referral_reward (deal);

-- H10: who claimed an exclusive coupon from whom.
CREATE TABLE exclusive_claim (
  id uuid PRIMARY KEY,
  invitation uuid NOT NULL REFERENCES invitation,
  customer uuid NOT NULL REFERENCES person,
  coupon uuid NOT NULL,
  at timestamptz NOT NULL,
  UNIQUE (invitation, customer)
);
CREATE INDEX exclusive_claim_pace ON exclusive_claim (invitation, at);
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
