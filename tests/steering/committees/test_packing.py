"""The file of a meeting: a PDF and a workbook of the same content, frozen with their digests, each version kept, read by the parties."""

import io
from hashlib import sha256
from time import perf_counter
from uuid import UUID

import pytest
from openpyxl import load_workbook

from maillage.catalogue.measures import MEASURED
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.documents.actions import describe, open_document
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.documents.models import Document
from maillage.indicators import queries
from maillage.indicators.figures import Year
from maillage.indicators.queries import bilan
from maillage.indicators.report import COLUMNS, lines
from maillage.steering.committees import packing
from maillage.steering.committees.actions import Convened, convene
from maillage.steering.committees.contents import COMMITMENTS, DECISIONS, sections, year_of
from maillage.steering.committees.models import Meeting, Pack
from maillage.steering.committees.packing import make_pack, material, pack_pdf, pack_workbook
from maillage.steering.committees.remarks import add_remark
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, instant, member, seen
from tests.steering.committees.meetings import AFTER, AT, STARTS, convened, decided, held, planned

pytestmark = pytest.mark.django_db
SECONDS = 2.0


COUNTED = ("", "Orientations vers la Mission accompagnement santé", "=1+1", "orientations", *[""] * 7)
"""A line of the yearly report."""


def frozen(meeting: UUID, by: str = CPAM) -> Pack:
    with member(by, AFTER) as actor:
        return make_pack(meeting=meeting, by=actor, at=AFTER)


def content(document: Document, reader: str) -> bytes:
    with member(reader, AFTER) as actor:
        found = documents_visible_to(actor).get(pk=document.pk)
        return b"".join(open_document(found, by=actor))


def test_each_version_keeps_a_pdf_and_a_workbook_with_their_digests(signed_s3: UUID) -> None:
    row = held(signed_s3, with_pack=True)
    decided(row.pk)
    pack = frozen(row.pk, CCAS)
    with member(CARSAT, AFTER):
        assert [(one.number, one.occasion) for one in row.packs.order_by("number")] == [
            (1, "held"),
            (2, "asked"),
        ]
    pdf, book = content(pack.pdf, CARSAT), content(pack.workbook, CARSAT)
    assert (sha256(pdf).hexdigest(), sha256(book).hexdigest()) == (pack.pdf.sha256, pack.workbook.sha256)
    assert b"/StructTreeRoot" in pdf
    with member(CCAS, AFTER):
        names = [describe(one).name for one in (pack.pdf, pack.workbook)]
    assert names == ["dossier-2025-10-20-v2.pdf", "dossier-2025-10-20-v2.xlsx"]


def test_the_convocation_freezes_one_when_asked(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    with member(CPAM, AT) as actor:
        assert not row.packs.exists()
        said = Convened(STARTS, place="Salle 2", with_pack=True)
        convene(meeting=row.pk, said=said, by=actor, at=AT)
        assert [one.occasion for one in row.packs.all()] == ["convened"]


def test_a_stranger_reads_neither_the_file_nor_its_row(signed_s3: UUID) -> None:
    pack = frozen(planned(signed_s3).pk)
    with member(STRANGER, AFTER) as stranger:
        assert not Pack.objects.exists()
        assert not documents_visible_to(stranger).filter(pk__in=[pack.pdf_id, pack.workbook_id]).exists()


def test_the_workbook_says_what_the_pages_say_in_the_same_order_and_computes_nothing(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "figures_of", lambda *_: [COUNTED])
    row = held(signed_s3)
    decided(row.pk, text="=HYPERLINK(1) tenir")
    with member(CPAM, AFTER) as actor:
        found = material(load(seen(actor, signed_s3)), Meeting.objects.get(pk=row.pk), actor, on=AFTER.date())
    parts = sections(found)
    assert [one.title for one in parts] == [
        "Convention et réunion",
        "Ordre du jour",
        "Registre des engagements",
        "Décisions et leur suivi",
        "Seuils franchis",
        "Alertes, bonnes pratiques, pistes d’amélioration",
        "Chiffres de l’année 2025",
    ]
    drawn = pack_workbook(parts)
    assert drawn == pack_workbook(parts)
    sheets = load_workbook(io.BytesIO(drawn)).worksheets
    for part, sheet in zip(parts, sheets, strict=True):
        rows = [[str(cell.value or "") for cell in line] for line in sheet.iter_rows()]
        assert rows == [list(part.head), *([*line] for line in part.rows)]
        assert all(cell.data_type in ("s", "n") for line in sheet.iter_rows() for cell in line)
    heads = [one.head for one in parts]
    assert (heads[2], heads[3], heads[6]) == (COMMITMENTS, DECISIONS, COLUMNS)
    assert parts[6].rows == (COUNTED,)


def test_the_file_is_drawn_within_two_seconds(signed_s3: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "figures_of", lambda *_: [COUNTED] * 40)
    row = held(signed_s3)
    for number in range(10):
        decided(row.pk, text=f"Décision {number}", decision_id=uuid7())
    with member(CPAM, AFTER) as actor:
        found = material(load(seen(actor, signed_s3)), Meeting.objects.get(pk=row.pk), actor, on=AFTER.date())
    parts = sections(found)
    best = SECONDS + 1
    for _ in range(3):
        began = perf_counter()
        assert pack_pdf(found, parts, 1).startswith(b"%PDF-")
        best = min(best, perf_counter() - began)
    print(f"the file of a meeting: {best:.2f} s")  # noqa: T201 - the figure is the result
    assert best <= SECONDS


def test_an_empty_part_says_so(signed_s3: UUID) -> None:
    row = planned(signed_s3)
    with member(CPAM, AFTER) as actor:
        add_remark(
            convention=seen(actor, signed_s3), remark_id=uuid7(), kind="path", text="Une piste", by=actor, at=AFTER
        )  # fmt: skip
        found = material(load(seen(actor, signed_s3)), row, actor, on=AFTER.date())
    parts = {one.title: one for one in sections(found)}
    assert parts["Alertes, bonnes pratiques, pistes d’amélioration"].rows == (
        ("Piste d’amélioration", "Une piste", "CPAM 42"),
    )
    assert parts["Décisions et leur suivi"].rows == ()
    assert parts["Décisions et leur suivi"].empty == "Aucune décision."


@pytest.mark.parametrize(("day", "year"), [("2026-03-12", 2025), ("2026-06-30", 2025), ("2026-11-20", 2026)])
def test_a_meeting_early_in_the_year_looks_at_the_year_before(day: str, year: int) -> None:
    assert year_of(instant(day).date()) == year


def test_the_figures_are_those_of_the_yearly_report(signed_s3: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    with member(CPAM, AFTER) as actor:
        known = load(seen(actor, signed_s3))
        assert packing.figures_of(known, 2025, AFTER.date()) == tuple(
            lines(bilan(known, Year(2025), AFTER.date()))
        )
        monkeypatch.setattr(queries, "all_read_exactly", lambda _: False)
        definition = COLUMNS.index("Définition")
        told = {row[definition].partition(".")[0] for row in packing.figures_of(known, 2025, AFTER.date())}
        assert not any(MEASURED[code].of_people for code in told - {""})
