"""Following credits: open an envelope, give figures one by one or by a table, correct with a reason, log a measure (S1 sheet 12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.commitments.opening import open_signed
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.recording import day_of, new_row, not_in_the_future, own_id
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.text import words_key
from maillage.organisations.member import Member
from maillage.steering.credits.lines import Judged, Line, Outcome, judge
from maillage.steering.credits.models import CreditEnvelope, CreditFigure, RegulationMeasure
from maillage.steering.credits.queries import envelopes, known_amounts
from maillage.steering.credits.rules import FIRST_YEAR, LARGEST, LAST_YEAR, Target


@dataclass(frozen=True, slots=True)
class Given:
    """What a form says of one figure, in cents; month 0 is the objective of the year. `seen` is the amount shown with the form."""

    figure_id: UUID
    year: int
    month: int
    cents: int
    source: str = ""
    reason: str = ""
    seen: int | None = None


@transaction.atomic
def open_envelope(
    *, convention: Convention, envelope_id: UUID, name: str, target: Target, by: Member, at: datetime
) -> CreditEnvelope:
    """Follow one more envelope. Raises Refused at `name` when it has none, or when another bears it."""
    known = open_signed(convention, by)
    new = own_id(envelope_id, by)
    kept = CreditEnvelope.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    key = words_key(name)
    taken = CreditEnvelope.objects.filter(convention=known.row, name_key=key).exists()
    check(
        [
            Fault("Nommez cette enveloppe.", "name") if not key else None,
            Fault("200 caractères au plus.", "name") if len(name) > 200 else None,
            Fault("Une enveloppe porte déjà ce nom.", "name") if key and taken else None,
        ]
    )
    with new_row():
        row = CreditEnvelope.objects.create(
            id=new, convention=known.row, name=name.strip(), name_key=key, target=target, **_signed(by, at)
        )
    _note("credits.envelope_opened", "credit_envelope", row.pk, by)
    return row


@transaction.atomic
def give_figure(
    *, convention: Convention, envelope: UUID, given: Given, by: Member, at: datetime
) -> CreditFigure:
    """Give what a month consumed, or an objective; where one is known already it is a correction, with its reason.

    Raises Refused at `month`, `year`, `amount`, `reason`; as a whole when the figure is not the one that the form showed.
    """
    known = open_signed(convention, by)
    new = own_id(given.figure_id, by)
    kept = CreditFigure.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    row = _envelope(known, envelope)
    former = _counting(row, given.year, given.month)
    if former is not None and given.seen not in {None, former.cents}:
        raise Refused("Quelqu’un a donné ce chiffre avant vous : la page a été rechargée.")
    check(_faults(given, former, day_of(known.row, at)))
    figure = _add(known, row, given, former, new, by=by, at=at)
    _note("credits.figure_corrected" if former else "credits.figure_given", "credit_figure", figure.pk, by)
    return figure


@transaction.atomic
def import_lines(
    *, convention: Convention, lines: Sequence[Line], by: Member, at: datetime
) -> tuple[Judged, ...]:
    """Write every line of a table, or none: raises Refused while one of them is wrong. What is known already is left as it is."""
    known = open_signed(convention, by)
    found = envelopes(known)
    judged = judge(lines, known_amounts(found), [one.name for one in found], day_of(known.row, at))
    if any(one.outcome is Outcome.WRONG for one in judged) or not judged:
        raise Refused("Rien n’a été écrit : corrigez d’abord les lignes en rouge.", "lines")
    rows = {row.name_key: row for row in CreditEnvelope.objects.filter(convention=known.row).order_by("id")}
    counting = {
        (words_key(one.name), year, month): figure.id
        for one in found
        for (year, month), figure in one.counting.items()
    }
    for one in judged:
        if one.outcome is Outcome.SAME:
            continue
        line = one.line
        given = Given(uuid7(), line.year, line.month, line.cents, line.source, line.reason)
        former = counting.get(line.key)
        _add(known, rows[line.key[0]], given, former, given.figure_id, by=by, at=at)
    _note("credits.table_imported", "convention", known.id, by)
    return judged


@transaction.atomic
def log_measure(
    *,
    convention: Convention,
    envelope: UUID,
    measure_id: UUID,
    day: date,
    what: str,
    cents: int | None,
    by: Member,
    at: datetime,
) -> RegulationMeasure:
    """Say what was decided to keep to the objective. Raises Refused at `day`, `what`, `amount`."""
    known = open_signed(convention, by)
    new = own_id(measure_id, by)
    kept = RegulationMeasure.objects.filter(pk=new, convention=known.row).first()
    if kept is not None:
        return kept
    row = _envelope(known, envelope)
    check(
        [
            not_in_the_future(day, day_of(known.row, at), "day"),
            Fault("Dites quelle est cette mesure.", "what") if not what.strip() else None,
            Fault("1 000 caractères au plus.", "what") if len(what) > 1000 else None,
            Fault("Ce montant est trop grand : vérifiez-le.", "amount")
            if abs(cents or 0) > LARGEST
            else None,
        ]
    )
    with new_row():
        measure = RegulationMeasure.objects.create(
            id=new,
            convention=known.row,
            envelope=row,
            day=day,
            what=what.strip(),
            cents=cents,
            **_signed(by, at),
        )
    _note("credits.measure_logged", "regulation_measure", measure.pk, by)
    return measure


def _envelope(known: LoadedConvention, envelope: UUID) -> CreditEnvelope:
    row = CreditEnvelope.objects.filter(pk=envelope, convention=known.row).first()
    if row is None:
        raise Refused("Cette enveloppe n’existe pas.")
    return row


def _counting(row: CreditEnvelope, year: int, month: int) -> CreditFigure | None:
    """The figure that counts: the one that no other corrects."""
    figures = CreditFigure.objects.filter(envelope=row, year=year, month=month)
    replaced = figures.exclude(corrects=None).values("corrects")
    return figures.exclude(pk__in=replaced).order_by("-recorded_at", "-id").first()


def _faults(given: Given, former: CreditFigure | None, on: date) -> list[Fault | None]:
    ahead = given.month and (given.year, given.month) > (on.year, on.month)
    known = "Ce chiffre est déjà connu : dites pourquoi il change, l’ancien reste lisible."
    return [
        Fault(f"Écrivez une année de {FIRST_YEAR} à {LAST_YEAR}.", "year")
        if not FIRST_YEAR <= given.year <= LAST_YEAR
        else None,
        Fault("Choisissez un mois.", "month") if given.month not in range(13) else None,
        Fault("Ce mois n’a pas commencé : il n’a rien consommé.", "month") if ahead else None,
        Fault("Ce montant est trop grand : vérifiez-le.", "amount") if abs(given.cents) > LARGEST else None,
        Fault("Un objectif est un montant positif.", "amount")
        if not given.month and given.cents <= 0
        else None,
        Fault("200 caractères au plus.", "source") if len(given.source) > 200 else None,
        Fault("400 caractères au plus.", "reason") if len(given.reason) > 400 else None,
        Fault(known, "reason") if former is not None and not given.reason.strip() else None,
        Fault("C’est déjà le montant connu.", "amount")
        if former is not None and former.cents == given.cents
        else None,
    ]


def _add(
    known: LoadedConvention,
    row: CreditEnvelope,
    given: Given,
    former: CreditFigure | UUID | None,
    new: UUID,
    *,
    by: Member,
    at: datetime,
) -> CreditFigure:
    with new_row():
        return CreditFigure.objects.create(
            id=new,
            convention=known.row,
            envelope=row,
            year=given.year,
            month=given.month,
            cents=given.cents,
            source=given.source.strip(),
            corrects_id=former.pk if isinstance(former, CreditFigure) else former,
            reason=given.reason.strip() if former else "",
            **_signed(by, at),
        )


def _signed(by: Member, at: datetime) -> dict[str, object]:
    return {"recorded_at": at, "recorded_by": by.user, "recorded_for_id": by.organisation}


def _note(verb: str, what: str, which: UUID, by: Member) -> None:
    record(verb=verb, object_type=what, object_ref=which, by=by.user, organisation=by.organisation)
