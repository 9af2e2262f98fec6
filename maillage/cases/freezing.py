"""The wall around a restricted case, generated from the models; restricting a case, lifting that (GDPR art. 18)."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Final, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import DatabaseError, connections, transaction
from django.db.models import BinaryField, Exists, Model, OuterRef

from maillage.audit.actions import record
from maillage.cases.freezes import LONGEST_WHY, Freeze
from maillage.cases.models import Case, Participation
from maillage.cases.rules import LIFTED_HOW, RESTRICTIONS
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.core.row_security.synchronise import declarations
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member

T = TypeVar("T")
FROZEN: Final = "barred"
"""The trigger that each table of a case has; by its name it is asked before the others."""
SQLSTATE: Final = "MF018"
"""What PostgreSQL answers to whoever writes in a restricted case."""
_FUNCTION: Final = "cases_while_frozen"
_DESTROYED: Final[dict[type[Model], tuple[str, ...]]] = {Participation: ("key_made_at", "until")}
"""Beside what is encrypted: what the renewal of keys and the destruction at term change, of a table."""


def bound() -> Iterator[tuple[type[Model], tuple[str, ...]]]:
    """Each model whose rows belong to a case, with the columns that name it; those that say why they stay open are left out."""
    for model, _ in declarations():
        columns = tuple(
            str(field.column) for field in model._meta.concrete_fields if field.is_relation and field.related_model is Case
        )  # fmt: skip
        if columns and not model.__dict__.get("while_frozen"):
            yield model, columns


def wall_statements(model: type[Model], columns: Sequence[str]) -> list[str]:
    """The SQL that refuses each row of a restricted case in one table, from nothing.

    The worker alone still seals again what is encrypted: a key that must go does not wait, and nothing of the case changes.
    """
    table = model._meta.db_table
    arguments = ", ".join(f"'{one}'" for one in wall_arguments(model, columns))
    made = f"CREATE TRIGGER {FROZEN} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION {_FUNCTION}({arguments})"
    return [f"DROP TRIGGER IF EXISTS {FROZEN} ON {table}", made]


def wall_arguments(model: type[Model], columns: Sequence[str]) -> list[str]:
    """What the trigger of a table is told: the columns that name a case, then those that the worker seals again."""
    sealed = [str(field.column) for field in model._meta.concrete_fields if isinstance(field, BinaryField)]
    return [",".join(columns), ",".join((*sealed, *_DESTROYED.get(model, ())))]


def after_migrate(*, using: str, **_: object) -> None:
    """Signal receiver: the walls follow the models after every migration."""
    if using != "owner":
        return
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_proc WHERE proname = %s", [_FUNCTION])
        if cursor.fetchone() is None:
            return  # on the way to an older schema
        for model, columns in bound():
            if model._meta.db_table in existing:
                for statement in wall_statements(model, columns):
                    cursor.execute(statement)


def connect() -> None:
    """Hear of migrations."""
    from django.db.models.signals import post_migrate  # noqa: PLC0415 - once the applications are there

    post_migrate.connect(after_migrate, sender=apps.get_app_config("cases"), dispatch_uid="walls")


def is_refusal(error: BaseException) -> bool:
    """Whether this is the database refusing to write in a restricted case."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    return getattr(cause, "sqlstate", None) == SQLSTATE


def running(cases: Sequence[UUID]) -> list[Freeze]:
    """What restricts these cases now, the first one first; for whoever takes part in them."""
    rows = Freeze.objects.filter(case_id__in=list(cases), lifted_at=None).select_related("organisation")
    return list(rows.order_by("since", "id"))


def restrained() -> Exists:
    """Whether what a participation is about is restricted: nothing is asked of anybody meanwhile."""
    return Exists(Freeze.objects.filter(case_id=OuterRef("case_id"), lifted_at=None))


def is_frozen(case: UUID) -> bool:
    """Whether a case is restricted; the rounds of each day go past it, and find it again once that is lifted."""
    return Freeze.objects.filter(case_id=case, lifted_at=None).exists()


def unless_frozen(act: Callable[[], T]) -> T | None:
    """What an act of a round returns, which stands or falls by itself; None where its case was restricted after it was looked at:
    the round goes on, and finds it again once that is lifted."""
    try:
        with transaction.atomic():
            return act()
    except DatabaseError as error:
        if not is_refusal(error):
            raise
        return None


@transaction.atomic
def freeze(*, cases: Sequence[UUID], ground: str, by: Member, at: datetime) -> list[Freeze]:
    """Restrict these cases of one's organisation; those that it restricts already stay as they are. What was restricted now.

    Whoever writes in one at this instant is waited for, then nobody does. Raises Refused at `ground`.
    """
    if ground not in RESTRICTIONS:
        raise Refused("Choisissez un motif.", "ground")
    known = set(
        Freeze.objects.filter(case_id__in=list(cases), organisation=by.organisation, lifted_at=None)
        .order_by("case_id")
        .values_list("case_id", flat=True)
    )
    made = []
    for case in sorted(set(cases) - known):
        row = Freeze(
            id=uuid7(), case_id=case, organisation_id=by.organisation, ground=ground, since=at, frozen_by=by.user
        )  # fmt: skip
        row.save(force_insert=True)
        _record("freeze", case, by)
        made.append(row)
    return made


def lift_faults(
    *, why: str, told_on: date | None, told_how: str, on: date, since: date
) -> list[Fault | None]:
    """What is wrong with a lifting, at its field: the person is told before, by a means that is named, and a reason is given."""
    text = why.strip()
    return [
        None if text else Fault("Dites pourquoi la limitation est levée.", "why"),
        Fault(f"Écrivez {LONGEST_WHY} caractères au plus.", "why") if len(text) > LONGEST_WHY else None,
        None if told_how in LIFTED_HOW else Fault("Choisissez une réponse.", "told_how"),
        Fault("Écrivez le jour où la personne a été informée : elle l’est avant la levée.", "told_on", "RGPD, article 18.3")
        if told_on is None
        else None,
        Fault("Ce jour est à venir : informez d’abord la personne.", "told_on", "RGPD, article 18.3")
        if told_on and told_on > on
        else None,
        Fault("Ce jour est d’avant la limitation.", "told_on") if told_on and told_on < since else None,
    ]  # fmt: skip


@transaction.atomic
def lift(
    *,
    row: Freeze,
    why: str,
    told_on: date | None,
    told_how: str,
    by: Member,
    at: datetime,
    on: date,
    since: date,
) -> Freeze:
    """Lift a restriction of one's own organisation, once the person was told. Raises TransitionRefused, Refused at its field."""
    check(lift_faults(why=why, told_on=told_on, told_how=told_how, on=on, since=since))
    done = Freeze.objects.filter(pk=row.pk, organisation=by.organisation, lifted_at=None).update(
        lifted_at=at, lifted_by=by.user, lifted_why=why.strip(), told_on=told_on, told_how=told_how
    )
    if not done:
        raise TransitionRefused
    _record("unfreeze", row.case_id, by)
    row.refresh_from_db()
    return row


def _record(verb: str, case: UUID, by: Member) -> None:
    kind = Case.objects.values_list("kind", flat=True).get(pk=case)
    record(verb=verb, object_type=kind, object_ref=case, by=by.user, organisation=by.organisation)
