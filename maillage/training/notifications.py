"""What is said outside: the day of a session and a link, never who comes nor why it changes."""

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from maillage.notifications.actions import Draft, post
from maillage.training.models import Session

KINDS: dict[str, str] = {
    "session_place": "Une place s’est libérée : une personne qui attendait est inscrite",  # posted by the database
    "session_changed": "Une séance de formation a changé de jour, d’heure ou de lieu",
    "session_cancelled": "Une séance de formation est annulée",
}


def named(session: Session) -> str:
    """How a session is called outside: by its day, « F-2026-12-03 »."""
    return f"F-{session.starts_at.astimezone(ZoneInfo(session.time_zone)):%Y-%m-%d}"


def path(session: UUID) -> str:
    """The address of its page, without a host."""
    return f"/formations/seances/{session}/"


def tell(kind: str, session: Session, *, to: Iterable[UUID], fact: str = "") -> None:
    """One message to each of these organisations, once for a fact."""
    post(
        Draft(
            once=f"{kind}:{session.id}:{body}:{fact}" if fact else f"{kind}:{session.id}:{body}",
            recipient=body,
            kind=kind,
            reference=named(session),
            path=path(session.id),
        )
        for body in sorted(set(to))
    )
