"""What each world's holder alone knows of its people: planted for the probes of row security."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from maillage.core.identifiers import uuid7
from maillage.organisations.models import (
    Absence,
    CdrAccess,
    CdrConsultation,
    Invitation,
    Training,
    Undertaking,
)

if TYPE_CHECKING:
    from tests.security.planting import Plant, World

ON = date(2026, 3, 2)
SENT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def plant_people(found: "Plant", world: "World", save: Callable[..., Any]) -> None:
    """One row of each table; the signed-in person reads her own undertaking and training from nowhere else."""
    holder, user = frozenset({world.holder}), world.ids["user"]
    undertaking = Undertaking(user_id=user, organisation_id=world.holder, version="test", text_hash="0" * 64)
    save(found, undertaking, holder, person=user)
    training = Training(user_id=user, organisation_id=world.holder, done_on=ON, title=world.canary)
    save(found, training, holder, person=user)
    absence = Absence(
        user_id=user, organisation_id=world.holder, replaced_by_id=world.ids["colleague"], since=ON, until=ON, recorded_by=user
    )  # fmt: skip
    world.ids["absence"] = save(found, absence, holder)
    administrator = world.ids[
        "administrator"
    ]  # who alone grants; she has the access herself, so that she may consult
    access = CdrAccess(
        organisation_id=world.holder, user_id=administrator, tool="cdr", since=ON, granted_by=administrator
    )
    save(found, access, holder, person=administrator)
    consultation = CdrConsultation(
        organisation_id=world.holder, cdr_access=access, at=SENT, reason="admission", reference=world.canary
    )  # fmt: skip
    save(found, consultation, holder, person=administrator)
    invitation = Invitation(
        organisation_id=world.holder, email=f"{world.canary.lower()}@example.org", full_name=world.canary, roles=["dpo"],
        since=ON, digest=world.canary.encode(), made_by=uuid7(), sent_at=SENT, expires_at=SENT + timedelta(days=14),
    )  # fmt: skip
    world.ids["invitation"] = save(found, invitation, holder)
