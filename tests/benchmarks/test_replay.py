"""The replay of a year: the same referrals at every start, S4's proportions at its end, and no step twice however it was stopped."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from itertools import islice
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.replay import report, running
from benchmarks.replay.lane import play
from benchmarks.replay.steps import Cast
from benchmarks.replay.year import REFERRALS, Fate, Seen, Verb, Year
from maillage.beneficiaries.rules import identity_problems
from maillage.core.database.settings import DatabaseUrls
from maillage.referrals.ending.rules import care_outcome
from tests.days import today

FEW, MANY = 20, 400
STOPPED_AFTER = 9
_DRIVER = """
import json, os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
import django
django.setup()
from pathlib import Path
from benchmarks.replay import running, year
from maillage.core.database.settings import DatabaseUrls
told = json.loads(sys.stdin.readline())
running.replay(running.Place(Path(told["directory"]), DatabaseUrls(**told["urls"])), year.Year(told["referrals"]))
"""


@pytest.fixture
def place(fresh_database: DatabaseUrls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> running.Place:
    """A database and a directory of this test's own, ready for a replay."""
    place = running.Place(tmp_path, fresh_database)
    monkeypatch.setattr(settings, "KEY_STORE", place.keys)
    running.prepare()
    return place


def test_the_national_year_has_the_figures_of_the_text() -> None:
    expected = Year().expected
    assert (expected.referrals, expected.renunciations) == (80_230, 127_000)
    assert (expected.with_care, expected.without_care, expected.under_way) == (36_580, 33_431, 10_219)
    assert round(expected.renunciations / expected.referrals, 1) == 1.6


@given(st.integers(min_value=1, max_value=400))
def test_a_smaller_year_keeps_the_proportions_and_is_always_the_same(referrals: int) -> None:
    year, again = Year(referrals), Year(referrals)
    stories = [year.story(number) for number in range(referrals)]
    assert stories == [again.story(number) for number in range(referrals)]
    fates = [story.fate for story in stories]
    assert fates.count(Fate.WITH_CARE) == round(36_580 * referrals / REFERRALS)
    assert fates.count(Fate.WITHOUT_CARE) == round(33_431 * referrals / REFERRALS)
    assert sum(len(story.renunciations) for story in stories) == year.expected.renunciations
    for story in stories:
        assert len(set(story.renunciations)) == len(story.renunciations)
        if story.fate is not Fate.UNDER_WAY:
            assert (care_outcome(story.answers) == "done") == (story.fate is Fate.WITH_CARE)


def test_its_people_pass_every_form_and_cannot_exist() -> None:
    year = Year(2_000)
    people = [year.story(number).person() for number in range(2_000)]
    assert not any(identity_problems(person, on=today()) for person in people)
    assert len({person.nir for person in people}) == len(people)
    assert {person.nir[10:13] for person in people} == {"000"}  # no register gives this order of birth


@pytest.mark.parametrize(
    ("seen", "left"),
    [
        (None, 7),
        (Seen("sent", contacted=False, noted=False), 5),
        (Seen("acknowledged", contacted=False, noted=False), 4),
        (Seen("accepted", contacted=False, noted=False), 3),
        (Seen("accepted", contacted=True, noted=False), 2),
        (Seen("accepted", contacted=True, noted=True), 1),
        (Seen("closed", contacted=True, noted=True), 0),
    ],
)
def test_a_referral_goes_on_where_it_stands(seen: Seen | None, left: int) -> None:
    year = Year(FEW)
    story = next(story for story in map(year.story, range(FEW)) if story.fate is not Fate.UNDER_WAY)
    steps = story.remaining(seen)
    assert len(steps) == left
    assert not steps or steps[-1] is Verb.CLOSE


def test_twenty_referrals_stopped_on_the_way_end_in_the_proportions_each_step_once(
    place: running.Place,
) -> None:
    year, cast = Year(FEW), Cast()
    assert len(list(islice(play(cast, year), STOPPED_AFTER))) == STOPPED_AFTER
    story = year.story(STOPPED_AFTER)
    cast.do(Verb.WRITE, story)  # stopped between two steps of the next one
    cast.do(Verb.SEND, story)
    half = report.result(place, year)
    assert not half.is_whole
    assert half.once.cases == STOPPED_AFTER + 1

    *_, done = play(cast, year)
    assert done.referrals == FEW - STOPPED_AFTER
    assert not list(play(cast, year))  # a third start finds nothing to do

    found = report.result(place, year)
    assert found.is_whole
    assert set(found.gaps.values()) == {0}
    report.write(place, found)
    written = place.report.read_text()
    assert "| Orientations | 80\u202f230 | 20 | 20 | +0 |" in written
    assert "État : complet" in written
    twice = replace(found, once=replace(found.once, sent=FEW + 1))  # the detector can fail
    lacking = replace(found, counts=replace(found.counts, renunciations=0))
    assert not twice.is_whole
    assert not lacking.is_whole


@pytest.mark.long
def test_some_hundreds_of_the_year_killed_in_the_middle_goes_on_and_ends_in_the_proportions(
    place: running.Place,
) -> None:
    """With two processes, both killed, at length what is shown in one process by
    test_twenty_referrals_stopped_on_the_way_end_in_the_proportions_each_step_once.

    A tenth of the year would take 267 s at the bound of 30 a second, and more at what is measured today: these 400 take about a
    minute. The bound itself is that of `make bench ONLY=replay`, on a database that keeps what it commits.
    """
    told = {"directory": str(place.directory), "urls": asdict(place.urls), "referrals": MANY}
    driver = subprocess.Popen(
        [sys.executable, "-c", _DRIVER], stdin=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    assert driver.stdin is not None
    with driver.stdin:
        driver.stdin.write(json.dumps(told) + "\n")
    _wait(lambda: sum(run.referrals for run in place.runs()) > MANY // 3, driver)
    driver.kill()
    assert driver.wait() != 0
    year = Year(MANY)
    half = report.result(place, year)
    assert MANY // 3 < half.once.cases < MANY
    assert not half.is_whole

    running.replay(place, year)
    found = report.result(place, year)
    assert [run.finished for run in found.runs] == [False, True]
    assert found.gaps == dict.fromkeys(found.gaps, 0)
    assert found.is_whole
    assert round(found.counts.mean, 1) == 1.6
    assert found.rate > 0


def _wait(until: Callable[[], bool], driver: "subprocess.Popen[str]") -> None:
    """Until it is so; at most ten minutes, and no longer than the driver lives."""
    end = time.monotonic() + 600
    while not until():
        assert driver.poll() is None
        assert time.monotonic() < end
        time.sleep(0.2)
