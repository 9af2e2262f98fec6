"""Calling on the referents of another party, and answering. Each action: policy, check, row, journal, outbox."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from maillage.audit.actions import record
from maillage.beneficiaries.queries import names_followed
from maillage.cases.following import running
from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.cases.queries import visible_to as participations_of
from maillage.conventions.lifecycle.loaded import LoadedConvention, PartyRow
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.recording import (
    day_of,
    lock_and_load,
    new_row,
    not_in_the_future,
    own_id,
    require,
)
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.notifications import tell_of
from maillage.conventions.solicitations.policies import can_answer, can_ask, can_ask_progress, can_withdraw
from maillage.conventions.solicitations.rules import (
    MEANS,
    Called,
    Way,
    due_on,
    open_to,
    text_problem,
)
from maillage.core import crypto
from maillage.core.refusals import Fault, Refused, check
from maillage.exchange import detector
from maillage.organisations.member import Member


@dataclass(frozen=True, slots=True)
class Question:
    """A question about nobody, as a form gives it. `question_id` comes with the form; `party` is the key of who is asked."""

    question_id: UUID
    party: str
    way: str
    text: str


@dataclass(frozen=True, slots=True)
class ProgressQuestion:
    """A question about a case, with the person's agreement: the day, how, and who gathered it, by function."""

    question_id: UUID
    text: str
    agreed_on: date
    agreement_means: str
    agreement_by: str


def callable_parties(known: LoadedConvention, on: date) -> tuple[Called, ...]:
    """The parties that one's own may call on, among those that have a body here."""
    mine = known.mine.key if known.mine and known.mine.signs else ""
    bodies = {party.key for party in known.signatories}
    return tuple(one for one in open_to(known.readable(on).referents, mine) if mine and one.party in bodies)


@transaction.atomic
def ask(*, convention: Convention, question: Question, by: Member, at: datetime) -> Solicitation:
    """Ask for information, or for the right service: nobody's situation. Raises `Refused` at `party`, `way`, `text`."""
    known = lock_and_load(convention)
    require(can_ask(by, known))
    again = _kept(question.question_id, by)
    if again is not None:
        return again
    on = day_of(known.row, at)
    _must_run(known, at)
    called = next((one for one in callable_parties(known, on) if one.party == question.party), None)
    plain = [way.value for way in called.ways if not way.is_personal] if called else []
    problem = text_problem(question.text) or _personal_problem(question.text, convention.pk, by)
    check(
        [
            None
            if called
            else Fault("Choisissez l’une des parties que le texte permet de solliciter.", "party"),
            None if question.way in plain else Fault("Choisissez ce que vous demandez.", "way"),
            Fault(problem, "text") if problem else None,
        ]
    )
    assert called is not None  # noqa: S101 - checked above
    return _keep(
        known,
        called,
        {"way": question.way, "question": question.text.strip()},
        question.question_id,
        by=by,
        at=at,
    )


@transaction.atomic
def ask_progress(*, case: UUID, question: ProgressQuestion, by: Member, at: datetime) -> Solicitation:
    """Ask where a case stands, of the party that one shares it with, with the person's agreement.

    Only whoever follows the case asks. Raises Participation.DoesNotExist where one's organisation takes no part,
    PermissionDenied to whoever does not follow it, `Refused` at `text`, `agreed_on`, `agreement_means`, `agreement_by`.
    """
    part = participations_of(by).select_related("case").get(case_id=case)
    require(
        can_ask_progress(by) and follows(by, case), "Prenez ce dossier en suivi pour solliciter un référent."
    )
    again = _kept(question.question_id, by)
    if again is not None:
        return again
    known = load(Convention.objects.get(pk=part.convention_id))
    on = day_of(known.row, at)
    _must_run(known, at)
    called = called_for(known, part, on)
    if called is None:
        raise Refused("Le texte ne permet pas de demander l’avancement de ce dossier à cet organisme.")
    problem = text_problem(question.text)
    check(
        [
            Fault(problem, "text") if problem else None,
            not_in_the_future(question.agreed_on, on, "agreed_on"),
            None
            if question.agreement_means in MEANS
            else Fault("Dites comment l’accord a été donné.", "agreement_means"),
            None
            if question.agreement_by.strip() and len(question.agreement_by) <= 200
            else Fault(
                "Dites la fonction de qui a recueilli l’accord, en 200 caractères au plus.", "agreement_by"
            ),
        ]
    )
    new = own_id(question.question_id, by)
    values = {
        "way": Way.PROGRESS.value,
        "case_id": case,
        "sealed_question": _sealed(part, question.text.strip(), new, "sealed_question"),
        "agreed_on": question.agreed_on,
        "agreement_means": question.agreement_means,
        "agreement_by": question.agreement_by.strip(),
    }
    return _keep(known, called, values, question.question_id, by=by, at=at)


@transaction.atomic
def answer(*, solicitation: UUID, text: str, by: Member, at: datetime) -> Solicitation:
    """Answer once; the caller is told. About a case, whoever follows it answers, and the answer is sealed with its key.

    Raises Solicitation.DoesNotExist, PermissionDenied, `Refused` at `text` or when somebody has just answered.
    """
    row = Solicitation.objects.select_related("convention").get(pk=solicitation)
    require(can_answer(by, row))
    if row.case_id and not follows(by, row.case_id):
        raise PermissionDenied("Prenez ce dossier en suivi pour répondre.")
    problem = text_problem(text) or (None if row.case_id else _personal_problem(text, row.convention_id, by))
    check([Fault(problem, "text") if problem else None])
    said: dict[str, object] = {"answer": text.strip()}
    if row.case_id:
        part = participations_of(by).get(case_id=row.case_id)
        said = {"sealed_answer": _sealed(part, text.strip(), row.pk, "sealed_answer")}
    open_ones = Solicitation.objects.filter(pk=row.pk, answered_at=None, withdrawn_at=None)
    if not open_ones.update(answered_at=at, answered_by=by.user, **said):
        raise Refused("Quelqu’un vient de répondre, ou la question est retirée : la page a été rechargée.")
    record(
        verb="referent_answer",
        object_type="solicitation",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    on = day_of(row.convention, at)
    tell_of("referent_answered", row.pk, convention=row.convention_id, to=row.caller_id, on=on)
    row.refresh_from_db()
    return row


@transaction.atomic
def withdraw(*, solicitation: UUID, by: Member, at: datetime) -> Solicitation:
    """Take back a question that has no answer yet: it awaits nothing any more, its addressee is told, both sides may read it.

    Raises Solicitation.DoesNotExist, PermissionDenied, `Refused` when it was answered or taken back meanwhile.
    """
    row = Solicitation.objects.select_related("convention").get(pk=solicitation)
    require(can_withdraw(by, row))
    with connection.cursor() as cursor:
        cursor.execute("SELECT withdraw_solicitation(%s)", [row.pk])
        if not cursor.fetchone()[0]:
            raise Refused("Cette question a sa réponse, ou est déjà retirée : la page a été rechargée.")
    record(
        verb="referent_withdraw",
        object_type="solicitation",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    on = day_of(row.convention, at)
    tell_of("referent_withdrawn", row.pk, convention=row.convention_id, to=row.called_id, on=on)
    row.refresh_from_db()
    return row


def called_for(known: LoadedConvention, part: Participation, on: date) -> Called | None:
    """Whom to ask where a case stands: the party on its other side, where the text opens that way."""
    case = part.case
    other = case.caisse_id if case.sender_id == part.organisation_id else case.sender_id
    for one in callable_parties(known, on):
        body = known.party(one.party)
        if body is not None and body.organisation == other and Way.PROGRESS in one.ways:
            return one
    return None


def follows(member: Member, case: UUID) -> bool:
    """Whether she follows the case: consulting it for a day is not enough to ask or to answer."""
    return running(member).filter(case_id=case, user_id=member.user, until__isnull=True).exists()


def _personal_problem(text: str, convention: UUID, by: Member) -> str | None:
    known = [detector.Name(*name) for name in names_followed(by, convention)]
    return detector.problem(text, known)


def sealed_place(solicitation: UUID, column: str) -> bytes:
    """Where an encrypted question or answer belongs."""
    return crypto.place("conventions_solicitation", column, solicitation)


def _sealed(part: Participation, text: str, solicitation: UUID, column: str) -> bytes:
    key = keys_of([part]).get(part.case_id)
    if key is None:
        raise Refused("Les données de ce dossier ont été détruites.")
    return crypto.encrypt(key, text.encode(), at=sealed_place(solicitation, column))


def _kept(question_id: UUID, by: Member) -> Solicitation | None:
    return Solicitation.objects.filter(pk=own_id(question_id, by)).first()


def _must_run(known: LoadedConvention, at: datetime) -> None:
    during = known.row.in_force
    if known.row.state != "in_force" or during is None or at not in during:
        raise Refused("La convention n’est pas en vigueur : elle n’ouvre pas de sollicitation.")


def _keep(
    known: LoadedConvention,
    called: Called,
    values: dict[str, object],
    token: UUID,
    *,
    by: Member,
    at: datetime,
) -> Solicitation:
    body: PartyRow | None = known.party(called.party)
    assert body is not None  # noqa: S101 - `callable_parties` keeps those that have one
    on = day_of(known.row, at)
    with new_row():
        row = Solicitation.objects.create(
            id=own_id(token, by),
            convention=known.row,
            article=called.article,
            caller_id=by.organisation,
            called_id=body.organisation,
            called_key=called.party,
            asked_at=at,
            asked_by=by.user,
            due_on=due_on(on),
            **values,
        )
    record(
        verb="referent_solicit",
        object_type="solicitation",
        object_ref=row.pk,
        by=by.user,
        organisation=by.organisation,
    )
    tell_of("referent_called", row.pk, convention=known.id, to=body.organisation, on=on)
    return row
