"""A file of rights that the worker of each world prepares, with a piece."""

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from maillage.cases.models import Authorisation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.rights.content import Content
from maillage.rights.preparing import Scanned, add_piece, begin
from tests.documents.builders import pdf
from tests.referrals.world import member
from tests.security.worlds_rights import FILES

if TYPE_CHECKING:
    from tests.security.worlds import World


def prepare(world: "World") -> None:
    """By the real actions, with the world's person."""
    with member(world.worker) as worker:
        under = Authorisation.objects.get(convention_id=world.ids["convention"], flow_key=FILES["key"])
        content = Content(
            authorisation=under.id, right="ame", person=world.person, words=f"CANARI{world.name}"
        )
        made = begin(token=uuid7(), content=content, by=worker, at=now())
        piece = Scanned(uuid7(), "form", ContentFile(pdf(), name=f"CANARI{world.name}.pdf"))
        add_piece(preparation=made, scanned=piece, by=worker, at=now())
    world.ids |= {"preparation": made, "prepared": piece.piece_id}
