"""Credits on their pages: an envelope opened, figures given, corrected and imported, the year drawn and projected."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.spreadsheets.writing import xlsx
from maillage.steering.credits.lines import LABELS
from maillage.steering.credits.models import CreditEnvelope
from tests.days import PARIS
from tests.steering.people import CCAS, CPAM, STRANGER, WORKER, member
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
YEAR = TODAY.year
TITLES = list(LABELS.values())


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def opened(person: Client, convention: UUID, name: str = "Personnes âgées") -> str:
    """The address of a new envelope."""
    sends(person, f"/conventions/{convention}/credits/nouvelle/", name=name, target="ogd")
    with member(CPAM, TODAY):
        row = CreditEnvelope.objects.get(convention=convention, name=name)
    return f"/conventions/{convention}/credits/{row.pk}/"


def lines(name: str = "Personnes âgées") -> str:
    rows = [";".join(TITLES)]
    for year in range(YEAR - 3, YEAR):
        rows.append(f"{name};{year};objectif;1 300 000 000;Arrêté;")
        rows += [
            f"{name};{year};{month};{100 + month + (YEAR - year if month < 6 else 0)} 000 000,50;État;"
            for month in range(1, 13)
        ]
    return "\n".join(rows)


def test_whoever_reads_the_convention_reads_its_credits_and_a_stranger_does_not(
    as_: Signs, convention: UUID
) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    for page in (f"/conventions/{convention}/credits/", here):
        shown = plain(as_(WORKER).get(page))
        assert "Personnes âgées" in shown
        assert "Donner un chiffre" not in shown
        assert as_(STRANGER).get(page).status_code == 404
    for page in ("nouvelle/", "import/"):
        assert as_(WORKER).get(f"/conventions/{convention}/credits/{page}").status_code == 403
    assert as_(CCAS).get(f"/conventions/{convention}/credits/{uuid7()}/").status_code == 404


def test_a_month_given_twice_asks_why_and_keeps_both(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    first = {"year": str(YEAR - 1), "month": "1", "amount": "1 234 567,50"}
    assert "Chiffre noté" in plain(sends(caisse, f"{here}chiffre/", **first))
    again = sends(caisse, f"{here}chiffre/", **{**first, "amount": "1 300 000"})
    assert "dites pourquoi il change" in plain(again)
    assert "Le montant connu est 1 234 567,50 €" in plain(again)
    assert hidden(again, "shown") == "123456750"
    shown = plain(
        sends(caisse, f"{here}chiffre/", **{**first, "amount": "1 300 000", "reason": "Régularisation"})
    )
    assert "l’ancien reste lisible" in shown
    assert "Correction : Régularisation" in shown
    assert "1 234 567,50 €" in shown


def test_what_is_wrong_with_a_figure_is_said_and_nothing_typed_is_lost(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    shown = plain(
        sends(caisse, f"{here}chiffre/", year="26", month="1", amount="douze", source="État de janvier")
    )
    for said in ("Écrivez une année", "Écrivez un montant", "douze", "État de janvier"):
        assert said in shown
    ahead = plain(sends(caisse, f"{here}chiffre/", year=str(YEAR + 1), month="2", amount="12"))
    assert "n’a pas commencé" in ahead


def test_a_table_is_tried_corrected_in_place_then_written(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    opened(caisse, convention)
    where = f"/conventions/{convention}/credits/import/"
    wrong = f"{';'.join(TITLES)}\nAutre;{YEAR - 1};1;12;;\nPersonnes âgées;{YEAR - 1};2;13;;"
    tried = plain(caisse.post(where, {"lines": wrong}))
    assert "aucune ne s’appelle" in tried
    assert "à corriger : 1" in tried
    assert "Enregistrer ces lignes" not in tried
    refused = plain(caisse.post(where, {"lines": wrong, "confirm": "oui"}))
    assert "Rien n’a été écrit" in refused
    right = wrong.replace("Autre", "Personnes âgées")
    assert "Enregistrer ces lignes" in plain(caisse.post(where, {"lines": right}))
    assert "2 chiffres écrits" in plain(caisse.post(where, {"lines": right, "confirm": "oui"}, follow=True))


def test_a_workbook_is_shown_as_its_lines_before_anything_is_written(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    opened(caisse, convention)
    file = SimpleUploadedFile(
        "credits.xlsx", xlsx("Crédits", TITLES, [("Personnes âgées", str(YEAR - 1), "mars", "12,50", "", "")])
    )
    shown = plain(caisse.post(f"/conventions/{convention}/credits/import/", {"file": file, "confirm": "oui"}))
    assert "Enregistrer ces lignes" in shown
    assert f"Personnes âgées;{YEAR - 1};mars;12,50" in shown
    for data in (b"", b"%PDF-1.7", b"\xff\xfe\x00"):
        bad = SimpleUploadedFile("x.csv", data)
        assert caisse.post(f"/conventions/{convention}/credits/import/", {"file": bad}).status_code == 200
    assert "Choisissez un fichier" in plain(caisse.post(f"/conventions/{convention}/credits/import/", {}))


def test_a_year_is_drawn_told_and_projected(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    caisse.post(
        f"/conventions/{convention}/credits/import/", {"lines": lines(), "confirm": "oui"}, follow=True
    )
    whole = plain(as_(CCAS).get(f"{here}?annee={YEAR - 1}"))
    assert "année complète" in whole
    assert "Les douze mois sont connus" in whole
    sends(caisse, f"{here}chiffre/", year=str(YEAR), month="0", amount="1 400 000 000", source="Arrêté")
    assert "Pas de projection" in plain(caisse.get(f"{here}?annee={YEAR}"))
    sends(caisse, f"{here}chiffre/", year=str(YEAR), month="1", amount="105 000 000")
    shown = plain(as_(CCAS).get(f"{here}?annee={YEAR}"))
    assert "1 fois sur 2" in shown
    assert "entre" in shown
    assert re.search(r'<svg[^>]*role="img"', shown)
    assert "<desc" in shown
    board = plain(as_(CCAS).get(f"/conventions/{convention}/credits/"))
    assert "105 000 000 € fin janvier" in board


def test_a_month_that_misses_is_said(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    for month in ("1", "3"):
        sends(caisse, f"{here}chiffre/", year=str(YEAR - 1), month=month, amount="10")
    shown = plain(caisse.get(here))
    assert "Il manque : février" in shown
    assert "Un mois manque" in shown


def test_a_measure_is_logged(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    here = opened(caisse, convention)
    day = TODAY.strftime("%d/%m/%Y")
    assert "Dites quelle est cette mesure" in plain(sends(caisse, f"{here}mesure/", day=day, what=""))
    shown = plain(sends(caisse, f"{here}mesure/", day=day, what="Mise en réserve", amount="4 000 000"))
    assert "Mise en réserve" in shown
    assert "4 000 000 €" in shown
    later = (TODAY + timedelta(days=1)).strftime("%d/%m/%Y")
    assert "dans l’avenir" in plain(sends(caisse, f"{here}mesure/", day=later, what="x"))


@pytest.mark.parametrize("page", ["board", "envelope"])
def test_the_credits_ask_three_questions_more_than_the_convention(
    as_: Signs, convention: UUID, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = as_(CPAM)
    here = opened(person, convention)
    opened(person, convention, "Personnes handicapées")
    person.post(
        f"/conventions/{convention}/credits/import/", {"lines": lines(), "confirm": "oui"}, follow=True
    )
    with django_assert_max_num_queries(12 + 4):
        person.get(here if page == "envelope" else f"/conventions/{convention}/credits/")
