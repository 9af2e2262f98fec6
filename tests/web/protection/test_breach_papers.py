"""What the papers of a breach say: the register that the authority may ask for, the form that is sent to it."""

import io
import json
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from openpyxl import load_workbook

from maillage.core.identifiers import uuid7
from maillage.documents.rendering import render_pdf
from maillage.protection.breaches import form
from maillage.protection.breaches.models import Breach
from maillage.protection.breaches.notifications import reference
from maillage.web.protection import files
from tests.conventions.people import WORKER
from tests.protection.breaches.files import CPAM_DPO
from tests.web.committees.conftest import Signs
from tests.web.protection.test_breach_tasks import agreed
from tests.web.protection.test_pages import DECIDED, here, moment, reported

pytestmark = pytest.mark.django_db
REGISTER = 13
"""Questions of the register as a file, with open decisions or without, however many."""


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


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Callable[[Client, Breach], str]:
    """What the form for the authority prints, as its composition hands it to be drawn."""
    drawn: list[object] = []

    def kept(kind: str, data: object) -> bytes:
        drawn.append(data)
        return render_pdf(kind, data)  # type: ignore[arg-type]

    monkeypatch.setattr(form, "render_pdf", kept)

    def form_of(caisse: Client, row: Breach) -> str:
        assert caisse.get(here(row, "notification/")).content.startswith(b"%PDF-")
        return (
            json.dumps(drawn[-1], ensure_ascii=False, default=str)
            .replace("\u00a0", " ")
            .replace("\u202f", " ")
        )

    return form_of


def test_the_form_gives_a_proposed_decision_for_proposed_and_numbers_agreements(
    as_: Signs, s3: UUID, printed: Callable[[Client, Breach], str]
) -> None:
    row = reported(as_(WORKER), s3)
    caisse = as_(CPAM_DPO)
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    proposed = printed(caisse, row)
    assert (
        "Décision 1, proposée, en attente de l’accord de : CCAS de Montbrison, CARSAT Rhône-Alpes."
        in proposed
    )
    assert "Accord sur la décision 1" in proposed
    agreed(as_, row)
    assert "en attente de l’accord" not in printed(caisse, row)


def test_the_form_lists_all_the_parties_though_one_reads_the_notices_of_its_own(
    as_: Signs, s3: UUID, printed: Callable[[Client, Breach], str]
) -> None:
    row = reported(as_(WORKER), s3)
    found = printed(as_(CPAM_DPO), row)
    assert "CARSAT Rhône-Alpes : en a connaissance depuis le" in found
    assert "CCAS de Montbrison : a signalé la violation" in found
    assert "CPAM de la Loire, convention «" in found


def test_the_form_of_a_joined_report_gives_the_decision_of_the_common_file(
    as_: Signs, s3: UUID, printed: Callable[[Client, Breach], str]
) -> None:
    first, second = reported(as_(WORKER), s3), reported(as_(WORKER), s3, people="7")
    caisse = as_(CPAM_DPO)
    caisse.post(here(second, "jonction/"), {"into": str(first.pk)})
    caisse.post(here(first, "decision/"), {**DECIDED, "token": str(uuid7())})
    caisse.post(here(first, "pieces/mesure/"), {**moment(), "text": "Serrure changée."})
    found = printed(caisse, second)
    for words in (
        f"jointe au dossier {reference(first.pk)}",
        "environ 7",
        "Trois noms ont pu être lus.",
        "La salle est fermée.",
        "Serrure changée.",
        "Décision 1, proposée, en attente de l’accord de",
    ):
        assert words in found, words


def test_informing_the_persons_is_only_proposed_until_all_agreed(
    as_: Signs, s3: UUID, printed: Callable[[Client, Breach], str]
) -> None:
    row, caisse = reported(as_(WORKER), s3), as_(CPAM_DPO)
    caisse.post(here(row, "decision/"), {**DECIDED, "persons": "oui", "token": str(uuid7())})
    proposed = printed(caisse, row)
    assert "Proposé, pas encore décidé : informer les personnes." in proposed
    assert "Les personnes seront informées." not in proposed
    agreed(as_, row)
    assert "Les personnes seront informées." in printed(caisse, row)
    caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
    assert "Proposé, pas encore décidé : non, Le risque n’est pas élevé." in printed(caisse, row)


def test_the_register_asks_as_much_for_many_open_second_decisions_as_for_one(
    as_: Signs, s3: UUID, django_assert_num_queries: Any
) -> None:
    caisse = as_(CPAM_DPO)

    def twice() -> Breach:
        row = reported(as_(WORKER), s3)
        caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
        agreed(as_, row)
        caisse.post(here(row, "decision/"), {**DECIDED, "token": str(uuid7())})
        return row

    first = twice()
    caisse.get("/protection/violations/registre.xlsx")
    with django_assert_num_queries(REGISTER):
        caisse.get("/protection/violations/registre.xlsx")
    second = twice()
    with django_assert_num_queries(REGISTER):
        caisse.get("/protection/violations/registre.xlsx")
    for row in (first, second):
        assert line_of(caisse, row)["Décision"].startswith("Proposée, pas encore acceptée par tous")


def test_the_register_holds_them_all_however_many_are_read_at_once(
    as_: Signs, s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_AT_ONCE", 1)
    caisse = as_(CPAM_DPO)
    first, second = (reported(as_(WORKER), s3, hours=hours) for hours in (4, 2))
    caisse.post(here(second, "pieces/mesure/"), {**moment(), "text": "Salle fermée."})
    caisse.post(here(second, "jonction/"), {"into": str(first.pk)})
    answer = caisse.get("/protection/violations/registre.xlsx")
    lines = list(load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True))
    references = [line[0] for line in lines[1:]]
    assert references.index(reference(second.pk)) < references.index(reference(first.pk))
    assert len(set(references)) == len(references)
    assert "Salle fermée." in line_of(caisse, first)["Mesures"]  # what is joined stands in the common file
