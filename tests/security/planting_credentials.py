"""One row of each table of credentials, and a message about them: its person's alone, whichever organisation she acts for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from maillage.credentials.models import Factor, Identity, OpenSession
from maillage.notifications.models import Mailing, Message

if TYPE_CHECKING:
    from tests.security.planting import Plant

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def plant_credentials(found: Plant, holder: frozenset[UUID], person: UUID) -> None:
    """Her second factor, her session, her identity at a provider and what she is told, as the owner writes them."""
    from tests.security.planting import _save

    key = f"{person.hex}"
    for row in (
        Factor(user_id=person, kind="application", sealed=b"x", created_at=AT),
        OpenSession(user_id=person, key=key, address="192.0.2.1", opened_at=AT, seen_at=AT),
        Identity(user_id=person, issuer="https://example.org", subject=key, linked_at=AT),
        Message(once=f"account:{key}", account_id=person, kind="account", reference="S-2", path="/"),
    ):
        _save(found, row, holder, person=person, private=True)
    _save(found, Mailing(user_id=person, choice="daily"), holder, person=person, private=True)
