"""After the signature: blanks that the parties fill (roles of a flow, DPO's address, a missing annex), options that they choose.

The signed text stays as it was signed; each completion is a fact of its day, merged into the consolidated text.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from pydantic import JsonValue

from maillage.conventions.lifecycle.loaded import Filling, LoadedConvention, filled
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.policies import WRITABLE, can_fill
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import already_kept, day_of, lock_and_load, require
from maillage.conventions.lifecycle.telling import (
    Fact,
    Recorded,
    again,
    document_fault,
    keep_fact,
    note_fault,
)
from maillage.conventions.terms import Terms, TermsError
from maillage.conventions.terms.consolidation import Formality, formality
from maillage.conventions.terms.editing import steps_of
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission

LONGEST_PATH: Final = 400


@transaction.atomic
def fill_after_signature(
    *,
    convention: Convention,
    path: str,
    value: JsonValue,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record what the parties put in a blank of the signed text (S3: annex 6 arrives, the roles of the flow are known).

    A DPO fills what protects personal data (`protection…`, `flows[…].roles`), a referent any blank. A blank filled stays
    filled: changing it is an avenant. Raises `Refused` at the blank's path, `document` or `note`.
    """
    return _complete(
        convention,
        RecordedKind.BLANK_FILLED,
        path,
        value,
        note,
        by=by,
        at=at,
        document=document,
        fact_id=fact_id,
    )


@transaction.atomic
def choose_after_signature(
    *,
    convention: Convention,
    path: str,
    keep: bool,
    by: Member,
    at: datetime,
    note: str = "",
    document: UUID | None = None,
    fact_id: UUID | None = None,
) -> Recorded:
    """Record whether the parties keep an optional clause on which the signed text leaves the choice open.

    Keeping a flow opens it. Raises `Refused` at the clause's path.
    """
    return _complete(
        convention,
        RecordedKind.OPTION_CHOSEN,
        path,
        keep,
        note,
        by=by,
        at=at,
        document=document,
        fact_id=fact_id,
    )


def protects_data(path: str) -> bool:
    """Whether a blank belongs to those that a DPO fills: protection regimes, and the GDPR roles of flows."""
    try:
        steps = steps_of(path)
    except TermsError:
        return False
    return steps[0] == "protection" or (steps[0] == "flows" and steps[-1] == "roles")


def _complete(
    convention: Convention,
    kind: RecordedKind,
    path: str,
    value: JsonValue,
    note: str,
    *,
    by: Member,
    at: datetime,
    document: UUID | None,
    fact_id: UUID | None,
) -> Recorded:
    known = lock_and_load(convention)
    if known.row.state in WRITABLE:
        require(known.mine is not None)
        raise Refused(
            "Le texte n’est pas encore signé par toutes les parties : complétez le brouillon.",
            path[:LONGEST_PATH],
        )
    require(can_fill(by, known))
    data_only = not by.may(Permission.WRITE_CONVENTIONS)
    require(
        not data_only or (kind is RecordedKind.BLANK_FILLED and protects_data(path)),
        "Votre rôle ne permet de compléter que la protection des données.",
    )
    if (kept := already_kept(known.row, fact_id, by)) is not None:
        return again(known, kept, at)
    on = day_of(known.row, at)
    option = kind is RecordedKind.OPTION_CHOSEN
    _try(known.terms(on), Filling(on, path, value, option))
    needed = (
        "" if note.strip() else "Joignez l’accord des parties, ou dites dans « Précision » où il se trouve."
    )
    check([document_fault(document, needed=needed), note_fault(note)])
    fact = Fact(kind, on, _own(known), {"path": path, "value": value, "note": note}, document, fact_id)
    return keep_fact(known, fact, by=by, at=at)


def _own(known: LoadedConvention) -> str:
    return known.mine.key if known.mine else ""


def _try(text: Terms, filling: Filling) -> None:
    """Refuse, at the path, what the text does not admit."""
    path = filling.path[:LONGEST_PATH]
    try:
        if len(filling.path) > LONGEST_PATH or formality(text, filling.path) is Formality.FORBIDDEN:
            raise Refused("Cette clause est hors d’atteinte : le texte interdit d’y toucher.", path)
        filled(text, filling)
    except TermsError as error:
        raise Refused.because(
            [Fault(f"Attendu : {problem.expected}.", path) for problem in error.problems[:10]]
        ) from error
