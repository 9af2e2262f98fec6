"""The design's worked deadlines, read where they stand (see `tests/conventions/conftest.py`)."""

import json
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from maillage.core.calendar import Period, add, add_hours, anniversary, last_day, subtract
from maillage.core.holidays import public_holidays, roll_forward

DATA = Path(__file__).resolve().parents[3].parent / "shared" / "data"
VECTORS: list[dict[str, Any]] = json.loads((DATA / "deadline_test_vectors.json").read_text("utf-8"))
HOURS = [vector for vector in VECTORS if vector["delay"].endswith("h")]
TERMS = [vector for vector in VECTORS if "/" in vector["delay"]]
DAYS = [vector for vector in VECTORS if vector not in HOURS and vector not in TERMS]


def test_every_vector_is_tried() -> None:
    assert len(HOURS) + len(TERMS) + len(DAYS) == len(VECTORS) >= 25


@pytest.mark.parametrize("vector", DAYS, ids=lambda vector: f"{vector['rule']} {vector['start']}")
def test_days_and_months_strict_and_rolled(vector: dict[str, Any]) -> None:
    due = add(date.fromisoformat(vector["start"]), Period.parse(vector["delay"]))
    assert due.isoformat() == vector["due_strict"]
    assert roll_forward(due, vector["dept"]).isoformat() == vector["due_rolled"]


@pytest.mark.parametrize("vector", HOURS, ids=lambda vector: str(vector["delay"]))
def test_hours_run_on_instants(vector: dict[str, Any]) -> None:
    zone = ZoneInfo("Europe/Paris")
    start = datetime.fromisoformat(vector["start"]).replace(tzinfo=zone)
    due = add_hours(start, Period.parse(vector["delay"])).astimezone(zone)
    assert due.replace(tzinfo=None).isoformat() == vector["due_strict"]


@pytest.mark.parametrize("vector", TERMS, ids=lambda vector: str(vector["start"]))
def test_terms_and_limits_counted_backwards(vector: dict[str, Any]) -> None:
    start = date.fromisoformat(vector["start"])
    assert anniversary(start, 1).isoformat() == vector["due_strict"]
    limit, last = re.findall(r"\d{4}-\d{2}-\d{2}", vector["note"])
    assert subtract(anniversary(start, 1), Period.parse("3m")).isoformat() == limit
    assert last_day(start, Period.parse("1y")).isoformat() == last


def test_the_holidays_are_those_of_the_rules() -> None:
    rules = json.loads((DATA / "jours_feries_regles.json").read_text("utf-8"))
    for departement, day in rules["abolition"].items():
        month, number = map(int, day.split("-"))
        assert date(2027, month, number) in public_holidays(departement, 2027)
        assert len(public_holidays(departement, 2027)) == len(rules["national"]) + 1
    for departement in rules["alsace_moselle"]["departements"]:
        assert len(public_holidays(departement, 2027)) == len(rules["national"]) + 2
