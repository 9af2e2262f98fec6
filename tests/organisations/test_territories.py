"""Communes, départements and regions as they are shipped: counts, facts, searches, and what reading them costs."""

import subprocess
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.organisations import territories
from maillage.organisations.territories import (
    DATA,
    Commune,
    commune,
    departement_named,
    departements,
    named,
    place_key,
    regions,
    search,
    zone_name,
    zones_of,
    zones_of_departement,
)


def every() -> list[Commune]:
    return [territories._parsed(line) for line in territories._read().lines]


def test_the_whole_country_is_there() -> None:
    kinds = Counter(bool(one.parent) for one in every())
    assert kinds == {False: 34_969, True: 2_621}
    assert (len(departements()), len(regions())) == (109, 26)
    assert {one.departement for one in every()} <= set(departements())
    assert {one.region for one in departements().values()} <= set(regions())
    assert all(commune(one.parent) for one in every() if one.parent)
    assert DATA.stat().st_size < 1_000_000


@pytest.mark.parametrize(
    ("code", "zones"),
    [
        ("42147", ("42147", "42", "R84", "FR")),
        ("75110", ("75110", "75056", "75", "R11", "FR")),
        ("69381", ("69381", "69123", "69", "R84", "FR")),
        ("2A004", ("2A004", "2A", "R94", "FR")),
        ("97411", ("97411", "974", "R04", "FR")),
        ("97801", ("97801", "978", "R978", "FR")),
        ("99999", ()),
    ],
)
def test_a_commune_lies_in_its_zones_the_narrowest_first(code: str, zones: tuple[str, ...]) -> None:
    assert zones_of(code) == zones
    assert all(zone_name(zone) for zone in zones)


def test_a_departement_lies_in_its_region() -> None:
    assert zones_of_departement("42") == ("42", "R84", "FR")
    assert zones_of_departement("20") == ()


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("montbr", "Montbrand"),
        ("MONTBRISON", "Montbrison"),
        ("st etienne", "Saint-Étienne"),
        ("Ste-Foy-lès", "Sainte-Foy-lès-Lyon"),
        ("le havre", "Le Havre"),
        ("havre", "Le Havre"),
        ("l'isle-adam", "L’Isle-Adam"),
        ("evry-cour", "Évry-Courcouronnes"),
        ("42147", "Montbrison"),
        ("97400", "Saint-Denis"),
    ],
)
def test_a_commune_is_found_however_it_is_typed(typed: str, first: str) -> None:
    assert search(typed)[0].name == first


def test_a_postal_code_gives_every_commune_of_today_that_has_it() -> None:
    found = search("42600", most=100)
    assert "Montbrison" in {one.name for one in found}
    assert len(found) > 10
    assert all("42600" in one.postal_codes and not one.parent for one in found)


def test_a_former_commune_leads_to_that_of_today() -> None:
    (former,) = named("Arbignieu")
    assert commune(former.parent) == commune("01015")
    assert zones_of("01120")[:2] == ("01120", "01262")


@pytest.mark.parametrize(
    ("said", "code"),
    [("1", "01"), ("01", "01"), ("2a", "2A"), ("974", "974"), ("Ain", "01"), ("val d'oise", "95"), ("Nulle part", ""), ("", "")],
)  # fmt: skip
def test_a_departement_is_known_by_its_code_or_its_name(said: str, code: str) -> None:
    assert departement_named(said) == code


@given(st.sampled_from(every()))
def test_every_commune_is_found_by_its_own_name_and_code(one: Commune) -> None:
    assert one in search(one.name, most=1000) or place_key(one.name) == ""
    assert zones_of(one.code)[0] == one.code


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_a_search(typed: str) -> None:
    assert len(search(typed)) <= 20
    zone_name(typed)
    departement_named(typed)


def test_a_name_is_found_without_reading_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of 200 000 lines may name « - », « S » or nothing on each of them."""
    read: list[str] = []
    parsed = territories._parsed

    def noted(line: str) -> Commune:
        read.append(line)
        return parsed(line)

    monkeypatch.setattr(territories, "_parsed", noted)
    assert [one.code for one in named("Montbrison")] == ["42147"]
    assert named("-") == named("s") == named("") == []
    assert len(read) == 1


def test_reading_is_lazy_fast_and_small() -> None:
    """In a process of its own: CPU and growth of the resident memory, with room for a slower machine."""
    program = (
        "import resource\n"
        "from tests.bounded import peak\n"
        "import maillage.organisations.territories as t\n"
        "assert t._read.cache_info().currsize == 0\n"
        "before, held = resource.getrusage(resource.RUSAGE_SELF), peak(anew=True)\n"
        "t.commune('42147')\n"
        "after = resource.getrusage(resource.RUSAGE_SELF)\n"
        "print(after.ru_utime - before.ru_utime, (peak() - held) / 1024)\n"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    seconds, megabytes = map(float, answer.stdout.split())
    assert seconds < 0.3
    assert megabytes < 30
