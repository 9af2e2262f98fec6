"""Declarations of access. A model carries one (`access = by_participation()`); nothing else says who sees its rows.

The predicates use the scalar subquery form: PostgreSQL evaluates the setting once per statement, so that the
index of the organisation's column is used (a bare call is evaluated for each row).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

OWNER = "maillage_owner"
APP = "maillage_app"
WORKER = "maillage_worker"
STATISTICS = "maillage_statistics"
RUNTIME = (APP, WORKER)

ORGANISATION = "(SELECT nullif(current_setting('maillage.organisation', true), '')::uuid)"
USER = "(SELECT nullif(current_setting('maillage.user', true), '')::uuid)"


@dataclass(frozen=True)
class Access:
    """Who sees a row (`sees`), who may add, change or remove one, and which verbs the runtime roles hold at all.

    `sees`, `adds`, `changes` are SQL predicates over the row; `grants` lists the SQL verbs granted to the web and
    worker roles. Without a predicate the verb is denied by row security even if it was granted by mistake.
    """

    kind: str
    sees: str | None
    adds: str | None = None
    changes: str | None = None
    removes: str | None = None
    grants: tuple[str, ...] = ("SELECT",)
    protected: bool = True
    worker_reads: tuple[str, ...] = ()  # columns, when the worker reads no others and changes nothing
    web_changes: tuple[str, ...] = ()  # columns, when the web changes no others


def _naming(predicate: str, names: Mapping[str, str]) -> str:
    """`predicate`, and whoever adds the row reads what its columns name: a foreign key alone looks below row security.

    `names` tells, for each column, the table (or the query) of what it may name; a table's own policies are obeyed in it.
    """
    for column, table in names.items():
        predicate += (
            f" AND ({{table}}.{column} IS NULL OR EXISTS (SELECT 1 FROM {table} named"
            f" WHERE named.id = {{table}}.{column}))"
        )
    return predicate


def organisations_own(
    *,
    column: str = "organisation_id",
    writes: tuple[str, ...] = ("INSERT", "UPDATE"),
    or_user: str | None = None,
    names: Mapping[str, str] = MappingProxyType({}),
) -> Access:
    """The organisation's own rows; with `or_user`, also those of the signed-in person (her memberships)."""
    predicate = f"{column} = {ORGANISATION}"
    sees = f"({predicate} OR {or_user} = {USER})" if or_user else predicate
    return Access(
        "organisations_own",
        sees=sees,
        adds=_naming(predicate, names) if "INSERT" in writes else None,
        changes=predicate if "UPDATE" in writes else None,
        removes=predicate if "DELETE" in writes else None,
        grants=("SELECT", *writes),
    )


def by_participation(
    *,
    case: str = "case_id",
    writes: tuple[str, ...] = (),
    added_by: str | None = None,
    changed_by: str | None = None,
    still_told: str = "",
) -> Access:
    """Whoever takes part in the case, for as long as the participation runs.

    `added_by` and `changed_by` are the one role that adds and changes rows. `still_told`: of rows that say what is done for the
    person, the predicate over the row under which a side reads it from which she withholds the progress (D12).
    """
    predicate = (
        "EXISTS (SELECT 1 FROM cases_participation mine WHERE mine.case_id = {table}." + case + " "
        f"AND mine.organisation_id = {ORGANISATION} AND (mine.until IS NULL OR mine.until > now())"
        + (f" AND (NOT mine.withheld OR {still_told})" if still_told else "")
        + ")"
    )
    return Access(
        "by_participation",
        sees=predicate,
        adds=_in_role(predicate, added_by) if "INSERT" in writes else None,
        changes=_in_role(predicate, changed_by) if "UPDATE" in writes else None,
        grants=("SELECT", *writes),
    )


def _in_role(predicate: str, role: str | None) -> str:
    return (
        predicate.replace("mine.organisation_id", f"mine.role = '{role}' AND mine.organisation_id")
        if role
        else predicate
    )


def by_party(
    *,
    convention: str = "convention_id",
    writes: tuple[str, ...] = (),
    recorded_by: str | None = None,
    shared: bool = False,
    names: Mapping[str, str] = MappingProxyType({}),
    informed_too: bool = True,
    unless: str = "",
) -> Access:
    """Whoever is a party of the convention or, unless not `informed_too`, was informed of it.

    `recorded_by` is the column of the organisation that writes the row, and that alone changes it, unless it is `shared`: any
    party changes it then. `names` tells what other columns name, which the writer must read. `unless` is a predicate over the row under
    which its writer alone sees it, and whoever reads exactly what is counted of people (`indicators_exact`).
    """
    predicate = (
        "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}." + convention + " "
        f"AND mine.organisation_id = {ORGANISATION})"
    )
    acts = predicate.replace("mine.organisation_id", "mine.role <> 'informed' AND mine.organisation_id")
    own = f"{acts} AND {recorded_by} = {ORGANISATION}" if recorded_by else acts
    changes = acts if shared else own
    sees = predicate if informed_too else acts
    if unless:
        sees += f" AND (NOT {unless} OR {recorded_by} = {ORGANISATION} OR indicators_exact({convention}))"
    return Access(
        "by_party",
        sees=sees,
        adds=_naming(own, names) if "INSERT" in writes else None,
        changes=changes if "UPDATE" in writes else None,
        removes=changes if "DELETE" in writes else None,
        grants=("SELECT", *writes),
    )


def exactly_read(*, convention: str = "convention_id") -> Access:
    """Read by whoever reads exactly what is counted of people under the convention (`indicators_exact`), written by definer functions."""
    return Access("exactly_read", sees=f"indicators_exact({{table}}.{convention})")


def between_parties(
    *, caller: str, called: str, case: str = "case_id", convention: str = "convention_id"
) -> Access:
    """Two organisations of one convention: the first adds the row, the second changes it, nobody else sees it.

    A row that names a case is seen by whoever of the two takes part in that case.
    """
    shares = (
        "({table}." + case + " IS NULL OR EXISTS (SELECT 1 FROM cases_participation mine"
        " WHERE mine.case_id = {table}." + case + " "
        f"AND mine.organisation_id = {ORGANISATION} AND (mine.until IS NULL OR mine.until > now())))"
    )
    party = (
        "EXISTS (SELECT 1 FROM conventions_party mine WHERE mine.convention_id = {table}." + convention + " "
        f"AND mine.role <> 'informed' AND mine.organisation_id = {ORGANISATION})"
    )
    return Access(
        "between_parties",
        sees=f"({caller} = {ORGANISATION} OR {called} = {ORGANISATION}) AND {shares}",
        adds=f"{caller} = {ORGANISATION} AND {shares} AND {party}",
        changes=f"{called} = {ORGANISATION} AND {shares}",
        grants=("SELECT", "INSERT", "UPDATE"),
    )


def by_sharing(
    *, owner: str = "organisation_id", readers: str = "readers", writes: tuple[str, ...] = ("INSERT",)
) -> Access:
    """The organisation that holds the row and those that it names as readers."""
    own = f"{owner} = {ORGANISATION}"
    return Access(
        "by_sharing",
        sees=f"({own} OR {ORGANISATION} = ANY({readers}))",
        adds=own if "INSERT" in writes else None,
        changes=own if "UPDATE" in writes else None,
        grants=("SELECT", *writes),
    )


def directory(
    *,
    own: str | None = None,
    adds: bool = False,
    worker_reads: tuple[str, ...] = (),
    web_changes: tuple[str, ...] = (),
) -> Access:
    """Read by everyone who works here; `own` is the predicate under which one's own row may be changed, or added with `adds`.

    `worker_reads` names the only columns that the jobs see, `web_changes` the only ones that a page changes: a column that
    comes later is closed until it is named.
    """
    grants = ("SELECT", *(("INSERT",) if adds else ()), *(("UPDATE",) if own else ()))
    return Access(
        "directory",
        sees="true",
        adds=own if adds else None,
        changes=own,
        grants=grants,
        worker_reads=worker_reads,
        web_changes=web_changes,
    )


def write_only(*, column: str = "organisation_id", reads: bool = False) -> Access:
    """Rows that one's own work adds and never changes, nobody's where nobody acts; with `reads`, one reads one's own."""
    own = f"{column} IS NOT DISTINCT FROM {ORGANISATION}"
    return Access(
        "write_only",
        sees=f"{column} = {ORGANISATION}" if reads else None,
        adds=own,
        grants=("SELECT", "INSERT") if reads else ("INSERT",),
    )


def internal() -> Access:
    """Touched by definer functions and triggers only."""
    return Access("internal", sees=None, grants=())


def public(*, writes: tuple[str, ...] = ()) -> Access:
    """No secret and nobody's: reference data."""
    return Access("public", sees=None, grants=("SELECT", *writes), protected=False)
