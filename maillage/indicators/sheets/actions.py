"""Answering the questions of a year, handing the sheet over, giving it back, validating it. Each: policy, change, journal, outbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import IntegrityError, transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, lock_and_load, require
from maillage.conventions.terms.steering import Indicator
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused
from maillage.indicators.asking import asked_in
from maillage.indicators.counting import reads_exactly
from maillage.indicators.figures import Place, Year
from maillage.indicators.sheets.models import YearAnswer, YearSheet
from maillage.indicators.sheets.notifications import tell_given_back, tell_submitted
from maillage.indicators.sheets.policies import can_answer, can_check
from maillage.indicators.sheets.queries import Filled, said_in, sheet_of
from maillage.indicators.sheets.rules import LONGEST_COMMENT, Said, faults_of, is_few
from maillage.indicators.sheets.states import TRANSITIONS, State
from maillage.indicators.years import years_of
from maillage.organisations.member import Member

BEFORE_YOU: Final = (
    "Quelqu’un a répondu avant vous : sa réponse est au-dessus, la vôtre est restée dans le champ."
)
UNREAD: Final = "Une autre partie a répondu à une de ces questions, et votre organisme ne lit pas ce nombre."
_NO_LONGER: Final = {
    State.SUBMITTED: "La fiche est transmise : elle se remplit de nouveau quand elle est rendue.",
    State.VALIDATED: "La fiche est validée : ses chiffres ne changent plus.",
}


@dataclass(frozen=True, slots=True)
class Given:
    """An answer at one place, and how many times that place had been answered when its form was shown."""

    place: Place
    said: Said
    revision: int = 0


@transaction.atomic
def answer(
    *, convention: Convention, year: Year, given: Sequence[Given], by: Member, at: datetime
) -> YearSheet | None:
    """Write the answers that differ from the newest ones; the first one begins the sheet. None when nothing changed.

    Raises PermissionDenied; Refused, its fields « question-part-field », when an answer is wrong, when somebody answered meanwhile,
    when the sheet is no longer being filled, or as a whole for a year that is none of the convention's.
    """
    known = _opened(convention, year, by, at)
    require(can_answer(by, known))
    filled = sheet_of(known.id, year)
    if filled.state in _NO_LONGER:
        raise Refused(_NO_LONGER[filled.state])
    asked = {one.key: one for one in asked_in(known, year, day_of(known.row, at))}
    changed = [one for one in given if not _is_kept(filled, one)]
    faults = [fault for one in changed for fault in _faults(asked, filled, one)]
    if faults:
        raise Refused.because(faults)
    if not changed:
        return filled.row
    row = filled.row or _begin(known, year, by, at)
    try:
        with transaction.atomic():
            YearAnswer.objects.bulk_create(
                [_answer(row, one, asked[one.place[0]], by, at) for one in changed]
            )
    except (
        IntegrityError
    ) as error:  # the same place, in another window, or an answer that this body does not read
        raise Refused(BEFORE_YOU if reads_exactly(known.id) else UNREAD) from error
    _record("year.answered", row, by)
    return row


def _opened(convention: Convention, year: Year, by: Member, at: datetime) -> LoadedConvention:
    known = lock_and_load(convention)
    require(known.mine is not None and known.mine.signs)
    if year not in years_of(known, day_of(known.row, at)):
        raise Refused(f"La convention n’était pas en vigueur en {year.number}.")
    del by
    return known


def _is_kept(filled: Filled, given: Given) -> bool:
    """Whether the answer says nothing new: what it says is there already, or there is nothing and it says nothing."""
    found = filled.said.get(given.place)
    return given.said == (said_in(found) if found else Said())


def _faults(asked: Mapping[str, Indicator], filled: Filled, given: Given) -> list[Fault]:
    question, part = given.place
    indicator = asked.get(question)
    if indicator is None or part not in ({one.key for one in indicator.parts} or {""}):
        return [Fault("Cette question n’est pas dans le texte.")]
    if filled.revision(given.place) != given.revision:
        return [Fault(BEFORE_YOU, f"{question}-{part}-value")]
    return [
        Fault(one.message, f"{question}-{part}-{one.field}", indicator.article)
        for one in faults_of(indicator, given.said)
    ]


def _begin(known: LoadedConvention, year: Year, by: Member, at: datetime) -> YearSheet:
    return YearSheet.objects.create(convention=known.row, year=year.number, begun_at=at, begun_by=by.user)


def _answer(row: YearSheet, given: Given, asked: Indicator, by: Member, at: datetime) -> YearAnswer:
    said = given.said
    return YearAnswer(
        sheet=row,
        convention_id=row.convention_id,
        question=given.place[0],
        part=given.place[1],
        revision=given.revision + 1,
        number=said.number,
        words=said.words.strip(),
        count=said.count,
        over=said.over,
        comment=said.comment.strip(),
        why=said.why.strip(),
        is_few=is_few(asked, given.place[1], said),
        said_at=at,
        said_by=by.user,
        said_for_id=by.organisation,
    )


@transaction.atomic
def submit(*, convention: Convention, year: Year, by: Member, at: datetime) -> YearSheet:
    """Hand the sheet to whoever holds the convention, who is told. Raises PermissionDenied, Refused, TransitionRefused."""
    known = _opened(convention, year, by, at)
    require(can_answer(by, known))
    row = sheet_of(known.id, year).row or _begin(known, year, by, at)
    move(row, TRANSITIONS, "submit", submitted_at=at, submitted_by=by.user, back_reason="")
    _record("year.submitted", row, by)
    tell_submitted(known, row, by=by, at=at)
    return row


@transaction.atomic
def give_back(*, convention: Convention, year: Year, reason: str, by: Member, at: datetime) -> YearSheet:
    """Give a handed sheet back to be completed, with the reason. Raises PermissionDenied, Refused at `reason`, TransitionRefused."""
    known, row = _back("give_back", convention, year, reason=reason, by=by, at=at)
    _record("year.given_back", row, by)
    tell_given_back(known, row, by=by, at=at)
    return row


@transaction.atomic
def reopen(*, convention: Convention, year: Year, reason: str, by: Member, at: datetime) -> YearSheet:
    """Open a validated sheet again, with the reason: its figures move until it is validated anew. Raises as `give_back`."""
    known, row = _back("reopen", convention, year, reason=reason, by=by, at=at)
    _record("year.reopened", row, by)
    tell_given_back(known, row, by=by, at=at)
    return row


def _back(
    verb: str, convention: Convention, year: Year, *, reason: str, by: Member, at: datetime
) -> tuple[LoadedConvention, YearSheet]:
    known = _opened(convention, year, by, at)
    require(can_check(by, known))
    said = reason.strip()
    if not said or len(said) > LONGEST_COMMENT:
        raise Refused("Dites pourquoi, en 1 000 caractères au plus.", "reason")
    row = _existing(known, year)
    move(row, TRANSITIONS, verb, back_reason=said, validated_at=None, validated_by=None)
    return known, row


@transaction.atomic
def validate(*, convention: Convention, year: Year, by: Member, at: datetime) -> YearSheet:
    """Fix the figures of a year that is over: what was said, and what Maillage counted that day (trigger `frozen`).

    Raises PermissionDenied; Refused for a year that still runs; TransitionRefused.
    """
    known = _opened(convention, year, by, at)
    require(can_check(by, known))
    if day_of(known.row, at) < year.until:
        raise Refused(f"L’année {year.number} n’est pas finie : ses chiffres bougent encore.")
    row = sheet_of(known.id, year).row or _begin(known, year, by, at)
    move(row, TRANSITIONS, "validate", validated_at=at, validated_by=by.user, back_reason="")
    _record("year.validated", row, by)
    return row


def _existing(known: LoadedConvention, year: Year) -> YearSheet:
    row = sheet_of(known.id, year).row
    if row is None:
        raise Refused("Personne n’a encore rempli cette fiche.")
    return row


def _record(verb: str, row: YearSheet, by: Member) -> None:
    record(verb=verb, object_type="year", object_ref=row.pk, by=by.user, organisation=by.organisation)
