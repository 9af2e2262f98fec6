"""What the worker of each world wrote about its case, and in the box of its convention."""

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.exchange.actions import Writing, write_note
from maillage.exchange.models import Attachment
from maillage.referrals import exchanging
from maillage.referrals.queries import referral_of
from tests.documents.builders import pdf
from tests.referrals.world import member

if TYPE_CHECKING:
    from tests.security.worlds import World


def exchange(world: "World") -> None:
    """A message to the caisse with a file, and a note to all the parties."""
    written, noted = uuid7(), uuid7()
    with member(world.worker) as worker:
        file = ContentFile(pdf(), name=f"CANARI{world.name}.pdf")
        exchanging.write(
            referral=referral_of(worker, world.ids["case"]), writing=Writing(written, f"CANARI{world.name}", file), by=worker,
            at=now(),
        )  # fmt: skip
        attached = Attachment.objects.get(message_id=written).pk
        write_note(
            convention=world.ids["convention"], note_id=noted, text=f"CANARI{world.name}", names=(), by=worker
        )
    world.ids |= {"message": written, "note": noted, "attachment": attached}
