"""The yearly sheet of a convention: where it stands, the newest answer to each question, who gave the ones before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from maillage.conventions.terms.steering import AnswerKind, Indicator
from maillage.indicators.figures import Answer, Place, Year
from maillage.indicators.sheets.models import YearAnswer, YearCounts, YearSheet
from maillage.indicators.sheets.rules import Said, value_of
from maillage.indicators.sheets.states import State
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet as it stands; `row` is None before its first answer. `said`: the newest answer at each place."""

    row: YearSheet | None
    said: Mapping[Place, YearAnswer] = field(default_factory=dict)

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state) if self.row else State.FILLING

    @property
    def amounts(self) -> Mapping[str, int] | None:
        """What Maillage had counted when it was validated; None before, and for whoever row security keeps from it."""
        found: YearCounts | None = getattr(self.row, "counts", None)
        return found.amounts if found else None

    def revision(self, place: Place) -> int:
        """How many times this place was answered."""
        found = self.said.get(place)
        return found.revision if found else 0

    def answers(self, asked: Iterable[Indicator], *, few: bool = True) -> dict[Place, Answer]:
        """What was said, as figures are made of it; without `few`, what counts a few people is left out."""
        kinds = {one.key: one.answer for one in asked}
        return {
            place: answer_of(kinds[place[0]], row)
            for place, row in self.said.items()
            if place[0] in kinds and (few or not row.is_few)
        }


def said_in(row: YearAnswer) -> Said:
    """An answer as it was given."""
    return Said(row.number, row.words, row.count, row.over, row.comment, row.why)


def answer_of(kind: AnswerKind, row: YearAnswer) -> Answer:
    """An answer as a figure takes it."""
    return Answer(value_of(kind, said_in(row)), row.comment, row.count, row.over, row.why)


def sheet_of(convention: UUID, year: Year) -> Filled:
    """The sheet of a convention for a year, in two questions; what nobody began is empty."""
    return sheets_of(convention, (year,))[year]


def sheets_of(convention: UUID, years: Iterable[Year]) -> dict[Year, Filled]:
    """The same for several years, in two questions too."""
    wanted = tuple(years)
    rows = YearSheet.objects.filter(convention=convention, year__in=[one.number for one in wanted])
    begun = {row.year: row for row in rows.select_related("counts").order_by("year")}
    said: dict[UUID, dict[Place, YearAnswer]] = {row.id: {} for row in begun.values()}
    if begun:
        newest = YearAnswer.objects.filter(sheet__in=list(said)).select_related("said_for")
        places = ("sheet", "question", "part")
        for one in newest.order_by(*places, "-revision").distinct(*places):
            said[one.sheet_id][one.question, one.part] = one
    return {
        year: Filled(begun[year.number], said[begun[year.number].id])
        if year.number in begun
        else Filled(None)
        for year in wanted
    }


def history(convention: UUID, year: Year, place: Place) -> list[YearAnswer]:
    """All that was said at one place, the newest first."""
    rows = YearAnswer.objects.filter(sheet__convention=convention, sheet__year=year.number)
    return list(
        rows.filter(question=place[0], part=place[1]).select_related("said_for").order_by("-revision")
    )


def to_check(member: Member, most: int = 50) -> list[YearSheet]:
    """The sheets handed over to the member's organisation, the oldest first."""
    rows = YearSheet.objects.filter(state=State.SUBMITTED, convention__drafted_by=member.organisation)
    return list(rows.select_related("convention").order_by("submitted_at", "id")[:most])
