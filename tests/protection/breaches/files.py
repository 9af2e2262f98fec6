"""A suspicion as somebody of the CCAS reports it, and who follows it in each organisation."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.terms.filling import draw
from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.reporting import Reported, report
from tests.conventions.people import (
    CARSAT,
    CNAM,
    CPAM,
    CROIX_ROUGE,
    WORKER,
    body,
    completed,
    member,
    ready,
    seen,
    sign_as,
)

CPAM_DPO, CARSAT_ADMIN, CCAS_ADMIN = (
    "dpo@cpam.example.org",
    "admin@carsat.example.org",
    "admin@ccas.example.org",
)
NOTICED = datetime(2025, 3, 29, 17, 30, tzinfo=UTC)
AT = datetime(2025, 3, 29, 18, 0, tzinfo=UTC)


def reported(*conventions: UUID, by: str = WORKER, breach_id: UUID | None = None, **changes: Any) -> Breach:
    """Reported by a social worker, unless told otherwise."""
    said: dict[str, Any] = {
        "what": "Un dossier papier est resté dans une salle ouverte au public.",
        "noticed_at": NOTICED,
        "natures": ("confidentiality",),
        "data": ("identity", "health"),
        "people": 3,
        "goes_on": False,
        "conventions": conventions,
    }
    with member(by, AT) as worker:
        return report(breach_id=breach_id or uuid7(), said=Reported(**(said | changes)), by=worker, at=AT)


def signed_croix_rouge(drafted_at: datetime, at: datetime) -> UUID:
    """The local model of the framework of the Croix-Rouge, filled and signed by its three parties."""
    model = library.load("croix_rouge_cadre_2021").local_template
    assert model is not None
    text = completed(draw(model, id="essai", title="Convention locale avec la Croix-Rouge"))
    bodies = {"cpam": "CPAM 42", "carsat": "CARSAT RA", "croix_rouge": "Croix-Rouge"}
    new = uuid7()
    with member(CPAM, drafted_at) as drafter:
        row = drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=drafted_at)
        for key, name in bodies.items():
            drafting.choose_body(
                convention=row, key=key, organisation=body(name).id, by=drafter, at=drafted_at
            )
        propose(convention=row, by=drafter, at=drafted_at)
    for signer in (CPAM, CARSAT, CROIX_ROUGE):
        sign_as(new, signer, at)
    return new


def signed_framework(drafted_at: datetime, at: datetime) -> UUID:
    """The national framework with the Croix-Rouge, signed by its two parties: the text that gives its contacts two rights more."""
    new = uuid7()
    text = library.load("croix_rouge_cadre_2021").model_copy(update={"signatures": ()})
    with member(CNAM, drafted_at) as national:
        drafting.start_from_terms(new_id=new, terms=text, by=national, at=drafted_at)
        for key, name in {"cnam": "Cnam", "croix_rouge": "Croix-Rouge"}.items():
            drafting.choose_body(
                convention=seen(national, new),
                key=key,
                organisation=body(name).id,
                by=national,
                at=drafted_at,
            )
    ready(new, drafted_at, by=CNAM)
    with member(CNAM, drafted_at) as national:
        propose(convention=seen(national, new), by=national, at=drafted_at)
    for signer in (CNAM, CROIX_ROUGE):
        sign_as(new, signer, at)
    return new
