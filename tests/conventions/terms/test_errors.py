"""A convention that does not hold is refused with its file, line, path and what was expected, in French."""

from typing import Any

import pytest
from pydantic_core import ErrorDetails
from pydantic_core._pydantic_core import list_all_errors

from maillage.conventions.terms import TermsError, load_terms, terms_from_data
from maillage.conventions.terms.messages import expectation
from tests.conventions.terms.builder import blank, data


def problems(built: object) -> dict[str, str]:
    """What is refused in the data: path → expectation."""
    with pytest.raises(TermsError) as caught:
        terms_from_data(built)
    return {problem.path: problem.expected for problem in caught.value.problems}


def flow(**changes: Any) -> list[dict[str, Any]]:
    """The flow of the smallest convention, changed."""
    return [data()["flows"][0] | changes]


PARTY = data()["parties"]
COMMITMENT = {"key": "c", "article": "3", "what": "Faire", "debtors": ["cpam"], "kind": "contact"}
REGIME = {
    "key": "r",
    "article": "6",
    "scope": "Tout",
    "roles": blank(),
    "breach": blank(),
    "rights_requests": blank(),
}

REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    ("a missing article", {"objectives": [{"key": "a", "text": "b"}]}, "objectives[0].article", "obligatoire"),
    ("an unknown field", {"couleur": "bleu"}, "couleur", "champ connu"),
    ("an unknown field of a clause", {"flows": flow(canal="x")}, "flows[0].canal", "champ connu"),
    ("a word for a number", {"originals": "trois"}, "originals", "un nombre entier ; « trois »"),
    ("no original", {"originals": 0}, "originals", "au moins un exemplaire"),
    ("a kind that does not exist", {"flows": flow(data="parfois")}, "flows[0].data", "'nominative', 'aggregate'"),
    ("an impossible period", {"term": {"article": "9", "lasts": "un an"}}, "term.lasts", "1y, 2m"),
    ("a date that does not exist", {"term": {"article": "9", "ends_on": "2024-02-31"}}, "term.ends_on", "AAAA-MM-JJ"),
    ("an end that nobody will see", {"term": {"article": "9", "ends_on": "9999-12-31"}},
     "term.ends_on", "une date entre les années 1900 et 2199"),
    ("a start before anybody", {"term": {"article": "9", "starts": "0001-01-01", "lasts": "1y"}},
     "term.starts", "une date entre les années 1900 et 2199"),
    ("a single party", {"parties": PARTY[:1]}, "parties", "au moins 2"),
    ("an accent in a key", {"flows": flow(key="été")}, "flows[0].key", "une clé en minuscules"),
    ("a key given twice", {"parties": [*PARTY, PARTY[0]]}, "parties[2].key", "clé unique"),
    ("an unknown recipient", {"flows": flow(recipient="mars")}, "flows[0].recipient", "cpam, ccas, person ; « mars »"),
    ("an unknown sender", {"flows": flow(sender="mars")}, "flows[0].sender", "« mars » est inconnue"),
    ("a flow to oneself", {"flows": flow(recipient="ccas")}, "flows[0].recipient", "autre que l'expéditeur"),
    ("an unknown service", {"flows": flow(service="rien")}, "flows[0].service", "misas ; « rien »"),
    ("a right that nobody applies for", {"flows": flow(rights=["retraite"])}, "flows[0].rights", "medecin_traitant ; « retraite »"),
    ("fields without data", {"flows": flow(data="none", data_fields=["nom"])}, "flows[0].data_fields", "aucune donnée"),
    ("a call without number", {"flows": flow(channels=[{"kind": "phone"}])}, "flows[0].channels[0]", "`number`"),
    ("an unknown agent", {"flows": flow(channels=[{"kind": "agent", "through": "x"}])}, "flows[0].channels", "« x »"),
    ("an unknown controller", {"flows": flow(roles={"controllers": ["x"]})}, "flows[0].roles.controllers", "« x »"),
    ("both roles at once", {"flows": flow(roles={"controllers": ["cpam"], "processors": ["cpam"]})},
     "flows[0].roles", "pas les deux"),
    ("a renewal without term", {"term": blank()}, "term", "comment elle se renouvelle"),
    ("two exits of one name", {"exits": data()["exits"] * 2}, "exits", "même nom"),
    ("an unknown form of exit", {"exits": [{"kind": "fuite", "article": "9"}]}, "exits[0]", "l'une des formes"),
    ("a debtor that is no party", {"commitments": [COMMITMENT | {"debtors": ["mars"]}]}, "commitments[0].debtors", "mars"),
    ("nobody who owes", {"commitments": [COMMITMENT | {"debtors": []}]}, "commitments[0].debtors", "au moins 1"),
    ("a day that no year has", {"commitments": [COMMITMENT | {"cadence": {"rhythm": "yearly", "days": ["02-30"]}}]},
     "commitments[0].cadence", "« 02-30 » n'existe pas"),
    ("an event without name", {"commitments": [COMMITMENT | {"cadence": {"rhythm": "on_event"}}]},
     "commitments[0].cadence", "`event`"),
    ("a regime of an unknown flow", {"protection": [REGIME | {"flows": ["x"]}]}, "protection[0].flows", "« x »"),
    ("nominative data where barred", {"protection": [REGIME | {"flows": ["orientation"], "nominative_data": False}]},
     "protection[0].flows", "sans donnée nominative"),
    ("a local template in a local convention", {"local_template": data(level="template")}, "level", "national_framework"),
    ("a signature of a stranger", {"signatures": [
        {"key": "s", "article": "fin", "party": "mars", "representative": "x", "on": "2024-01-01"}]},
     "signatures[0].party", "mars"),
    ("a question asked after nothing", {"indicators": [{"key": "i", "article": "5", "label": "Combien", "answer": "number",
      "condition": {"indicator": "apres", "equals": True}}]}, "indicators[0].condition.indicator", "apres"),
    ("a choice without choices", {"indicators": [{"key": "i", "article": "5", "label": "Combien", "answer": "choice"}]},
     "indicators[0]", "`choices`"),
    ("a clock without start", {"clocks": [{"key": "k", "article": "4", "right": "ame", "label": "AME", "promised": "30d"}]},
     "clocks[0]", "`start`"),
    ("a text that hides what it says", {"title": "Conven\u202etion"}, "title", "U+202E"),
    ("an empty text", {"title": "   "}, "title", "un texte non vide"),
    ("a list where fields are due", {"term": ["1y"]}, "term", "des champs « nom: valeur »"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "changes", "path", "expected"), REFUSED, ids=[row[0] for row in REFUSED])
def test_what_does_not_hold_is_refused_at_its_path(
    what: str, changes: dict[str, Any], path: str, expected: str
) -> None:
    found = problems(data(**changes))
    assert path in found, found
    assert expected in found[path]


def test_a_siret_that_fails_its_key_is_refused_unless_the_text_prints_it_so() -> None:
    wrong = {"scheme": "siret", "number": "26421029500021"}
    parties = [PARTY[0], PARTY[1] | {"registration": wrong}]
    assert "dont la clé est juste" in problems(data(parties=parties))["parties[1].registration"]
    kept = terms_from_data(
        data(parties=[PARTY[0], PARTY[1] | {"registration": wrong | {"key_holds": False}}])
    )
    registration = kept.parties[1].registration
    assert registration is not None
    honest = {"scheme": "siret", "number": "26421029500020", "key_holds": False}
    again = problems(data(parties=[PARTY[0], PARTY[1] | {"registration": honest}]))
    assert "est juste" in again["parties[1].registration"]


def test_every_problem_is_named_with_file_line_and_path() -> None:
    text = "schema_version: 1\nid: essai\ntitle: Essai\nlevel: local\nparties:\n- key: Bleu\n  article: 1\n"
    with pytest.raises(TermsError) as caught:
        load_terms(text, "essai.yaml")
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("essai.yaml, ligne 5, parties : attendu") or "parties[0]" in lines[0]
    assert any(
        line.startswith("essai.yaml, ligne 6, parties[0].key : attendu une clé en minuscules")
        for line in lines
    )
    assert any("exits : attendu ce champ, qui est obligatoire" in line for line in lines)


def test_problems_of_a_local_template_carry_its_path() -> None:
    inner = data(level="template", flows=flow(recipient="mars"))
    found = problems(data(level="national_framework", local_template=inner))
    assert "local_template.flows[0].recipient" in found


def test_no_error_of_the_validator_is_left_without_french_words() -> None:
    """Whatever pydantic may answer, the message is ours."""
    for known in list_all_errors():
        context = dict.fromkeys(known.get("example_context") or {}, "x") | {"error": ValueError("une valeur")}
        detail = ErrorDetails(type=known["type"], loc=("a",), msg="", input=None, ctx=context)
        words = expectation(detail)
        assert words
        assert "should" not in words
        assert "Input" not in words
