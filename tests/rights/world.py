"""The convention of a hospital's PASS, signed and in force; a file that is complete, and the steps that follow its sending."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Identity, Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Terms, content_hash, terms_data
from maillage.conventions.terms.flows import Channel, ChannelKind
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.rights import deciding, examining
from maillage.rights.content import Content
from maillage.rights.declared.rights import rights
from maillage.rights.filing import file
from maillage.rights.models import Application
from maillage.rights.preparing import Scanned, add_piece, begin
from maillage.rights.queries import application_of
from maillage.rights.rules import HandedOver
from tests.days import today
from tests.referrals.world import ADVISER, FAR_AHEAD, SIGNED_AT, STRANGER, member, organisation

PASS = "pass@hopital.example.org"
CAISSE, HOSPITAL = "CPAM 42", "CH d’Exemple"
FLOW = {
    "key": "depot_dossiers", "sender": "hospital", "recipient": "cpam", "service": "acces_droits", "article": "4.2",
    "rights": ["puma", "c2s", "ame", "carte_vitale", "medecin_traitant"],
}  # fmt: skip
PARTIES = (("cpam", CAISSE), ("carsat", "CARSAT RA"), ("hospital", HOSPITAL))
PERSON = Identity(
    surname="Palissandre",
    given_name="Eudoxie",
    birth_date=date(1991, 3, 5),
    phone="06 00 00 00 23",
    other_way="par le foyer des Tilleuls",
)
CANARIES = ("Palissandre", "PALISSANDRE", "Eudoxie", "06 00 00 00 23", "0600000023", "Tilleuls", "1991-03-05")
__all__ = ["ADVISER", "PASS", "STRANGER"]


@cache
def a_pdf() -> bytes:
    """The smallest file that is one: a page with nothing on it."""
    parts = [
        b"%PDF-1.4\n",
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n",
    ]
    places, body = [], b""
    for part in parts:
        places.append(len(body))
        body += part
    table = b"".join(b"%010d 00000 n \n" % place for place in places[1:])
    return (
        body
        + b"xref\n0 4\n0000000000 65535 f \n"
        + table
        + b"trailer<</Size 4/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % len(body)
    )


def scan(key: str, **changes: Any) -> Scanned:
    """A scan of a piece."""
    return replace(Scanned(uuid7(), key, ContentFile(a_pdf(), name=f"{key}.pdf")), **changes)


@dataclass(frozen=True)
class Signed:
    """A signed convention and its flow."""

    id: UUID

    def authorisation(self) -> Authorisation:
        with transaction.atomic(), acting(organisation=organisation(HOSPITAL).id):
            return Authorisation.objects.get(convention_id=self.id, flow_key=FLOW["key"])

    def publish(self, until: datetime, flows: Sequence[Any] = (FLOW,)) -> None:
        """Let the flow run until an instant."""
        during = DateTimeTZRange(SIGNED_AT, until)
        with (
            transaction.atomic(),
            acting(organisation=organisation(CAISSE).id),
            connection.cursor() as cursor,
        ):
            Convention.objects.filter(id=self.id).update(state="in_force", in_force=during)
            cursor.execute(
                "SELECT publish_authorisations(%s, %s, %s)", [self.id, json.dumps(list(flows)), during]
            )


def text() -> Terms:
    """The model, with its files of rights carried by the platform."""
    terms = library.load("hopital_pass_modele")
    here = (Channel(kind=ChannelKind.PLATFORM, description="Sur la plateforme"),)
    flows = (
        flow.model_copy(update={"channels": here}) if flow.key == FLOW["key"] else flow
        for flow in terms.flows
    )
    return terms.model_copy(update={"flows": tuple(flows)})


def sign(terms: Terms | None = None) -> Signed:
    """The model of the PASS, or another text of it, signed by its three parties on 14/11/2024, in force."""
    terms, new = terms or text(), uuid7()
    text_hash, bodies = content_hash(terms), {key: organisation(name).id for key, name in PARTIES}
    with transaction.atomic(), acting(organisation=bodies["cpam"]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, 'local', '', '42', 'hospital', '', %s, %s, 'cpam')",
            [new, terms.title, terms.title.casefold(), text_hash, uuid7()],
        )
        for position, (key, body) in enumerate(bodies.items()):
            if key != "cpam":
                cursor.execute(
                    "SELECT admit_party(%s, %s, %s, %s, %s::smallint)", [new, uuid7(), body, key, position]
                )
        TermsVersion.objects.create(
            convention_id=new, number=1, terms=terms_data(terms), content_hash=text_hash, written_at=SIGNED_AT,
            written_by=uuid7(),
        )  # fmt: skip
    for key, body in bodies.items():
        with transaction.atomic(), acting(organisation=body):
            Signature.objects.create(
                convention_id=new, organisation_id=body, party_key=key, content_hash=text_hash, signed_on=SIGNED_AT.date(),
                function="Directrice", recorded_at=SIGNED_AT, recorded_by=uuid7(), recorded_for_id=body,
            )  # fmt: skip
    with transaction.atomic(), acting(organisation=bodies["cpam"]):
        Convention.objects.filter(id=new).update(state="proposed")
        Convention.objects.filter(id=new).update(state="signed", starts_on=SIGNED_AT.date())
    signed = Signed(new)
    signed.publish(until=FAR_AHEAD)
    return signed


def content(signed: Signed, right: str = "ame", **changes: Any) -> Content:
    """A complete file for a right: every question answered, so that the fewest pieces are needed."""
    declared = rights()[right]
    usual = Content(
        authorisation=signed.authorisation().id,
        right=right,
        answers={key: key == "minor" for key in declared.questions}
        | dict.fromkeys(declared.handed_over, True),
        person=PERSON,
        handed=HandedOver(today() - timedelta(days=1), "hospital") if declared.handed_over else None,
        words="Hospitalisée depuis lundi.",
        told=Told(today(), "oral", recipient_named=True),
        agreement=Agreement("agreed", "all", "oral"),
    )
    return replace(usual, **changes)


def needed(held: Content) -> list[str]:
    """The pieces without which such a file cannot be judged."""
    assert held.declared is not None
    return [one.key for one in held.declared.pieces if one.indispensable and one.is_needed(held.known)]


def prepare(
    signed: Signed, right: str = "ame", *, by: str = PASS, without: Sequence[str] = (), **changes: Any
) -> UUID:
    """A file of the PASS's, with every piece that it needs but `without`; its id."""
    held = content(signed, right, **({"goes_incomplete": bool(without)} | changes))
    with member(by) as worker:
        made = begin(token=uuid7(), content=held, by=worker, at=now())
        for key in needed(held):
            if key not in without:
                add_piece(preparation=made, scanned=scan(key), by=worker, at=now())
    return made


def send(signed: Signed, right: str = "ame", *, by: str = PASS, **changes: Any) -> UUID:
    """A file prepared and sent; its case's id."""
    made = prepare(signed, right, by=by, **changes)
    with member(by) as worker:
        return file(preparation=made, by=worker, at=now())


def act(
    verb: str, case: UUID, address: str = ADVISER, *, at: datetime | None = None, **said: Any
) -> Application:
    """One step of an application, by somebody; the application as it is afterwards."""
    room = examining if hasattr(examining, verb) else deciding
    with member(address) as someone:
        application = application_of(someone, case)
        getattr(room, verb)(application=application, by=someone, at=at or now(), **said)
    return read(case)


def receive(case: UUID, *, is_complete: bool = True) -> Application:
    """The caisse receives it today."""
    return act("receive", case, on=today(), is_complete=is_complete)


def read(case: UUID, address: str = ADVISER) -> Application:
    """The application as somebody's organisation sees it."""
    with member(address) as someone:
        return application_of(someone, case)


NOON = datetime(2026, 6, 2, 10, tzinfo=UTC)
