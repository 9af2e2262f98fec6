"""The yearly figures of a convention: each party reads the same, exports say what the page says, the others are refused."""

import csv
import io

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.audit.models import Entry
from maillage.core.spreadsheets.reading import read_table
from maillage.indicators.report import COLUMNS, DELAYS
from tests.days import today
from tests.referrals.test_outcomes import accepted, noting
from tests.referrals.world import READER, STRANGER, Signed, all_done, member, send_referral
from tests.web.referrals.conftest import Signs, plain

YEAR = today().year
READ = 22
"""With the ends of the transaction: the convention and its text, its parties, one count, one's authorisations."""


def address(signed: Signed, year: int = YEAR, kind: str = "") -> str:
    return f"/bilans/{signed.id}/{year}/" + (f"{kind}/" if kind else "")


def text(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status
    return plain(answer)


@pytest.fixture
def with_referrals(signed: Signed) -> Signed:
    """Two referrals, one of them closed with care."""
    case = accepted(signed)
    noting(case, all_done(case), closing=True)
    send_referral(signed)
    return signed


def test_each_party_reads_the_same_figures_with_their_rules(with_referrals: Signed, as_: Signs) -> None:
    pages = [text(as_(who), address(with_referrals)) for who in (READER, "referent@ccas.example.org")]
    for page in pages:
        for expected in (
            f"Bilan {YEAR}",
            "en cours : chiffres au",
            "Éléments de la fiche « Suivi des indicateurs »",
            "à renseigner",
            "Autres chiffres comptés par Maillage",
            "Orientations envoyées par les partenaires",
            "2 orientations",
            "Accompagnements finalisés dont les soins sont réalisés",
            "1 sur 1 (accompagnements finalisés",
            "n’est pas orienter de nouveau",
            f"Orientations par service, {YEAR}",
            f"Ce qui est advenu, {YEAR}",
        ):
            assert expected in page, expected
    with member(READER):
        assert Entry.objects.filter(verb="bilan_read", object_ref=str(with_referrals.id)).count() == 1


def test_a_party_that_shares_no_case_reads_nothing_of_people_and_is_told_why(
    with_referrals: Signed, as_: Signs
) -> None:
    page = text(as_("social@carsat.example.org"), address(with_referrals))
    assert "ne reçoit aucune donnée nominative" in page
    assert "Orientations envoyées" not in page


def test_a_stranger_finds_nothing_and_a_year_out_of_the_convention_is_none(
    signed: Signed, as_: Signs
) -> None:
    text(as_(STRANGER), address(signed), status=404)
    for year in (2023, YEAR + 1, 0, 99999):
        text(as_(READER), address(signed, year), status=404)
    text(as_(READER), address(signed, kind="docx"), status=404)


def test_one_is_led_to_the_last_year_that_is_over(signed: Signed, as_: Signs) -> None:
    answer = as_(READER).get(f"/bilans/{signed.id}/")
    assert (answer.status_code, answer["Location"]) == (302, address(signed, YEAR - 1))
    page = text(as_(READER), address(signed, YEAR - 1))
    assert f'href="{address(signed)}"' in page
    assert "du 1er janvier au 31 décembre" in page
    assert f'href="/bilans/{signed.id}/"' in text(as_(READER), f"/conventions/{signed.id}/")


def test_each_export_says_what_the_page_says_in_its_order(with_referrals: Signed, as_: Signs) -> None:
    client = as_(READER)
    answer = client.get(address(with_referrals, kind="csv"))
    assert answer["Content-Disposition"] == f'attachment; filename="bilan-{YEAR}.csv"'
    head, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";")
    assert tuple(head) == COLUMNS
    sent = next(row for row in rows if row[1] == "Orientations envoyées par les partenaires")
    assert sent[2:4] == ["2", "orientations"]
    assert sent[9] == "referrals_sent.1"
    table = read_table(client.get(address(with_referrals, kind="xlsx")).content)
    assert [[str(cell or "") for cell in row.cells] for row in table.rows()] == rows
    page = plain(client.get(address(with_referrals)))
    page = page[page.index("chiffres-1") :]
    places = [page.index(row[1].replace("\u00a0", " ")) for row in rows[1:] if row[0] != DELAYS]
    assert places == sorted(places)
    delays = [row for row in rows if row[0] == DELAYS]
    assert [row[1:3] for row in delays] == [
        ["Orientations dont la réception est accusée : de 0 à 2 jours", "1"],
    ]
    assert "Orientations dont la réception est accusée, par tranche de jours" in page
    printed = client.get(address(with_referrals, kind="pdf"))
    assert printed.content.startswith(b"%PDF-")
    with member(READER):
        assert Entry.objects.filter(verb="bilan_exported").count() == 3


def test_the_page_asks_a_bounded_number_of_questions(
    with_referrals: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = as_(READER)
    text(client, address(with_referrals))
    with django_assert_max_num_queries(READ):
        text(client, address(with_referrals))
