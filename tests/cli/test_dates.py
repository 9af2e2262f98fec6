"""`maillage convention dates`: what it prints, and how it refuses."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from maillage.cli.convention_dates import add_arguments, run

LIBRARY = Path(__file__).resolve().parents[2] / "maillage" / "conventions" / "library"
S0 = "prado_maternite_2016.yaml"
S1 = "cnsa_2016_2019.yaml"
S2 = "hopital_pass_modele.yaml"
S3 = "ccas_montbrison_2024.yaml"
S4 = "croix_rouge_cadre_2021.yaml"
KEYS = [
    "id",
    "on",
    "state",
    "end_kind",
    "starts",
    "ends",
    "anniversary",
    "renewals",
    "exits",
    "readings",
    "warnings",
]
EXIT_KEYS = ["kind", "reading", "first_day", "last_day", "effect", "article", "form"]


def dates(*arguments: str) -> int:
    """Run the command with these arguments."""
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return run(parser.parse_args([str(LIBRARY / arguments[0]), *arguments[1:]]))


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    """The object that the command prints."""
    assert dates(*arguments, "--json") == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_local_convention_prints_every_key_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, S3, "--signed", "2024-11-14", "--on", "2025-02-01")
    assert list(found) == KEYS
    assert found["state"] == "in_force"
    assert found["end_kind"] is None
    assert (found["starts"], found["ends"], found["anniversary"]) == (
        "2024-11-14",
        "2025-11-13",
        "2025-11-14",
    )
    assert found["renewals"] == [{"from": "2025-11-14", "to": None, "mode": "tacit", "article": "9.2"}]
    row = {"kind": "formal_notice", "reading": None, "first_day": None, "last_day": None, "effect": None}
    assert found["exits"] == [row | {"article": "9.4", "form": "lrar"}]
    assert found["readings"] == []
    assert found["warnings"][0]["article"] == "9.2"


def test_the_hospital_model_prints_one_row_for_each_reading(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, S2, "--signed", "2023-03-01", "--on", "2023-06-01")
    rows = [row for row in found["exits"] if row["kind"] == "denunciation"]
    assert [list(row) for row in rows] == [EXIT_KEYS, EXIT_KEYS]
    assert [(row["reading"], row["first_day"], row["last_day"]) for row in rows] == [
        ("window", "2023-12-01", "2024-02-29"),
        ("at_latest", None, "2023-12-01"),
    ]


def test_the_national_convention_prints_an_effect_for_each_reading(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = printed(
        capsys, S0, "--signed", "2016-01-08", "--on", "2017-01-15", "--event", "denunciation_sent=2016-12-31"
    )
    assert found["ends"] is None
    assert [(each["reading"], each["ends"]) for each in found["readings"]] == [
        ("sending", "2017-02-28"),
        ("receipt", "2018-01-07"),
    ]
    assert [each["exits"][0]["effect"] for each in found["readings"]] == ["2017-03-01", None]
    assert list(found["readings"][0]) == ["reading", "article", *KEYS]


def test_the_fixed_term_prints_one_whole_object_for_each_start(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, S1, "--signed", "2016-10-13", "--on", "2017-01-15")
    assert (found["state"], found["ends"], found["starts"]) == ("in_force", "2019-12-31", None)
    assert [each["starts"] for each in found["readings"]] == ["2016-01-01", "2016-10-13"]


def test_several_dates_are_those_of_the_parties_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, S4, "--signed", "2021-09-27", "--signed", "2021-10-05", "--on", "2022-01-01")
    assert (found["state"], found["starts"], found["ends"]) == ("in_force", "2021-10-05", "2022-10-04")


def test_fewer_dates_than_parties_make_it_partly_signed(capsys: pytest.CaptureFixture[str]) -> None:
    found = printed(capsys, S3, "--signed", "2024-11-14", "2024-11-15", "--on", "2025-01-01")
    assert (found["state"], found["starts"]) == ("partly_signed", None)
    assert printed(capsys, S3, "--on", "2025-01-01")["state"] == "draft"


@pytest.mark.parametrize(
    ("events", "state", "end_kind", "ends"),
    [
        (["formal_notice_sent=2024-11-20"], "in_force", None, "2025-11-13"),
        (["formal_notice_sent=2024-11-20", "terminated=2024-12-06"], "ended", "terminated", "2024-12-05"),
        (["formal_notice_sent=2024-11-20", "terminated=2024-12-05"], "in_force", None, "2025-11-13"),
        (["formal_notice_sent=2024-11-20", "complied=2024-12-01"], "in_force", None, "2025-11-13"),
        (["renewal_opposed=2025-11-13"], "in_force", None, "2025-11-13"),
    ],
)
def test_recorded_events_change_the_state(
    capsys: pytest.CaptureFixture[str], events: list[str], state: str, end_kind: str | None, ends: str
) -> None:
    arguments = [part for event in events for part in ("--event", event)]
    found = printed(capsys, S3, "--signed", "2024-11-14", "--on", "2025-11-13", *arguments)
    assert (found["state"], found["end_kind"], found["ends"]) == (state, end_kind, ends)


def test_an_opposition_before_the_term_lets_it_expire(capsys: pytest.CaptureFixture[str]) -> None:
    opposed = ["--signed", "2024-11-14", "--on", "2025-11-14", "--event"]
    found = printed(capsys, S3, *opposed, "renewal_opposed=2025-11-13")
    assert (found["state"], found["end_kind"], found["renewals"]) == ("ended", "expired", [])
    late = printed(capsys, S3, *opposed, "renewal_opposed=2025-11-14")
    assert (late["state"], late["ends"]) == ("in_force", None)
    assert any("sans effet" in warning["text"] for warning in late["warnings"])


def test_without_json_it_reads_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    assert dates(S1, "--signed", "2016-10-13", "--on", "2017-01-15") == 0
    text = capsys.readouterr().out
    assert "État : en vigueur" in text
    assert "Prise d'effet : 01/01/2016" in text
    assert "Prise d'effet : 13/10/2016" in text
    assert "À savoir" in text


def test_today_is_read_when_no_day_is_given(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(printed(capsys, S3)["on"]) == 10


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--on", "2025-02-30"], 2, "--on"),
        (["--on", "20250201"], 2, "AAAA-MM-JJ"),
        (["--on", "9999-01-01"], 2, "2999"),
        (["--signed", "hier"], 2, "--signed"),
        (["--event", "denunciation_sent"], 2, "FAIT=DATE"),
        (["--event", "oubli=2025-01-01"], 2, "renewal_opposed"),
        (["--event", "signed=2025-01-01"], 2, "FAIT=DATE"),
        (["--event", "complied=x"], 2, "complied"),
        (["--signed", *["2025-01-01"] * 4], 1, "4 dates pour 3 parties"),
    ],
)
def test_what_cannot_be_read_is_refused_in_french(
    capsys: pytest.CaptureFixture[str], arguments: list[str], code: int, message: str
) -> None:
    assert dates(S3, *arguments) == code
    written = capsys.readouterr()
    assert message in written.err
    assert written.out == ""


def test_a_file_that_is_not_there_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert dates("absente.yaml") == 1
    assert "absente.yaml" in capsys.readouterr().err
