"""The command itself: read, rehearse, print; 2 where an input is refused."""

import os
from collections.abc import Callable
from datetime import UTC
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO, TypeVar

from game.plan import Plan, PlanFaults, parse_plan, template, template_names
from game.rehearsal import rehearse
from server.kit.i18n import gettext as _
from server.kit.i18n import negotiate, speaking
from server.kit.sheets import Sheet, SheetRefused
from server.rehearsals.files import read_actions, read_people
from server.rehearsals.lead_files import read_deals, read_leads
from server.rehearsals.report import Given, as_json_text, as_tables

REFUSED = 2

Entry = TypeVar("Entry")


def run(
    plan: str,
    people_path: str,
    actions_path: str,
    *,
    leads_path: str | None = None,
    deals_path: str | None = None,
    as_json: bool,
    skip_bad: bool,
    out: TextIO,
    err: TextIO,
    locale: str | None = None,
) -> int:
    """Rehearse `plan` (a template's name or a path) over its files; return the exit status.

    The answer goes to `out`, as tables or one JSON object, everything else to `err`. 2 where
    an input is refused; then nothing is written to `out`. Without `locale`, the environment's.
    """
    with speaking(locale or _environment_locale()):
        desk = _Desk(err, skip_bad)
        rules = desk.plan(plan)
        zone = UTC if rules is None else rules.zone
        people = desk.entries(people_path, read_people)
        actions = desk.entries(actions_path, lambda body: read_actions(body, zone))
        leads = desk.maybe(leads_path, lambda body: read_leads(body, zone))
        deals = desk.maybe(deals_path, lambda body: read_deals(body, zone))
        if rules is None or people is None or actions is None or leads is None or deals is None:
            return REFUSED
        if leads and rules.leads is None:
            return desk.refuse(plan, _("this plan takes no leads: it has no table leads"))
        result = rehearse(rules, people, actions, leads, deals)
        if isinstance(out, TextIOWrapper):
            out.reconfigure(encoding="utf-8")
        given = Given(leads=leads_path is not None, deals=deals_path is not None)
        out.write(
            as_json_text(result, given) if as_json else as_tables(rules, people, result, given)
        )
        return 0


def _environment_locale() -> str:
    """Return the locale of the terminal: English unless it speaks Chinese."""
    spoken = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    tag = spoken.partition(".")[0].replace("_", "-")
    return negotiate(tag) if tag.startswith("zh") else "en"


class _Desk:
    """Takes in the inputs and says what is wrong with them; None stands for a refused one."""

    def __init__(self, err: TextIO, skip_bad: bool) -> None:
        self._err = err
        self._skip_bad = skip_bad

    def plan(self, name: str) -> Plan | None:
        try:
            return parse_plan(self._plan_text(name))
        except PlanFaults as refused:
            for fault in refused.faults:
                where = f"{fault.path}: " if fault.path else ""
                wanted = _(fault.sentence) % fault.facts
                wrong = _("expected %(wanted)s, got %(got)s", wanted=wanted, got=_(fault.got))
                self._say(name, f"{where}{wrong}")
        except UnicodeDecodeError:
            self._say(name, _("a plan is TOML in UTF-8; this file is not"))
        except FileNotFoundError:
            known = ", ".join(template_names())
            self._say(
                name, _("there is no such file or template; templates: %(known)s", known=known)
            )
        except OSError as error:
            self._say(name, self._unreadable(error))
        return None

    def _plan_text(self, name: str) -> str:
        if name in template_names():
            return template(name)
        return Path(name).read_bytes().decode("utf-8-sig")

    def refuse(self, source: str, sentence: str) -> int:
        self._say(source, sentence)
        return REFUSED

    def maybe(
        self, path: str | None, read: Callable[[bytes], tuple[list[Entry], Sheet]]
    ) -> list[Entry] | None:
        return [] if path is None else self.entries(path, read)

    def entries(
        self, path: str, read: Callable[[bytes], tuple[list[Entry], Sheet]]
    ) -> list[Entry] | None:
        try:
            entries, sheet = read(Path(path).read_bytes())
        except OSError as error:
            self._say(path, self._unreadable(error))
            return None
        except SheetRefused as refused:
            for fault in refused.faults:
                self._say(path, str(fault))
            return None
        for said in (*sheet.notes, *sheet.faults):
            self._say(path, str(said))
        if not sheet.faults:
            return entries
        lines = len({fault.line for fault in sheet.faults})
        if not self._skip_bad:
            self._say(
                path,
                _("rows that can't be read: %(lines)s. Mend them, or pass --skip-bad", lines=lines),
            )
            return None
        self._say(path, _("went on without the rows that can't be read: %(lines)s", lines=lines))
        return entries

    def _say(self, source: str, sentence: str) -> None:
        self._err.write(f"{source}: {sentence}\n")

    @staticmethod
    def _unreadable(error: OSError) -> str:
        if isinstance(error, FileNotFoundError):
            return _("there is no such file")
        return _("the file can't be read: %(error)s", error=error.strerror)
