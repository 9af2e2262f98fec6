"""A legal basis is a value: what a text states, what its words name, else a blank; and the words may not contradict the value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import Blank, Terms, TermsError, content_hash, terms_data, terms_from_data
from maillage.conventions.terms.filling import fill
from maillage.conventions.terms.lawful import as_signed, basis_of, contradicted, named_by, stated
from maillage.conventions.terms.protection import LawfulBasis

S4 = library.load("croix_rouge_cadre_2021")
PATH = "protection[contacts_contrat].lawful_bases"


def with_words(*words: str, bases: object = None) -> Terms:
    """S4 with other words in its clause of contacts, and these bases."""
    data = terms_data(S4)
    clause = data["protection"][0]
    clause.pop("lawful_bases", None)
    clause["legal_basis"] = list(words)
    if bases is not None:
        clause["lawful_bases"] = bases
    return terms_from_data(data, S4.id)


@pytest.mark.parametrize(
    ("said", "letters"),
    [
        (("Réalisation d'un contrat", "Intérêt légitime", "Article 6 du RGPD"), "bf"),
        (("RGPD, article 6.1 e",), "e"),
        (("Mission  d'intérêt public",), "e"),
        (("Article 6, paragraphe 1, c) du RGPD",), "c"),
        (("Obligation légale",), "c"),
        (("Consentement de la personne",), "a"),
        (("Contrat",), "b"),
        (("Contrat d’objectifs et de gestion", "Hors consentement", "Contrat local de santé"), ""),
        (("Règlement (UE) 2016/679", "Loi n° 78-17 du 6 janvier 1978 modifiée"), ""),
        (("Décret n° 2012-1249 du 9 novembre 2012",), ""),
        ((), ""),
    ],
)
def test_words_name_a_basis_or_none_and_nothing_is_guessed(said: tuple[str, ...], letters: str) -> None:
    assert "".join(one.letter for one in named_by(said)) == letters
    (regime,) = with_words(*said).protection
    found = basis_of(regime)
    assert isinstance(found, Blank) is (letters == "")


@given(st.lists(st.text(max_size=60), max_size=4), st.sampled_from(list(LawfulBasis)))
def test_a_letter_is_found_wherever_it_stands(said: list[str], basis: LawfulBasis) -> None:
    assert basis in named_by([*said, f"RGPD, art. 6.1.{basis.letter}"])


@pytest.mark.parametrize("name", library.names())
def test_every_clause_of_the_library_states_its_basis_or_asks_for_it(name: str) -> None:
    for terms in filter(None, (library.load(name), library.load(name).local_template)):
        for regime in terms.protection:
            assert regime.lawful_bases
            assert contradicted(regime) == ()
            assert isinstance(regime.lawful_bases, Blank) or set(named_by(regime.legal_basis)) <= set(
                regime.lawful_bases
            )


def test_a_text_signed_with_words_alone_keeps_its_digest_and_is_stated_once() -> None:
    old = with_words("Intérêt légitime")
    assert "lawful_bases" not in terms_data(old)["protection"][0]
    now = stated(old)
    assert now.protection[0].lawful_bases == (LawfulBasis.LEGITIMATE_INTERESTS,)
    assert stated(now) is now
    assert content_hash(terms_from_data(terms_data(old), old.id)) == content_hash(old)
    assert as_signed(now.protection[0]) == old.protection[0], (
        "what is only recognised is no change of the text"
    )


def test_an_officer_states_what_the_words_do_not() -> None:
    asked = stated(with_words("Décret n° 2012-1249"))
    assert isinstance(asked.protection[0].lawful_bases, Blank)
    filled = fill(asked, PATH, ["public_task"])
    assert filled.protection[0].lawful_bases == (LawfulBasis.PUBLIC_TASK,)
    assert as_signed(filled.protection[0]) == filled.protection[0], "what is stated is a change"
    for wrong in ([], ["interest"], "public_task"):
        with pytest.raises(TermsError, match="lawful_bases"):
            fill(asked, PATH, wrong)


def test_a_value_that_the_words_contradict_is_refused_when_a_text_is_entered() -> None:
    with pytest.raises(TermsError, match="nomment les mots du texte : legitimate_interests"):
        with_words("Intérêt légitime", bases=["contract"])
    assert with_words("Intérêt légitime", bases=["contract", "legitimate_interests"])
