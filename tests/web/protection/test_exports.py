"""Every file that the site gives is listed here: a bulk export of persons' data asks for whom, and is refused without an authorisation."""

import ast
import re
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from django.urls import reverse

from maillage.audit.models import Entry
from maillage.core.identifiers import uuid7
from maillage.protection.authorisations.models import TransferRequest
from maillage.protection.authorisations.notifications import reference
from tests.days import today
from tests.protection.authorisations.files import (
    CCAS_ADMIN,
    CPAM_DPO,
    HOSPITAL_ADMIN,
    answered,
    asked,
    granted,
)
from tests.referrals.world import Signed, member, sign_convention
from tests.rights import world as files_of_rights
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain

pytestmark = pytest.mark.django_db
WEB = Path(__file__).resolve().parents[3] / "maillage" / "web"
GATED = {
    "journal/reading.py export": "who did what, by name, on which cases",
    "people/cdr.py export": "who consulted rights, by name",
    "preparing/importing.py wrong": "lines that name persons",
    "protection/readings.py file": "who read which cases, by name",
    "rights/board.py board_export": "exact counts, small enough to point at somebody",
}
"""The bulk exports of persons' data: each asks `refused_to_leave` before it draws anything."""
_ONE = "a paper of one case or one convention, for whoever is in it"
_COUNTED = "counts that are published, or words of the text"
FREE = {
    "committees/files.py convocation": "a letter to the members of a committee",
    "committees/files.py file": "the file of a meeting: counts, kept for its parties",
    "conventions/deploying/pages.py export": "organisations, by département",
    "conventions/reading/adhesion.py export": "months and counts that every party may take away (S0 art. 5)",
    "conventions/reading/calendar.py feed": "dates of conventions",
    "conventions/reading/documents.py document": _ONE,
    "conventions/reading/papers.py paper": _ONE,
    "conventions/writing/exporting.py export": "the text of a convention",
    "conventions/writing/facts/preparing.py _answer": "a letter between parties",
    "conventions/writing/referents.py letter": "a letter between parties",
    "directory/importing.py _file": "the report of an import of organisations",
    "directory/importing.py workbook": "the report of an import of organisations",
    "indicators/bilan.py export": _COUNTED,
    "indicators/bringing.py taken": "an empty sheet to fill with counts",
    "indicators/campaigns.py campaign_export": _COUNTED,
    "journal/exporting.py answer": "draws what the gated export of the journal hands it",
    "journal/exporting.py xlsx_file": "the same",
    "preparing/pieces.py piece": _ONE,
    "preparing/printing.py paper": _ONE,
    "protection/assessments/papers.py _pdf": "risks and opinions, which name nobody; a letter between bodies",
    "protection/assessments/papers.py document": "what a body joined to its answer",
    "protection/authorisations/reading.py answer_document": "an answer: of organisations",
    "protection/authorisations/reading.py document": "a contract: of organisations",
    "protection/destroying.py destruction_certificate": "references and digests",
    "protection/files.py document": "a document of a breach, for the parties of its file",
    "protection/files.py notice": "the form for the authority, which names nobody",
    "protection/files.py register": "breaches, whose words name nobody",
    "protection/records/evidence.py evidence_file": "one's own professionals, to demonstrate compliance to whoever may ask it",
    "protection/records/record.py _file": "processings and bodies, no person",
    "protection/requests/contacts.py _csv": "what one contact gave of herself, for herself",
    "protection/requests/contacts.py portable": "the same",
    "protection/requests/papers.py _pdf": "the answer to the person herself",
    "protection/requests/papers.py machine": "the answer to the person herself",
    "protection/serving.py serve_document": "one document, for the pages that are named here",
    "referrals/guiding.py guide_for": "a guide",
    "referrals/messaging.py attachment": _ONE,
    "referrals/printing.py filled": _ONE,
    "rights/letters.py letter": _ONE,
    "rights/serving.py piece": _ONE,
    "serving.py download": "one document, for the pages that are named here",
    "serving.py streamed": "the same",
    "supports/opening.py _given": "a leaflet",
    "supports/opening.py preview": "a leaflet",
    "supports/printing.py poster": "a poster",
    "training/signing.py _pdf": "a sheet to sign, the certificates of one's own colleagues",
    "training/signing.py calendar": "one date",
    "training/signing.py signed_sheet": "the signed sheet, for who organised",
}
"""The other files, each with the reason why it takes no data of persons away in bulk."""
_GIVES = {
    "csv_file", "xlsx", "headers_for", "serve_document", "download", "streamed", "FileResponse", "refused_to_leave",
}  # fmt: skip


@cache
def giving(root: Path) -> dict[str, ast.FunctionDef]:
    """The functions of the pages that give a file or write a table, by file and name; read once, whoever asks."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and (
                _names(node) & _GIVES or "Content-Disposition" in _texts(node)
            ):
                found[f"{path.relative_to(root).as_posix()} {node.name}"] = node
    return found


def _names(node: ast.AST) -> set[str]:
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}


def _texts(node: ast.AST) -> set[object]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant)}


def first_call(node: ast.FunctionDef, name: str) -> int:
    """The line of the first call of a function in another; 0 where there is none."""
    lines = [
        one.lineno
        for one in ast.walk(node)
        if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == name
    ]
    return min(lines, default=0)


def test_every_file_that_the_pages_give_is_listed() -> None:
    found = giving(WEB)
    new = sorted(set(found) - set(GATED) - set(FREE))
    assert not new, f"Say in GATED or FREE whether these take persons' data away in bulk: {new}"
    assert sorted((set(GATED) | set(FREE)) - set(found)) == []
    assert set(GATED) & set(FREE) == set()


@pytest.mark.parametrize("where", sorted(GATED))
def test_each_bulk_export_asks_the_gate_before_it_draws(where: str) -> None:
    node = giving(WEB)[where]
    asked = first_call(node, "refused_to_leave")
    assert asked, f"{where}: call refused_to_leave(request, parcel) and answer what it gives back"
    drawn = [
        line
        for name in ("csv_file", "xlsx", "answer", "HttpResponse", "write")
        if (line := first_call(node, name))
    ]
    assert drawn
    assert asked < min(drawn)


def test_an_export_that_forgets_is_seen(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        'def export(request):\n    answer = HttpResponse(csv_file([], []))\n    answer["Content-Disposition"] = "attachment"\n'
    )
    found = giving(tmp_path)
    assert set(found) == {"new.py export"}
    assert not set(found) & (set(GATED) | set(FREE))
    assert first_call(found["new.py export"], "refused_to_leave") == 0


@pytest.fixture
def s3(db: None) -> Signed:
    return sign_convention()


@pytest.mark.parametrize("address", ["/journal/export/csv/", "/journal/export/xlsx/"])
def test_the_journal_leaves_for_one_s_own_use_and_for_nobody_else(
    as_: Signs, s3: Signed, address: str
) -> None:
    admin = as_(CCAS_ADMIN)
    for own in ("", "?pour=organisme"):
        assert admin.get(f"{address}{own}")["Content-Disposition"].startswith("attachment")
    for forged in ("autre", "x", str(s3.id), "organisme&pour=autre", "%00"):
        answer = admin.get(f"{address}?pour={forged}")
        assert answer.status_code == 403, forged
        assert "Content-Disposition" not in answer
        text = plain(answer)
        for words in (
            "Export refusé",
            "annexe 6",
            "Qui doit d’abord autoriser par écrit",
            "CPAM de la Loire",
            "à compléter",
        ):
            assert words in text, words
        assert text.count("Aucune autorisation en cours.") == 2
        assert "Demander toutes ces autorisations" in text


def test_the_journal_leaves_for_a_body_authorised_for_all_of_it(as_: Signs, s3: Signed) -> None:
    admin = as_(CCAS_ADMIN)
    assert "Hébergeur" not in plain(admin.get("/journal/"))
    first, second = granted(s3.id)
    page = admin.get("/journal/")
    assert "Hébergeur d’Exemple (France), autorisé" in plain(page)
    assert admin.get(f"/journal/export/csv/?pour={first}")["Content-Disposition"].startswith("attachment")
    with member(CCAS_ADMIN):
        reason = Entry.objects.get(verb="transfer.leaves_sent").reason
    assert reason == f"journal ; autorisation {reference(first)}, {reference(second)}"
    assert "A exporté des données pour un organisme autorisé" in plain(admin.get("/journal/"))


def test_what_misses_is_named_and_asked_in_one_go(as_: Signs, s3: Signed) -> None:
    """Authorised for a part: the page says for which, and one form asks for the rest, with the same words."""
    admin, address = as_(CCAS_ADMIN), "/journal/export/csv/?pour=autre"
    first = asked(s3.id)
    answered(first)
    page = admin.get(address)
    assert "En cours pour" in plain(page)
    assert ">Hébergeur d’Exemple (France)</a>" in plain(page)
    assert plain(page).count("Aucune autorisation en cours.") == 1
    links = [
        unescape(one)
        for one in re.findall(r'href="([^"]*autorisations/nouvelle[^"]*)"', page.content.decode())
    ]
    assert len(links) == 2
    assert "Demander ce qui manque à Hébergeur d’Exemple (France)" in plain(page)
    form = admin.get(links[0]).content.decode()
    assert "Hébergeur d’Exemple" in form
    assert re.findall(r'<option\s+value="([^"]+)"\s+selected', form) == [f"{s3.id}:autres_collaborations"]
    both = {
        "token": str(uuid7()),
        "regime": [f"{s3.id}:detections", f"{s3.id}:autres_collaborations"],
        "kind": "third_party",
        "body": "Association d’Exemple",
        "country": "France",
        "what": "Identité.",
        "purpose": "Accompagner.",
        "guarantees": "Convention écrite.",
        "starts_on": today().strftime("%d/%m/%Y"),
    }
    refused = admin.post(links[1], {**both, "regime": []})
    assert "Gardez au moins une réponse." in plain(refused)
    refused = admin.post(links[1], {**both, "guarantees": "Écrire à ondine@example.org"})
    assert "Association d’Exemple" in refused.content.decode()
    with member(CCAS_ADMIN):
        assert TransferRequest.objects.count() == 1
    for _ in range(2):  # sent twice, asked once
        assert "2 autorisations demandées" in plain(admin.post(links[1], both, follow=True)).replace(
            "\u00a0", " "
        )
    with member(CCAS_ADMIN):
        asked_for = TransferRequest.objects.filter(body="Association d’Exemple")
        assert sorted(one.regime_key for one in asked_for.order_by("id")) == [
            "autres_collaborations",
            "detections",
        ]


def test_the_register_of_consultations_asks_too(as_: Signs, db: None) -> None:
    admin, address = as_(HOSPITAL_ADMIN), reverse("people:cdr_export")
    assert "Pour qui ?" in plain(admin.get(reverse("people:cdr")))
    assert admin.get(address)["Content-Disposition"].startswith("attachment")
    refused = admin.get(f"{address}?pour=autre")
    assert refused.status_code == 403
    assert "elles ne servent qu’à votre organisme" in plain(refused)


def test_the_board_asks_too_and_names_the_annex(as_: Signs, db: None) -> None:
    signed = files_of_rights.sign()
    caisse = as_(CPAM_DPO)
    base = reverse("rights:board", args=[signed.id])
    assert "Pour qui ?" in plain(caisse.get(base))
    address = reverse("rights:board_export", args=[signed.id, "csv"])
    assert caisse.get(address)["Content-Disposition"].startswith("attachment")
    for forged in ("autre", "x"):
        refused = caisse.get(f"{address}?pour={forged}")
        assert refused.status_code == 403
        assert "annexe 1-4" in plain(refused)
