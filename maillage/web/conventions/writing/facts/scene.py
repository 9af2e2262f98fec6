"""What the forms of facts need to know of a convention: its text and facts of the day, in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.text import capfirst

from maillage.conventions.lifecycle.actions import readings_of
from maillage.conventions.lifecycle.facts import ExitRow
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Delivery, Event
from maillage.conventions.lifecycle.reading import remaining, retained
from maillage.conventions.lifecycle.record import Record
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.registered import exits_of, owed_by
from maillage.conventions.lifecycle.states import State
from maillage.conventions.lifecycle.terminations import last_days_to_comply
from maillage.conventions.terms import Terms
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.duration import (
    ExitClause,
    FormalNotice,
    GroundsTermination,
    ImmediateTermination,
)
from maillage.web.conventions.reading.key_dates import open_readings
from maillage.web.conventions.reading.known import Known
from maillage.web.conventions.reading.values import Names
from maillage.web.presentation.dates import long_date


@dataclass(frozen=True)
class Scene:
    """A convention as one member records facts of it, on one day."""

    base: Known

    @property
    def known(self) -> LoadedConvention:
        """The convention with its rows."""
        return self.base.convention

    @property
    def text(self) -> Terms:
        """The text of the day."""
        return self.base.terms

    @property
    def names(self) -> Names:
        """The names of its parties."""
        return self.base.names

    @property
    def on(self) -> date:
        """The day."""
        return self.base.on

    @property
    def binds(self) -> bool:
        """Whether it is signed and has not ended."""
        return self.known.row.state in {State.SIGNED, State.IN_FORCE}

    @property
    def mine(self) -> str:
        """The key of the member's own party."""
        return self.known.mine.key if self.known.mine else ""

    @property
    def others(self) -> list[tuple[str, str]]:
        """The other parties, key and name."""
        return [(one.key, one.name) for one in self.known.signatories if one.key != self.mine]

    def notices(self) -> list[Event]:
        """The formal notices that nobody has answered, oldest first."""
        answered = {
            str(row.detail.get("notice")) for row in self.known.recorded if row.kind == RecordedKind.COMPLIED
        }
        return [
            row
            for row in self.known.recorded
            if row.kind == RecordedKind.FORMAL_NOTICE and str(row.pk) not in answered
        ]

    def last_day_to_comply(self, row: Event) -> date | None:
        """The last day that a formal notice leaves, under the reading that ends first; None while it is not known."""
        clause = next((one for one in exits_of(self.text) if one.name == row.detail.get("clause")), None)
        if not isinstance(clause, FormalNotice):
            return None
        chosen = retained(Record(self.known.events, self.on))
        variants = [one.clause for one in remaining(clause.name, clause, chosen)]
        found = [
            day
            for letter in row.deliveries.all()
            for day in last_days_to_comply(variants, _days_of(letter), self.known.departement)
        ]
        return min(found, default=None)

    def expired_notices(self) -> list[Event]:
        """The formal notices whose delay has passed and on which the member's own party may decide."""
        return [
            row
            for row in self.notices()
            if row.detail.get("addressee") != self.mine
            and (last := self.last_day_to_comply(row)) is not None
            and last < self.on
        ]


def _days_of(letter: Delivery) -> dict[str, date]:
    """The days of a letter that are known, by what a delay may count from."""
    days = {
        "sending": letter.sent_on,
        "first_presentation": letter.presented_on,
        "receipt": letter.received_on,
    }
    return {name: day for name, day in days.items() if day is not None}


def notice_words(scene: Scene, row: Event) -> str:
    """« 14 novembre 2024, à CCAS : transmettre le bilan »."""
    addressee = str(row.detail.get("addressee", ""))
    what = owed_by(scene.text, addressee).get(str(row.detail.get("commitment")), "")
    return f"{long_date(row.day)}, à {scene.names.of(addressee)} : {short(what)}"


def grounds_of(text: Terms) -> list[ImmediateTermination | GroundsTermination]:
    """The exits that name their grounds."""
    return [one for one in exits_of(text) if isinstance(one, ImmediateTermination | GroundsTermination)]


def clause_choices(found: Iterable[ExitClause]) -> list[tuple[str, str]]:
    """Exits by name, with their article and their words."""
    return [(one.name, f"{capfirst(article_named(one.article))} : {one.quote or one.name}") for one in found]


def readings_offered(scene: Scene) -> Mapping[str, tuple[str, list[tuple[str, str]]]]:
    """For each ambiguous clause its heading, and each reading with the dates that it gives."""
    names = readings_of(scene.text)
    days = {
        (row.name, row.reading): said
        for each in scene.base.facts.each()
        for row in each.exits
        if (said := _days(row))
    }
    return {
        one.clause: (
            f"{one.title} ({one.article})",
            [
                (
                    name,
                    f"{line.name} : {said}"
                    if (said := days.get((one.clause, name), line.outcome))
                    else line.name,
                )
                for name, line in zip(names[one.clause], one.lines, strict=True)
            ],
        )
        for one in open_readings(scene.base)
        if one.clause in names
    }


def _days(row: ExitRow) -> str:
    """« du 24 juillet 2027 au 23 octobre 2027 », « au plus tard le 24 juillet 2027 »."""
    if row.first_day and row.last_day:
        return f"du {long_date(row.first_day)} au {long_date(row.last_day)}"
    return f"au plus tard le {long_date(row.last_day)}" if row.last_day else ""


def short(text: str) -> str:
    """The beginning of a clause, to choose it in a list."""
    return text if len(text) <= 140 else f"{text[:137].rstrip()}…"
