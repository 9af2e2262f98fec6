"""Enrolling a mother in PRADO: pre-registered or met, visited by the adviser, presented with the offer, answering, with a midwife (S0)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import transaction

from maillage.audit.actions import record
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.terms.criteria import Value
from maillage.core.crypto import DecryptionError
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.referrals.advising import count_advice, ways_to_tell
from maillage.referrals.enrolment_files import Mother, mother_of, new_key, sealed, sealed_again
from maillage.referrals.enrolments import Rendered, can_enrol, maternities, rendered
from maillage.referrals.models import Enrolment, EnrolmentCorrection
from maillage.referrals.prado.rules import ANSWERS, MIDWIFE_LONGEST, answer_and_reason, day_problem
from maillage.vault.actions import NoKeyPair
from maillage.vault.store import KeyDestroyed

HOME_HELP = frozenset({"aide_domicile", "home_help"})
"""Keys by which a text names the CAF's home help."""
DESTROYED = "Les données de cette inscription ont été détruites."


@dataclass(frozen=True, slots=True)
class Begun:
    """A new enrolment as its form gives it; `id` comes with the form, `preregistered_on` is None for a mother met at the maternity."""

    id: UUID
    maternity: UUID
    mother: Mother
    preregistered_on: date | None = None


@transaction.atomic
def enrol(*, convention: UUID, begun: Begun, by: Member, at: datetime) -> bool:
    """Open an enrolment under a convention in force that gives PRADO to the member's caisse. False when this form was sent already.

    Raises Refused at `maternity`, `surname`, `given_name` or `preregistered_on`, Convention.DoesNotExist.
    """
    _must_enrol(by)
    under, on = rendered(by, convention, at=at), _day(by, at)
    if not under.is_open:
        raise Refused("Cette convention n’est pas en vigueur : rien ne s’ouvre sous elle.")
    said, known = begun.mother, {one.pk for one in maternities(by, on=on)}
    check(
        [
            Fault("Choisissez une maternité de la liste.", "maternity")
            if begun.maternity not in known
            else None,
            None if said.surname.strip() else Fault("Écrivez son nom.", "surname"),
            None if said.given_name.strip() else Fault("Écrivez son prénom.", "given_name"),
            _fault(begun.preregistered_on, None, on, "", "preregistered_on"),
        ]
    )
    if Enrolment.objects.filter(id=begun.id).exists():
        return False
    try:
        key, wrapped = new_key(by.organisation, convention, begun.id)
    except (KeyDestroyed, DecryptionError) as error:
        raise Refused(
            "La clé de votre organisme pour cette convention manque : prévenez l’exploitant de la plateforme."
        ) from error
    except NoKeyPair as error:
        raise Refused(
            "Votre organisme n’a pas encore de clés sur Maillage : prévenez l’exploitant."
        ) from error
    Enrolment.objects.create(
        id=begun.id,
        organisation_id=by.organisation,
        convention_id=convention,
        maternity_id=begun.maternity,
        preregistered_on=begun.preregistered_on,
        wrapped_key=wrapped,
        sealed=sealed(said, key, begun.id),
        opened_at=at,
        opened_by=by.user,
        changed_at=at,
        changed_by=by.user,
    )
    _told("prado.open", begun.id, by)
    return True


@transaction.atomic
def visit(
    *,
    enrolment: UUID,
    visited_on: date,
    facts: Mapping[str, Value],
    answers: Mapping[str, bool],
    by: Member,
    at: datetime,
) -> Enrolment:
    """Note the adviser's visit and what the conditions of the text read; again until the offer is presented.

    Raises Refused at `visited_on` or `delivered_on`, TransitionRefused once it is presented.
    """
    row, mother = _locked(enrolment, by)
    if row.presented_on is not None:
        raise TransitionRefused
    on, delivered = _day(by, at), facts.get("delivered_on")
    born = delivered if isinstance(delivered, date) else None
    check(
        [
            _fault(visited_on, row.preregistered_on, on, "la préinscription", "visited_on"),
            _fault(born, None, on, "", "delivered_on"),
        ]
    )
    route = _under(row, by, at).judged(facts, answers, on)
    row.visited_on, row.eligible = visited_on, route.verdict.value
    row.sealed = sealed_again(row, mother.with_(facts=dict(facts), answers=dict(answers)))
    _keep(row, ("visited_on", "eligible", "sealed"), by, at)
    _told("prado.visit", row.id, by)
    return row


@transaction.atomic
def present(*, enrolment: UUID, presented_on: date, home_help: bool, by: Member, at: datetime) -> Enrolment:
    """Note that the offer was presented, and whether the CAF's home help was proposed with its guide: that one is counted, nameless.

    Raises Refused at `presented_on`, TransitionRefused unless she is eligible and nobody has noted it.
    """
    row, mother = _locked(enrolment, by)
    if row.eligible != "met" or row.presented_on is not None:
        raise TransitionRefused
    check([_fault(presented_on, row.visited_on, _day(by, at), "la visite", "presented_on")])
    row.presented_on = presented_on
    if home_help:
        row.sealed = sealed_again(row, mother.with_(home_help=True))
    _keep(row, ("presented_on", "sealed"), by, at)
    _told("prado.present", row.id, by)
    if home_help and not any(mother.home_help_before.values()):
        _count_home_help(row, by, at)
    return row


@transaction.atomic
def answer(
    *, enrolment: UUID, given: str, answered_on: date, midwife: str, by: Member, at: datetime
) -> Enrolment:
    """Note what she answers: one of ANSWERS, and the midwife of her choice if she named her already.

    Raises Refused at `given`, `answered_on` or `midwife`, TransitionRefused unless the offer waits for an answer.
    """
    row, mother = _locked(enrolment, by)
    if row.presented_on is None or row.answer:
        raise TransitionRefused
    check([_fault(answered_on, row.presented_on, _day(by, at), "la présentation", "answered_on")])
    try:
        row.answer, row.reason = answer_and_reason(given)
    except KeyError as unknown:
        raise Refused("Dites si elle adhère, ou pourquoi elle refuse.", "given") from unknown
    row.answered_on = answered_on
    if midwife.strip() and row.answer == "refused":
        raise Refused("Une sage-femme ne se note qu’avec une adhésion.", "midwife")
    if midwife.strip():
        _choose(row, mother, midwife)
    _keep(row, ("answer", "reason", "answered_on", "has_midwife", "sealed"), by, at)
    _told("prado.answer", row.id, by)
    return row


@dataclass(frozen=True, slots=True)
class Corrected:
    """What should have been noted: `presented_on` is None where the offer was not presented, `given` empty while she has not answered.

    `home_help`: whether the CAF's help was proposed; None leaves what is noted.
    """

    presented_on: date | None
    given: str = ""
    answered_on: date | None = None
    home_help: bool | None = None


@transaction.atomic
def correct(*, enrolment: UUID, corrected: Corrected, by: Member, at: datetime) -> bool:
    """Correct the presentation, the home help or the answer, by whoever may note them; what was noted before is kept. False when
    nothing changes.

    Without an enrolment the midwife is forgotten; home help is counted once, and stays counted: it names nobody. Raises Refused at
    `presented_on`, `given` or `answered_on`, TransitionRefused while nothing is noted.
    """
    row, mother = _locked(enrolment, by)
    if row.presented_on is None:
        raise TransitionRefused
    check(_wrong(corrected, row, _day(by, at)))
    answer, reason = answer_and_reason(corrected.given) if corrected.given else ("", "")
    answered_on = corrected.answered_on if answer else None
    now_noted = (corrected.presented_on, answer, reason, answered_on)
    said = mother.home_help if corrected.home_help is None else corrected.home_help
    home_help = said and corrected.presented_on is not None
    was_noted = (row.presented_on, row.answer, row.reason, row.answered_on)
    if (now_noted, home_help) == (was_noted, mother.home_help):
        return False
    # What was noted, when it is corrected and by whom are the database's.
    correction = EnrolmentCorrection.objects.create(
        organisation_id=row.organisation_id,
        enrolment=row,
        presented_on=row.presented_on,
        answer=row.answer,
        reason=row.reason,
        answered_on=row.answered_on,
        corrected_at=at,
        corrected_by=by.user,
    )
    row.presented_on, row.answer, row.reason, row.answered_on = now_noted
    row.has_midwife = row.has_midwife and answer == "accepted"
    before = {**mother.home_help_before, str(correction.id): mother.home_help}
    midwife = mother.midwife if row.has_midwife else ""
    row.sealed = sealed_again(
        row, mother.with_(home_help=home_help, home_help_before=before, midwife=midwife)
    )
    _keep(row, ("presented_on", "answer", "reason", "answered_on", "has_midwife", "sealed"), by, at)
    _told("prado.correct", row.id, by)
    if home_help and not any(before.values()):
        _count_home_help(row, by, at)
    return True


def _wrong(said: Corrected, row: Enrolment, on: date) -> list[Fault | None]:
    """What is wrong with a correction, at its field."""
    known = said.given in ("", *ANSWERS)
    follows = said.presented_on is None and bool(said.given)
    undated = bool(said.given) and said.answered_on is None
    return [
        None if known else Fault("Dites si elle adhère, ou pourquoi elle refuse.", "given"),
        Fault("Une réponse suit la présentation : donnez son jour.", "presented_on") if follows else None,
        Fault("Écrivez le jour de sa réponse.", "answered_on") if undated else None,
        _fault(said.presented_on, row.visited_on, on, "la visite", "presented_on"),
        _fault(said.answered_on, said.presented_on, on, "la présentation", "answered_on")
        if said.given
        else None,
    ]


@transaction.atomic
def choose_midwife(*, enrolment: UUID, midwife: str, by: Member, at: datetime) -> Enrolment:
    """Note the midwife of her choice, or another one: the choice is hers (S0 art. 2.1).

    Raises Refused at `midwife`, TransitionRefused unless she enrolled.
    """
    row, mother = _locked(enrolment, by)
    if row.answer != "accepted":
        raise TransitionRefused
    if not midwife.strip():
        raise Refused("Écrivez le nom de la sage-femme, et comment la joindre.", "midwife")
    _choose(row, mother, midwife)
    _keep(row, ("has_midwife", "sealed"), by, at)
    _told("prado.midwife", row.id, by)
    return row


def _choose(row: Enrolment, mother: Mother, midwife: str) -> None:
    if len(midwife) > MIDWIFE_LONGEST:
        raise Refused(f"Écrivez {MIDWIFE_LONGEST} caractères au plus.", "midwife")
    row.has_midwife = True
    row.sealed = sealed_again(row, mother.with_(midwife=midwife.strip()))


def _count_home_help(row: Enrolment, by: Member, at: datetime) -> None:
    """Count it under the text's own way to the home help, where there is one: a token of its own, so that nothing links the two rows."""
    under = _under(row, by, at)
    mine = under.convention.mine
    if mine is None or not under.is_open:
        return
    for route in ways_to_tell(under.terms, party=mine.key, on=_day(by, at)):
        if route.service.key in HOME_HELP:
            count_advice(token=uuid7(), convention=row.convention_id, key=route.key, by=by, at=at)
            return


def _under(row: Enrolment, by: Member, at: datetime) -> Rendered:
    """The convention of an enrolment; its service may have left the text since, and then nothing is judged any more."""
    try:
        return rendered(by, row.convention_id, at=at)
    except Convention.DoesNotExist as gone:
        raise Refused("Le texte de la convention ne prévoit plus PRADO.") from gone


def _locked(enrolment: UUID, by: Member) -> tuple[Enrolment, Mother]:
    _must_enrol(by)
    rows = Enrolment.objects.filter(organisation=by.organisation)
    row = rows.select_for_update(of=("self",)).get(id=enrolment)
    try:
        return row, mother_of(row)
    except KeyDestroyed as error:
        raise Refused(DESTROYED) from error


def _keep(row: Enrolment, fields: tuple[str, ...], by: Member, at: datetime) -> None:
    row.changed_at, row.changed_by = max(at, row.opened_at), by.user
    row.save(update_fields=[*fields, "changed_at", "changed_by"])


def _told(verb: str, enrolment: UUID, by: Member) -> None:
    record(verb=verb, object_type="enrolment", object_ref=enrolment, by=by.user, organisation=by.organisation)


def _must_enrol(by: Member) -> None:
    if not can_enrol(by):
        raise PermissionDenied("Votre rôle ne permet pas d’inscrire une assurée à PRADO.")


def _fault(day: date | None, after: date | None, on: date, what: str, field: str) -> Fault | None:
    problem = day_problem(day, after=after, on=on, what=what) if day is not None else ""
    return Fault(problem, field) if problem else None


def _day(by: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(by.time_zone)).date()
