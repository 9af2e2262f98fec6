"""Signed-in browsers: opened, followed, closed. The sessions' table holds digests, so that no copy of it signs anybody in."""

from datetime import datetime
from hashlib import sha256
from uuid import UUID

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.db import connections, transaction

from maillage.audit.actions import record
from maillage.core.clock import now
from maillage.core.row_security.context import context_of
from maillage.credentials.entering import in_the_name_of
from maillage.credentials.models import AGENT_LENGTH, OpenSession
from maillage.organisations.models import User

_KEY_LENGTH = 40  # of Django's column: 160 bits of the digest

# Each request asks for it: written here, it is not composed again each time (half a millisecond).
_LIVE = "SELECT * FROM django_session WHERE session_key = %s AND expire_date > %s"


def digest(key: str) -> str:
    """What the database knows of a session's key."""
    return sha256(key.encode()).hexdigest()[:_KEY_LENGTH]


class SessionStore(DatabaseStore):
    """Django's sessions in the database, under the digests of their keys."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Django's own table."""
        return Session

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = next(
            iter(Session.objects.raw(_LIVE, [digest(self.session_key or ""), now()])), None
        )
        if found is None:
            self._session_key = None
        return found

    def exists(self, session_key: str) -> bool:
        """Whether a session has this key."""
        return bool(super().exists(digest(session_key)))

    def create_model_instance(self, data: dict[str, object]) -> Session:
        """The row of this session, expiry included."""
        row = super().create_model_instance(data)
        assert isinstance(row, Session)  # noqa: S101 - tells the type checker what the class says above
        row.session_key = digest(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        """Forget a session, this one by default."""
        key = session_key or self.session_key
        if key is not None:
            super().delete(digest(key))


@transaction.atomic
def open_session(*, user: User, key: str, address: str | None, agent: str, at: datetime) -> None:
    """Remember a browser that has just signed in, for its owner's list."""
    with in_the_name_of(user.id):
        OpenSession.objects.create(
            user=user,
            key=digest(key),
            address=address,
            agent="".join(agent.split("\x00"))[:AGENT_LENGTH],
            opened_at=at,
            seen_at=at,
        )


def see(*, user: User, key: str, at: datetime) -> None:
    """Note that a session is at work."""
    with in_the_name_of(user.id):
        OpenSession.objects.filter(user=user, key=digest(key), seen_at__lt=at).update(seen_at=at)


def follow(*, user: User, before: str, after: str) -> None:
    """The same session goes on under a new key."""
    with in_the_name_of(user.id):
        OpenSession.objects.filter(user=user, key=digest(before)).update(key=digest(after))


def sessions_of(user: User) -> list[OpenSession]:
    """Her sessions that are still open, the latest activity first."""
    with in_the_name_of(user.id):
        rows = list(OpenSession.objects.filter(user=user).order_by("-seen_at", "-id"))
    live = set(
        Session.objects.filter(session_key__in=[row.key for row in rows], expire_date__gt=now()).values_list(
            "session_key", flat=True
        )
    )
    return [row for row in rows if row.key in live]


@transaction.atomic
def close(*, user: User, session: UUID | None, except_key: str) -> int:
    """Close one of her sessions, or with None all but the present one; how many. Each is refused at its next request."""
    with in_the_name_of(user.id):
        rows = OpenSession.objects.filter(user=user).exclude(key=digest(except_key))
        if session is not None:
            rows = rows.filter(id=session)
        found = list(rows)
        Session.objects.filter(session_key__in=[row.key for row in found]).delete()
        for row in found:
            record(
                verb="session.close",
                object_type="session",
                object_ref=row.id,
                by=user.id,
                organisation=context_of().organisation,
            )
            row.delete()
    return len(found)


@transaction.atomic
def leave(*, user: User, key: str) -> None:
    """The present session ends: she signs out, or it lasted too long."""
    with in_the_name_of(user.id):
        OpenSession.objects.filter(user=user, key=digest(key)).delete()
        record(
            verb="signed_out",
            object_type="user",
            object_ref=user.id,
            by=user.id,
            organisation=context_of().organisation,
        )


def forget_ended(using: str = "default") -> int:
    """Remove sessions that have ended by themselves, everybody's (the function knows which); how many."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT credentials_forget_sessions()")
        return int(cursor.fetchone()[0])


def end_every_session() -> int:
    """After a restore: sessions that were closed since the backup would open again. For the owner's role; how many."""
    OpenSession.objects.all().delete()
    ended, _ = Session.objects.all().delete()
    return ended
