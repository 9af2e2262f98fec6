"""A case that follows from each world's own, between the same two organisations: both know of the link, nobody else does."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connections

from maillage.cases.models import Case, Lineage, Participation
from maillage.core.identifiers import uuid7
from maillage.referrals.forwarded.models import Forwarding

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_forwarding(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """The second case, its two parts, and the link to the first, that the function `forward_case` writes alone."""
    from tests.security.planting import AT

    former = Case.objects.using("owner").get(id=world.ids["case"])
    case = Case(
        authorisation_id=former.authorisation_id, convention_id=former.convention_id, kind="referral", service="misas",
        sender_id=world.holder, caisse_id=world.other, opened_at=AT,
    )  # fmt: skip
    world.ids["redirected"] = save(found, case, world.both)
    for organisation, role in ((world.holder, "sender"), (world.other, "recipient")):
        part = Participation(
            organisation_id=organisation, case=case, convention_id=former.convention_id, role=role, since=AT,
            state="redirected", sealed_key=b"k" * 64,
        )  # fmt: skip
        save(found, part, frozenset({organisation}))
    save(found, Lineage(following=case, former=former, kind="restarted", made_at=AT), world.both)
    forwarding = Forwarding(
        case_id=former.id, service="ssam", recipient_id=found.outsider, article="9", forwarded_at=AT, forwarded_by=uuid7(),
    )  # fmt: skip
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to come is not altered
        cursor.execute("ALTER TABLE referrals_forwarding DISABLE TRIGGER kept")
        save(found, forwarding, world.both, adders=frozenset())
        cursor.execute("ALTER TABLE referrals_forwarding ENABLE TRIGGER kept")
