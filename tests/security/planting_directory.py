"""Rows of the directory in each world: what a body offers, its mailboxes, its imports with a piece of report."""

from maillage.organisations.models import DirectoryImport, ImportPart, Mailbox, Offer
from tests.security.planting import AT, EVERYBODY, ON, Plant, World, _save


def plant_directory(found: Plant, world: World) -> None:
    """One row of each table: offers and mailboxes are everybody's to read, imports their organisation's."""
    holder = frozenset({world.holder})
    said = {"organisation_id": world.holder, "assured_on": ON, "assured_by_id": world.ids["user"]}
    offer = Offer(service="ame", place="Accueil", reception="open", phone="0400000000", **said)
    world.ids["offer"] = _save(found, offer, EVERYBODY, writers=holder)
    mailbox = Mailbox(use="prado", level="local", address=f"{world.name.lower()}@example.org", **said)
    world.ids["mailbox"] = _save(found, mailbox, EVERYBODY, writers=holder)
    deposited = DirectoryImport(
        organisation_id=world.holder,
        by_id=world.ids["user"],
        file_name=world.canary,
        content=b"",
        uploaded_at=AT,
    )
    world.ids["import"] = _save(found, deposited, holder)
    part = ImportPart(
        organisation_id=world.holder, of=deposited, stage="rehearsal", number=1, outcomes=[world.canary]
    )
    _save(found, part, holder)
