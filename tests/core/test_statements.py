"""Statements composed once say what Django's own would say, whatever fills them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q, QuerySet
from django.test.utils import CaptureQueriesContext, isolate_apps

from maillage.core.database.testing import TestCluster
from maillage.core.moves import keep_state, move
from maillage.core.statements import insert, kept, update
from maillage.core.states import TransitionRefused, transition

NOON = datetime(2026, 2, 3, 12, tzinfo=UTC)


@pytest.fixture
def things(cluster: TestCluster, db: None) -> Iterator[Any]:
    """A model with each kind of field that the rooms use, and its table until the test ends."""
    with isolate_apps("maillage.core"):

        class Thing(models.Model):  # noqa: DJ008 - nobody reads its name
            id = models.UUIDField(primary_key=True, default=uuid4)
            owner = models.ForeignKey("self", models.CASCADE, null=True)
            state = models.CharField(max_length=20, default="new")
            words = ArrayField(models.CharField(max_length=20), default=list)
            kept = models.JSONField(default=dict)
            sealed = models.BinaryField(null=True)
            noted_at = models.DateTimeField(null=True)
            given = models.CharField(max_length=20, db_default="given")

            class Meta:
                app_label = "core"

        urls = cluster.urls(connection.settings_dict["NAME"])
        with psycopg.connect(urls.owner, autocommit=True) as owner:
            owner.execute(
                "CREATE TABLE core_thing (id uuid PRIMARY KEY, owner_id uuid, state varchar(20), words varchar(20)[], kept jsonb,"
                " sealed bytea, noted_at timestamptz, given varchar(20) DEFAULT 'given');"
                "GRANT ALL ON core_thing TO PUBLIC"
            )
            yield Thing
            transaction.set_rollback(True)
            connection.close()
            owner.execute("DROP TABLE core_thing")


def _filled(things: Any, **changed: Any) -> Any:
    given = {
        "words": ["a", "b"],
        "kept": {"x": [1, None]},
        "sealed": b"\0\xff",
        "noted_at": NOON,
        "owner_id": uuid4(),
    }
    return things(**{**given, **changed})


def _values(row: Any) -> dict[str, Any]:
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {**found, "sealed": bytes(row.sealed) if row.sealed else row.sealed}


@pytest.mark.parametrize("changed", [{}, {"kept": None, "sealed": None}, {"given": "chosen"}])
def test_a_row_is_inserted_as_django_would(things: Any, changed: dict[str, Any]) -> None:
    ours, theirs = _filled(things, **changed), _filled(things, **changed)
    assert insert(ours)
    theirs.save(force_insert=True)
    ours_read, theirs_read = (_values(things.objects.get(pk=one.pk)) for one in (ours, theirs))
    apart = ("id", "owner_id")
    assert [v for k, v in ours_read.items() if k not in apart] == [
        v for k, v in theirs_read.items() if k not in apart
    ]
    assert ours_read["owner_id"] == ours.owner_id
    assert ours_read["given"] == changed.get("given", "given")
    ours.save()  # a row that is there: no second insertion
    assert things.objects.count() == 2


def test_a_row_that_is_there_is_refused_or_left(things: Any) -> None:
    row = _filled(things)
    insert(row)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(things(id=row.id, state="second"))
    with transaction.atomic():
        with pytest.raises(IntegrityError):
            insert(things(id=row.id, state="second"))
        assert transaction.get_rollback(), "what the block does next would hide the refusal"
    assert not insert(things(id=row.id, state="second"), unless_there=True)
    assert things.objects.get().state == "new"


def test_an_update_writes_what_it_names_and_nothing_else(things: Any) -> None:
    row, other = _filled(things), _filled(things)
    insert(row)
    insert(other)
    assert update(row, {"kept": {"y": 2}, "words": [], "owner_id": None, "noted_at": None})
    assert (row.kept, row.words, row.owner_id, row.noted_at) == ({"y": 2}, [], None, None)
    read = things.objects.get(pk=row.pk)
    assert (read.kept, read.words, read.owner_id, read.noted_at) == ({"y": 2}, [], None, None)
    assert (read.state, bytes(read.sealed)) == ("new", b"\0\xff")
    assert _values(things.objects.get(pk=other.pk)) == {**_values(other), "given": "given"}
    assert not update(things(), {"state": "lost"})


def test_an_update_under_a_condition_leaves_the_row_in_memory_too(things: Any) -> None:
    row = _filled(things)
    insert(row)
    assert not update(row, {"state": "done"}, field="state", among=("open", "held"))
    assert row.state == things.objects.get().state == "new"
    assert update(row, {"state": "done"}, field="state", among=("open", "new"))
    assert row.state == things.objects.get().state == "done"


def test_of_two_who_move_a_row_one_wins(things: Any) -> None:
    row = _filled(things)
    insert(row)
    mine, theirs = things.objects.get(), things.objects.get()
    table = [transition("end", ["new"], "done", "whoever")]  # type: ignore[list-item,arg-type]  # any text is a state
    move(mine, table, "end", noted_at=None)
    with pytest.raises(TransitionRefused):
        move(theirs, table, "end")
    with pytest.raises(TransitionRefused):
        keep_state(theirs, noted_at=NOON)
    keep_state(mine, noted_at=NOON)
    read = things.objects.get()
    assert (theirs.state, read.state, read.noted_at) == ("new", "done", NOON)


def test_a_kept_question_is_composed_once_and_asked_each_time(things: Any) -> None:
    composed = 0

    @kept
    def owned(owner: UUID, state: UUID) -> QuerySet[Any]:
        nonlocal composed
        composed += 1
        rows: QuerySet[Any] = things.objects.filter(Q(owner=owner) | Q(id=state), words__len__gt=1)
        return rows.order_by("-state", "id")

    rows = [_filled(things, state=state) for state in ("new", "old")]
    for row in rows:
        insert(row)
    for row, beside in (rows, rows[::-1]):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            found = owned(row.owner_id, state=beside.id)
        assert [one.state for one in found] == ["old", "new"]
        assert len(asked) == 1
        wanted = things.objects.filter(Q(owner=row.owner_id) | Q(id=beside.id), words__len__gt=1)
        assert list(map(_values, found)) == list(map(_values, wanted.order_by("-state", "id")))
    assert owned(uuid4(), uuid4()) == []
    assert composed == 1


def test_a_kept_question_may_read_a_part_of_a_row(things: Any) -> None:
    @kept
    def owned(owner: UUID) -> QuerySet[Any]:
        rows: QuerySet[Any] = things.objects.filter(owner=owner)
        return rows.only("state", "kept")

    row = _filled(things)
    insert(row)
    (found,) = owned(row.owner_id)
    assert found.get_deferred_fields() == {"owner_id", "words", "sealed", "noted_at", "given"}
    assert (found.pk, found.state, found.kept, found.words) == (row.pk, "new", {"x": [1, None]}, ["a", "b"])


def test_a_question_whose_shape_depends_on_what_it_is_given_is_not_kept(things: Any) -> None:
    @kept
    def forgets(owner: UUID) -> QuerySet[Any]:
        rows: QuerySet[Any] = things.objects.filter(state=f"of {owner}")
        return rows

    with pytest.raises(TypeError, match="hand each"):
        forgets(uuid4())

    @kept
    def of(owner: UUID | None) -> QuerySet[Any]:
        rows: QuerySet[Any] = things.objects.filter(owner=owner)
        return rows

    with pytest.raises(TypeError, match="takes ids"):
        of(None)
