"""The papers of a request, drawn from one's own cases when they are asked for, journalled, and kept nowhere."""

from datetime import datetime

from maillage.conventions.terms.protection import DataRight
from maillage.core.refusals import Refused
from maillage.documents.composition import Letter
from maillage.organisations.member import Member
from maillage.protection.requests.begun import ANSWERED, begun_in, sent_since
from maillage.protection.requests.begun_rules import BegunKind, keys_in
from maillage.protection.requests.collecting import collect
from maillage.protection.requests.contact_rules import Contact
from maillage.protection.requests.contacts import contacts_in
from maillage.protection.requests.deciding import require_found, said_of
from maillage.protection.requests.held import HeldCase, held_contacts
from maillage.protection.requests.held_begun import held_begun
from maillage.protection.requests.letters import (
    About,
    answer_letter,
    extension_letter,
    lifting_letter,
    refusal_letter,
)
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.queries import parts_of
from maillage.protection.requests.receiving import day_of, require_follower, who_asks
from maillage.protection.requests.restricting import restrictions_of
from maillage.protection.requests.rules import Outcome, Said, Subject
from maillage.protection.requests.saying import tell_journal
from maillage.protection.requests.states import State


def held_for(file: RequestFile, *, by: Member, at: datetime) -> list[HeldCase]:
    """All that one's organisation holds about her. Raises PermissionDenied, Refused until she is recognised and looked for."""
    require_follower(by)
    require_found(file)
    tell_journal("draw", file.request_id, by, fields=("identity",))
    return [
        *collect(sorted({*file.cases, *sent_since(file.begun)}), by=by, at=at),
        *held_begun(begun_in(by, file.begun, why=ANSWERED), by),
        *held_contacts(contacts_in(by, file.contacts, at)),
    ]


def portable_for(file: RequestFile, *, by: Member, at: datetime) -> list[Contact]:
    """What she gave of herself as a contact, where that right was asked and not refused. Raises PermissionDenied, Refused."""
    require_follower(by)
    require_found(file)
    known = {one.right: one.outcome for one in said_of(file)}
    if (
        DataRight.PORTABILITY.value not in file.request.rights
        or known.get(DataRight.PORTABILITY, Outcome.GRANTED) != Outcome.GRANTED
    ):
        raise Refused("La portabilité n’est pas demandée, ou elle est refusée.")
    if not file.contacts:
        raise Refused("Dites d’abord quels contacts sont la personne.")
    tell_journal("draw", file.request_id, by, fields=("contacts",))
    return contacts_in(by, file.contacts, at)


def letter_for(file: RequestFile, *, by: Member, at: datetime) -> Letter:
    """The letter that the file allows now: a refusal, an answer; a longer delay while it is not answered.

    Raises PermissionDenied, Refused.
    """
    require_follower(by)
    request, about = file.request, _about(file, by, at)
    if file.state == State.REFUSED:
        written = refusal_letter(about, said_of(file) or _before_each(file))
    elif file.state in (State.ANSWERED, State.NOTHING):
        enrolled = len(keys_in(file.begun, BegunKind.ENROLMENT))
        written = answer_letter(
            about,
            len(file.cases),
            said_of(file),
            len(file.contacts),
            begun=len(file.begun) - enrolled,
            enrolled=enrolled,
        )
    elif request.extended_on is not None and request.organisation_id == by.organisation:
        written = extension_letter(about, due=request.due_on, reason=request.extension_reason)
    else:
        raise Refused("Répondez d’abord à la demande : la lettre le dira.")
    tell_journal("print", file.request_id, by, fields=("identity",))
    return written


def _before_each(file: RequestFile) -> list[Said]:
    """Of a file refused before each right had its own answer: the one of the whole."""
    return [Said(DataRight.of(one), Outcome.REFUSED, file.ground, file.words) for one in file.request.rights]


def lifting_letter_for(file: RequestFile, *, by: Member, at: datetime) -> Letter:
    """What tells the person that her cases are about to be used again (GDPR art. 18.3). Raises PermissionDenied, Refused."""
    require_follower(by)
    if not restrictions_of(file, by):
        raise Refused("Aucun de ses dossiers n’est limité par votre organisme.")
    tell_journal("print", file.request_id, by, fields=("identity",))
    return lifting_letter(_about(file, by, at))


def _about(file: RequestFile, by: Member, at: datetime) -> About:
    request = file.request
    others = (one.organisation.name for one in parts_of(request) if one.organisation_id != by.organisation)
    return About(
        sender=by.organisation_name,
        person=who_asks(file, by, why="lettre à la personne"),
        reference=reference(request.pk),
        rights=tuple(DataRight.of(one) for one in request.rights),
        received_on=request.received_on,
        written_on=day_of(by, at),
        others=tuple(others),
        of_contact=request.subject == Subject.CONTACT,
        begun_searched=file.begun_searched,
    )
