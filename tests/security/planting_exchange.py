"""What each world's organisations write to each other: planted for the probes of row security."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.core.identifiers import uuid7
from maillage.exchange.models import Attachment, Message, Note, Seen

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_exchange(found: Plant, world: World) -> None:
    """A message of the holder's: both sides read it, the holder alone writes for itself. And that the other side read it;
    the file beside it.

    A note of the convention: nobody adds one under a draft.
    """
    from tests.security.planting import AT, _save

    message = Message(
        case_id=world.ids["case"], organisation_id=world.holder, author=uuid7(), at=AT, sealed_text=world.canary.encode()
    )  # fmt: skip
    _save(found, message, world.both, adders=frozenset({world.holder}))
    attachment = Attachment(case_id=world.ids["case"], message=message, document_id=world.ids["document"])
    _save(found, attachment, world.both, adders=frozenset({world.holder}))
    mark = Seen(organisation_id=world.other, case_id=world.ids["case"], user_id=uuid7(), message=message)
    _save(found, mark, frozenset({world.other}))
    note = Note(
        convention_id=world.ids["convention"], organisation_id=world.holder, author=uuid7(), at=AT, text=world.canary
    )  # fmt: skip
    _save(found, note, world.both, adders=frozenset())
