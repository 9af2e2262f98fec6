"""The detector: what is stopped and what passes, in a table; and that no number slips through any sentence."""

from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from maillage.exchange import detector
from maillage.exchange.detector import Name, problem, traces

ONDINE = Name("Quintessence", "Ondine")
PEOPLE = (
    ONDINE,
    Name("Petit", "Anne-Sophie"),
    Name("Lefèvre", "Éloïse"),
    Name("O’Brien", "Sinead"),
    Name("Le Gall", "Yann"),
    Name("Dupont-Moreau", "Chloé"),
    Name("Li", "Mei"),
)

STOPPED = [
    ("Le NIR est 2 84 02 42 147 000 69", "nir"),
    ("284024214700069", "nir"),
    ("2840242147000 sans clé", "nir"),
    ("2.84.02.42.147.000/69", "nir"),
    ("2\u00a084\u202f02/42-147–000 clé 69", "nir"),
    ("Née en Corse : 1 84 02 2A 147 000", "nir"),
    ("184022b147000 12", "nir"),
    ("Numéro provisoire 7 84 02 42 147 000", "nir"),
    ("8 84 63 99 147 000 11", "nir"),
    ("mois de naissance inconnu : 1 84 20 42 147 000", "nir"),
    ("SIRET 13000548100018", "number"),
    ("dossier 123456789", "number"),
    ("Rappelez le 06.00.00.00.17", "phone"),
    ("au 0600000017.", "phone"),
    ("06/00/00/00/17", "phone"),
    ("06 - 00 - 00 - 00 - 17", "phone"),
    ("+33 6 00 00 00 17", "phone"),
    ("+33 (0)6 00 00 00 17", "phone"),
    ("0033 6 00 00 00 17", "phone"),
    ("+32 475 00 00 17", "phone"),
    ("La box : 09 70 00 00 17", "phone"),
    ("Écrivez à ondine@personne.example.org", "address"),
    ("ondine (at) personne.example.org", "address"),
    ("ondine[arobase]personne", "address"),
    ("ondine arobase personne point org", "address"),
    ("ondine at personne.org", "address"),
    ("une dame née le 29/02/1984", "birth"),
    ("né(e) le 29.02.84", "birth"),
    ("né en mars 1984", "birth"),
    ("Date de naissance : 29 février 1984", "birth"),
    ("Avez-vous reçu Quintessence ?", "name"),
    ("QUINTESSENCE n’a pas de réponse", "name"),
    ("mme quintessence attend", "name"),
    ("la famille quintessence", "name"),
    ("ondine quintessence", "name"),
    ("quintessence ondine", "name"),
    ("Ondine Q. attend", "name"),
    ("Q. Ondine attend", "name"),
    ("Mme Lefevre", "name"),
    ("LEFÈVRE", "name"),
    ("M. Obrien", "name"),
    ("O'brien", "name"),
    ("Legall ou Le-Gall", "name"),
    ("anne sophie petit", "name"),
    ("Anne P. demande", "name"),
    ("Madame Moreau", "name"),
    ("DUPONT MOREAU", "name"),
    ("mme li", "name"),
    ("Mei Li", "name"),
    # Stopped although it is nobody: the refusal says by what, and another word does.
    ("Petit déjeuner à l’accueil", "name"),
    ("codes 42110 69110 01110", "nir"),
    # Two and three groups of five that a territory does not explain.
    ("06123 45678", "number"),
    ("28402 42147 01257", "nir"),
    ("codes 42600, 28402, 42147, 01257, 42130", "nir"),
    ("1 75 01 75056 12345", "nir"),
    ("2 84 02 42147 42130 42110", "nir"),
]  # fmt: skip

PASS = [
    "Quel est le plafond de la C2S en 2026 ?",
    "Le 36 46 répond-il le 14/11/2024 ?",
    "Le 3646, le 15, le 112, le 0 800 123 456 et le 08 92 70 12 34",
    "0800123456",
    "Article 861-1, article R861-16-1 du CSS, L. 251-1",
    "42100 Saint-Étienne, 75020 Paris, Cedex 02",
    "codes postaux 42000 42100 42200",
    "42600 42130",
    "42600, 42130, 42110, 42600 et 42990",
    "42000/42100/42200 - 42300 ; 69001-69002",
    "01000 01100",
    "75001 92100 93200 94300 95400",
    "Depuis le 12/03/2026, 42600 42130 42110",
    "97400 97410 97420",
    "QPV QN04201M et QP042001",
    "Réunion le 01/09/2024 14 h 30, puis 9:30-12:00",
    "Du 1/9/2024 au 31/12/2024, entre le 14.11.2024 et le 2025-01-31",
    "Un plafond de 10 166 €, 1 234 567,89 € en tout, 12,5 %",
    "3 demandes en 2024, 2025 et 2026",
    "petit déjeuner à l’accueil",
    "un petit délai, de petits groupes",
    "Li peut attendre, le dossier aussi",
    "Ondine est le nom d’un ballet",
    "Anne a dit oui",
    "le quintessence de l’art : une quintessence",
    "Le gallois",
    "La petite salle",
    "nés le même jour, née trop tôt",
    "le rendez-vous à la Caisse",
]


@pytest.mark.parametrize(("text", "kind"), STOPPED, ids=[text for text, _ in STOPPED])
def test_what_names_somebody_is_stopped_and_said(text: str, kind: str) -> None:
    found = traces(text, PEOPLE)
    assert kind in {trace.kind for trace in found}
    said = problem(text, PEOPLE)
    assert said is not None
    for trace in found:
        assert text[trace.start : trace.end].strip() == trace.text
        assert trace.text in said


@pytest.mark.parametrize("text", PASS)
def test_what_names_nobody_passes(text: str) -> None:
    assert traces(text, PEOPLE) == ()


def test_a_name_that_one_does_not_follow_passes() -> None:
    assert problem("Avez-vous reçu Quintessence ?") is None


def test_all_that_was_found_is_said_at_once() -> None:
    said = problem("Mme Quintessence, 06 00 00 00 17", PEOPLE)
    assert said is not None
    assert "Quintessence" in said
    assert "téléphone" in said


def test_without_its_patterns_the_detector_lets_everything_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detector, "_found", lambda *_: iter(()))
    missed = [text for text, _ in STOPPED if problem(text, PEOPLE) is None]
    assert len(missed) == len(STOPPED)


BETWEEN = st.sampled_from(["", " ", ".", "-", "/", "\u00a0", "\u202f", "–", " - ", " / ", "_"])
SENTENCE = st.text(alphabet="abcdefgéè ,;:!?«»’\n", max_size=30)
MONTHS = [f"{month:02}" for month in (*range(1, 13), *range(20, 43), *range(50, 100))]
PLACES = [*(f"{place:02}" for place in range(1, 100)), "2A", "2B", "2a", "2b"]


def _number(digits: int) -> st.SearchStrategy[str]:
    return st.text(alphabet="0123456789", min_size=digits, max_size=digits)


NIRS = st.tuples(
    st.sampled_from("123478"), _number(2), st.sampled_from(MONTHS), st.sampled_from(PLACES), _number(3), _number(3),
    st.sampled_from(["", "key"]), _number(2),
)  # fmt: skip


@given(SENTENCE, NIRS, st.lists(BETWEEN, min_size=6, max_size=6), SENTENCE)
def test_no_nir_passes_whatever_separates_it_and_stands_around(
    before: str, nir: tuple[str, ...], between: list[str], after: str
) -> None:
    *groups, with_key, key = nir
    groups += [key] if with_key else []
    written = groups[0] + "".join(gap + group for gap, group in zip(between, groups[1:], strict=False))
    assert problem(f"{before}{written}{after}") is not None


@given(
    SENTENCE,
    st.sampled_from(["01", "02", "03", "04", "05", "06", "07", "09", "+33 6", "+33(0)7", "00336"]),
    st.lists(_number(2), min_size=4, max_size=4),
    BETWEEN,
    SENTENCE,
)
def test_no_telephone_passes_whatever_separates_it_and_stands_around(
    before: str, start: str, pairs: list[str], between: str, after: str
) -> None:
    assert problem(f"{before}{between.join([start, *pairs])}{after}") is not None


@given(
    st.text(alphabet=st.characters(exclude_characters="@＠﹫", exclude_categories=["Nd", "Cs"]), max_size=200)
)
def test_a_text_without_digits_signs_or_names_always_passes(text: str) -> None:
    assume(not {"at", "arobase", "chez"} & set(text.casefold().split()))
    assume("(" not in text or ")" not in text)
    assert traces(text) == ()


@given(st.text(max_size=200), st.text(max_size=20), st.text(max_size=20))
def test_any_text_and_any_name_are_read_and_quoted_where_they_stand(
    text: str, surname: str, given_name: str
) -> None:
    found = traces(text, [Name(surname, given_name)])
    assert all(text[trace.start : trace.end].strip() == trace.text for trace in found)
    assert all(one.end <= two.start for one, two in pairwise(found))
