"""Badges: who was awarded which tier, by what, and what took it back."""

from piccolo.engine import engine_finder

ID = "m0008_badges"

SQL = r"""
-- F1: one row each time a tier is awarded; a revoked one stays as history.
CREATE TABLE badge_award (
  id uuid PRIMARY KEY,
  person uuid NOT NULL REFERENCES person,
  plan text COLLATE "C" NOT NULL,
  plan_version integer NOT NULL,                  -- the version by whose rule it is earned
  badge text COLLATE "C" NOT NULL,
  tier text NOT NULL CHECK (tier IN ('bronze', 'silver', 'gold')),
  reached_at timestamptz NOT NULL,                -- the moment of the fact that reached it
  fact_source text NOT NULL CHECK (fact_source IN
    ('action', 'battle', 'challenge', 'referral', 'reward')),
  fact text COLLATE "C" NOT NULL,                 -- that fact's id
  awarded_at timestamptz NOT NULL DEFAULT leitai_clock(),
  seen_at timestamptz,                            -- when its moment was shown to the person
  revoked_at timestamptz,
  revoked_why jsonb,                              -- {what, reason}: the fact that fell, and why
  FOREIGN KEY (plan, plan_version) REFERENCES plan (id, version),
  CHECK ((revoked_at IS NULL) = (revoked_why IS NULL))
);
-- A tier is held once.
CREATE UNIQUE INDEX badge_award_held ON badge_award (person, plan, badge, tier)
  WHERE revoked_at IS NULL;
CREATE INDEX badge_award_person ON badge_award (person, awarded_at DESC);
CREATE INDEX badge_award_badge ON badge_award (plan, badge) WHERE revoked_at IS NULL;
CREATE INDEX badge_award_unseen ON badge_award (person)
  WHERE seen_at IS NULL AND revoked_at IS NULL;

-- Who was the first of the company: the earliest of what scored or still may.
CREATE INDEX action_first ON action (plan, kind, received_at)
  WHERE outcome IN ('scored', 'pending');

-- Where the period around a moment begins and ends, on the clocks of a zone.
CREATE FUNCTION badge_period(p_per text, p_at timestamptz, p_zone text,
  OUT begins timestamptz, OUT ends timestamptz) LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN p_per = 'ever' THEN '-infinity'::timestamptz
           ELSE date_trunc(p_per, p_at AT TIME ZONE p_zone) AT TIME ZONE p_zone END,
         CASE WHEN p_per = 'ever' THEN 'infinity'::timestamptz
           ELSE (date_trunc(p_per, p_at AT TIME ZONE p_zone) + ('1 ' || p_per)::interval)
                AT TIME ZONE p_zone END
$$;

-- Whoever folds people's facts under a plan takes their turns in one order.
CREATE FUNCTION badge_turns(p_plan text, p_people uuid[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_plan, hashtextextended(person::text, 11)))
  FROM (SELECT person FROM unnest(p_people) AS u (person) ORDER BY person) AS ordered;
END $$;

-- Whoever changes what may be a first of the company in a plan does so one after the other.
CREATE FUNCTION badge_firsts(p_plan text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(p_plan, 12));
END $$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
