"""The evidence folder on its page: what it holds is said first, then it is made, for a party's own people who watch over the data."""

import io
import zipfile
from typing import Any
from uuid import UUID

import pytest

from tests.conventions.people import DPO, WORKER
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain


@pytest.mark.long
def test_the_folder_is_described_then_made(s3: UUID, as_: Signs) -> None:
    """By its pages, what test_the_folder_holds_what_it_says_and_its_digests_are_true proves."""
    dpo, here = as_(DPO), f"/protection/registre/preuves/{s3}/"
    assert here in dpo.get("/protection/registre/").content.decode()
    page = plain(dpo.get(here))
    assert "Aucun dossier de personne accompagnée n’y figure" in page
    answer = dpo.post(f"{here}dossier.zip")
    assert answer["Content-Type"] == "application/zip"
    assert "dossier-de-preuves.zip" in answer["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as archive:
        assert "index.pdf" in archive.namelist()
        assert "manifeste.json" in archive.namelist()
    assert "A préparé le dossier de preuves" in plain(dpo.get("/journal/"))


def test_nobody_else_has_it(s3: UUID, as_: Signs) -> None:
    here = f"/protection/registre/preuves/{s3}/"
    assert as_(WORKER).get(here).status_code == 403
    assert as_(WORKER).post(f"{here}dossier.zip").status_code == 403
    stranger = as_("admin@villexemple.example.org")
    assert stranger.get(here).status_code == 404
    assert stranger.post(f"{here}dossier.zip").status_code == 404
    assert as_(DPO).get(f"{here}dossier.zip").status_code == 405


def test_a_proof_that_it_is_still_she_is_asked_before(s3: UUID, as_: Signs, settings: Any) -> None:
    dpo, here = as_(DPO), f"/protection/registre/preuves/{s3}/"
    settings.FRESH_SECONDS = 0
    assert dpo.get(here).headers["Location"].startswith("/mon-compte/confirmer/?next=")
    answer = dpo.post(f"{here}dossier.zip")
    assert answer["Content-Type"].startswith("text/html")
    assert "Confirmez que c’est vous" in plain(answer)
