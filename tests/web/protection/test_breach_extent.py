"""What was said in the first minute is put right on its page: last values everywhere, the first ones beside them, nothing typed is lost."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.protection.breaches.extent_rules import Extent
from maillage.web.protection.words import how_many
from tests.conventions.people import WORKER
from tests.days import PARIS
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_breach_papers import line_of, printed
from tests.web.protection.test_pages import here, reported, updated, wider

__all__ = ["printed"]  # a fixture
pytestmark = pytest.mark.django_db
ADDRESS, BUTTON = "mise-a-jour/", "Mettre à jour l’étendue"


def test_the_last_values_are_read_by_each_party_with_what_was_first_said(as_: Signs, s3: UUID) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    assert BUTTON in plain(caisse.get(here(row)))
    form = plain(caisse.get(here(row, ADDRESS)))
    assert 'value="3"' in form
    assert 'value="confidentiality" checked' in " ".join(form.split()).replace(' id="id_natures_0"', "")
    assert "Étendue mise à jour." in updated(caisse, row)
    for address in (CPAM_DPO, CARSAT_ADMIN, CCAS_ADMIN, WORKER):
        page = plain(as_(address).get(here(row)))
        for words in (
            "environ 12 personnes, 40 documents ou lignes",
            "D’abord signalé : environ 3 personnes.",
            "D’abord signalé : identité (nom, date de naissance), santé.",
            "D’abord signalé : des données ont été vues ou transmises à qui n’y a pas droit.",
            "D’abord signalé : Non.",
            "Nature : des données ont été vues ou transmises à qui n’y a pas droit ; des données sont perdues",
            "Commencée le",
            "La liste du prestataire, reçue ce matin.",
        ):
            assert words in page, (address, words)
    assert BUTTON not in plain(as_(WORKER).get(here(row)))
    assert as_(WORKER).get(here(row, ADDRESS)).status_code == 403
    assert "environ 12 personnes" in plain(caisse.get("/protection/violations/"))


def test_the_papers_give_the_last_values_and_the_first_ones(as_: Signs, s3: UUID, printed: Any) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    assert line_of(caisse, row)["D’abord signalé"] == ""
    assert "quand la violation a commencé" in printed(caisse, row)
    updated(caisse, row)
    line = line_of(caisse, row)
    assert line["Étendue"] == "environ 12\u00a0personnes, 40\u00a0documents ou lignes"
    assert line["D’abord signalé"].startswith("environ 3\u00a0personnes ; identité")
    assert line["Nature"].endswith("des données sont perdues ou inaccessibles")
    assert line["Se poursuit"] == "Oui"
    assert line["Commencée le"]
    assert line["Terminée le"] == ""
    form = printed(caisse, row)
    for words in (
        "Nombre de personnes : environ 12 (d’abord signalé : environ 3)",
        "Nature : des données ont été vues ou transmises à qui n’y a pas droit ; des données sont perdues ou inaccessibles (d’abord",
        "La violation se poursuit : oui (d’abord signalé : non)",
        "Commencée le : ",
        "Étendue mise à jour : ",
    ):
        assert words in form, words
    assert "quand la violation a commencé" not in form


def test_the_second_of_two_reads_the_first_and_loses_nothing(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    updated(as_(CARSAT_ADMIN), row)
    caisse = as_(CPAM_DPO)
    second = {"people": "90", "why": "Compté dans nos dossiers."}
    answer = caisse.post(here(row, ADDRESS), wider(**second))
    page = plain(answer)
    assert "CARSAT Rhône-Alpes vient de mettre à jour l’étendue" in page
    assert "Enregistré entre-temps : environ 12 personnes" in page
    assert "La liste du prestataire, reçue ce matin." in page
    assert "Compté dans nos dossiers." in page
    assert 'value="90"' in page
    assert 'name="seen" value="1"' in page
    assert "Étendue mise à jour." in updated(caisse, row, seen="1", **second)
    assert "environ 90 personnes" in plain(as_(CCAS_ADMIN).get(here(row)))


def test_what_is_wrong_is_said_at_its_field_and_kept(as_: Signs, s3: UUID) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    later = (now() + timedelta(days=3)).astimezone(PARIS)
    for changes, words in (
        ({"began_hour": ""}, "Écrivez aussi l’heure, ou laissez les deux vides."),
        ({"began_on": ""}, "Écrivez aussi le jour, ou laissez les deux vides."),
        ({"began_on": "29/03/2026", "began_hour": "02:30"}, "Cette heure n’a pas existé"),
        ({"began_on": later.strftime("%d/%m/%Y")}, "commence avant d’être constatée"),
        ({"stopped_on": "01/01/2026", "stopped_hour": "10:00"}, "répondez « Non »"),
        ({"stopped_on": "01/01/2026", "stopped_hour": "10:00", "goes_on": "non"}, "La fin vient après le début"),
        ({"people": "-1"}, "Écrivez un nombre entier"),
        ({"people": "99999999"}, "Donnez une estimation entre 0 et 10"),
        ({"kinds": []}, "Cochez au moins une réponse"),
        ({"why": ""}, "Écrivez quelques mots"),
        ({"goes_on": ""}, "Choisissez une réponse"),
    ):  # fmt: skip
        page = updated(caisse, row, **changes)
        assert words in page, (changes, page)
        assert "40" in page
    assert "D’abord signalé" not in plain(caisse.get(here(row)))


def test_a_joined_report_says_where_it_is_updated(as_: Signs, s3: UUID) -> None:
    first, second = reported(as_(WORKER), s3), reported(as_(WORKER), s3, people="200")
    caisse = as_(CPAM_DPO)
    caisse.post(here(second, "jonction/"), {"into": str(first.pk)})
    assert "(environ 200 personnes)" in plain(
        caisse.get(here(first))
    )  # what the other one said is not lost from sight
    assert BUTTON not in plain(caisse.get(here(second)))
    assert "ne se met plus à jour ici" in plain(caisse.get(here(second, ADDRESS)))
    assert "ne se met plus à jour ici" in updated(caisse, second)
    updated(caisse, first)
    assert "environ 12 personnes" in plain(caisse.get(here(second)))


def test_about_is_said_of_several_only() -> None:
    said = [how_many(Extent((), (), number)) for number in (None, 0, 1, 2)]
    assert said == [
        "nombre de personnes inconnu",
        "0\u00a0personne",
        "1\u00a0personne",
        "environ 2\u00a0personnes",
    ]
