"""Which sessions of training show a commitment kept: said by the text, theme by theme; a text that says nothing is as it was."""

import pytest

from maillage.conventions import library
from maillage.conventions.terms import Terms, content_hash, terms_data, terms_from_data
from maillage.conventions.terms.commitments import CommitmentKind, TrainingTheme
from maillage.conventions.terms.errors import TermsError


def themes(terms: Terms) -> dict[str, set[str]]:
    """Of each commitment that sessions show, the themes."""
    return {
        one.key: {theme.value for theme in one.session_themes}
        for one in terms.commitments
        if one.session_themes
    }


def test_the_library_says_which_sessions_show_what() -> None:
    local = library.load("croix_rouge_cadre_2021").local_template
    assert local is not None
    assert themes(library.load("ccas_montbrison_2024")) == {
        "sessions_information": {"rights", "care_pathway", "renunciation"},
        "sessions_ssam": {"social_service"},
        "sessions_tronc_optionnel": {"prevention", "online_services", "social_action"},
    }
    assert set(themes(local)) == {"sessions_information", "sessions_tronc_optionnel"}
    assert themes(library.load("hopital_pass_modele"))["former_travailleurs_sociaux"] >= {
        "social_service",
        "rights",
    }


@pytest.mark.parametrize("name", library.names())
def test_only_what_informs_or_trains_is_shown_by_a_session(name: str) -> None:
    terms = library.load(name)
    for one in (*terms.commitments, *(terms.local_template.commitments if terms.local_template else ())):
        assert not one.session_themes or one.kind in (CommitmentKind.TRAINING, CommitmentKind.INFORMATION)


def test_a_theme_is_one_of_the_seven() -> None:
    data = terms_data(library.load("ccas_montbrison_2024"))
    data["commitments"][0]["session_themes"] = ["cooking"]
    with pytest.raises(TermsError) as error:
        terms_from_data(data)
    assert "commitments[0].session_themes[0]" in str(error.value)
    assert len(TrainingTheme) == 7


def test_a_text_signed_before_keeps_its_hash() -> None:
    terms = library.load("prado_maternite_2016")
    assert "session_themes" not in str(terms_data(terms))
    assert content_hash(terms_from_data(terms_data(terms))) == content_hash(terms)
