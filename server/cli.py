"""The command `leitai`: what a person types."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Any

from game.errors import RuleViolation
from server import config
from server.kit.signals import exit_on_signals


def main(argv: Sequence[str] | None = None) -> None:
    """Run one command and exit with its status: 0, or 2 where an input is refused."""
    exit_on_signals()
    arguments = _parser().parse_args(argv)
    sys.exit(arguments.run(arguments) or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="leitai", description="擂台: live team battles")
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")

    def verb(name: str, run: Callable[[argparse.Namespace], Any], text: str) -> Any:
        one = verbs.add_parser(name, help=text, description=text)
        one.set_defaults(run=run)
        return one

    demo = verb("demo", _demo, "a demo company with a live battle, on this machine")
    demo.add_argument("--lan", action="store_true", help="let everyone on the network in")
    demo.add_argument("--reset", action="store_true", help="start afresh")
    verb("dev", _dev, "the app with reload, on embedded services")
    verb("serve", _serve, "serve the app; needs DATABASE_URL and REDIS_URL")
    verb("work", _work, "run jobs and the schedule; needs DATABASE_URL and REDIS_URL")
    verb("migrate", _migrate, "bring the database to this version")
    verb("doctor", _doctor, "say what is wrong and how to mend it")

    imports = verb("import", _import, "bring people or old customers in from CSV or XLSX")
    imports.add_argument("what", choices=["people", "customers"])
    imports.add_argument("file", type=Path)
    invite = verb("invite", _invite, "print an invite link for a person")
    invite.add_argument("person", help="their id of the people file, or a name")
    invite.add_argument(
        "--first-admin", action="store_true", help="make the first administrator, of this name"
    )

    rehearse = verb("rehearse", _rehearse, "replay past actions through a plan")
    rehearse.add_argument("plan", help="the name of a template, or a path")
    rehearse.add_argument("--people", required=True)
    rehearse.add_argument("--actions", required=True)
    rehearse.add_argument("--leads", help="reported customers, and how far each came")
    rehearse.add_argument("--deals", help="what was sold, to pay commissions on")
    rehearse.add_argument("--json", action="store_true")
    rehearse.add_argument("--skip-bad", action="store_true", help="go on without bad rows")

    ledger = verb("ledger", _ledger, "recompute the ledger and its seals, and say what differs")
    ledger.add_argument("what", choices=["verify"])

    badges = verb("badges", _badges, "fold everybody's badges anew and say what is held otherwise")
    badges.add_argument("what", choices=["verify"])
    return parser


def _demo(arguments: argparse.Namespace) -> int:
    from server.demo.run import run  # noqa: PLC0415

    return run(lan=arguments.lan, reset=arguments.reset, port=config.settings().port)


def _dev(_: argparse.Namespace) -> int:
    from server.serving import develop  # noqa: PLC0415

    return develop()


def _serve(_: argparse.Namespace) -> int:
    from server.serving import serve  # noqa: PLC0415

    config.require_services()
    return serve()


def _work(_: argparse.Namespace) -> int:
    from server.serving import work  # noqa: PLC0415

    config.require_services()
    return asyncio.run(work())


def _migrate(_: argparse.Namespace) -> int:
    from server.kit.migrate import migrate  # noqa: PLC0415
    from server.push import keys  # noqa: PLC0415

    async def work() -> int:
        # Set up with the rest: the key file that seals it is to be backed up from now on.
        await keys.make()
        print("The database is up to date.")
        return 0

    asyncio.run(migrate(config.require_services().database_url or ""))
    return _with_database(work)


def _doctor(_: argparse.Namespace) -> int:
    from server.doctor import examine  # noqa: PLC0415

    return asyncio.run(examine())


def _with_database(work: Callable[[], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with a pool on the configured database; a refusal is one sentence and 2."""
    from server import wiring  # noqa: PLC0415
    from server.kit import db  # noqa: PLC0415

    async def run() -> int:
        db.configure(config.require_services().database_url or "")
        wiring.wire()
        await db.open_pool()
        try:
            return await work()
        except RuleViolation as refused:
            _explain(refused)
            return 2
        finally:
            await db.close_pool()

    return asyncio.run(run())


def _explain(refused: RuleViolation) -> None:
    """Say a refusal in the language of the terminal, every fault of a file on its line."""
    from server.kit import i18n  # noqa: PLC0415
    from server.kit.errors import REFUSALS  # noqa: PLC0415

    with i18n.speaking("zh_Hans" if os.environ.get("LANG", "").startswith("zh") else "en"):
        print(REFUSALS[refused.code].sentence % refused.facts, file=sys.stderr)
        for fault in getattr(refused, "faults", ()):
            print(f"  {fault}", file=sys.stderr)


def _import(arguments: argparse.Namespace) -> int:
    from server.actions.customer_imports import import_customers_file  # noqa: PLC0415
    from server.people.commands import import_people_file  # noqa: PLC0415

    run: Callable[[Path], Coroutine[Any, Any, Any]] = (
        import_people_file if arguments.what == "people" else import_customers_file
    )

    async def work() -> int:
        done = await run(arguments.file)
        for note in done.notes:
            print(note)
        print(f"{done.added} added, {done.changed} changed, {done.unchanged} as they were.")
        return 0

    return _with_database(work)


def _invite(arguments: argparse.Namespace) -> int:
    from server.people import invites  # noqa: PLC0415

    async def work() -> int:
        made = (
            await invites.bootstrap_admin(arguments.person)
            if arguments.first_admin
            else await invites.invite_code(arguments.person)
        )
        if made is None:
            print("There is an administrator already: sign in as one to invite others.")
            return 2
        origin = config.settings().leitai_origin or "http://127.0.0.1:8000"
        print(f"{origin}{made.path}\nOpens once, until {made.expires_at:%Y-%m-%d %H:%M} UTC.")
        return 0

    return _with_database(work)


def _rehearse(arguments: argparse.Namespace) -> int:
    from server.rehearsals.command import run  # noqa: PLC0415

    return run(
        arguments.plan, arguments.people, arguments.actions,
        leads_path=arguments.leads, deals_path=arguments.deals,
        as_json=arguments.json, skip_bad=arguments.skip_bad, out=sys.stdout, err=sys.stderr,
    )  # fmt: skip


def _ledger(_: argparse.Namespace) -> int:
    from server.ledger.verification import CHECKS, verify  # noqa: PLC0415
    from server.settlements import verification as settlements  # noqa: PLC0415
    from server.trail import seals  # noqa: PLC0415

    async def work() -> int:
        faults = [f"{fault.promise}: {fault.where}" for fault in await verify()]
        faults += [f"{fault.promise}: {fault.where}" for fault in await settlements.verify()]
        faults += [f"{fault.promise}: {fault.where}" for fault in await seals.verify()]
        for fault in faults:
            print(f"BROKEN  {fault}", file=sys.stderr)
        checked = len(CHECKS) + len(seals.PROMISES) + 1
        print(f"{checked} promises checked, {len(faults)} faults.")
        if waiting := await seals.unsealed():
            print(f"{waiting} rows wait for their seal; `leitai work` seals every minute.")
        return 2 if faults else 0

    return _with_database(work)


def _badges(_: argparse.Namespace) -> int:
    from server.badges.verification import verify  # noqa: PLC0415

    async def work() -> int:
        faults = await verify()
        for fault in faults:
            print(f"BROKEN  {fault.plan}, {fault.person}: {fault.what}", file=sys.stderr)
        print(f"{len(faults)} badges are held otherwise than earned.")
        return 2 if faults else 0

    return _with_database(work)
