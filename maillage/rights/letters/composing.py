"""The letter that an application allows now, from what a member may read of it; each printing is journalled."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from maillage.audit.actions import record
from maillage.core.calendar import DAY
from maillage.core.refusals import Refused
from maillage.documents.composition import Letter
from maillage.documents.letters import Correspondent
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.referrals.references import reference
from maillage.rights.acting import local
from maillage.rights.declared.rights import Piece, Right, rights
from maillage.rights.due import course_of, due_of, terms_for
from maillage.rights.letters.appeals import appeal_for
from maillage.rights.letters.writing import (
    About,
    Granted,
    acknowledgement,
    granted,
    refused,
    request_for_pieces,
)
from maillage.rights.models import PieceRequest
from maillage.rights.queries import File
from maillage.rights.rules import REFUSAL_REASONS
from maillage.rights.states import State


class Kind(StrEnum):
    """A letter about an application."""

    ACKNOWLEDGEMENT = "acknowledgement"
    PIECES = "pieces"
    DECISION = "decision"


LABELS: Final[dict[Kind, str]] = {
    Kind.ACKNOWLEDGEMENT: "Accusé de réception",
    Kind.PIECES: "Demande de pièces",
    Kind.DECISION: "Décision",
}
SLUGS: Final[dict[str, Kind]] = {
    "accuse": Kind.ACKNOWLEDGEMENT,
    "pieces": Kind.PIECES,
    "decision": Kind.DECISION,
}


def allowed(file: File) -> list[Kind]:
    """The letters that may be printed of an application as it stands: of one whose identity still opens."""
    application = file.application
    if file.identity is None or application.received_on is None:
        return []
    found = [Kind.ACKNOWLEDGEMENT]
    found += [Kind.PIECES] if _waiting(file) else []
    found += [Kind.DECISION] if application.decided_on is not None else []
    return found


def _waiting(file: File) -> PieceRequest | None:
    return next((row for row in file.requests if row.answered_on is None), None)


def compose(file: File, kind: Kind, *, by: Member, at: datetime) -> Letter:
    """The letter, as of today. Raises Refused for one that the application does not allow now."""
    if kind not in allowed(file):
        raise Refused("Cette lettre ne correspond pas à l’état du dossier.")
    application = file.application
    declared = rights()[application.right]
    record(
        verb="print",
        object_type="application",
        object_ref=application.case_id,
        by=by.user,
        organisation=by.organisation,
        fields=("identity",),
        reason=LABELS[kind],
    )
    about = _about(file, declared, at)
    if kind is Kind.PIECES:
        return _pieces(file, about, declared)
    return (
        _acknowledgement(file, about, declared, by)
        if kind is Kind.ACKNOWLEDGEMENT
        else _decision(file, about, declared)
    )


def _about(file: File, declared: Right, at: datetime) -> About:
    caisse: Organisation = file.application.case.caisse
    person = file.identity.full_name if file.identity else ""
    return About(
        caisse=Correspondent(caisse.name),
        mailbox=caisse.mailbox,
        person=Correspondent(person),
        right=declared.label,
        reference=reference(file.application.case_id),
        written_on=local(at, file.application),
    )


def _acknowledgement(file: File, about: About, declared: Right, by: Member) -> Letter:
    application, waiting = file.application, _waiting(file)
    received = application.received_on or about.written_on
    course = course_of(received, file.requests, complete=application.complete_on)
    due = due_of(application, course, terms_for(by, application, on=received), on=about.written_on)
    return acknowledgement(
        about, received=received, law=due.law, missing=_named(declared, waiting) if waiting else ()
    )


def _pieces(file: File, about: About, declared: Right) -> Letter:
    row = _waiting(file)
    if row is None:  # `allowed` found one
        raise Refused("Aucune pièce n’est attendue.")
    until = row.asked_on + row.granted_days * DAY if row.granted_days else None
    return request_for_pieces(
        about, pieces=_named(declared, row), until=until, words=file.asked.get(row.id, "")
    )


def _named(declared: Right, row: PieceRequest) -> list[Piece]:
    return [declared.piece(key) for key in row.keys]


def _decision(file: File, about: About, declared: Right) -> Letter:
    application = file.application
    if application.state == State.REFUSED or application.opens_on is None:
        return refused(
            about,
            reason=REFUSAL_REASONS[application.end_reason],
            appeal=appeal_for(application.right),
            words=file.words,
        )
    lapsed = application.lapsed_on - DAY if application.by_silence and application.lapsed_on else None
    decision = Granted(
        declared.may_open.get(application.opened, declared.label),
        application.opens_on,
        application.ends_on,
        application.covers_on,
        lapsed,
    )
    return granted(about, decision, words=file.words)
