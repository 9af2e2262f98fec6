"""Who is acting: two settings that live for one transaction and that every policy reads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID

from django.db import connections
from psycopg.pq import TransactionStatus

_KEPT = "maillage_context"


@dataclass(frozen=True)
class Context:
    """The signed-in person and the organisation for which she acts; None before they are known."""

    user: UUID | None = None
    organisation: UUID | None = None


class OutsideTransaction(Exception):
    """A context was set outside a transaction: it would be lost at once."""


def context_of(using: str = "default") -> Context:
    """The context now in force on this connection, as this process set it."""
    found = getattr(connections[using], _KEPT, None)
    return found if isinstance(found, Context) else Context()


@contextmanager
def acting(
    *, organisation: UUID | None, user: UUID | None = None, using: str = "default"
) -> Iterator[Context]:
    """Act for an organisation until the block ends; the former context then comes back.

    Raises OutsideTransaction when no transaction is open: the settings are local to it.
    """
    connection = connections[using]
    if not connection.in_atomic_block:
        raise OutsideTransaction("open a transaction first")
    before = context_of(using)
    context = Context(user, organisation)
    _write(context, using)
    try:
        yield context
    finally:
        # A broken transaction takes its settings with it when it rolls back.
        if _usable(using):
            _write(before, using)
        remember(before, using)


def _usable(using: str) -> bool:
    connection = connections[using]
    raw = connection.connection
    return (
        connection.in_atomic_block
        and not connection.needs_rollback
        and raw is not None
        and raw.info.transaction_status is not TransactionStatus.INERROR
    )


def remember(context: Context, using: str = "default") -> None:
    """Keep the context beside the connection, so that leaving a block can restore it without a query."""
    setattr(connections[using], _KEPT, context)


def _write(context: Context, using: str) -> None:
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('maillage.user', %s, true), set_config('maillage.organisation', %s, true)",
            [str(context.user or ""), str(context.organisation or "")],
        )
    remember(context, using)
