"""Seals: what the ledger and the audit trail hold is chained, so that no edit goes unseen."""

from piccolo.engine import engine_finder

ID = "m0023_seals"

SQL = r"""
-- The transaction that wrote a row: behind the fence of those still under way, a range of them
-- never gets another row. (`at` and ids are given before the commit, so they have no fence.)
ALTER TABLE transfer ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX transfer_xid ON transfer (xid);
ALTER TABLE audit_record ADD COLUMN xid xid8 NOT NULL DEFAULT pg_current_xact_id();
CREATE INDEX audit_record_xid ON audit_record (xid);

-- One seal covers what the transactions before `upto` wrote and no seal before it covers. Its
-- mac is keyed, and taken over the one before it: a chain.
CREATE TABLE seal (
  n bigint PRIMARY KEY CHECK (n >= 1),
  upto xid8 NOT NULL UNIQUE,
  transfers integer NOT NULL,
  records integer NOT NULL,
  root bytea NOT NULL,
  mac bytea NOT NULL,
  at timestamptz NOT NULL DEFAULT leitai_clock()
);
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON seal
FOR EACH STATEMENT EXECUTE FUNCTION append_only();

-- The leaves of a range, in their one order: everything that a row says, entries included.
CREATE FUNCTION seal_leaves(p_from xid8, p_upto xid8)
RETURNS TABLE (source text, xid xid8, leaf bytea) LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
  SELECT 'transfer', t.xid, sha256(convert_to(jsonb_build_array('transfer', t.id, t.kind,
    t.reference, t.actor, t.facts, encode(t.body_hash, 'hex'), t.reverses, t.booked_at,
    t.xid::text, (SELECT jsonb_agg(jsonb_build_array(e.account, a.kind, a.owner, e.asset,
      e.amount, e.version, e.posted_after) ORDER BY e.account)
      FROM entry e JOIN account a ON a.id = e.account WHERE e.transfer = t.id))::text, 'UTF8'))
  FROM transfer t WHERE t.xid >= p_from AND t.xid < p_upto
  UNION ALL
  SELECT 'record', r.xid, sha256(convert_to(jsonb_build_array('record', r.id, r.at, r.actor,
    r.verb, r.subject, r.reason, r.facts, r.xid::text)::text, 'UTF8'))
  FROM audit_record r WHERE r.xid >= p_from AND r.xid < p_upto
  ORDER BY 2, 3
$$;
"""


async def forwards() -> None:
    await engine_finder().current_transaction.get().connection.execute(SQL)
