"""From what is typed to what a blank waits for."""

import pytest

from maillage.conventions import library
from maillage.conventions.drafting.rules import likely_party, may_stand_for
from maillage.conventions.drafting.values import choices, data_from_text
from maillage.conventions.terms import Blank
from maillage.conventions.terms.editing import value_at
from maillage.core.refusals import Refused
from tests.conventions.people import S2, S3


@pytest.mark.parametrize(
    ("path", "typed", "value"),
    [
        ("clocks[c2s].thresholds", "20 jours, 25 jours", ["20d", "25d"]),
        ("clocks[c2s].thresholds", "3 semaines", ["3w"]),
        ("flows[depot_dossiers].channels", "serveur sécurisé", None),
        ("parties[cpam].kind", "ccss", "ccss"),
        ("parties[carsat].name", "  CARSAT d’Exemple ", "CARSAT d’Exemple"),
        ("commitments[statistiques_dossiers].cadence.rhythm", "monthly", "monthly"),
    ],
)
def test_each_kind_of_blank_takes_plain_words(path: str, typed: str, value: object) -> None:
    terms = library.load(S2)
    if not _exists(path):
        pytest.fail(f"the template has no {path}")
    found = data_from_text(terms, path, typed)
    assert value is None or found == value


def _exists(path: str) -> bool:
    return isinstance(value_at(library.load(S2), path), Blank)


@pytest.mark.parametrize("typed", ["", "   ", "bientôt", "-3 jours", "99999 jours", "trois"])
def test_a_delay_that_is_none_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(Refused) as error:
        data_from_text(library.load(S2), "clocks[c2s].thresholds", typed)
    assert error.value.field == "clocks[c2s].thresholds"


def test_a_choice_proposes_what_the_text_lists() -> None:
    blank = value_at(library.load(S2), "parties[cpam].kind")
    assert isinstance(blank, Blank)
    assert [value for value, _ in choices(blank)] == ["cpam", "ccss", "cgss"]


def test_overseas_one_body_may_stand_for_what_two_do_elsewhere() -> None:
    terms = library.load(S3)
    cpam, carsat, ccas = terms.parties
    assert may_stand_for(cpam, "cgss")
    assert may_stand_for(carsat, "cgss")
    assert may_stand_for(ccas, "cias")
    assert not may_stand_for(cpam, "hospital")


def test_the_likeliest_party_is_the_first_of_one_s_kind() -> None:
    assert likely_party(library.load(S3), "ccas") == "ccas"
    assert likely_party(library.load(S2), "cgss") == "cpam"
    assert likely_party(library.load(S3), "hospital") == "cpam"
