"""The five texts as conventions of the demonstration: drawn, proposed and signed by the demonstration's people, by the real actions.

The texts were concluded on paper: what is attached is their representation by Maillage, not their scan.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction

from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.export import convention_pdf
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import visible_to
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.referents.actions import Tenure, name_referent
from maillage.conventions.signatures.actions import Act, sign
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.parties import Signature
from maillage.core.clock import now, today
from maillage.core.row_security import acting
from maillage.demo.cast import BODIES
from maillage.documents.actions import store_upload
from maillage.documents.composition import Paragraph
from maillage.documents.composition import text as line
from maillage.documents.letters import Correspondent, letter, letter_pdf
from maillage.organisations.member import Member, enter
from maillage.organisations.models import Organisation, User

_NAMES: Final = UUID("5f0d2c1e-6a57-4b0e-9d8e-2c3f0a1b4d5e")
_WRITTEN_BEFORE: Final = timedelta(days=10)
_HOUR: Final = time(9, 30, tzinfo=UTC)
PARIS: Final = ZoneInfo("Europe/Paris")

REFERENTES: Final[Mapping[str, str]] = {
    "cpam": "referente@cpam.example.org",
    "carsat": "referente@carsat.example.org",
    "caf": "referente@caf.example.org",
    "ccas": "referent@ccas.example.org",
    "hospital": "pass@hopital.example.org",
    "cnam": "nationale@cnam.example.org",
    "croix_rouge": "national@croix-rouge.example.org",
}
"""Who acts for each organisation that has someone in the cast."""


@dataclass(frozen=True)
class Concluded:
    """A text of the library, entered as it was concluded: who stands behind each party, who drafts, who signed in fact.

    `by` tells, for a party whose organisation has nobody in the cast, who records its signature.
    """

    name: str
    drafter: str
    bodies: Mapping[str, str]
    by: Mapping[str, str] = field(default_factory=dict)
    days: Mapping[str, date] = field(default_factory=dict)
    referents: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """Always the same, so that a second run finds it."""
        return convention_id(self.name)


CONCLUDED: Final = (
    Concluded(
        "ccas_montbrison_2024",
        "cpam",
        {"cpam": "cpam", "carsat": "carsat", "ccas": "ccas"},
        referents={
            "cpam": ("local", "Responsable des partenariats"),
            "ccas": ("local", "Responsable du pôle social"),
        },
    ),
    Concluded(
        "croix_rouge_cadre_2021",
        "cnam",
        {"cnam": "cnam", "croix_rouge": "croix_rouge"},
        referents={"cnam": ("national", "Responsable de l’accès aux droits et aux soins")},
    ),
    Concluded(
        "cnsa_2016_2019",
        "cnam",
        {"cnamts": "cnam", "cnsa": "cnsa"},
        by={"cnsa": "cnam"},
    ),
    Concluded(
        "prado_maternite_2016",
        "cnam",
        {"cnamts": "cnam", "cnaf": "cnaf"},
        by={"cnaf": "cnam"},
    ),
)
DRAFT: Final = "hopital_pass_modele"


def convention_id(name: str) -> UUID:
    """The id of a text of the library in the demonstration."""
    return uuid5(_NAMES, name)


def load_conventions() -> None:
    """Enter what is missing: each convention in one transaction, so that it is there whole or not at all."""
    for concluded in CONCLUDED:
        if not is_there(concluded.id, concluded.drafter):
            with transaction.atomic(), acting_for(concluded.drafter) as drafter:
                _conclude(concluded, drafter)
    if not is_there(convention_id(DRAFT), "cpam"):
        with transaction.atomic(), acting_for("cpam") as drafter:
            _draft(drafter)


def is_there(convention: UUID, body: str) -> bool:
    """Whether it was entered already, as the organisation itself reads: who entered it may have lost her role since."""
    with transaction.atomic(), acting(organisation=body_of(body).id):
        return Convention.objects.filter(id=convention).exists()


def _conclude(concluded: Concluded, drafter: Member) -> None:
    terms = library.load(concluded.name)
    signatures = _signatures(terms, concluded)
    at = datetime.combine(min(signatures.values()), _HOUR) - _WRITTEN_BEFORE
    drafting.start_from_terms(new_id=concluded.id, terms=terms, by=drafter, at=at)
    choose_bodies(concluded.id, concluded.bodies, drafter, at)
    propose(convention=_row(concluded.id, drafter), by=drafter, at=at)
    text = convention_pdf(terms, final=True)
    for party, day in sorted(signatures.items(), key=lambda pair: pair[1]):
        with acting_for(concluded.by.get(party, concluded.bodies[party])) as signer:
            _sign(concluded, text, party, day, signer)
    refresh(_row(concluded.id, drafter), today(PARIS))
    for party, (level, function) in concluded.referents.items():
        with acting_for(concluded.bodies[party]) as member:
            _name(concluded, party, level, function, member)


def _signatures(terms: Terms, concluded: Concluded) -> dict[str, date]:
    """The day that the text bears for each party."""
    days = {one.party: one.on for one in terms.signatures if isinstance(one.on, date)}
    return {party.key: concluded.days.get(party.key) or days[party.key] for party in terms.parties}


def _sign(concluded: Concluded, text: bytes, party: str, day: date, by: Member) -> None:
    terms, at = library.load(concluded.name), datetime.combine(day, _HOUR)
    printed = next(one for one in terms.signatures if one.party == party)
    readers = [body_of(key).id for key in concluded.bodies.values()]
    copy = store_upload(
        file=ContentFile(text, f"texte-signe-{party.replace('_', '-')}.pdf"),
        organisation=by.organisation,
        readers=readers,
        by=by,
        at=at,
    )
    deed = None
    if printed.by_delegation:
        file = ContentFile(
            _delegation(terms, party, day), f"acte-de-delegation-{party.replace('_', '-')}.pdf"
        )
        deed = store_upload(file=file, organisation=by.organisation, readers=readers, by=by, at=at).id
    row = _row(concluded.id, by)
    act = Act(
        signature_id=uuid5(concluded.id, party),
        seen_hash=row.content_hash,
        signed_on=day,
        function=_function(terms, printed),
        party=party,
        by_delegation=printed.by_delegation,
        delegation_document=deed,
        document=copy.id,
    )
    sign(convention=row, act=act, by=by, at=at)


def _function(terms: Terms, printed: Signature) -> str:
    """The function that signed: that of the delegate, else that of the representative."""
    if printed.signatory:
        return printed.signatory
    party = next(one for one in terms.parties if one.key == printed.party)
    function = next(one.function for one in party.representatives if one.key == printed.representative)
    return "Fonction non précisée par le texte" if isinstance(function, Blank) else function


def _delegation(terms: Terms, party: str, day: date) -> bytes:
    """A stand-in for the deed, which the texts name and do not join."""
    said = f"Acte de délégation de signature, pour la démonstration seulement. Texte : {terms.title}."
    written = letter(
        sender=Correspondent(f"Partie « {party} »"),
        addressee=Correspondent("Les autres parties"),
        place="Exemple",
        written_on=day,
        subject="délégation de signature",
        references=(),
        body=(Paragraph(line(said)),),
        signatory="",
    )
    return letter_pdf(written)


def _name(concluded: Concluded, party: str, level: str, function: str, by: Member) -> None:
    """Functions and generic boxes under example.org: never a person."""
    name_referent(
        convention=_row(concluded.id, by),
        tenure=Tenure(
            referent_id=uuid5(concluded.id, f"referent {party}"),
            level=level,
            function=function,
            since=min(_signatures(library.load(concluded.name), concluded).values()),
            mailbox=f"partenariats@{party.replace('_', '-')}.example.org",
        ),
        by=by,
        at=now(),
    )


def _draft(drafter: Member) -> None:
    """The hospital's convention, begun by the caisse: its bodies are chosen, its blanks and options are still to do."""
    new, at = convention_id(DRAFT), now()
    drafting.start_from_library(
        new_id=new,
        name=DRAFT,
        title="Convention avec le Centre hospitalier d’Exemple (PASS)",
        by=drafter,
        at=at,
    )
    choose_bodies(new, {"cpam": "cpam", "carsat": "carsat", "hospital": "hospital"}, drafter, at)


def choose_bodies(convention: UUID, bodies: Mapping[str, str], by: Member, at: datetime) -> None:
    """Put an organisation behind each party."""
    for party, body in bodies.items():
        drafting.choose_body(
            convention=_row(convention, by), key=party, organisation=body_of(body).id, by=by, at=at
        )


def _row(convention: UUID, by: Member) -> Convention:
    return visible_to(by).get(id=convention)


def body_of(key: str) -> Organisation:
    """An organisation of the cast."""
    name = next(body.name for body in BODIES if body.key == key)
    return Organisation.objects.get(name=name)


@contextmanager
def acting_for(body: str, address: str = "") -> Iterator[Member]:
    """Someone of the cast acting for her organisation, as the web's own role; memberships are those of today."""
    with acting(organisation=None):
        user = User.objects.get(email=address or REFERENTES[body])
        found = enter(user=user.id, user_name=user.full_name, wanted=body_of(body).id, on=today(PARIS))
        if found is None:
            raise LookupError(f"{user.email} works nowhere: load the directory first")
        with acting(organisation=found.organisation, user=found.user):
            yield found
