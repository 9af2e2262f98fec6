"""Action sheets on their pages: the board by axis and by date, a sheet filled and said anew, a study; who may and who may not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.steering.sheets.models import SheetEntry
from tests.conventions.people import S3, signed
from tests.days import PARIS
from tests.steering.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, member
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


def day(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def newest(kind: str) -> UUID:
    with member(CPAM, TODAY):
        return SheetEntry.objects.filter(kind=kind).order_by("-recorded_at", "-id")[0].pk


def base(convention: UUID) -> str:
    return f"/conventions/{convention}/fiches/"


def test_the_page_of_the_convention_leads_to_its_sheets(as_: Signs, convention: UUID) -> None:
    assert base(convention) in as_(CCAS).get(f"/conventions/{convention}/").content.decode()
    shown = plain(as_(CCAS).get(base(convention)))
    assert "15 fiches actions dans le texte, rien en retard" in shown
    assert "Fiche 12" in shown
    assert "Axe 3" in shown


def test_a_convention_without_axes_has_no_such_page(as_: Signs) -> None:
    new = signed(S3, TODAY - timedelta(days=20), TODAY - timedelta(days=10))
    for page in ("fiches/", "credits/", "provisions/"):
        assert as_(CPAM).get(f"/conventions/{new}/{page}").status_code == 404


def test_whoever_reads_the_convention_reads_its_sheets_and_a_stranger_does_not(
    as_: Signs, convention: UUID
) -> None:
    for page in ("", "fiche_12/", "?vue=dates", "?vue=retard", "?vue=inconnue"):
        assert "Ajouter" not in plain(as_(WORKER).get(f"{base(convention)}{page}"))
        assert as_(STRANGER).get(f"{base(convention)}{page}").status_code == 404
    assert as_(WORKER).get(f"{base(convention)}fiche_12/jalon/").status_code == 403
    for unknown in ("fiche_16/", "fiche_12/rien/", f"element/{uuid7()}/", f"etude/{uuid7()}/accord/"):
        assert as_(CPAM).get(f"{base(convention)}{unknown}").status_code == 404


def test_a_sheet_is_presented_then_said_anew_and_its_history_tells_it(as_: Signs, convention: UUID) -> None:
    sheet = f"{base(convention)}fiche_12/"
    caisse = as_(CPAM)
    refused = plain(sends(caisse, f"{sheet}presentation/", lead_cpam="Direction des soins"))
    assert "Donnez un titre" in refused
    assert "Direction des soins" in refused
    shown = plain(
        sends(caisse, f"{sheet}presentation/", text="Suivi des crédits", lead_cpam="Direction des soins")
    )
    assert "Fiche 12 : Suivi des crédits" in shown
    first = newest("sheet")
    assert caisse.get(f"{sheet}presentation/").url == f"{base(convention)}element/{first}/"  # type: ignore[attr-defined]  # a redirect
    again = sends(as_(CCAS), f"{base(convention)}element/{first}/", text="Suivi mensuel des crédits")
    assert "titre : Suivi des crédits → Suivi mensuel des crédits" in plain(again)
    late = plain(sends(caisse, f"{base(convention)}element/{first}/", text="Troisième"))
    assert "avant vous" in late
    assert "Troisième" in late
    assert caisse.get(f"{base(convention)}element/{first}/").status_code == 302


def test_what_is_late_is_shown_first_by_date(as_: Signs, convention: UUID) -> None:
    sheet = f"{base(convention)}fiche_3/"
    caisse = as_(CPAM)
    sends(caisse, f"{sheet}jalon/", text="Plus tard", step="planned", day=day(40))
    sends(caisse, f"{sheet}jalon/", text="En retard de peu", step="planned", day=day(-2))
    shown = plain(caisse.get(f"{base(convention)}?vue=dates"))
    assert shown.index("En retard de peu") < shown.index("Plus tard")
    assert "Plus tard" not in plain(caisse.get(f"{base(convention)}?vue=retard"))
    assert "1 échéance en retard" in plain(caisse.get(base(convention)))
    assert "en retard de 2 jours" in plain(caisse.get(sheet))
    sends(
        caisse,
        f"{base(convention)}element/{newest('milestone')}/",
        text="En retard de peu",
        step="done",
        day=day(-2),
        done_on=day(),
    )
    assert "rien en retard" in plain(caisse.get(base(convention)))


def test_an_exchange_needs_a_legal_basis_and_its_deliveries_are_noted(as_: Signs, convention: UUID) -> None:
    sheet, caisse = f"{base(convention)}fiche_9/", as_(CPAM)
    said = {
        "text": "Dépenses des EHPAD",
        "supplier": "cpam",
        "pace": "monthly",
        "day": day(-40),
        "step": "running",
    }
    assert "sur quelle base légale" in plain(sends(caisse, f"{sheet}echange/", **said))
    shown = plain(sends(caisse, f"{sheet}echange/", **said, legal_basis="CASF, L. 14-10-1"))
    assert "en retard de 40 jours" in shown
    deliver = f"{base(convention)}element/{newest('exchange')}/livraison/"
    assert "Dépenses des EHPAD" in plain(caisse.get(deliver))
    assert "dans l’avenir" in plain(sends(caisse, deliver, text="Janvier", day=day(1)))
    assert "Janvier" in plain(sends(caisse, deliver, text="Janvier", day=day(-1)))
    assert "rien en retard" in plain(caisse.get(base(convention)))


def test_a_risk_and_a_note_are_written(as_: Signs, convention: UUID) -> None:
    sheet, caisse = f"{base(convention)}fiche_4/", as_(CPAM)
    risk = {"text": "Retard du système", "gravity": "high", "step": "open", "answer": "Suivi mensuel"}
    assert "Élevé" in plain(sends(caisse, f"{sheet}risque/", **risk))
    assert "Réunion tenue" in plain(sends(caisse, f"{sheet}note/", text="Réunion tenue", day=day()))
    assert caisse.get(f"{base(convention)}element/{newest('note')}/").status_code == 404
    assert caisse.get(f"{base(convention)}element/{newest('risk')}/livraison/").status_code == 404


def test_a_study_goes_from_one_side_to_the_other(as_: Signs, convention: UUID) -> None:
    sheet = f"{base(convention)}fiche_8/"
    asked = plain(sends(as_(CPAM), f"{sheet}etude/", text="Parcours des résidents", day=day(-5)))
    assert "L’autre partie répond" in asked
    step = f"{base(convention)}etude/{newest('study')}/"
    assert as_(CPAM).get(f"{step}accord/").status_code == 403
    assert as_(WORKER).get(f"{step}accord/").status_code == 403
    partner = as_(CCAS)
    assert partner.get(f"{step}resultat/").status_code == 302
    assert partner.get(f"{step}rien/").status_code == 404
    assert "quel écrit" in plain(sends(partner, f"{step}accord/", day=day()))
    assert "Lettre du 3 mars" in plain(
        sends(partner, f"{step}accord/", day=day(), reference="Lettre du 3 mars")
    )
    step = f"{base(convention)}etude/{newest('study')}/"
    assert "agrégats" in plain(sends(as_(CPAM), f"{step}remise/", day=day(), delivered="Trois tableaux"))
    sends(as_(CPAM), f"{step}remise/", day=day(), delivered="Trois tableaux", aggregates="on")
    step = f"{base(convention)}etude/{newest('study')}/"
    shown = plain(sends(as_(CARSAT), f"{step}resultat/", day=day(), result="Rapport publié"))
    assert "Résultat : Rapport publié" in shown
    assert "Terminée" in shown


@pytest.mark.parametrize("page", ["", "fiche_12/"])
def test_the_sheets_ask_one_question_more_than_the_convention(
    as_: Signs, convention: UUID, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    person = as_(CPAM)
    with django_assert_max_num_queries(12 + 2):
        person.get(f"{base(convention)}{page}")
