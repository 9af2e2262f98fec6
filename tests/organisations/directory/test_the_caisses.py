"""The list of caisses of 2020, read where it stands (see `conftest.py`): only to try the importer."""

from pathlib import Path

import pytest

from maillage.organisations.models import Organisation
from tests.organisations.directory.test_importing import run, verbs

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
FILE = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "caisses_assurance_maladie.csv"


def test_every_caisse_is_understood_and_a_second_run_changes_nothing() -> None:
    text = FILE.read_text("utf-8")
    first = run(text)
    assert [one for one in first if one.verb not in {"created", "updated"}] == []
    assert len(first) == 107
    assert set(verbs(run(text))) == {"unchanged"}
    loire = Organisation.objects.using("owner").get(kind="cpam", code="422")
    assert (loire.departement, loire.covers) == ("42", ["42"])
    assert Organisation.objects.using("owner").get(code="974", kind="cgss").time_zone == "Indian/Reunion"
