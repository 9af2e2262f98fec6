"""On paper: the queue of sheets to key in, and a case printed as a filled form, whose square code holds its reference alone."""

import re
from typing import Any
from uuid import UUID

import pytest
from pytest_django import DjangoAssertNumQueries

from maillage.core.identifiers import uuid7
from maillage.referrals.references import reference
from maillage.referrals.rekeying.rules import new_reference
from maillage.web.referrals import printing
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    NARRATIVE,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    send_referral,
    work,
)
from tests.web.referrals.conftest import Signs, plain
from tests.web.referrals.test_reading import text

DAY = today().strftime("%d/%m/%Y")
QUEUE = "/orientations/feuilles/"


def test_a_sheet_is_added_listed_and_keyed_in_as_a_draft(signed: Signed, as_: Signs) -> None:
    worker, printed = as_(WORKER), new_reference()
    said = {"token": str(uuid7()), "reference": printed.lower(), "received_on": DAY}
    page = plain(worker.post(QUEUE, {**said, "reference": "Mme Quintessence"}))
    assert "Recopiez la référence imprimée" in page
    assert "Feuille ajoutée à la file." in plain(worker.post(QUEUE, said, follow=True))
    assert "votre premier clic a suffi" in plain(worker.post(QUEUE, said, follow=True))
    assert "elle se saisit une fois" in plain(worker.post(QUEUE, {**said, "token": str(uuid7())}))
    assert f"Saisir la feuille {printed}" in text(worker, "/")
    (key,) = re.findall(rf'action="({QUEUE}[0-9a-f-]+/saisie/)"', text(worker, QUEUE))
    assert "Qu’est-ce qui l’empêche" in plain(worker.post(key, follow=True))
    assert "Continuer la saisie" in text(worker, QUEUE)
    drop = key.replace("saisie", "retrait")
    assert "Dites pourquoi" in plain(worker.post(drop, follow=True))
    assert "Feuille retirée" in plain(worker.post(drop, {"why": "duplicate"}, follow=True))
    for address, status in ((STRANGER, 404), (ADVISER, 403)):
        assert as_(address).post(key).status_code == status


def test_the_queue_asks_as_much_of_the_database_for_one_as_for_many(
    signed: Signed, as_: Signs, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    worker = as_(WORKER)
    for _ in range(3):
        worker.post(QUEUE, {"token": str(uuid7()), "reference": new_reference(), "received_on": DAY})
    text(worker, QUEUE)
    with django_assert_num_queries(6):
        text(worker, QUEUE)


def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is given to the compiler."""
    given: dict[str, Any] = {}

    def draw(template: str, data: dict[str, Any]) -> bytes:
        given.update(data, template=template)
        return b"%PDF-"

    monkeypatch.setattr(printing, "render_pdf", draw)
    return given


def sent(signed: Signed) -> UUID:
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge")
    return case


@pytest.mark.security
def test_a_case_is_printed_for_who_follows_it_and_its_code_holds_its_reference_alone(
    signed: Signed, as_: Signs, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, given = sent(signed), drawn(monkeypatch)
    for address in (WORKER, ADVISER):
        answer = as_(address).get(f"/orientations/{case}/papier/")
        assert answer["Content-Disposition"] == f'inline; filename="orientation-{reference(case)}.pdf"'
        assert answer["Cache-Control"] == "no-store"
        assert given["code"] == printing.square(reference(case))
        assert given["code"] != printing.square(f"{reference(case)} ")  # the comparison sees one letter more
        assert len(given["code"]) >= 21  # three corners: the small kind is read by no telephone
        assert given["code_label"] == reference(case)
        written = str(given["parts"])
        for words in ("QUINTESSENCE", NARRATIVE.split(" : ")[0]):
            assert words in written
        for place in ("title", "kind_label", "reference"):  # what a file's properties and a window show
            assert "QUINTESSENCE" not in given[place].upper()
    given.clear()
    assert as_(STRANGER).get(f"/orientations/{case}/papier/").status_code == 404
    assert as_(READER).get(f"/orientations/{case}/papier/").status_code == 403
    assert given == {}


def test_the_sheet_of_a_case_is_a_pdf(signed: Signed, as_: Signs) -> None:
    case = sent(signed)
    answer = as_(WORKER).get(f"/orientations/{case}/papier/")
    assert answer.content.startswith(b"%PDF-")
    assert b"Quintessence" not in answer.content
    assert "Cette orientation sur papier" in text(as_(WORKER), f"/orientations/{case}/")
