"""`maillage directory import`: a dry run, the import, its repetition, its report, what is refused."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from maillage.cli import directory_import
from maillage.cli.main import main
from maillage.organisations.models import Organisation
from maillage.vault.models import PublicKey
from tests.organisations.directory.files import HEADINGS, bodies, siret

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


@pytest.fixture(autouse=True)
def _same_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tests' own connections stand for those of the environment."""
    monkeypatch.setattr(directory_import, "connect_as_owner", lambda: None)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "annuaire.csv"
    path.write_text(bodies(20), "cp1252")
    return path


def test_a_dry_run_then_the_import_then_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    known = Organisation.objects.using("owner").count()
    assert main(["directory", "import", str(file), "--dry-run"]) == 0
    assert "Essai : 20 créés" in capsys.readouterr().out
    assert Organisation.objects.using("owner").count() == known
    assert main(["directory", "import", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["counts"], told["key_pairs"], told["lines"]) == ({"created": 20}, 20, 20)
    opened = Organisation.objects.using("owner").filter(name__startswith="Association 0")
    assert PublicKey.objects.using("owner").filter(organisation__in=opened).count() == 20
    assert main(["directory", "import", str(file)]) == 0
    assert "rien n’a changé (20 inchangés)" in capsys.readouterr().out


def test_the_report_tells_every_line(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(f"{HEADINGS}\nCCAS;Bon;{siret(1)};42;;\nTruc;=Mauvais;;;;", "utf-8")
    report = tmp_path / "compte-rendu.csv"
    assert main(["directory", "import", str(file), "--report", str(report)]) == 1
    with report.open(encoding="utf-8-sig", newline="") as lines:
        read = list(csv.reader(lines, delimiter=";"))
    assert Counter(line[1] for line in read[1:]) == {"créé": 1, "refusé": 1}
    assert read[2][2] == "'=Mauvais"
    assert "nature : « Truc »" in read[2][3]
    assert "1 créé, 1 refusé" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "vide"), (b"a;b\n1;2", "Il manque la colonne « nature »"), (None, "n’existe pas")],
)
def test_a_file_that_cannot_be_read_says_why(
    tmp_path: Path, content: bytes | None, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.csv"
    if content is not None:
        path.write_bytes(content)
    assert main(["directory", "import", str(path)]) == 1
    assert said in capsys.readouterr().err


def test_without_a_master_key_nothing_is_written(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(settings, "MASTER_KEY", "")
    known = Organisation.objects.using("owner").count()
    assert main(["directory", "import", str(file)]) == 1
    assert "clé maîtresse" in capsys.readouterr().err
    assert Organisation.objects.using("owner").count() == known
