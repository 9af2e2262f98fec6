"""A table of applications of each world's holder: what is left to correct, a line that was imported, what imports remember."""

from __future__ import annotations

from typing import TYPE_CHECKING

from maillage.cases.models import Authorisation
from maillage.core.identifiers import uuid7
from maillage.rights.models import ApplicationImport, ApplicationImportPart, ImportedLine, ImportMemory

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_import(found: Plant, world: World) -> ApplicationImport:
    """All of it is the holder's alone."""
    from tests.security.planting import AT, ON, _save

    holder, canary = frozenset({world.holder}), world.canary.encode()
    authorisation = Authorisation.objects.using("owner").get(
        convention_id=world.ids["convention"], flow_key="rights", sender_id=world.holder
    )
    table = ApplicationImport(
        organisation_id=world.holder, author=uuid7(), authorisation=authorisation, sealed=canary, content=canary,
        described=canary, uploaded_at=AT, total=3, done=1, wrong=1,
    )  # fmt: skip
    world.ids["table"] = _save(found, table, holder)
    part = ApplicationImportPart(organisation_id=world.holder, of=table, number=0, wrong=canary)
    _save(found, part, holder)
    _save(found, ImportedLine(organisation_id=world.holder, digest=canary, imported_on=ON), holder)
    _save(found, ImportMemory(organisation_id=world.holder, sealed=canary), holder)
    return table
