"""« Déploiement »: the parties read the map and the table, filter and export them; a caisse reads itself, and says why it has none."""

import csv
import io
import re
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import convention_id
from tests.days import today
from tests.web.conventions.conftest import (
    CAISSE,
    CROIX_ROUGE,
    DPO,
    NATIONAL,
    PARTNER,
    S0,
    S3,
    S4,
    WORKER,
    Signs,
    plain,
    sheet,
)
from tests.web.conventions.test_sheet import inform_the_framework

pytestmark = pytest.mark.usefixtures("concluded")
OWN = "/conventions/deploiement/"
FORM = f"{OWN}motif/?cadre={convention_id(S4)}"
READ = 16
"""With the ends of the transaction: the convention, its reading in the journal, then three questions, however many caisses."""


def page_of(name: str) -> str:
    return f"{sheet(name)}deploiement/"


def said(key: str = "refus_crf", comment: str = "", **changes: str) -> dict[str, str]:
    return {
        "token": str(uuid7()),
        "key": key,
        "day": today().strftime("%d/%m/%Y"),
        "comment": comment,
    } | changes


def note(as_: Signs, **changes: str) -> None:
    answer = as_(CAISSE).post(FORM, said(**changes))
    assert answer.status_code == 302, plain(answer)


def test_both_parties_read_the_map_and_the_table_in_the_same_words(as_: Signs) -> None:
    note(as_, comment="Courrier du siège")
    for address in (NATIONAL, CROIX_ROUGE):
        page = plain(as_(address).get(page_of(S4)))
        assert "Loire (42) : Aucune convention, motif noté (Refus de la Croix-Rouge)" in page
        assert "Ain (01) : aucune caisse dans l’annuaire" in page
        for words in ("CPAM de la Loire", "Refus de la Croix-Rouge", "Courrier du siège", "1 caisse"):
            assert words in page, words
        assert page_of(S4) in plain(as_(address).get(sheet(S4)))


def test_a_signed_convention_shows_in_the_counters_on_the_map_and_in_the_table(as_: Signs) -> None:
    note(as_, key="demarches_en_cours")
    inform_the_framework()
    page = plain(as_(NATIONAL).get(page_of(S4)))
    assert "Loire (42) : Convention signée (1 départementale, depuis le " in page
    assert re.search(r"Convention signée.{0,400}?>1<", page, re.DOTALL)
    assert "Motifs notés avant, qui ne comptent plus" in page
    assert "Démarches en cours" in page


def test_the_filter_limits_the_map_the_table_and_the_export_alike(as_: Signs) -> None:
    client = as_(NATIONAL)
    page = plain(client.get(f"{page_of(S4)}?etat=signed"))
    assert "Aucune caisse ne répond à ce filtre." in page
    assert "Loire (42) : hors de ce filtre, ou sans caisse" in page
    assert "CPAM de la Loire" in plain(client.get(f"{page_of(S4)}?etat=silent&region=84"))
    assert "CPAM de la Loire" not in plain(client.get(f"{page_of(S4)}?region=11"))
    kept = client.get(f"{page_of(S4)}export/csv/?region=11").content.decode("utf-8-sig")
    assert len(kept.splitlines()) == 1
    assert client.get(f"{page_of(S4)}?etat=ailleurs&region=%00").status_code == 200


def test_the_export_is_the_table_its_labels_and_its_order(as_: Signs) -> None:
    note(as_, comment="=1+1")
    client = as_(NATIONAL)
    labels, line = csv.reader(
        io.StringIO(client.get(f"{page_of(S4)}export/csv/").content.decode("utf-8-sig")), delimiter=";"
    )
    page = plain(client.get(page_of(S4)))
    assert all(label in page for label in labels)
    assert line[:3] == ["CPAM de la Loire", "Loire (42)", "Aucune convention, motif noté"]
    assert line[-1] == "'=1+1"
    book = load_workbook(io.BytesIO(client.get(f"{page_of(S4)}export/xlsx/").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert list(rows[0]) == labels
    assert rows[1][-1] == "=1+1"
    assert book.active.cell(2, len(labels)).data_type == "s"
    assert client.get(f"{page_of(S4)}export/pdf/").status_code == 404


def test_reading_and_exporting_are_in_the_journal(as_: Signs) -> None:
    client = as_(NATIONAL)
    client.get(page_of(S4))
    client.get(f"{page_of(S4)}export/csv/")
    read = Entry.objects.filter(object_ref=str(convention_id(S4)))
    assert {"deployment_read", "deployment_exported"} <= set(read.values_list("verb", flat=True))
    note(as_)
    assert "convention.deployment_noted" in read.values_list("verb", flat=True)


def test_who_is_no_party_finds_nothing_and_a_local_text_does_not_spread(as_: Signs) -> None:
    for address in (CAISSE, PARTNER, WORKER):
        assert as_(address).get(page_of(S4)).status_code == 404
        assert as_(address).get(f"{page_of(S4)}export/csv/").status_code == 404
    page = as_(CAISSE).get(page_of(S3))
    assert "Ce texte ne se déploie pas" in plain(page)
    assert as_(CAISSE).get(f"{page_of(S3)}export/csv/").status_code == 302
    assert page_of(S3) not in plain(as_(CAISSE).get(sheet(S3)))
    inform_the_framework()
    assert "Ce texte ne se déploie pas" in plain(as_(NATIONAL).get(page_of(S3)))


def test_a_caisse_says_why_and_says_otherwise_and_both_stay_readable(as_: Signs) -> None:
    client = as_(CAISSE)
    assert OWN in plain(client.get("/conventions/"))
    page = plain(client.get(OWN))
    assert page.count("Aucune convention, rien de noté") >= 2, "each national text above it"
    form = plain(client.get(FORM))
    assert "Refus de la Croix-Rouge" in form
    other = plain(client.get(f"{OWN}motif/?cadre={convention_id(S0)}"))
    assert "Refus du partenaire" in other
    assert "Croix-Rouge absente" not in other
    note(as_, key="demarches_en_cours")
    note(as_, key="refus_crf")
    page = plain(client.get(OWN))
    assert "Refus de la Croix-Rouge, le motif qui compte" in page
    assert "Démarches en cours" in page


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(as_: Signs) -> None:
    client = as_(CAISSE)
    answer = plain(client.post(FORM, said(comment="Appelez le 06 12 34 56 78", day="31/02/2025", key="")))
    for words in (
        "Choisissez un motif de la liste.",
        "Écrivez une date qui existe",
        "Appelez le 06 12 34 56 78",
    ):
        assert words in answer, words
    answer = plain(client.post(FORM, said(comment="Appelez le 06 12 34 56 78")))
    assert "un numéro de téléphone" in answer


def test_an_unknown_framework_and_one_that_is_not_above_lead_back(as_: Signs) -> None:
    for known in ("", "?cadre=", f"?cadre={uuid4()}", f"?cadre={convention_id(S3)}", "?cadre=x"):
        for client in (as_(CAISSE), as_(NATIONAL), as_(PARTNER)):
            assert client.get(f"{OWN}motif/{known}")["Location"] == OWN
    assert as_(DPO).get(FORM).status_code == 403
    assert "Cette page est celle des caisses" in plain(as_(NATIONAL).get(OWN))
    assert "Noter pourquoi" not in plain(as_(DPO).get(OWN))


def test_the_page_asks_few_questions(as_: Signs, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    client = as_(NATIONAL)
    client.get(page_of(S4))
    with django_assert_num_queries(READ):
        client.get(page_of(S4))
    note(as_)
    with django_assert_num_queries(READ):
        client.get(page_of(S4))
