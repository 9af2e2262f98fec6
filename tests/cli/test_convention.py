"""The commands that only compute: check a convention, print its schema."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from maillage.cli.main import main
from maillage.conventions import library

LIBRARY = Path(library.__file__).parent


def test_the_five_files_of_the_library_conform(capsys: pytest.CaptureFixture[str]) -> None:
    files = sorted(str(file) for file in LIBRARY.glob("*.yaml"))
    assert main(["convention", "check", *files]) == 0
    out = capsys.readouterr().out.splitlines()
    assert len(out) == len(files) == 5
    for file, line in zip(files, out, strict=True):
        assert line.startswith(f"{file} : conforme, ")
    assert "3 clauses ambiguës" in out[-1]


def test_a_file_that_does_not_hold_is_told_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "mauvais.yaml", LIBRARY / "ccas_montbrison_2024.yaml"
    bad.write_text(
        good.read_text(encoding="utf-8").replace("recipient: cpam", "recipient: mars", 1), encoding="utf-8"
    )
    assert main(["convention", "check", str(bad), str(good)]) == 1
    printed = capsys.readouterr()
    assert printed.out.count("conforme") == 1
    assert f"{bad}, ligne" in printed.err
    assert "flows[0].recipient : attendu l'une des clés" in printed.err


def test_a_file_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convention", "check", "rien.yaml"]) == 1
    assert "rien.yaml : attendu un fichier qui existe" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments", [[], ["convention"], ["convention", "vérifier"], ["inconnu"], ["convention", "check"]]
)
def test_a_command_that_cannot_be_read_is_bad_usage(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(arguments)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "emploi : maillage" in printed.err


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    for words in ("convention check", "convention schema", "convention dates", "serve", "manage"):
        assert words in out


def test_help_about_the_first_word_of_a_command_lists_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convention", "--help"]) == 0
    out = capsys.readouterr().out
    assert "convention check" in out
    assert "keys" not in out
    assert main(["convention"]) == 2
    assert "inconnue" not in capsys.readouterr().err, "it is not unknown, it is not whole"


def test_a_year_that_nobody_lives_in_is_refused_with_its_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = (LIBRARY / "cnsa_2016_2019.yaml").read_text(encoding="utf-8")
    wrong = tmp_path / "jamais.yaml"
    wrong.write_text(text.replace("2019-12-31", "9999-12-31"), encoding="utf-8")
    for command in (["check", str(wrong)], ["dates", str(wrong), "--on", "2025-02-01"]):
        assert main(["convention", *command]) == 1
        said = capsys.readouterr().err
        assert "term.ends_on" in said
        assert "une date entre les années 1900 et 2199" in said


def test_the_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convention", "schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["title"] == "Convention"
    assert "Flow" in schema["$defs"]


def test_dates_answers_from_the_same_command(capsys: pytest.CaptureFixture[str]) -> None:
    file = str(LIBRARY / "ccas_montbrison_2024.yaml")
    assert main(["convention", "dates", file, "--signed", "2024-11-14", "--on", "2025-02-01", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ends"] == "2025-11-13"


def test_what_only_computes_never_imports_django() -> None:
    file = str(LIBRARY / "hopital_pass_modele.yaml")
    commands = [["check", file], ["schema"], ["dates", file, "--on", "2025-02-01"]]
    program = (
        "import sys\n"
        "from maillage.cli.main import main\n"
        f"for words in {commands!r}:\n"
        "    code = main(['convention', *words])\n"
        "    assert code == 0, (words, code)\n"
        "    loaded = sorted(name for name in sys.modules if name.partition('.')[0] in ('django', 'psycopg'))\n"
        "    assert loaded == [], (words, loaded)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr


def test_a_reader_that_leaves_early_makes_no_noise() -> None:
    command = f"{sys.executable} -m maillage.cli.main convention schema | head -c 10"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert done.stderr == ""
