"""Statements composed once and filled at each call, for what every step of every case asks and writes.

Django takes several times as long to compose a small statement as PostgreSQL to answer it (`make bench ONLY=replay`). Elsewhere
its own way is plainer: these are for what a measure showed.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, wraps
from inspect import signature
from typing import Any, Generic, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Field, Model, QuerySet
from django.db.models.expressions import DatabaseDefault
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import mark_for_rollback_on_error

P = ParamSpec("P")
M = TypeVar("M", bound=Model)


def kept(compose: Callable[P, QuerySet[M]]) -> Callable[P, list[M]]:
    """The rows of a question that is composed at the first call and only filled by the others.

    `compose` takes ids alone and hands each of them to a filter as it is: the question is the same whatever they are. It selects
    columns of its own model. Raises TypeError for anything else, None included.
    """
    names = list(signature(compose).parameters)

    @cache
    def composed() -> tuple[_Selected[M], str, tuple[Any, ...], dict[UUID, str]]:
        holes = {uuid4(): name for name in names}
        rows = compose(*holes)  # type: ignore[call-arg,arg-type]  # one id for each of its parameters
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, values = compiler.as_sql()
        if set(holes) - {value for value in values if isinstance(value, UUID)}:
            raise TypeError(f"{compose.__qualname__} does not hand each of its ids to a filter")
        return _Selected(rows.model, compiler), sql, values, holes

    @wraps(compose)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[M]:
        given: dict[str, object] = {**dict(zip(names, args, strict=False)), **kwargs}
        if any(not isinstance(value, UUID) for value in given.values()):
            raise TypeError(f"{compose.__qualname__} takes ids")
        selected, sql, values, holes = composed()
        filled: list[Any] = [
            given[holes[value]] if isinstance(value, UUID) and value in holes else value for value in values
        ]
        with connection.cursor() as cursor:
            cursor.execute(sql, filled)
            return [selected.row(answer) for answer in cursor.fetchall()]

    return ask


class _Selected(Generic[M]):
    """What a question selects of a model, to make rows of its answers as Django would."""

    def __init__(self, model: type[M], compiler: SQLCompiler) -> None:
        selected = [column for column, _, _ in compiler.select]
        self._model = model
        self._names = [column.target.attname for column in selected]
        self._converters = list(compiler.get_converters(selected).items())

    def row(self, values: Sequence[Any]) -> M:
        """The row of an answer."""
        known = list(values)
        for place, (converters, column) in self._converters:
            for convert in converters:
                known[place] = convert(known[place], column, connection)
        return self._model.from_db(connection.alias, self._names, known)


def insert(row: Model, *, unless_there: bool = False, using: str = DEFAULT_DB_ALIAS) -> bool:
    """Insert a row as it is; whether it was. What the database gives of itself is not read back into memory.

    `unless_there`: nothing where a constraint says that it is there already, which is an IntegrityError otherwise.
    """
    given = {}
    for field in row._meta.concrete_fields:
        value = field.pre_save(row, add=True)
        if not isinstance(value, DatabaseDefault):
            given[field.column] = field.get_db_prep_save(value, connection)
    sql = _inserting(type(row), tuple(given), unless_there)
    with mark_for_rollback_on_error(using), connections[using].cursor() as cursor:
        cursor.execute(sql, list(given.values()))
        inserted = bool(cursor.rowcount)
    row._state.db, row._state.adding = using, not inserted
    return inserted


def update(
    row: Model, changes: Mapping[str, object], *, field: str = "", among: Collection[str] = ()
) -> bool:
    """Write values into a row, where its `field` is one of `among` if one is named; whether it was.

    `changes` are plain values by the names of their fields; the row in memory has them too once they are written.
    """
    sql, fields = _updating(type(row), tuple(changes), field)
    values = [
        one.get_db_prep_save(value, connection) for one, value in zip(fields, changes.values(), strict=True)
    ]
    values.append(row.pk)
    if field:
        values.append([str(one) for one in among])
    with mark_for_rollback_on_error(DEFAULT_DB_ALIAS), connection.cursor() as cursor:
        cursor.execute(sql, values)
        written = bool(cursor.rowcount)
    for name, value in changes.items() if written else ():
        setattr(row, name, value)
    return written


@cache
def _inserting(model: type[Model], columns: tuple[str, ...], unless_there: bool) -> str:
    named, places = ", ".join(map(_quoted, columns)), ", ".join(["%s"] * len(columns))
    there = " ON CONFLICT DO NOTHING" if unless_there else ""
    return f"INSERT INTO {_table(model)} ({named}) VALUES ({places}){there}"  # noqa: S608 - names, no value


@cache
def _updating(model: type[Model], names: tuple[str, ...], field: str) -> "tuple[str, list[Field[Any, Any]]]":
    known: dict[str, Field[Any, Any]] = {one.name: one for one in model._meta.concrete_fields}
    known |= {one.attname: one for one in model._meta.concrete_fields}
    fields = [known[name] for name in names]
    assignments = ", ".join(f"{_quoted(one.column)} = %s" for one in fields)
    key = _quoted(model._meta.pk.column) if model._meta.pk else ""
    condition = f" AND {_quoted(known[field].column)} = ANY(%s)" if field else ""
    return f"UPDATE {_table(model)} SET {assignments} WHERE {key} = %s{condition}", fields  # noqa: S608 - names, no value


def _table(model: type[Model]) -> str:
    return _quoted(model._meta.db_table)


def _quoted(name: str | None) -> str:
    return connection.ops.quote_name(str(name))
