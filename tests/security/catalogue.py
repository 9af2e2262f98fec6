"""The catalogue of PostgreSQL against the declarations: what is granted to whom, and which policies stand. Rows in, faults out."""

import re
from collections.abc import Iterator
from typing import Any

import psycopg

from maillage.cases.freezing import FROZEN, bound, wall_arguments
from maillage.core.row_security.access import APP, OWNER, RUNTIME, STATISTICS, WORKER, Access
from maillage.core.row_security.framework_tables import FRAMEWORK_GRANTS
from maillage.core.row_security.guards import JOURNAL, STATE_JUMPS, Triggers, jumps
from maillage.core.row_security.synchronise import declarations, policy_statements

VERBS = {"a": "INSERT", "r": "SELECT", "w": "UPDATE", "d": "DELETE"}
LETTERS = {verb: letter for letter, verb in VERBS.items()}
SAFE_SEARCH_PATH = re.compile(r"search_path=pg_catalog(, public, pg_temp)?")
# Functions that a library installs: run with the caller's own rights, so that they give nobody more.
KNOWN_OPEN = re.compile(r"procrastinate_\w+")
# Ours that compute on their arguments only.
OPEN_ON_PURPOSE = {"audit_part", "audit_leaf", "audit_refuse"}


Policies = dict[tuple[str, str], tuple[Any, ...]]  # by table and name


def faults(connection: psycopg.Connection, declared: Policies | None = None) -> list[str]:
    """Everything in this database that the declarations do not say; each says what to do.

    `declared`: what `declared_policies` answered for a database of the same tables, instead of making them once more.
    """
    return [
        *_tables(connection),
        *_columns(connection),
        *_policies(connection, declared or declared_policies(connection)),
        *_functions(connection),
        *_roles(connection),
        *_triggers(connection),
        *_parents(connection),
        *_others(connection),
    ]


def _tables(connection: psycopg.Connection) -> Iterator[str]:
    declared = {model._meta.db_table: access for model, access in declarations()}
    rows = connection.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity, pg_get_userbyid(relowner), relacl::text[]"
        " FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') ORDER BY relname"
    ).fetchall()
    for table, enabled, forced, owner, acl in rows:
        access = declared.get(table)
        if access is None and table not in FRAMEWORK_GRANTS:
            yield f"{table}: declare `access` on its model, or add a library's table to FRAMEWORK_GRANTS"
            continue
        if access is not None and access.protected and not (enabled and forced):
            yield f"{table}: row security is not enabled and forced; add ProtectTable to the migration that creates it"
        if owner != OWNER:
            yield f"{table}: owned by {owner}, not by {OWNER}"
        granted, wanted = _granted(acl), _wanted(table, access)
        if granted != wanted:
            yield f"{table}: granted {granted}, declared {wanted}"
    missing = set(declared) - {row[0] for row in rows}
    if missing:
        yield f"declared and absent: {sorted(missing)}"


def _granted(acl: list[str] | None) -> dict[str, str]:
    """Letters of rights by role, the owner's aside; « PUBLIC » for everybody."""
    found = {}
    for item in acl or []:
        role, rights = item.split("=", 1)
        if role.strip('"') != OWNER:
            found[role.strip('"') or "PUBLIC"] = "".join(sorted(rights.split("/")[0]))
    return found


def _wanted(table: str, access: Access | None) -> dict[str, str]:
    if access is None:
        worker, app = FRAMEWORK_GRANTS[table]
        named = {WORKER: worker, APP: app}
    else:
        named = {role: ", ".join(_whole(role, access)) for role in RUNTIME}
    return {
        role: "".join(sorted(LETTERS[verb.strip()] for verb in verbs.split(",")))
        for role, verbs in named.items()
        if verbs
    }


def _whole(role: str, access: Access) -> list[str]:
    """Verbs on whole rows; those on some columns only are compared column by column."""
    if role == WORKER and access.worker_reads:
        return []
    return [verb for verb in access.grants if verb != "UPDATE" or not access.web_changes]


def _columns_wanted() -> dict[tuple[str, str], dict[str, str]]:
    wanted: dict[tuple[str, str], dict[str, str]] = {}
    for model, access in declarations():
        for columns, role, letter in ((access.worker_reads, WORKER, "r"), (access.web_changes, APP, "w")):
            for column in columns:
                wanted.setdefault((model._meta.db_table, column), {})[role] = letter
    return wanted


def _columns(connection: psycopg.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT attrelid::regclass::text, attname, attacl::text[] FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
        " WHERE c.relnamespace = 'public'::regnamespace AND a.attacl IS NOT NULL"
    )
    granted = {(row[0], row[1]): _granted(row[2]) for row in rows}
    wanted = _columns_wanted()
    for column in sorted(granted.keys() | wanted.keys()):
        if granted.get(column, {}) != wanted.get(column, {}):
            yield f"{'.'.join(column)}: granted by column {granted.get(column)}, declared {wanted.get(column)}"


def declared_policies(connection: psycopg.Connection) -> Policies:
    """The declared policies as PostgreSQL prints them: made on the spot, in a transaction that is rolled back."""
    with connection.transaction(force_rollback=True):
        for model, access in declarations():
            for statement in policy_statements(model._meta.db_table, access):
                connection.execute(statement.encode())
        return _standing(connection)


def _policies(connection: psycopg.Connection, rebuilt: Policies) -> Iterator[str]:
    """Those that stand must print like the declared ones."""
    standing = _standing(connection)
    for key in sorted(standing.keys() | rebuilt.keys()):
        if standing.get(key) != rebuilt.get(key):
            yield f"policy {key[1]} on {key[0]}: stands as {standing.get(key)}, declared as {rebuilt.get(key)}"
    allowed = {f"runtime_{verb.lower()}" for verb in VERBS.values()} | {"owner_all"}
    for (table, name), (permissive, roles, *_rest) in standing.items():
        if name not in allowed:
            yield f"policy {name} on {table} comes from no declaration"
        if permissive != "PERMISSIVE" or (name == "owner_all") != (roles == [OWNER]) or "public" in roles:
            yield f"policy {name} on {table} is {permissive} for {roles}"
    for model, access in declarations():
        if access.protected and (model._meta.db_table, "owner_all") not in standing:
            yield f"{model._meta.db_table}: no policy for the owner; add ProtectTable"


def _standing(connection: psycopg.Connection) -> Policies:
    rows = connection.execute(
        "SELECT tablename, policyname, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public'"
    )
    return {(row[0], row[1]): (row[2], sorted(row[3]), *row[4:]) for row in rows}


def _functions(connection: psycopg.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT proname, prosecdef, coalesce(proconfig::text[], '{}'), pg_get_userbyid(proowner), proacl::text[] FROM pg_proc p"
        " WHERE pronamespace = 'public'::regnamespace"
        " AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') ORDER BY proname"
    )
    for name, definer, configuration, owner, acl in rows:
        executable = acl is None or any(item.startswith("=") for item in acl)
        if not definer:
            if executable and name not in OPEN_ON_PURPOSE and not KNOWN_OPEN.fullmatch(name):
                yield f"function {name}: REVOKE ALL … FROM PUBLIC, or say in tests/security/catalogue.py why it is open"
            continue
        if not any(SAFE_SEARCH_PATH.fullmatch(setting) for setting in configuration):
            yield f"function {name}: SECURITY DEFINER without SET search_path = pg_catalog, public, pg_temp"
        if executable:
            yield f"function {name}: SECURITY DEFINER and everybody may run it; REVOKE ALL … FROM PUBLIC"
        if owner != OWNER:
            yield f"function {name}: SECURITY DEFINER of {owner}, not of {OWNER}"


def _roles(connection: psycopg.Connection) -> Iterator[str]:
    rows = connection.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole, rolreplication,"
        " EXISTS (SELECT 1 FROM pg_auth_members WHERE member = r.oid) FROM pg_roles r WHERE rolname = ANY(%s)",
        [[OWNER, *RUNTIME, STATISTICS]],
    ).fetchall()
    words = (
        "superuser",
        "bypasses row security",
        "creates roles",
        "replicates",
        "is a member of another role",
    )
    for role, *attributes in rows:
        yield from (f"role {role}: {word}" for word, holds in zip(words, attributes, strict=True) if holds)
    if len(rows) != 4:
        yield f"roles: found {sorted(row[0] for row in rows)}"


def _triggers(connection: psycopg.Connection) -> Iterator[str]:
    """Every table has the triggers that its model declares, at work, and no others."""
    standing: dict[str, dict[str, tuple[str, str, list[str]]]] = {}
    rows = connection.execute(
        "SELECT c.relname, t.tgname, t.tgenabled::text, p.proname,"
        " array_remove(string_to_array(encode(t.tgargs, 'escape'), '\\000'), '')"
        " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
        " WHERE NOT t.tgisinternal AND c.relnamespace = 'public'::regnamespace"
    )
    for table, name, enabled, function, arguments in rows:
        standing.setdefault(table, {})[name] = (enabled, function, arguments)
    walls = dict(bound())
    for model, _access in declarations():
        table, declared = model._meta.db_table, model.__dict__.get("triggers")
        found = standing.get(table, {})
        if not isinstance(declared, Triggers):
            yield f"{table}: declare `triggers` on its model (maillage/core/row_security/guards.py)"
            continue
        transitions = model.__dict__.get("transitions")
        names = (
            declared.names
            | ({STATE_JUMPS} if transitions else set())
            | ({FROZEN} if model in walls else set())
        )
        if names != set(found):
            yield f"{table}: triggers {sorted(found)}, declared {sorted(names)}"
        yield from (f"{table}: trigger {name} is {row[0]}" for name, row in found.items() if row[0] != "O")
        if model in walls and FROZEN in found:
            wall = ("cases_while_frozen", [one for one in wall_arguments(model, walls[model]) if one])
            if found[FROZEN][1:] != wall:
                yield f"{table}: its wall is {found[FROZEN][1:]}, the models say {wall}"
        if JOURNAL in found and found[JOURNAL][1] != "audit_row_change":
            yield f"{table}: its journal is {found[JOURNAL][1]}"
        if (
            transitions
            and STATE_JUMPS in found
            and found[STATE_JUMPS][1:] != ("state_jumps", jumps(transitions))
        ):
            yield f"{table}: its states jump as {found[STATE_JUMPS][2]}, the table of transitions says {jumps(transitions)}"


def _parents(connection: psycopg.Connection) -> Iterator[str]:
    """A row that names its convention and a parent that has one names both in one key, or it could join two conventions."""
    rows = connection.execute(
        "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text,"
        " ARRAY(SELECT a.attname::text FROM unnest(c.conkey) k JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k),"
        " c.condeferred FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'public'::regnamespace"
    ).fetchall()
    carriers = {
        row[0]
        for row in connection.execute(
            "SELECT attrelid::regclass::text FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'convention_id'"
        )
    }
    both = {(child, frozenset(columns)) for child, _, columns, deferred in rows if not deferred}
    for child, parent, columns, _ in rows:
        if len(columns) != 1 or {child, parent} - carriers:
            continue
        if not any(named == child and {columns[0], "convention_id"} <= key for named, key in both):
            yield f"{child}.{columns[0]}: names a {parent} of any convention; reference (id, convention_id)"


def _others(connection: psycopg.Connection) -> Iterator[str]:
    """Views run with their owner's rights, foreign tables leave the database, schemas may be open: we have none of these."""
    relations = connection.execute(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('v', 'm', 'f')"
    )
    yield from (
        f"{row[0]}: a view or foreign table; row security of its tables does not hold through it"
        for row in relations
    )
    large = connection.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^lo(_|read|write)'"
        " AND has_function_privilege(%s, oid, 'EXECUTE') AND proname NOT IN ('lo_import', 'lo_export')",
        [APP],
    )
    yield from (f"function {row[0]}: large objects know no row security" for row in large)
    if connection.execute("SELECT 1 FROM pg_default_acl").fetchone():
        yield "default privileges: tables to come would be open before they are declared"
    schemas = connection.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('information_schema', 'public')"
    )
    yield from (f"schema {row[0]}: unknown" for row in schemas)
    acl = connection.execute("SELECT nspacl::text[] FROM pg_namespace WHERE nspname = 'public'").fetchone()
    if acl is None or acl[0] is None or any(item.startswith("=") for item in acl[0]):
        yield "schema public: open to everybody"
