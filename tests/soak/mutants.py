"""Planted bugs: each in a copy of the tree, and the narrow tests must find it.

A suite that stays green on a known bug proves nothing; and the copy without a bug must be
green, or a red one would say nothing either.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import asyncpg

from server.kit import embedded
from tests.soak.board_mutants import BOARD_MUTANTS
from tests.soak.planting import Mutant

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("game", "server", "migrations", "tests", "pyproject.toml")
LINKED = ("pwa", "static")
TESTS_FAILED = 1
DATABASE = "mutants_test"

LEDGER = "tests/server/ledger"
ACTIONS = "tests/server/actions"
BATTLES = "tests/server/battles"

MUTANTS = (
    Mutant(
        "the ledger takes no locks", "migrations/m0002_ledger.py",
        "  WHERE id = ANY (v_accounts || v_wallets || v_debts) AND version IS NOT NULL\n"
        "  ORDER BY id FOR NO KEY UPDATE;",
        "  WHERE id = ANY (v_accounts || v_wallets || v_debts) AND version IS NOT NULL;",
        f"{LEDGER}/test_post.py strikes_at_once or cross",
    ),
    Mutant(
        "entries need not balance", "migrations/m0002_ledger.py",
        "HAVING sum(amount) <> 0) THEN", "HAVING false) THEN",
        f"{LEDGER}/test_post.py does_not_balance",
    ),
    Mutant(
        "an entry can be changed", "migrations/m0002_ledger.py",
        "CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON entry\n",
        "CREATE TRIGGER frozen BEFORE DELETE OR TRUNCATE ON entry\n",
        f"{LEDGER}/test_post.py stays_as_it_is",
    ),
    Mutant(
        "a transfer's id says nothing of its body", "migrations/m0002_ledger.py",
        "IS DISTINCT FROM v_hash THEN", "IS NULL THEN",
        f"{LEDGER}/test_oracle.py",
    ),
    Mutant(
        "an escrow may go below zero", "migrations/m0002_ledger.py",
        "CHECK (kind NOT IN ('wallet', 'escrow') OR", "CHECK (kind NOT IN ('wallet') OR",
        f"{LEDGER}/test_post.py below_zero",
    ),
    Mutant(
        "a key says nothing of its body", "migrations/m0001_people.py",
        "CASE WHEN body_hash = p_hash THEN 'done' ELSE 'other' END", "'done'::text",
        f"{ACTIONS}/test_repeats_api.py stands_for_one_body",
    ),
    Mutant(
        "the clock is read before the gate", "migrations/m0003_actions.py",
        "BEGIN\n  PERFORM plan_gate(p_plan, false);\n  PERFORM pg_advisory_xact_lock(hashtextextended("
        "p_plan || ' ' || p_kind, hashtextextended(p_person::text, 8)));",
        "BEGIN\n  v_now := leitai_clock();\n  PERFORM plan_gate(p_plan, false);\n  RETURN v_now;",
        f"{BATTLES}/test_moments.py waited_at_the_gate",
    ),
    Mutant(
        "a cap is counted without its lock", "migrations/m0003_actions.py",
        "  PERFORM pg_advisory_xact_lock(hashtextextended("
        "p_plan || ' ' || p_kind, hashtextextended(p_person::text, 8)));\n",
        "",
        f"{ACTIONS}/test_repeats_api.py cap_holds",
    ),
    Mutant(
        "an action without a customer is decided without a lock", "server/actions/chains.py",
        "WHERE id = $1 FOR NO KEY UPDATE", "WHERE id = $1",
        f"{ACTIONS}/test_repeats_api.py two_reviewers or two_pages",
    ),
    Mutant(
        "a strike forgets the chain", "server/actions/verdicts.py",
        "links = [decided if each.id == decided.id else each for each in links]",
        "links = [decided]",
        f"{ACTIONS}/test_chains.py",
    ),
    Mutant(
        "a quota is filled without taking its turn", "server/actions/chains.py",
        '            "SELECT quota_turns($1, $2, $3)",', '            "SELECT $1::text, $2::text[], $3::uuid[]",',
        f"{ACTIONS}/test_quotas.py reviews_at_once",
    ),
    Mutant(
        "a verdict forgets the quota", "server/actions/verdicts.py",
        "        if each.link.is_home:", "        if False:",
        f"{ACTIONS}/test_quotas.py late_review",
    ),
    Mutant(
        "what is recorded is recorded again", "server/actions/recording.py",
        "    known = await _turn_of(reference)\n    if known is None:",
        "    known = None\n    if known is None:",
        f"{ACTIONS}/test_recording.py once",
    ),
    Mutant(
        "what came at the cut-off holds the audit up", "server/battles/queries.py",
        "AND a.outcome = 'pending'\"\n        \" AND a.received_at >= $4 AND a.received_at < $5\"",
        "AND a.outcome = 'pending'\"\n        \" AND a.received_at >= $4 AND a.received_at <= $5\"",
        f"{BATTLES}/test_moments.py",
    ),
    Mutant(
        "whoever settles settles again", "server/battles/commands.py",
        "    check_settle(one.state, await queries.pending_count(one))\n", "",
        f"{BATTLES}/test_settlement.py twenty_settlers",
    ),
    Mutant(
        "one's own stake is saved by opting out", "server/battles/listeners.py",
        'if has_started and stakes.funder(rule) == "member" and member.stake:', "if False:",
        f"{BATTLES}/test_opting_out.py",
    ),
    Mutant(
        "the desk decides what is under audit", "server/battles/listeners.py",
        "if event.auditing is None and under_audit:", "if False:",
        f"{BATTLES}/test_audit_api.py who_may_audit",
    ),
    Mutant(
        "what is left of a division is lost", "game/money.py",
        "by_remainder[:left]", "by_remainder[:0]",
        f"{BATTLES}/test_settlement.py pot_is_paid_wholly",
    ),
    Mutant(
        "signing in keeps the session before", "server/people/sessions.py",
        "    if ended is not None:\n        await sign_out(ended)\n", "",
        "tests/server/people/test_sessions.py new_token_and_ends",
    ),
    Mutant(
        "any site may write", "server/kit/web.py",
        "if request.method not in SAFE_METHODS and not is_own_origin(request):", "if False:",
        f"{ACTIONS}/test_actions_api.py another_site",
    ),
    *BOARD_MUTANTS,
)  # fmt: skip


class Breeder:
    """Runs narrow tests in copies of the tree, on services of its own."""

    def __init__(self, services: embedded.Services, folder: Path) -> None:
        self.folder = folder
        self.environment = os.environ | {
            "DATABASE_URL": services.database_url.replace("/postgres?", f"/{DATABASE}?"),
            "REDIS_URL": services.redis_url,
        }

    def copy(self) -> Path:
        """Make a fresh copy of the tree."""
        tree = self.folder / "tree"
        shutil.rmtree(tree, ignore_errors=True)
        tree.mkdir()
        for name in COPIED:
            if (ROOT / name).is_dir():
                ignored = shutil.ignore_patterns("__pycache__")
                shutil.copytree(ROOT / name, tree / name, ignore=ignored)
            else:
                shutil.copy(ROOT / name, tree / name)
        for name in LINKED:
            (tree / name).symlink_to(ROOT / name)
        return tree

    def status(self, tree: Path, *tests: str) -> tuple[int, str]:
        """Run tests in a tree: pytest's status, and the end of what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-x", "--tb=line", "-p", "no:cacheprovider", *tests],
            cwd=tree, env=self.environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.returncode, (done.stdout + done.stderr)[-1500:]

    def is_healthy(self) -> bool:
        """Whether the tests are green where nothing is planted."""
        files = sorted({mutant.tests.partition(" ")[0] for mutant in MUTANTS})
        status, said = self.status(self.copy(), *files)
        if status != 0:
            print(f"RED WITHOUT A BUG\n{said}", flush=True)
        return status == 0

    def survives(self, mutant: Mutant) -> bool:
        tree = self.copy()
        mutant.plant(tree)
        file, _, chosen = mutant.tests.partition(" ")
        status, said = self.status(tree, file, *(["-k", chosen] if chosen else []))
        caught = status == TESTS_FAILED and "FAILED" in said
        print(f"{'caught' if caught else f'SURVIVED (status {status})'}  {mutant.name}", flush=True)
        if not caught:
            print(said)
        return not caught


async def _make_database(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


def run() -> list[str]:
    """Plant every bug; returns the names of those that nobody noticed."""
    with (
        embedded.throwaway("mutants") as services,
        tempfile.TemporaryDirectory(prefix="leitai-mutants-") as name,
    ):
        asyncio.run(_make_database(services.database_url))
        breeder = Breeder(services, Path(name))
        if not breeder.is_healthy():
            return ["the tree without a bug"]
        return [mutant.name for mutant in MUTANTS if breeder.survives(mutant)]
