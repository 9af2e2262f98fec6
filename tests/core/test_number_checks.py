"""Numbers of the environment: each one that is none is named, alone, and no start ends in a traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import Tags, run_checks

from config.settings.given import given_count
from maillage.core.number_checks import NUMBERS, numbers_are_numbers

pytestmark = pytest.mark.security
PROJECT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("variable", NUMBERS)
@pytest.mark.parametrize("given", ["0", "-5", "beaucoup", "1e3", "12.5", "9" * 30, "٣", "1_000"])
def test_nonsense_is_refused_by_name_and_once(settings: Any, variable: str, given: str) -> None:
    assert numbers_are_numbers() == []
    setattr(settings, NUMBERS[variable][0], given_count(variable, {variable: given}, 1))
    (found,) = run_checks(tags=[Tags.security])  # a demonstration's start: no deployment check
    assert (found.id, found.msg.startswith(f"{variable} n’est pas")) == ("maillage.E036", True)


@pytest.mark.parametrize("variable", NUMBERS)
def test_what_may_be_meant_is_taken(settings: Any, variable: str) -> None:
    name, least, most = NUMBERS[variable]
    for given, expected in (("", 7), (f" {least} ", least), (str(most), most)):
        setattr(settings, name, given_count(variable, {variable: given}, 7))
        assert getattr(settings, name) == expected
        assert numbers_are_numbers() == []


def test_every_number_that_the_settings_read_is_looked_at() -> None:
    texts = "".join(path.read_text() for path in (PROJECT / "config" / "settings").glob("*.py"))
    assert set(re.findall(r'given_count\(\s*"(\w+)"', texts)) == set(NUMBERS)
    assert not re.search(r"(?:int|float)\(\s*os\.environ", texts), "Read it by given_count, and list it."


def test_a_demonstration_says_it_in_one_line_and_does_not_start(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "maillage.cli.serve", "--prepare"],
        cwd=PROJECT,
        env={"PATH": os.environ["PATH"], "MAILLAGE_VAR": str(tmp_path), "MAILLAGE_READINGS_A_DAY": "beaucoup"}
        | {"DATABASE_URL": "postgres://personne@127.0.0.1:9/rien"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(
        "maillage : MAILLAGE_READINGS_A_DAY n’est pas un nombre entier de 1 à 100000."
    )
    assert "Traceback" not in done.stderr
