"""Bugs planted into boards; `python -m tests.soak --only mutants` plants them with the others."""

from tests.soak.planting import Mutant

APPLY = "server/boards/lua/apply.lua"
PROJECTOR = "server/boards/projector.py"
PROJECTING = "tests/server/boards/test_projector.py"
FRAMES = "tests/server/boards/test_frames.py"
SOCKETS = "tests/server/boards/test_sockets.py"
HUB = "tests/server/kit/test_live.py"

BOARD_MUTANTS = (
    Mutant(
        "the version guard is dropped",
        APPLY,
        "if version > old then",
        "if true then",
        f"{PROJECTING} test_any_order_and_any_repeats_end_the_same",
    ),
    Mutant(
        "changes are read by id > cursor",
        PROJECTOR,
        "[change for change in changes.rows if change.is_settled]",
        "changes.rows",
        f"{PROJECTING} test_what_commits_behind_the_fence_is_not_passed_over",
    ),
    Mutant(
        "the epoch is not checked",
        APPLY,
        "if now[1] ~= ARGV[1] then return false end",
        "",
        f"{PROJECTING} test_a_batch_for_another_epoch_is_refused",
    ),
    Mutant(
        "a cursor ahead of PostgreSQL is believed",
        PROJECTOR,
        "if cursor.x > changes.xmax:",
        "if False:",
        f"{PROJECTING} test_a_cursor_ahead_of_postgresql_means_another_history",
    ),
    Mutant(
        "a rebuild takes a cursor from after its snapshot",
        "server/boards/queries.py",
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS x,",
        "SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS x,",
        f"{PROJECTING} test_a_rebuild_does_not_pass_over_who_has_not_committed",
    ),
    Mutant(
        "ties go to whoever came last",
        "server/boards/commands.py",
        "coalesce(reached, greatest(s.reached_at, received))",
        "coalesce(reached, received)",
        f"{FRAMES} test_an_early_action_reviewed_late",
    ),
    Mutant(
        "a side's total is set, not moved",
        APPLY,
        "redis.call('HINCRBY', totals, side, points - before)",
        "redis.call('HINCRBY', totals, side, points)",
        f"{FRAMES} test_redis_sql_and_fold_say_the_same",
    ),
    Mutant(
        "a person struck to nil still holds the moment",
        APPLY,
        "if points > 0 then",
        "if true then",
        f"{FRAMES} test_a_side_struck_to_nil",
    ),
    Mutant(
        "official numbers come from Redis",
        "server/boards/frames.py",
        "if finish.board.is_projected:\n                self._open",
        "if True:\n                self._open",
        f"{FRAMES} test_official_numbers_never_come_from_redis",
    ),
    Mutant(
        "opted-out people are named",
        "server/boards/queries.py",
        "WHERE p.id = ANY ($2::uuid[]) AND NOT p.opted_out",
        "WHERE p.id = ANY ($2::uuid[])",
        f"{FRAMES} test_opted_out_people_are_never_named",
    ),
    Mutant(
        "the auditor looks at sums only",
        "server/boards/auditor.py",
        "elif found[1:] != _places(row):",
        "elif False:",
        f"{PROJECTING} test_tampering_is_found_by_one_audit",
    ),
    Mutant(
        "any page may open a socket",
        "server/boards/sockets.py",
        "if not is_own_origin(connection):",
        "if False:",
        f"{SOCKETS} test_a_foreign_origin_is_refused",
    ),
    Mutant(
        "a sign-out leaves the socket",
        "server/boards/listeners.py",
        'bus.publish("sessions",',
        'bus.publish("nobody",',
        f"{SOCKETS} test_signing_out_closes_the_socket_and_leaves_others",
    ),
    Mutant(
        "a stuck socket is waited for",
        "server/kit/live.py",
        "            self._waiting[key] = message\n            return\n",
        "            pass\n",
        f"{HUB} test_a_slow_one_holds_up_nobody_and_skips_to_the_newest",
    ),
    Mutant(
        "a stuck socket gets every frame it missed",
        "server/kit/live.py",
        "self._waiting[key] = message",
        'self._waiting[f"{key} {len(self._waiting)}"] = message',
        f"{HUB} test_a_slow_one_holds_up_nobody_and_skips_to_the_newest",
    ),
)
