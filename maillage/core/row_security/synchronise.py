"""From declarations to PostgreSQL: after each migration, policies, grants and the jumps of states are made again from the models."""

from collections.abc import Iterator

from django.apps import apps
from django.db import ProgrammingError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Model
from psycopg.errors import UndefinedColumn

from maillage.core.applied import note
from maillage.core.row_security.access import APP, RUNTIME, STATISTICS, WORKER, Access
from maillage.core.row_security.framework_tables import FRAMEWORK_GRANTS
from maillage.core.row_security.guards import jump_statements

_POLICIES = {"SELECT": "sees", "INSERT": "adds", "UPDATE": "changes", "DELETE": "removes"}


class Undeclared(Exception):
    """A table of ours says nowhere who sees its rows."""


def declarations() -> Iterator[tuple[type[Model], Access]]:
    """Each model of Maillage with its declared access; raises Undeclared for one without."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith("maillage."):
            continue
        access = model.__dict__.get("access")
        if not isinstance(access, Access):
            raise Undeclared(
                f"{model.__module__}.{model.__name__}: declare `access = …` (maillage/core/row_security/access.py)"
            )
        yield model, access


def policy_statements(table: str, access: Access) -> list[str]:
    """The SQL that gives one table its runtime policies and grants, from nothing."""
    roles = ", ".join(RUNTIME)
    statements = [f"REVOKE ALL ON {table} FROM PUBLIC, {roles}, {STATISTICS}"]
    statements += [
        f"GRANT {', '.join(rights)} ON {table} TO {role}"
        for role in RUNTIME
        if (rights := rights_of(role, access))
    ]
    for verb, attribute in _POLICIES.items():
        name = f"runtime_{verb.lower()}"
        statements.append(f"DROP POLICY IF EXISTS {name} ON {table}")
        predicate = getattr(access, attribute)
        if access.protected and predicate is not None:
            clauses = _clauses(verb, predicate.replace("{table}", table))
            statements.append(f"CREATE POLICY {name} ON {table} FOR {verb} TO {roles} {clauses}")
    return statements


def rights_of(role: str, access: Access) -> tuple[str, ...]:
    """The rights of one runtime role on a table; a verb on some columns only names them."""
    if role == WORKER and access.worker_reads:
        return (f"SELECT ({', '.join(access.worker_reads)})",)
    columns = f"UPDATE ({', '.join(access.web_changes)})" if access.web_changes else "UPDATE"
    return tuple(columns if verb == "UPDATE" else verb for verb in access.grants)


def state_statements(model: type[Model]) -> list[str]:
    """The SQL that keeps the states of a model to its table of transitions, if it has one."""
    transitions = model.__dict__.get("transitions")
    return jump_statements(model._meta.db_table, transitions) if transitions else []


def _clauses(verb: str, predicate: str) -> str:
    if verb == "INSERT":
        return f"WITH CHECK ({predicate})"
    if verb == "UPDATE":
        return f"USING ({predicate}) WITH CHECK ({predicate})"
    return f"USING ({predicate})"


def _define(cursor: CursorWrapper, statement: str, connection: BaseDatabaseWrapper) -> None:
    """Run it; on the way to an older schema, a policy over a column that is not there is left out: its verb is closed.

    Where every migration is applied nothing is left out: it raises.
    """
    try:
        with transaction.atomic(using=connection.alias):
            cursor.execute(statement)
    except ProgrammingError as error:
        executor = MigrationExecutor(connection)
        if not isinstance(error.__cause__, UndefinedColumn) or not executor.migration_plan(
            executor.loader.graph.leaf_nodes()
        ):
            raise


def synchronise(using: str) -> None:
    """Make all policies and grants again, in one transaction, as the owner."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {', '.join(RUNTIME)}, {STATISTICS}")
        cursor.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {', '.join(RUNTIME)}")
        for model, access in declarations():
            if model._meta.db_table in existing:
                for statement in policy_statements(model._meta.db_table, access):
                    _define(cursor, statement, connection)
                for statement in state_statements(model):
                    cursor.execute(statement)
        for table, verbs in FRAMEWORK_GRANTS.items():
            if table in existing:
                cursor.execute(f"REVOKE ALL ON {table} FROM PUBLIC, {', '.join(RUNTIME)}, {STATISTICS}")
                for role in RUNTIME:
                    granted = verbs[role == APP]
                    if granted:
                        cursor.execute(f"GRANT {granted} ON {table} TO {role}")


def after_migrate(*, using: str, **_: object) -> None:
    """Signal receiver: only the owner may define policies."""
    if using == "owner":
        synchronise(using)
        note(using)
