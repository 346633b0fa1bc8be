"""The two files of a rehearsal, read into the facts that the rules take."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo
from typing import Final, TypeVar

from game.action_terms import MODES
from game.commission_terms import PARTNER_TYPES
from game.periods import YEAR_FIRST, YEAR_LAST
from game.plan import RANKS
from game.points import VERDICTS, ActionFact
from game.rehearsal import Participant
from server.kit.i18n import Lazy, lazy
from server.kit.sheets import Row, Sheet, SheetFault, read_sheet

PEOPLE_COLUMNS: Final = ("person", "name", "rank", "unit", "side", "partner")
ACTION_COLUMNS: Final = (
    *("action", "person", "kind", "customer"),
    *("happened_at", "received_at", "verdict"),
    *("mode", "starters"),
)
TIME_COLUMNS: Final = ("happened_at", "received_at")

# RFC 3339; its grammar also lets a blank stand for the T.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?"
    r"(Z|z|[+-][0-9]{2}:[0-9]{2})?"
)
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FRACTION_MAX = len(".123456")

Choice = TypeVar("Choice", bound=str)
Entry = TypeVar("Entry")


def read_people(body: bytes) -> tuple[list[Participant], Sheet]:
    """Return the good rows of a people file, and the sheet with all its faults and notes."""
    seen: set[str] = set()

    def person(row: "Cells") -> Participant:
        entry = Participant(
            person=row.text("person"),
            name=row.text("name"),
            rank=row.one_of("rank", RANKS),
            unit=row.path("unit"),
            side=row.cells["side"],
            partner=row.maybe_one_of("partner", PARTNER_TYPES),
        )
        if entry.person in seen:
            row.fault("person", lazy("%(got)s is there twice"), got=quoted(entry.person))
        elif entry.person:
            seen.add(entry.person)
        return entry

    return entries(read_sheet(body, PEOPLE_COLUMNS, optional=("partner",)), person)


def read_actions(body: bytes, zone: tzinfo) -> tuple[list[ActionFact], Sheet]:
    """Return the good rows of an actions file, in its order, and the sheet.

    Date cells of XLSX are read in `zone`.
    """

    def action(row: "Cells") -> ActionFact:
        return ActionFact(
            action=row.text("action"),
            person=row.text("person"),
            kind=row.text("kind"),
            customer=row.cells["customer"],
            happened_at=row.moment("happened_at"),
            received_at=row.moment("received_at"),
            verdict=row.one_of("verdict", VERDICTS),
            mode=row.maybe_one_of("mode", MODES) or "direct",
            starters=row.starters("starters"),
        )

    optional = ("mode", "starters")
    sheet = read_sheet(body, ACTION_COLUMNS, optional=optional, times=TIME_COLUMNS, zone=zone)
    return entries(sheet, action)


def entries(sheet: Sheet, read: Callable[["Cells"], Entry]) -> tuple[list[Entry], Sheet]:
    """Read each row of a sheet, and add what is wrong with it to the sheet's faults."""
    entries = []
    faults = list(sheet.faults)
    for row in sheet.rows:
        cells = Cells(row)
        entry = read(cells)
        faults += cells.faults
        if not cells.faults:
            entries.append(entry)
    return entries, Sheet(
        sheet.rows, sorted(faults, key=lambda fault: fault.line or 0), sheet.notes
    )


class Cells:
    """Takes values out of one row; a wrong one is noted and replaced by a stand-in."""

    def __init__(self, row: Row) -> None:
        self.cells = row.cells
        self.faults: list[SheetFault] = []
        self._line = row.line

    def fault(self, column: str, sentence: Lazy, **facts: object) -> None:
        self.faults.append(SheetFault(self._line, column, sentence, facts))

    def text(self, column: str) -> str:
        if not self.cells[column]:
            self.fault(column, lazy("the cell is empty"))
        return self.cells[column]

    def path(self, column: str) -> str:
        text = self.text(column)
        if text and not all(part.strip() for part in text.split("/")):
            wanted = lazy('expected a path of units such as "A/B", got %(got)s')
            self.fault(column, wanted, got=quoted(text))
        return text

    def one_of(self, column: str, choices: tuple[Choice, ...]) -> Choice:
        text = self.cells[column]
        for choice in choices:
            if text == choice:
                return choice
        wanted = lazy("expected one of %(choices)s, got %(got)s")
        self.fault(column, wanted, choices=", ".join(choices), got=quoted(text))
        return choices[0]

    def maybe_one_of(self, column: str, choices: tuple[Choice, ...]) -> Choice | None:
        return self.one_of(column, choices) if self.cells[column] else None

    def starters(self, column: str) -> dict[str, date]:
        """Read who started work when: "周敏 2026-06-01; 李强 2026-06-03"."""
        found: dict[str, date] = {}
        for each in filter(None, map(str.strip, re.split("[;；]", self.cells[column]))):
            who, _, day = each.rpartition(" ")
            if not who.strip() or _DAY.fullmatch(day) is None or _no_day(day):
                wanted = lazy(
                    'expected people and days such as "E7 2023-06-02; E9 2023-06-05", got %(got)s'
                )
                self.fault(column, wanted, got=quoted(each))
                return {}
            found[who.strip()] = date.fromisoformat(day)
        return found

    def maybe_moment(self, column: str) -> datetime | None:
        return self.moment(column) if self.cells[column] else None

    def moment(self, column: str) -> datetime:
        text = self.cells[column]
        wrong = _wrong_moment(text)
        if wrong is not None:
            self.fault(column, wrong, got=quoted(text))
            return datetime(YEAR_FIRST, 1, 1, tzinfo=UTC)
        return datetime.fromisoformat(text.upper()).astimezone(UTC)


def _no_day(text: str) -> bool:
    """Tell whether the calendar has no such day: 2023-02-30."""
    try:
        return not YEAR_FIRST <= date.fromisoformat(text).year <= YEAR_LAST
    except ValueError:
        return True


def _wrong_moment(text: str) -> Lazy | None:
    """Return what is wrong with a text that should be a moment, if anything is."""
    parts = _MOMENT.fullmatch(text)
    no_moment = lazy("expected a time such as 2023-06-02T09:00:00+08:00, got %(got)s")
    if parts is None:
        return no_moment
    fraction, offset = parts.groups()
    if offset is None:
        return lazy("expected a time with an offset such as +08:00, got %(got)s")
    if fraction is not None and len(fraction) > _FRACTION_MAX:
        return lazy("expected at most 6 fraction digits, got %(got)s")
    try:
        year = datetime.fromisoformat(text.upper()).year
    except ValueError:
        return no_moment
    if not YEAR_FIRST <= year <= YEAR_LAST:
        return lazy("expected a year from 1900 to 9000, got %(got)s")
    return None


def quoted(text: str) -> str:
    return f'"{text}"' if len(text) <= 60 else f'"{text[:59]}…"'
