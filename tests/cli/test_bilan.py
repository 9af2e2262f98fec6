"""`maillage bilan`: the figures of a convention over a year, written by the operator; what it refuses."""

import json
from pathlib import Path

import pytest

from maillage.audit.models import Entry
from maillage.cli import bilan
from maillage.cli.main import main
from maillage.core.spreadsheets.reading import read_table
from maillage.indicators.report import COLUMNS
from tests.days import today
from tests.referrals.world import Signed, send_referral, sign_convention

YEAR = str(today().year)


@pytest.fixture(autouse=True)
def _same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own connections stand for those of the environment."""
    monkeypatch.setattr(bilan, "connect_as_owner", lambda: None)


@pytest.fixture
def sent(fresh_database: object) -> Signed:
    """A convention in force, and one referral under it."""
    signed = sign_convention()
    send_referral(signed)
    return signed


def test_the_figures_are_written_in_each_form_and_journalled(
    sent: Signed, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["bilan", str(sent.id)[:18], "--year", YEAR]) == 0
    found = json.loads(capsysbinary.readouterr().out)
    assert (found["convention"], found["year"]) == (str(sent.id), today().year)
    (sending,) = (one for one in found["others"] if one["definition"] == "referrals_sent.1")
    assert (sending["value"], sending["unit"], sending["text"]) == (1, "orientations", "1")
    assert found["figures"][0]["value"] is None
    for form in ("xlsx", "pdf"):
        path = tmp_path / f"bilan.{form}"
        assert main(["bilan", str(sent.id), "--year", YEAR, "--format", form, "--output", str(path)]) == 0
    table = read_table((tmp_path / "bilan.xlsx").read_bytes())
    assert table.header == COLUMNS
    assert (tmp_path / "bilan.pdf").read_bytes().startswith(b"%PDF-")
    assert Entry.objects.using("owner").filter(verb="bilan_exported", user_id="").count() == 3


def test_what_cannot_be_counted_is_refused_in_french(
    sent: Signed, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = tmp_path / "absent" / "bilan.json"
    for words, said in (
        (["0000"], "Aucune convention n’a cet identifiant"),
        (["%"], "Aucune convention n’a cet identifiant"),
        ([""], "Nommez une convention"),
        ([str(sent.id), "--year", "2019"], "n’était pas en vigueur en 2019"),
        ([str(sent.id), "--output", str(nowhere)], "n’existe pas"),
    ):
        year = [] if "--year" in words else ["--year", YEAR]
        assert main(["bilan", *words, *year]) == 1
        assert said in capsys.readouterr().err
    with pytest.raises(SystemExit) as left:
        main(["bilan", str(sent.id), "--year", "deux mille", "--format", "json"])
    assert left.value.code == 2
