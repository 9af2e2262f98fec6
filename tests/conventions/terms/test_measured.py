"""An indicator names what counts it, and only what can."""

import pytest

from maillage.conventions import library
from maillage.conventions.terms import TermsError, terms_data, terms_from_data


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"measure": "smiles"}, "smiles"),
        ({"measure": "care_done_share"}, "ne répond pas à « nombre »"),
        ({"measure": "referrals_sent", "answer": "percent"}, "ne répond pas à « pourcentage »"),
        ({"measure": "files_delay", "answer": "percent"}, "ne répond pas à « pourcentage »"),
        ({"measure": "referrals_sent", "answer": "open"}, "d'une réponse qui est un nombre"),
        (
            {"measure": "files_sent", "parts": [{"key": "ame", "label": "AME", "measure": "files_ame"}]},
            "sur chaque partie",
        ),
    ],
)
def test_what_cannot_count_an_answer_is_refused(change: dict[str, object], said: str) -> None:
    data = terms_data(library.load("hopital_pass_modele"))
    data["indicators"] = [{"key": "combien", "article": "5", "label": "Combien", "answer": "number"} | change]
    with pytest.raises(TermsError) as refused:
        terms_from_data(data, "essai")
    assert said in str(refused.value)


def test_a_text_signed_before_measures_keeps_its_hash() -> None:
    data = terms_data(library.load("ccas_montbrison_2024"))
    assert "measure" not in str(data["indicators"])
