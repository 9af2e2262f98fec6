"""`maillage route`: what it prints, and how it refuses."""

import argparse
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from maillage.cli import route, route_schema
from maillage.cli.main import main

LIBRARY = Path(__file__).resolve().parents[2] / "maillage" / "conventions" / "library"
S3 = str(LIBRARY / "ccas_montbrison_2024.yaml")
S0 = str(LIBRARY / "prado_maternite_2016.yaml")
HERE: dict[str, object] = {"received_here": True, "scheme": "general", "motives": ["cost"]}


class Standard(io.TextIOWrapper):
    """Standard input that holds these bytes."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data))


def run(monkeypatch: pytest.MonkeyPatch, data: object, *arguments: str) -> int:
    written = data if isinstance(data, bytes) else json.dumps(data).encode()
    monkeypatch.setattr(sys, "stdin", Standard(written))
    parser = argparse.ArgumentParser()
    route.add_arguments(parser)
    return route.run(parser.parse_args(list(arguments)))


def printed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_each_convention_answers_with_its_articles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, HERE, "--convention", S3, S0, "--on", "2024-12-01", "--json") == 0
    found = printed(capsys)
    assert found["on"] == "2024-12-01"
    assert [one["id"] for one in found["conventions"]] == ["ccas-montbrison-2024", "prado-maternite-2016"]
    misas, call, *_others = found["conventions"][0]["routes"]
    assert (misas["route"], misas["open"], misas["state"], misas["way"], misas["article"]) == (
        "flows.orientation_misas",
        True,
        "open",
        "platform",
        "3",
    )
    assert misas["would_open"] == []
    assert [(one["group"], one["state"]) for one in misas["requirements"]] == [
        ("public", "met"),
        ("motives", "met"),
    ]
    assert (call["open"], call["state"], call["way"]) == (False, "to_complete", "phone")
    assert call["channels"] == [{"kind": "phone", "number": "3646", "words": "service social"}]
    assert {one["article"] for one in call["would_open"]} == {"préambule", "3"}
    asked = {one["id"]: one["fact"] for one in found["conventions"][0]["questions"]}
    assert asked["first_level_given"]
    assert not asked["flows.appel_ssam.criteria.fragilite"]


def test_the_text_says_the_same(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, HERE, "--convention", S3) == 0
    text = capsys.readouterr().out
    assert "Détection vers la Mission accompagnement santé (article 3) : ouverte, par Maillage" in text
    assert "Appeler le 3646, dire « service social »" in text
    assert "À demander : Souhaite-t-elle cette démarche ?" in text


def test_a_convention_without_a_route_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, {}, "--convention", str(LIBRARY / "cnsa_2016_2019.yaml")) == 0
    assert "n'ouvre aucune voie" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{", "un objet JSON"),
        ({"age": "old"}, "situation, age : attendu"),
        ({"sender": "nobody"}, "situation, sender : attendu une partie"),
    ],
)
def test_a_wrong_situation_is_refused_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], data: object, words: str
) -> None:
    assert run(monkeypatch, data, "--convention", S3) == 1
    assert words in capsys.readouterr().err


def test_a_missing_file_and_a_wrong_day_have_their_codes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, {}, "--convention", "nowhere.yaml") == 1
    assert run(monkeypatch, {}, "--convention", S3, "--on", "01/12/2024") == 2
    assert run(monkeypatch, {}, "--convention", S3, "--on", "2024-02-30") == 2
    assert "n'est pas une date" in capsys.readouterr().err


def test_the_schema_is_a_json_schema(capsys: pytest.CaptureFixture[str]) -> None:
    route_schema.run(argparse.Namespace())
    assert printed(capsys)["$schema"].endswith("2020-12/schema")
    assert main(["route", "schema"]) == 0
    assert printed(capsys)["title"] == "Situation"


def test_it_never_sets_django_up() -> None:
    code = (
        "import sys\nfrom maillage.cli.main import main\n"
        f"assert main(['route', '--convention', {S3!r}, '--json']) == 0\n"
        "assert 'django' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], input=b"{}", capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
