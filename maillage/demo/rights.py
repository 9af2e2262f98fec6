"""The PASS of the demonstration's hospital under a convention in force: files of rights at different moments, one being prepared."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.filling import draw
from maillage.conventions.terms.identity import Level
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import DRAFT, PARIS, acting_for, body_of, convention_id, is_there
from maillage.demo.local import completed, conclude_locally
from maillage.documents.composition import Paragraph, text
from maillage.documents.letters import Correspondent, letter, letter_pdf
from maillage.rights import deciding, examining
from maillage.rights.content import Content
from maillage.rights.declared.rights import rights
from maillage.rights.filing import file
from maillage.rights.preparing import Scanned, add_piece, begin
from maillage.rights.queries import application_of
from maillage.rights.rules import HandedOver, Opened

NAME: Final = "pass_locale"
_BODIES: Final = {"cpam": "cpam", "carsat": "carsat", "hospital": "hospital"}
_WORKER: Final = ("hospital", "pass@hopital.example.org")
_ADVISER: Final = ("cpam", "conseil@cpam.example.org")


@dataclass(frozen=True)
class Story:
    """Someone who does not exist, the right that she asks for, and what the caisse has done so far; None: it is not sent."""

    surname: str
    given_name: str
    born: date
    right: str
    proof: str = ""
    without: tuple[str, ...] = ()
    then: Callable[[UUID], None] | None = None
    is_sent: bool = True


def load_rights() -> None:
    """Enter what is missing: the convention and all its files at once, so that they are there whole or not at all."""
    if is_there(convention_id(NAME), "cpam"):
        return
    with transaction.atomic(), acting_for("cpam") as drafter:
        bodies = {party: body_of(key).id for party, key in _BODIES.items()}
        conclude_locally(
            convention_id(NAME),
            _text(),
            bodies,
            drafter,
            since=timedelta(days=90),
            signers=_BODIES,
            template=DRAFT,
        )
        for story in STORIES:
            made = _prepare(story)
            if not story.is_sent:
                continue
            with acting_for(*_WORKER) as worker:
                file(preparation=made, by=worker, at=now())
            if story.then:
                story.then(made)


def _text() -> Terms:
    """Drawn from the model of the PASS: its options left out, its blanks filled for the demonstration."""
    terms = draw(
        library.load(DRAFT),
        id="pass-locale",
        title="Accès aux droits à la PASS du Centre hospitalier d’Exemple",
    )
    return completed(
        terms.model_copy(update={"level": Level.LOCAL}), _BODIES, retained=frozenset({"consolider"})
    )


def _prepare(story: Story) -> UUID:
    declared, on = rights()[story.right], today(PARIS)
    with acting_for(*_WORKER) as worker:
        under = Authorisation.objects.get(convention_id=convention_id(NAME), rights__contains=[story.right])
        content = Content(
            authorisation=under.id,
            right=story.right,
            urgent=bool(story.proof),
            proof=story.proof,
            answers={key: key == "first_request" for key in declared.questions},
            person=Identity(story.surname, story.given_name, story.born, phone="06 00 00 00 31"),
            handed=HandedOver(on - timedelta(days=2), "hospital") if declared.handed_over else None,
            goes_incomplete=bool(story.without),
            told=Told(on, "oral", recipient_named=True, language="fr"),
            agreement=Agreement("agreed", "all", "oral"),
        )
        if not story.is_sent:
            content = replace(content, told=None, agreement=None)
        made = begin(token=uuid7(), content=content, by=worker, at=now())
        for piece in declared.pieces:
            if piece.is_needed(content.known) and piece.key not in story.without:
                scanned = Scanned(uuid7(), piece.key, ContentFile(_scan(), f"{piece.key}.pdf"))
                add_piece(preparation=made, scanned=scanned, by=worker, at=now())
    return made


@cache
def _scan() -> bytes:
    """What stands for every scanned piece: a page that says so."""
    written = letter(
        sender=Correspondent("Personne imaginaire"),
        addressee=Correspondent("CPAM de la Loire"),
        place="Exemple",
        written_on=date(2026, 1, 5),
        subject="pièce d’un dossier de droits",
        references=(),
        body=(Paragraph(text("Pièce de la démonstration : elle ne parle de personne.")),),
        signatory="",
    )
    return letter_pdf(written)


def _act(room: object, verb: str, case: UUID, **said: object) -> None:
    with acting_for(*_ADVISER) as adviser:
        application = application_of(adviser, case)
        getattr(room, verb)(application=application, by=adviser, at=now(), **said)


def _received(case: UUID) -> None:
    _act(examining, "receive", case, on=today(PARIS), is_complete=True)


def _asked(case: UUID) -> None:
    _act(examining, "receive", case, on=today(PARIS), is_complete=False)
    asking = examining.Asking(uuid7(), ("tax",), 20, "L’avis de l’an dernier suffit.")
    _act(examining, "ask", case, asking=asking)


def _granted(case: UUID) -> None:
    _received(case)
    on = today(PARIS)
    _act(deciding, "grant", case, opened=Opened("puma", on), on=on, words="")


STORIES: Final = (
    Story("Inventée", "Élise", date(1994, 4, 12), "ame", proof="certificat_medical", then=_received),
    Story("Illustrée", "Fatou", date(1971, 9, 30), "c2s", without=("tax",), then=_asked),
    Story("Imaginé", "Gaspard", date(1988, 1, 3), "ame"),
    Story("Supposée", "Hortense", date(1966, 11, 21), "puma", then=_granted),
    Story("Possible", "Ignace", date(2001, 6, 17), "c2s", without=("tax",), is_sent=False),
)
