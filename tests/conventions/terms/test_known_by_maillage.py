"""Which supports and which counts show a commitment kept: said by the text; a text that says nothing is as it was."""

from typing import Any

import pytest

from maillage.catalogue.rules import KINDS
from maillage.conventions import library
from maillage.conventions.terms import Terms, terms_data, terms_from_data
from maillage.conventions.terms.commitments import CommitmentKind
from maillage.conventions.terms.errors import TermsError


def supports(terms: Terms) -> dict[str, tuple[set[str], set[str]]]:
    """Of each commitment that a support shows, the kinds and the services."""
    return {
        one.key: (set(one.support_kinds), set(one.support_services))
        for one in terms.commitments
        if one.support_kinds
    }


def test_the_library_says_which_supports_show_what() -> None:
    optional = {"eps", "digital", "social_action"}
    assert supports(library.load("ccas_montbrison_2024")) == {
        "supports_numeriques": ({"leaflet", "link", "video", "simulator", "e_learning"}, set()),
        "communiquer_orientations_ssam": ({"leaflet", "link", "e_learning"}, {"ssam"}),
        "supports_tronc_optionnel": ({"leaflet", "poster", "link"}, optional),
    }
    assert supports(library.load("hopital_pass_modele")) == {
        "formulaires": ({"form"}, set()),
        "supports": ({"leaflet", "poster", "link", "simulator", "video"}, set()),
    }
    assert supports(library.load("croix_rouge_cadre_2021")) == {"supports_pedagogiques": ({"leaflet"}, set())}
    local = library.load("croix_rouge_cadre_2021").local_template
    assert local is not None
    assert supports(local) == {
        "supports": ({"leaflet", "poster", "link"}, set()),
        "supports_tronc_optionnel": ({"leaflet", "poster", "link"}, optional),
    }
    assert supports(library.load("prado_maternite_2016")) == {
        "fournir_guides": ({"paper_guide", "leaflet"}, {"home_help"}),
        "elements_discours": ({"talking_points"}, {"home_help"}),
    }
    assert supports(library.load("cnsa_2016_2019")) == {}


def test_the_library_says_which_answers_are_counted() -> None:
    counted = {
        (name, one.key): one.counted_answer
        for name in library.names()
        for one in library.load(name).commitments
        if one.counted_answer
    }
    assert counted == {("hopital_pass_modele", "recontacter_personne"): "contacted"}


@pytest.mark.parametrize("name", library.names())
def test_only_what_informs_trains_or_communicates_is_shown_by_a_support(name: str) -> None:
    terms = library.load(name)
    for one in (*terms.commitments, *(terms.local_template.commitments if terms.local_template else ())):
        assert not one.support_kinds or one.kind in (
            CommitmentKind.TRAINING,
            CommitmentKind.INFORMATION,
            CommitmentKind.COMMUNICATION,
        )
        assert set(one.support_kinds) <= set(KINDS)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"support_kinds": ["song"]}, "commitments[0].support_kinds"),
        ({"support_kinds": ["leaflet"], "support_services": ["song"]}, "commitments[0].support_services"),
        ({"support_services": ["ssam"]}, "support_kinds"),
        ({"counted_answer": "told"}, "commitments[0].counted_answer"),
        ({"counted_answer": "acknowledged", "cadence": {"rhythm": "yearly"}}, "on_event"),
        ({"counted_answer": "acknowledged", "cadence": None}, "on_event"),
        ({"counted_answer": "contacted", "cadence": {"rhythm": "on_event", "event": "réception"}}, "within"),
    ],
)
def test_what_says_nothing_sensible_is_refused_at_its_place(changes: dict[str, Any], path: str) -> None:
    data = terms_data(library.load("ccas_montbrison_2024"))
    data["commitments"][0] |= changes
    with pytest.raises(TermsError) as error:
        terms_from_data(data)
    assert path in str(error.value)


def test_a_text_that_names_no_support_keeps_its_hash() -> None:
    said = str(terms_data(library.load("cnsa_2016_2019")))
    assert "support_kinds" not in said
    assert "counted_answer" not in said
