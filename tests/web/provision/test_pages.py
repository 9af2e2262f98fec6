"""Provisions on their pages: payments given, the estimate and what it rests on, corrected, then compared with what was paid."""

from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.spreadsheets.writing import xlsx
from tests.days import PARIS
from tests.steering.people import CCAS, CPAM, STRANGER, WORKER
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
CLOSED = TODAY.year - 1
LINES = "\n".join(
    [
        "Année;0;1;2;3",
        f"{CLOSED - 3};1 000 000;1 200 000;1 230 000;1 235 000",
        f"{CLOSED - 2};1 100 000;1 310 000;1 350 000;",
        f"{CLOSED - 1};1 050 000;1 290 000;;",
        f"{CLOSED};1 150 000;;;",
    ]
)
GIVEN = {"component": "day_price", "written": "summed", "lines": LINES, "source": "Comptes"}


def base(convention: UUID) -> str:
    return f"/conventions/{convention}/provisions/"


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def test_payments_give_a_provision_with_its_error_and_what_it_rests_on(as_: Signs, convention: UUID) -> None:
    shown = plain(sends(as_(CPAM), f"{base(convention)}nouvelle/", **GIVEN))
    assert f"Provision {CLOSED}, prix de journée" in shown
    for said in (
        "Provision estimée",
        "Erreur-type",
        "chain-ladder",
        "Facteurs de développement",
        "Paiements cumulés",
        "Reste à payer",
    ):
        assert said in shown
    here = f"{base(convention)}{CLOSED}/prix-de-journee/"
    for reader in (CCAS, WORKER):
        assert as_(reader).get(here).status_code == 200
    assert "Pas encore connu" in plain(as_(CCAS).get(base(convention)))
    assert "Noter le réalisé" not in plain(as_(WORKER).get(here))
    assert as_(STRANGER).get(here).status_code == 404
    assert as_(WORKER).get(f"{base(convention)}nouvelle/").status_code == 403
    for unknown in (f"{CLOSED}/dotation/", f"{CLOSED}/rien/", "1/dotation/", f"{CLOSED}/dotation/realise/"):
        assert as_(CPAM).get(f"{base(convention)}{unknown}").status_code == 404


def test_what_is_no_triangle_is_said_cell_by_cell_and_stays_in_the_page(as_: Signs, convention: UUID) -> None:
    holed = LINES.replace("1 350 000", "").replace("1 150 000", "-5")
    shown = plain(sends(as_(CPAM), f"{base(convention)}nouvelle/", **{**GIVEN, "lines": holed}))
    assert f"Année {CLOSED - 2}, fin {CLOSED} : il manque un montant" in shown
    assert "n’est pas négatif" in shown
    assert "1 310 000" in shown
    for lines, said in (
        ("", "Choisissez un fichier"),
        ("x;y\n1;2", "première colonne"),
        ("Année;0\n2020;abc", "colonne 2"),
    ):
        assert said in plain(sends(as_(CPAM), f"{base(convention)}nouvelle/", **{**GIVEN, "lines": lines}))


def test_payments_of_each_year_are_summed(as_: Signs, convention: UUID) -> None:
    each = "\n".join(["Année;0;1;2", f"{CLOSED - 2};100;50;10", f"{CLOSED - 1};110;60;", f"{CLOSED};120;;"])
    shown = plain(
        sends(
            as_(CPAM),
            f"{base(convention)}nouvelle/",
            **{**GIVEN, "lines": each, "written": "each", "component": "grant"},
        )
    )
    assert "160 €" in shown
    assert "Trop peu d’années" in shown


def test_a_workbook_gives_the_same(as_: Signs, convention: UUID) -> None:
    rows = [line.split(";") for line in LINES.splitlines()]
    file = SimpleUploadedFile("paiements.xlsx", xlsx("Paiements", rows[0], rows[1:]))
    given = {**GIVEN, "lines": "", "file": file}
    assert f"Provision {CLOSED}" in plain(sends(as_(CPAM), f"{base(convention)}nouvelle/", **given))


def test_payments_are_corrected_with_a_reason(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    sends(caisse, f"{base(convention)}nouvelle/", **GIVEN)
    where = f"{base(convention)}nouvelle/?exercice={CLOSED}&composante=prix-de-journee"
    form = caisse.get(where)
    assert "1 310 000,00" in plain(form)
    again = {**GIVEN, "shown": hidden(form, "shown"), "lines": LINES.replace("1 310 000", "1 320 000")}
    assert "dites pourquoi" in plain(sends(caisse, where, **again))
    shown = plain(sends(caisse, where, **again, reason="Comptes révisés"))
    assert "Comptes révisés" in shown
    assert "avant vous" in plain(sends(caisse, where, **again, reason="x"))


def test_what_was_paid_is_compared_with_the_estimate(as_: Signs, convention: UUID) -> None:
    caisse = as_(CPAM)
    sends(caisse, f"{base(convention)}nouvelle/", **GIVEN)
    where = f"{base(convention)}{CLOSED}/prix-de-journee/realise/"
    day = TODAY.strftime("%d/%m/%Y")
    assert "Écrivez un montant" in plain(sends(caisse, where, amount="", known_on=day, source="Comptes"))
    shown = plain(sends(caisse, where, amount="300 000", known_on=day, source="Comptes"))
    assert "300 000 €" in shown
    assert "fois l’erreur-type" in shown
    assert as_(WORKER).get(where).status_code == 403


@pytest.mark.parametrize("page", ["", f"{CLOSED}/prix-de-journee/"])
def test_the_provisions_ask_two_questions_more_than_the_convention(
    as_: Signs, convention: UUID, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = as_(CPAM)
    sends(person, f"{base(convention)}nouvelle/", **GIVEN)
    with django_assert_max_num_queries(12 + 3):
        person.get(f"{base(convention)}{page}")
