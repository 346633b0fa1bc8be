"""What `leitai` says about people on a terminal."""

import sys
from pathlib import Path
from typing import Final

from game.errors import RuleViolation
from server.config import settings
from server.kit.errors import REFUSALS
from server.kit.sheets import SheetRefused
from server.people.commands import import_people_file
from server.people.imports import PeopleFaults
from server.people.invites import Invite, bootstrap_admin, invite_person

REFUSED: Final = 2
FIRST_NAME: Final = "管理员"


async def import_from_command_line(path: Path) -> int:
    """Import a people file; returns the exit status, 2 with every fault named on stderr."""
    try:
        report = await import_people_file(path)
    except (PeopleFaults, SheetRefused) as refusal:
        _complain(*(f"{path}: {fault}" for fault in refusal.faults), _said(refusal))
        return REFUSED
    except OSError as error:
        _complain(f"{path}: {error.strerror}")
        return REFUSED
    except RuleViolation as refusal:
        _complain(_said(refusal))
        return REFUSED
    _complain(*(str(note) for note in report.notes))
    _say(f"{report.added} added, {report.changed} changed, {report.unchanged} as they were.")
    return 0


async def invite_from_command_line(code: str, roles: list[str]) -> int:
    """Print an invite for the person of a company id, after giving them roles."""
    try:
        _show(code, await invite_person(code, frozenset(roles)))
    except RuleViolation as refusal:
        _complain(_said(refusal))
        return REFUSED
    return 0


async def invite_first_administrator() -> None:
    """Print the invite of the first administrator, where there is none yet."""
    made = await bootstrap_admin(FIRST_NAME)
    if made is not None:
        _show("the first administrator", made)


def _show(whom: str, made: Invite) -> None:
    here = settings()
    origin = here.leitai_origin or f"http://{here.host}:{here.port}"
    _say(f"Invite for {whom}, once, until {made.expires_at:%Y-%m-%d %H:%M} UTC:")
    _say(f"  {origin}{made.path}")


def _said(refusal: RuleViolation) -> str:
    return REFUSALS[refusal.code].sentence % refusal.facts


def _say(*sentences: str) -> None:
    sys.stdout.writelines(f"{sentence}\n" for sentence in sentences)


def _complain(*sentences: str) -> None:
    sys.stderr.writelines(f"{sentence}\n" for sentence in sentences)
