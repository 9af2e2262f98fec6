"""An application of each world's person, with its pieces; its caisse received it and asks for one more, by the real actions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction

from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.rules import Told
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.terms import Terms
from maillage.conventions.terms.flows import Channel, ChannelKind
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.roles import Role
from maillage.rights import examining
from maillage.rights.content import Content
from maillage.rights.filing import file
from maillage.rights.models import Piece
from maillage.rights.preparing import Scanned, add_piece, begin
from maillage.rights.queries import application_of
from tests.days import today
from tests.documents.builders import pdf

if TYPE_CHECKING:
    from tests.security.worlds import World

FILES = {
    "key": "depot_dossiers", "sender": "ccas", "recipient": "cpam", "service": "acces_droits", "article": "4.2",
    "rights": ["puma", "c2s", "ame", "carte_vitale", "medecin_traitant"],
}  # fmt: skip


def with_files(terms: Terms) -> Terms:
    """A text that has no such flow, with the hospitals' one, said of the CCAS and carried by the platform."""
    model = library.load("hopital_pass_modele")
    (flow,) = [one for one in model.flows if one.key == FILES["key"]]
    said = type(flow).model_validate_json(
        flow.model_dump_json().replace('"hospital"', '"ccas"').replace('"cnam"', '"cpam"')
    )
    here = (Channel(kind=ChannelKind.PLATFORM, description="Sur la plateforme"),)
    services = [one for one in model.services if one.key == FILES["service"]]
    if any(one.key == FILES["service"] for one in terms.services):
        services = []
    return terms.model_copy(
        update={
            "services": (*terms.services, *services),
            "flows": (*terms.flows, said.model_copy(update={"channels": here})),
        }
    )


def apply(world: World) -> None:
    """The worker files, the caisse receives and asks: somebody works there where the cast has nobody."""
    from tests.security.worlds import member

    with member(world.worker) as worker:
        under = Authorisation.objects.get(convention_id=world.ids["convention"], flow_key=FILES["key"])
        content = Content(
            authorisation=under.id,
            right="carte_vitale",
            person=replace(world.person, given_name=f"{world.person.given_name} ter"),
            goes_incomplete=True,
            words=f"CANARI{world.name}",
            told=Told(today(), "oral", recipient_named=True),
            agreement=Agreement("agreed", "all", "oral"),
        )
        made = begin(token=uuid7(), content=content, by=worker, at=now())
        scan = ContentFile(pdf(), name=f"CANARI{world.name}.pdf")
        add_piece(preparation=made, scanned=Scanned(uuid7(), "form", scan), by=worker, at=now())
        case = file(preparation=made, by=worker, at=now())
        piece = Piece.objects.get(case_id=case).id
    caisse = replace(
        worker,
        user=uuid7(),
        organisation=world.bodies["cpam"],
        organisation_kind="cpam",
        roles=frozenset({Role.CAISSE_ADVISER}),
    )
    request = uuid7()
    with transaction.atomic(), acting(organisation=caisse.organisation, user=caisse.user):
        row = application_of(caisse, case)
        examining.receive(application=row, on=today(), is_complete=False, by=caisse, at=now())
        asking = examining.Asking(request, ("photo",), 20, f"CANARI{world.name}")
        examining.ask(application=row, asking=asking, by=caisse, at=now())
    world.ids |= {"application": case, "piece": piece, "piece_request": request}
