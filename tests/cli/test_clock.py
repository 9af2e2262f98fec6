"""`maillage clock`: what it prints, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from maillage.cli.main import main

LIBRARY = Path(__file__).resolve().parents[2] / "maillage" / "conventions" / "library"
S3 = str(LIBRARY / "ccas_montbrison_2024.yaml")


def found(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(["clock", *arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_two_clocks_and_their_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    said = found(capsys, "c2s", "--received", "2024-11-14", "--on", "2024-12-01")
    assert said["commitment"] == {"due": "2024-12-15", "article": "4.1", "state": "running", "readings": []}
    assert (said["legal"]["due"], said["legal"]["silence"]) == ("2025-01-14", "acceptance")
    assert [step["on"] for step in said["steps"]] == ["2024-11-14", "2024-11-14", "2024-12-15", "2025-01-14"]
    assert "31 jours" in said["steps"][2]["why"]
    assert set(said) == {"commitment", "legal", "steps"}


def test_a_file_completed_later_has_no_promise(capsys: pytest.CaptureFixture[str]) -> None:
    said = found(capsys, "c2s", "--received", "2024-11-14", "--complete", "2024-11-20")["commitment"]
    assert (said["due"], said["state"]) == (None, "none")
    assert [(one["name"], one["due"]) for one in said["readings"]] == [("usual_practice", "2024-12-21")]


def test_requests_follow_each_other_as_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    rounds = (
        "--asked",
        "2024-11-20",
        "--granted",
        "10",
        "--answered",
        "2024-11-25",
        "--asked",
        "2024-12-02",
        "--answered",
        "2024-12-05",
    )
    said = found(capsys, "ame", "--received", "2024-11-14", *rounds)
    assert said["legal"] == {
        "due": "2025-01-22",
        "silence": "rejection",
        "source": "CRPA, art. L231-4 3° et L114-5",
    }
    second = [step["what"] for step in said["steps"] if step["on"] == "2024-12-02"]
    assert second == ["Pièces demandées une nouvelle fois : cela se justifie"]


def test_an_urgent_request_and_its_decision(capsys: pytest.CaptureFixture[str]) -> None:
    said = found(capsys, "ame", "--urgent", "--received", "2025-04-30", "--decided", "2025-05-09")[
        "commitment"
    ]
    assert (said["due"], said["state"]) == ("2025-05-10", "kept")
    assert {one["name"] for one in said["readings"]} == {"reception", "complete_reception"}


def test_a_convention_that_promises_nothing_leaves_the_law_alone(capsys: pytest.CaptureFixture[str]) -> None:
    said = found(capsys, "c2s", "--convention", S3, "--received", "2024-11-14")
    assert said["commitment"] == {"due": None, "article": "", "state": "none", "readings": []}
    assert said["legal"]["due"] == "2025-01-14"


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clock", "carte_vitale", "--received", "2025-01-02"]) == 0
    assert main(["clock", "c2s", "--received", "2025-03-01", "--departement", "42"]) == 0
    told = capsys.readouterr().out
    assert "délai moyen, pour information : 21/01/2025" in told
    assert "Délai de la loi : 02/05/2025, silence valant accord" in told
    assert "le 01/05/2025 n’est pas un jour ouvré, reporté" in told


@pytest.mark.parametrize(
    ("code", "said", "arguments"),
    [
        (2, "--received : « 14/11/2024 »", ("c2s", "--received", "14/11/2024")),
        (2, "--departement", ("c2s", "--received", "2024-11-14", "--departement", "99")),
        (2, "rien de l'urgence", ("c2s", "--received", "2024-11-14", "--urgent")),
        (2, "vient après un --asked", ("ame", "--received", "2024-11-14", "--answered", "2024-11-20")),
        (
            2,
            "nombre de jours",
            ("ame", "--received", "2024-11-14", "--asked", "2024-11-20", "--granted", "dix"),
        ),
        (
            1,
            "--complete : Le dossier ne peut pas",
            ("c2s", "--received", "2024-11-14", "--complete", "2024-11-13"),
        ),
        (
            1,
            "--answered",
            ("ame", "--received", "2024-11-14", "--asked", "2024-11-20", "--answered", "2024-11-19"),
        ),
        (1, "absent", ("c2s", "--received", "2024-11-14", "--convention", "/absent.yaml")),
    ],
)
def test_what_is_wrong_is_said_on_standard_error(
    code: int, said: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["clock", *arguments]) == code
    printed = capsys.readouterr()
    assert said in printed.err
    assert printed.out == ""


def test_it_computes_without_django() -> None:
    words = "clock c2s --received 2024-11-14 --json"
    script = f"import sys; from maillage.cli.main import main; main({words.split()!r}); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False, capture_output=True).returncode == 0
