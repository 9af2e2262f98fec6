"""An authorisation as the CCAS asks it of the caisse, what the caisse answers, and how both reach it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.authorisations.answering import Said, answer, reached
from maillage.protection.authorisations.asking import Asked, ask
from maillage.protection.authorisations.models import TransferAnswer
from maillage.protection.authorisations.rules import Standing
from tests.days import today
from tests.documents.builders import pdf
from tests.referrals.world import member, organisation

CCAS_ADMIN, CPAM_DPO, CARSAT_ADMIN, HOSPITAL_ADMIN = (
    "admin@ccas.example.org",
    "dpo@cpam.example.org",
    "admin@carsat.example.org",
    "admin@hopital.example.org",
)
SOON = today() + timedelta(days=200)


def paper(name: str = "accord.pdf") -> Any:
    """A small PDF."""
    return ContentFile(pdf(), name=name)


def asked(
    convention: UUID, *, by: str = CCAS_ADMIN, transfer_id: UUID | None = None, file: Any = None, at: datetime | None = None, **changes: Any
) -> UUID:  # fmt: skip
    """Asked by the administration of the CCAS, unless told otherwise; the id of the request."""
    said: dict[str, Any] = {
        "regime": "detections",
        "kind": "sub_processor",
        "body": "Hébergeur d’Exemple",
        "country": "France",
        "what": "Identité et situation des personnes orientées.",
        "purpose": "Héberger le logiciel de suivi social.",
        "guarantees": "Contrat de l’article 28.",
        "starts_on": today(),
    }
    with member(by) as someone:
        known = load(Convention.objects.get(pk=convention))
        return ask(
            transfer_id=transfer_id or uuid7(), known=known, said=Asked(**(said | changes)), file=file, by=someone, at=at or now()
        ).pk  # fmt: skip


def answered(
    transfer: UUID, *, by: str = CPAM_DPO, body: str = "CPAM 42", file: Any = None, answer_id: UUID | None = None, **changes: Any
) -> TransferAnswer:  # fmt: skip
    """Granted by the officer of the caisse, unless told otherwise."""
    said: dict[str, Any] = {
        "granted": True,
        "words": "Hébergement en France seulement.",
        "day": today(),
        "until": SOON,
        "to_term": False,
    }
    with member(by) as someone:
        return answer(
            transfer=transfer, answer_id=answer_id or uuid7(), body=organisation(body).id, said=Said(**(said | changes)), file=file,
            by=someone, at=now(),
        )  # fmt: skip


def stands(transfer: UUID, on: date | None = None, by: str = CCAS_ADMIN) -> Standing:
    """Where it stands on a day."""
    at = now() if on is None else now() + (on - today())
    with member(by):
        return reached(transfer, at).standing


def granted(
    convention: UUID, regimes: Sequence[str] = ("detections", "autres_collaborations"), **changes: Any
) -> list[UUID]:
    """Authorised for the data of each of these scopes, by whom each asks."""
    found = []
    for regime in regimes:
        transfer = asked(convention, regime=regime, **changes)
        answered(transfer)
        if regime == "autres_collaborations":
            answered(transfer, by=CARSAT_ADMIN, body="CARSAT RA")
        found.append(transfer)
    return found
