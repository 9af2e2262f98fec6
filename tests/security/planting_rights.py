"""An application of each world's holder to its other organisation, with all that hangs on it; and a file that the holder prepares."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.cases.models import Authorisation, Case, Participation
from maillage.core.identifiers import uuid7
from maillage.documents.models import Document
from maillage.rights.models import (
    Application,
    ApplicationEvent,
    Piece,
    PieceRequest,
    Preparation,
    PreparedPiece,
)
from tests.security.planting_imports import plant_import

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_rights(found: Plant, world: World) -> None:
    """Both sides read and act; the holder files, the other asks. What is being prepared is the holder's alone."""
    from tests.security.planting import AT, ON, _save

    both, holder, caisse = world.both, frozenset({world.holder}), frozenset({world.other})
    convention = world.ids["convention"]
    authorisation = Authorisation(
        convention_id=convention, flow_key="rights", sender_id=world.holder, recipient_id=world.other,
        service="acces_droits", article="4.2", open_during=DateTimeTZRange(AT, None), rights=["ame"],
    )  # fmt: skip
    world.ids["rights_authorisation"] = _save(found, authorisation, both)
    case = Case(
        authorisation=authorisation, convention_id=convention, kind="application", service="acces_droits",
        sender_id=world.holder, caisse_id=world.other, opened_at=AT,
    )  # fmt: skip
    world.ids["application"] = _save(found, case, both)
    for organisation, role in ((world.holder, "sender"), (world.other, "recipient")):
        part = Participation(
            organisation_id=organisation, case=case, convention_id=convention, role=role, since=AT, state="sent",
            sealed_key=b"k" * 64,
        )  # fmt: skip
        _save(found, part, frozenset({organisation}))
    application = Application(
        case=case, right="ame", details=world.canary.encode(), sent_at=AT, sent_by=uuid7(), state="received", received_on=ON
    )  # fmt: skip
    _save(found, application, both, adders=holder)
    event = ApplicationEvent(
        case=case, organisation_id=world.holder, kind="sent", day=ON, noted_at=AT, noted_by=uuid7()
    )
    _save(found, event, both, adders=holder)
    request = PieceRequest(
        case=case, number=1, keys=["identity"], indispensable=True, asked_on=ON, sealed_words=world.canary.encode(),
        asked_at=AT, asked_by=uuid7(),
    )  # fmt: skip
    world.ids["piece_request"] = _save(found, request, both, adders=caisse)
    piece = Piece(
        case=case, organisation_id=world.holder, document=_document(found, world, [world.other]), key="identity",
        added_at=AT, added_by=uuid7(),
    )  # fmt: skip
    world.ids["piece"] = _save(found, piece, both, adders=holder)
    preparation = Preparation(
        organisation_id=world.holder, author=uuid7(), sealed=world.canary.encode(), updated_at=AT,
        imported=plant_import(found, world), line=2,
    )  # fmt: skip
    world.ids["preparation"] = _save(found, preparation, holder)
    prepared = PreparedPiece(
        organisation_id=world.holder, preparation=preparation, document=_document(found, world, []), key="identity",
        added_at=AT, added_by=uuid7(),
    )  # fmt: skip
    world.ids["prepared_piece"] = _save(found, prepared, holder)


def _document(found: Plant, world: World, readers: list[UUID]) -> Document:
    from tests.security.planting import _save

    row = Document(
        organisation_id=world.holder, readers=readers, media_type="application/pdf", size=3, sha256="0" * 64,
        name=world.canary.encode(), wrapped_key=b"k",
    )  # fmt: skip
    _save(found, row, world.both if readers else frozenset({world.holder}), writers=frozenset({world.holder}))
    return row
