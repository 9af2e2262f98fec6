"""The record of processing on its pages: today's, kept, compared, taken away; for those who watch over the data alone."""

import io
from uuid import UUID

import pytest
from openpyxl import load_workbook

from maillage.core.clock import now
from maillage.organisations.models import Organisation
from maillage.protection.records.models import RecordVersion
from tests.conventions.people import DPO, WORKER, member
from tests.documents.reading import words_of
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

HERE = "/protection/registre/"
STRANGER_ADMIN = "admin@villexemple.example.org"


def versions() -> list[RecordVersion]:
    with member(DPO, now()) as dpo:
        return list(RecordVersion.objects.filter(organisation=dpo.organisation).order_by("number"))


def test_today_s_record_is_read_kept_and_taken_away(s3: UUID, as_: Signs) -> None:
    assert s3
    dpo = as_(DPO)
    page = plain(dpo.get(HERE))
    for words in (
        "Comme responsable du traitement",
        "Rôle à renseigner",
        "Fonctionnement de Maillage",
        "Aucune version n’est encore gardée",
        "Autres collaborations",
        "le texte ne le dit pas",
    ):
        assert words in page
    # What one comes to take away stands before the record itself, which is long.
    assert page.index("Dossiers de preuves") < page.index("Comme responsable du traitement")
    kept = dpo.post(f"{HERE}version/", follow=True)
    assert "Version 1 gardée" in plain(kept)
    (row,) = versions()
    where = f"{HERE}versions/{row.pk}/"
    assert row.digest in plain(dpo.get(where))
    assert "La version 1 dit ce que le registre dit aujourd’hui" in plain(dpo.get(HERE))
    assert "Rien n’a changé" in plain(dpo.post(f"{HERE}version/", follow=True))
    pdf = dpo.get(f"{where}registre.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert f"empreinte {row.digest[:16]}" in words_of(pdf.content)
    assert dpo.get(f"{where}registre.pdf").content == pdf.content
    book = dpo.get(f"{where}registre.xlsx")
    assert "Responsable" in load_workbook(io.BytesIO(book.content)).sheetnames


def test_what_changed_is_said_in_words(s3: UUID, as_: Signs) -> None:
    assert s3
    dpo = as_(DPO)
    for phone in ("", "04 77 00 00 01", "04 77 00 00 02"):
        with member(DPO, now()) as by:
            Organisation.objects.filter(pk=by.organisation).update(phone=phone)
        if phone:
            assert "Changé : L’organisme" in plain(dpo.get(HERE))
        dpo.post(f"{HERE}version/")
    third = versions()[-1]
    page = plain(dpo.get(f"{HERE}versions/{third.pk}/"))
    assert "avant « " in page
    assert "04 77 00 00 01" in page
    since_first = plain(dpo.get(f"{HERE}versions/{third.pk}/?depuis=1"))
    assert "Depuis la version 1" in since_first
    assert "04 77 00 00 01" not in since_first
    for asked in ("0", "9", "zéro", "99999999999", "-1", "²"):
        assert dpo.get(f"{HERE}versions/{third.pk}/?depuis={asked}").status_code == 200


@pytest.mark.parametrize("rest", ["", "registre.pdf", "registre.xlsx"])
def test_another_body_s_version_is_unknown(s3: UUID, as_: Signs, rest: str) -> None:
    assert s3
    as_(DPO).post(f"{HERE}version/")
    (row,) = versions()
    assert as_(STRANGER_ADMIN).get(f"{HERE}versions/{row.pk}/{rest}").status_code == 404
    assert as_(WORKER).get(f"{HERE}versions/{row.pk}/{rest}").status_code == 403
    assert as_(WORKER).post(f"{HERE}version/").status_code == 403
    assert as_(DPO).get(f"{HERE}version/").status_code == 405


def test_the_list_asks_as_many_questions_for_one_version_as_for_five(
    s3: UUID, as_: Signs, django_assert_max_num_queries: object
) -> None:
    assert s3
    dpo = as_(DPO)
    for number in range(5):
        with member(DPO, now()) as by:
            Organisation.objects.filter(pk=by.organisation).update(phone=f"04 77 00 00 0{number}")
        dpo.post(f"{HERE}version/")
    with django_assert_max_num_queries(30):  # type: ignore[operator]
        assert "Version 5" in plain(dpo.get(HERE))
