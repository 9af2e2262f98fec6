"""A version is kept when something changed, follows the last one, and stays; nobody else reads it. Files say the same, twice the same."""

import io
import json
import zipfile
from hashlib import sha256

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from openpyxl import load_workbook

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.organisations.models import Organisation
from maillage.protection.records.drawing import Named, record_pdf, record_workbook, version_reference
from maillage.protection.records.keeping import keep
from maillage.protection.records.models import RecordVersion
from maillage.protection.records.queries import record_of, visible_to
from maillage.protection.records.rules import (
    Entry,
    Field,
    Line,
    Part,
    Record,
    canonical,
    difference,
    digest,
    parsed,
)
from tests.conventions.people import DPO, WORKER, member
from tests.documents.reading import words_of

NAMED = Named("CPAM 42", version_reference(1, "28 novembre 2026", "ab" * 32))


@pytest.mark.usefixtures("signed_s3", "db")
def test_a_version_is_kept_once_and_again_when_something_changed() -> None:
    with member(DPO, now()) as dpo:
        first = keep(by=dpo, at=now())
        assert first is not None
        assert (first.number, first.removed) == (1, 0)
        assert first.digest == sha256(first.content.encode()).hexdigest()
        assert keep(by=dpo, at=now()) is None
        Organisation.objects.filter(pk=dpo.organisation).update(phone="04 00 00 00 00")
        second = keep(by=dpo, at=now())
        assert second is not None
        assert (second.number, second.added, second.changed) == (2, 0, 1)
        ((what, changes),) = difference(parsed(first.content), parsed(second.content)).changed
        assert what == "L’organisme"
        assert [one.label for one in changes] == ["Contact"]
        assert "04 00 00 00 00" in changes[0].after
        assert list(visible_to(dpo)) == [second, first]
        assert second.recorded_by == dpo.user


@pytest.mark.usefixtures("signed_s3", "db")
def test_who_does_not_watch_over_the_data_keeps_and_reads_nothing() -> None:
    with member(DPO, now()) as dpo:
        assert keep(by=dpo, at=now())
    with member(WORKER, now()) as worker:
        assert not visible_to(worker).exists()
        with pytest.raises(PermissionDenied):
            keep(by=worker, at=now())
        assert not RecordVersion.objects.filter(organisation=dpo.organisation).exists()


@pytest.mark.usefixtures("signed_s3", "db")
def test_what_was_kept_cannot_be_altered_nor_forged() -> None:
    with member(DPO, now()) as dpo:
        row = keep(by=dpo, at=now())
        assert row is not None
        for statement in (
            "UPDATE protection_recordversion SET number = 9",
            "DELETE FROM protection_recordversion",
        ):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
        content = '{"a":1}'
        forged = {
            "organisation_id": dpo.organisation, "content": content, "digest": digest(content), "number": 2, "added": 1, "removed": 0,
            "changed": 0, "recorded_at": now(), "recorded_by": uuid7(),
        }  # fmt: skip
        for wrong in (
            {"digest": "0" * 64},
            {"number": 3},
            {"number": 1},
            {"content": row.content, "digest": row.digest},
            {"added": 0},
            {"organisation_id": uuid7(), "number": 1},
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                RecordVersion.objects.create(**{**forged, **wrong})
        assert RecordVersion.objects.create(**forged).number == 2


@pytest.mark.usefixtures("signed_s3", "db")
def test_the_two_files_of_a_version_say_what_it_says_and_are_made_the_same_twice() -> None:
    with member(DPO, now()) as dpo:
        found = record_of(dpo.organisation, now())
    pdf, book = record_pdf(found, NAMED), record_workbook(found)
    assert record_pdf(parsed(canonical(found)), NAMED) == pdf
    assert record_workbook(parsed(canonical(found))) == book
    said = words_of(pdf)
    for words in (
        "Rôle à renseigner",
        "Comme responsable du traitement",
        "Mesures de sécurité",
        "Durée de conservation des données des détections",
        "article 30.1",
    ):
        assert words in said
    opened = load_workbook(io.BytesIO(book))
    assert opened.sheetnames == ["Responsable", "Rôle à renseigner", "Maillage", "Organisme et sécurité"]
    cells = [str(cell.value) for sheet in opened for row in sheet.iter_rows() for cell in row]
    assert any("Autres collaborations" in one for one in cells)
    assert any("journal enchaîné" in one for one in cells)


def test_a_text_that_begins_like_a_formula_computes_nothing() -> None:
    said = (Field("purposes", "Finalités", (Line('=HYPERLINK("http://example.org")'),)),)
    record = Record((), (Entry("1//own", Part.OWN, "=1+1", "", said),), ("=2+2",))
    with zipfile.ZipFile(io.BytesIO(record_workbook(record))) as archive:
        for name in archive.namelist():
            assert b"<f>" not in archive.read(name)
            assert b"<hyperlink" not in archive.read(name)


def test_a_version_is_plain_json() -> None:
    record = Record((), (), ("une mesure",))
    assert json.loads(canonical(record)) == {"head": [], "entries": [], "measures": ["une mesure"]}
