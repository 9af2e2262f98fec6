"""A table of applications that the worker of each world brought: tried, with a line to correct."""

from typing import TYPE_CHECKING

from maillage.cases.models import Authorisation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.rights.bulk.acting import bring
from maillage.rights.bulk.keeping import Described, Wrong, encrypted_description, key_of, part_of
from maillage.rights.models import ApplicationImport
from tests.referrals.world import member
from tests.security.worlds_rights import FILES

if TYPE_CHECKING:
    from tests.security.worlds import World


def import_table(world: "World") -> None:
    """Brought by the real action; read and tried by hand: the background has a role of its own."""
    canary = f"CANARI{world.name}"
    with member(world.worker) as worker:
        under = Authorisation.objects.get(convention_id=world.ids["convention"], flow_key=FILES["key"])
        row = bring(
            new_id=uuid7(), file_name=f"{canary}.csv", content=canary.encode(), authorisation=under.id, by=worker, at=now()
        )  # fmt: skip
        key = key_of(row)
        told = Described(f"{canary}.csv", "CSV", (canary, "Nom"))
        described = encrypted_description(told, key=key, table=row.id)
        for state in ("read", "named", "rehearsed"):
            ApplicationImport.objects.filter(id=row.id).update(state=state)
        ApplicationImport.objects.filter(id=row.id).update(
            described=described, places={"surname": 1}, total=2, done=2, created=1, wrong=1
        )
        wrong = Wrong(3, (canary, world.person.surname), (f"nom : « {canary} »",))
        part_of(row, [wrong], number=0, key=key).save(force_insert=True)
    world.ids["table"] = row.id
