"""The journal as its readers see it: their own organisation's, in words, page after page, and as a file."""

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connections
from django.test import Client
from openpyxl import load_workbook
from pytest_django import DjangoAssertNumQueries

from maillage.audit import queries
from maillage.audit.actions import record
from maillage.audit.models import Entry
from maillage.cases.following import consult
from maillage.cases.models import Alert
from maillage.cases.vigilance import threshold_of
from maillage.core.clock import now
from maillage.referrals.references import reference
from tests.referrals.world import (
    ADVISER,
    CANARIES,
    OFFICER,
    READER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    work,
)
from tests.web.referrals.conftest import Signs, as_, plain, signed, title

__all__ = ["as_", "signed"]  # fixtures
JOURNAL = "/journal/"
ADMINISTRATOR = "admin@cpam.example.org"
MOTIVE = "Remplacement d’une collègue absente"


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return plain(answer)


def test_the_officer_reads_who_did_what_in_words(signed: Signed, as_: Signs) -> None:
    case = followed_by(send_referral(signed), ADVISER)
    as_(ADVISER).get(f"/orientations/{case}/")
    page = text(as_(OFFICER), JOURNAL)
    for expected in (
        "Dominique Exemple",
        "A ouvert une orientation",
        reference(case),
        "Identité, récit, situation",
        "prise en charge",
    ):
        assert expected in page
    assert str(case) not in page  # neither of the readers opens cases: no link
    assert not any(canary in page for canary in CANARIES)
    assert title(page).startswith("Journal")


@pytest.mark.security
def test_the_ladder_of_the_journal(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    alert = f"{JOURNAL}signalements/{uuid4()}/"
    for address in (JOURNAL, f"{JOURNAL}export/csv/", f"{JOURNAL}signalements/", alert, f"{JOURNAL}seuil/"):
        assert Client().get(address)["Location"].startswith("/connexion/")
        for someone in (ADVISER, READER, WORKER):
            assert as_(someone).get(address).status_code == 403
    assert as_(OFFICER).get(alert).status_code == 404
    assert as_(OFFICER).get(f"{JOURNAL}export/pdf/").status_code == 404
    assert as_(OFFICER).get(f"{JOURNAL}seuil/").status_code == 403
    assert as_(ADMINISTRATOR).get(f"{JOURNAL}seuil/").status_code == 200


@pytest.mark.security
def test_nobody_reads_another_organisation_s_journal(signed: Signed, as_: Signs) -> None:
    send_referral(signed)
    page = text(as_(OFFICER), JOURNAL)
    assert "Sacha Exemple" not in page  # she sent it, for the CCAS
    assert "A envoyé une orientation" not in page.split("<table")[1]


def test_reading_the_journal_is_in_the_journal(signed: Signed, as_: Signs) -> None:
    as_(OFFICER).get(JOURNAL + "?lectures=on&action=read&du=01/01/2026")
    with member(OFFICER) as officer:
        entry = Entry.objects.get(verb="journal_read")
        assert entry.user_id == str(officer.user)
        assert "action read ; lectures de données personnelles" in entry.reason
        assert entry.reason.startswith("du 01/01/2026 au ")


def rows(page: str) -> list[str]:
    return re.findall(r"<tr>(.*?)</tr>", page.split("<tbody", 1)[1], re.DOTALL) if "<tbody" in page else []


def test_filters_narrow_the_journal(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "contact")
    as_(ADVISER).get(f"/orientations/{case}/")
    client = as_(OFFICER)
    with member(ADVISER) as adviser:
        person = adviser.user
        record(  # what a trigger notes when a case's key is renewed: nobody read anything
            verb="update", object_type="beneficiaries_beneficiary", object_ref=str(case), by=person,
            organisation=adviser.organisation, fields=("identity",),
        )  # fmt: skip
    tomorrow = (now() + timedelta(days=2)).strftime("%d/%m/%Y")
    for query, expected, hidden in (
        ("?action=acknowledge", "A accusé réception", "A noté un essai"),
        ("?lectures=on", "A ouvert une orientation", "A accusé réception"),
        ("?lectures=on", "A ouvert une orientation", "Ligne modifiée"),
        ("?objet=referral", "A accusé réception", "Ligne modifiée"),
        (f"?personne={person}", "Dominique Exemple", "Charlie Exemple"),
        (f"?du={tomorrow}&au={tomorrow}", "Rien dans le journal", "Dominique Exemple"),
    ):
        page = text(client, JOURNAL + query)
        shown = " ".join(rows(page)) or page.split("</form>")[-1]
        assert expected in shown, query
        assert hidden not in shown, query
    assert "Écrivez une date" in text(client, JOURNAL + "?du=quand") or "date" in text(
        client, JOURNAL + "?du=quand"
    )


@pytest.mark.parametrize("query", ["?au=31/12/9999", "?du=01/01/0001&au=01/01/0001"])
def test_a_day_that_nobody_lives_in_is_refused_at_its_field(signed: Signed, as_: Signs, query: str) -> None:
    assert "entre 1900 et 2199" in text(as_(OFFICER), JOURNAL + query)


def test_pages_of_the_journal_follow_each_other_both_ways(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    with member(OFFICER) as officer:
        for number in range(8):
            record(
                verb="threshold",
                by=officer.user,
                organisation=officer.organisation,
                reason=f"n° {number}",
            )
    monkeypatch.setattr(queries, "PAGE", 3)
    client, address, seen = as_(OFFICER), JOURNAL + "?action=threshold", list[list[str]]()
    while address:
        page = text(client, address)
        seen.append(re.findall(r"n° \d", page))
        following = re.search(r'href="(\?[^"]+)" rel="next"', page)
        back = re.search(r'href="(\?[^"]+)" rel="prev"', page)
        if len(seen) > 1:
            assert back
            before = text(client, JOURNAL + back.group(1).replace("&amp;", "&"))
            assert re.findall(r"n° \d", before) == seen[-2]
        address = JOURNAL + following.group(1).replace("&amp;", "&") if following else ""
    assert [len(page) for page in seen] == [3, 3, 2]
    assert [number for page in seen for number in page] == [f"n° {number}" for number in range(7, -1, -1)]


def test_the_journal_takes_ten_queries_at_most_however_long(
    signed: Signed, as_: Signs, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        work(send_referral(signed), "acknowledge", "contact")
    client = as_(ADMINISTRATOR)
    client.get(JOURNAL)
    with django_assert_max_num_queries(10 + 2):  # and the savepoint that stands for the request's transaction
        client.get(JOURNAL)


def test_the_files_hold_what_the_page_shows(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    work(case, "acknowledge", "contact")
    client, query = as_(OFFICER), "?action=acknowledge"
    page = plain(client.get(JOURNAL + query))
    answer = client.get(f"{JOURNAL}export/csv/{query}")
    assert answer["Content-Disposition"] == 'attachment; filename="journal.csv"'
    read = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert read[0] == ["Quand", "Qui", "Action", "Sur quoi", "Champs", "Motif"]
    assert len(read) == 2 == len(rows(page)) + 1
    for cell in read[1]:
        assert cell.replace("\u00a0", " ") in rows(page)[0]
    book = load_workbook(io.BytesIO(client.get(f"{JOURNAL}export/xlsx/{query}").content)).active
    assert book is not None
    assert [[cell or "" for cell in row] for row in book.iter_rows(values_only=True)] == read
    with member(OFFICER):
        reasons = Entry.objects.filter(verb="journal_exported").values_list("reason", flat=True)
        assert {reason.rpartition(" ; ")[2] for reason in reasons} == {"csv, 1 lignes", "xlsx, 1 lignes"}


@pytest.mark.security
def test_a_consultation_is_shown_with_its_reason_and_closed_with_a_word(signed: Signed, as_: Signs) -> None:
    case = send_referral(signed)
    with member(ADVISER) as adviser:
        consult(case=case, motive=MOTIVE, by=adviser, at=now())
        alert = Alert.objects.get().id
    assert "Examiner le signalement" in text(as_(OFFICER), "/")
    assert "Examiner le signalement" not in text(as_(ADVISER), "/")
    assert "1 signalement à examiner" in text(as_(ADMINISTRATOR), JOURNAL)
    assert "Consultation sans suivi du dossier" in text(as_(ADMINISTRATOR), f"{JOURNAL}signalements/")
    page = text(as_(ADMINISTRATOR), f"{JOURNAL}signalements/{alert}/")
    assert MOTIVE in page
    assert reference(case) in page
    assert not any(canary in page for canary in CANARIES)
    client = as_(ADMINISTRATOR)
    assert "Dites en quelques mots" in plain(client.post(f"{JOURNAL}signalements/{alert}/", {"word": ""}))
    assert client.post(f"{JOURNAL}signalements/{alert}/", {"word": "Vu avec elle."}).status_code == 302
    assert "Vu avec elle." in text(as_(OFFICER), f"{JOURNAL}signalements/")
    assert "Examiner le signalement" not in text(as_(OFFICER), "/")
    again = client.post(f"{JOURNAL}signalements/{alert}/", {"word": "Encore"}, follow=True)
    assert "déjà été examiné" in plain(again)


def test_an_administrator_changes_the_threshold(signed: Signed, as_: Signs) -> None:
    client = as_(ADMINISTRATOR)
    assert "Choisissez un nombre" in plain(client.post(f"{JOURNAL}seuil/", {"cases": "2"}))
    assert client.post(f"{JOURNAL}seuil/", {"cases": "25"})["Location"] == JOURNAL
    with member(OFFICER) as officer:
        assert threshold_of(officer) == 25
    assert "25 dossiers" in text(as_(OFFICER), JOURNAL)


def test_a_page_of_the_journal_reads_an_index(signed: Signed) -> None:
    with member(OFFICER) as officer:
        wanted = queries.Wanted(now() - timedelta(days=30), now(), person=officer.user)
        for one in (wanted, queries.Wanted(wanted.since, wanted.before)):
            with connections["default"].cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
            plan = queries.entries_of(officer.organisation, one)[:50].explain()
            assert "entry_person_at" in plan or "entry_organisation_at" in plan
