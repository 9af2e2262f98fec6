"""What the papers of a breach say: the register that the authority may ask for, the form that is sent to it."""

import io
from uuid import UUID

import pytest
from django.test import Client
from openpyxl import load_workbook

from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import reference
from tests.conventions.people import WORKER
from tests.protection.breaches.files import CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.protection.test_breach_tasks import agreed
from tests.web.protection.test_pages import DECIDED, here, moment, reported

pytestmark = pytest.mark.django_db


def line_of(caisse: Client, row: Breach) -> dict[str, str]:
    """One breach in the register, by column."""
    answer = caisse.get("/protection/violations/registre.xlsx")
    lines = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    (found,) = [line for line in lines[1:] if line[0] == reference(row.pk)]
    return {str(label): str(cell or "") for label, cell in zip(lines[0], found, strict=True)}


def test_the_register_says_effects_measures_decision_filing_and_persons(as_: Signs, s3: UUID) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    assert line_of(caisse, row)["Décision"] == ""
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    proposed = line_of(caisse, row)
    assert proposed["Effets"] == "Trois noms ont pu être lus."
    assert proposed["Décision"].startswith("Proposée, pas encore acceptée par tous")
    agreed(as_, row)
    for kind, text in (
        ("mesure", "Serrure changée."),
        ("cnil", "Dépôt initial."),
        ("personnes", "Lettre remise."),
    ):
        caisse.post(here(row, f"pieces/{kind}/"), {**moment(), "text": text})
    held = line_of(caisse, row)
    assert held["Décision"].startswith(
        "violation avérée ; à notifier à la CNIL ; personnes non informées : Le risque"
    )
    assert held["Mesures"].startswith("La salle est fermée.\n")
    for column, text in (
        ("Mesures", "Serrure changée."),
        ("Notifiée à la CNIL", "Dépôt initial."),
        ("Personnes informées", "Lettre remise."),
    ):
        assert held[column].endswith(f" : {text}"), column
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    assert line_of(caisse, row)["Décision"].startswith("Proposée")


def test_the_register_says_to_which_one_a_report_is_joined(as_: Signs, s3: UUID) -> None:
    first, second = reported(as_(WORKER), s3), reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    caisse.post(here(second, "pieces/cnil/"), {**moment(), "text": "Dépôt d’avant."})
    caisse.post(here(second, "jonction/"), {"into": str(first.pk)})
    assert line_of(caisse, second)["État"] == f"Jointe à {reference(first.pk)}"
    assert "Dépôt d’avant." in line_of(caisse, first)["Notifiée à la CNIL"]
