"""Avenants: what they may change, and the text that results."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions import library
from maillage.conventions.terms import (
    Avenant,
    Change,
    Formality,
    Operation,
    TermsError,
    UntouchableError,
    consolidate,
    consolidated,
    formality,
    terms_from_data,
)
from tests.conventions.terms.builder import blank, conventions, steady, terms, texts


def replace(path: str, value: Any) -> Change:
    """A clause takes another value."""
    return Change(operation=Operation.REPLACE, path=path, value=value)


def add(path: str, value: Any) -> Change:
    """A list takes one more element."""
    return Change(operation=Operation.ADD, path=path, value=value)


def remove(path: str) -> Change:
    """An element or a field is taken away."""
    return Change(operation=Operation.REMOVE, path=path)


PUBLIC = {"key": "tous", "article": "2", "text": "Toutes les personnes accueillies"}


def test_an_avenant_replaces_adds_and_removes_clauses() -> None:
    after = consolidate(
        terms(),
        replace("flows[orientation].label", "Signalement"),
        replace("term.lasts", "3y"),
        add("public", PUBLIC),
        remove("flows[orientation].service"),
        remove("services[misas]"),
    )
    assert after.flows[0].label == "Signalement"
    assert after.flows[0].service is None
    assert str(getattr(after.term, "lasts", "")) == "3y"
    assert after.public[0].key == "tous"
    assert after.services == ()
    assert terms().flows[0].label == "Orientation"


def test_an_avenant_is_judged_on_its_whole_not_on_each_step() -> None:
    party = {"key": "caf", "article": "en-tête", "name": "CAF d'essai", "kind": "caf"}
    after = consolidate(terms(), replace("flows[orientation].recipient", "caf"), add("parties", party))
    assert after.flows[0].recipient == "caf"


@pytest.mark.parametrize(
    "change",
    [
        replace("objectives[but].text", "Autre but"),
        replace("objectives[0].text", "Autre but"),
        remove("objectives[but]"),
        add("objectives", {"key": "autre", "article": "1", "text": "Autre"}),
        replace("objectives", []),
        replace("amendment.untouchable", []),
        remove("amendment.untouchable"),
        replace("amendment", blank()),
    ],
)
def test_what_the_amendment_clause_puts_out_of_reach_is_refused_with_its_article(change: Change) -> None:
    with pytest.raises(UntouchableError, match=r"article 9\.3") as caught:
        consolidate(terms(), change)
    assert caught.value.article == "9.3"


def test_the_amendment_clause_may_change_without_freeing_what_it_protects() -> None:
    after = consolidate(terms(), replace("amendment.signed_by", "qualified_representatives"))
    with pytest.raises(UntouchableError):
        consolidate(after, remove("objectives[but]"))


def test_a_clause_out_of_reach_by_its_key_leaves_its_neighbours_free() -> None:
    amendment = {"article": "12", "untouchable": ["flows[orientation]"]}
    before = terms(amendment=amendment)
    other = {
        "key": "autre",
        "article": "3",
        "label": "Autre",
        "sender": "cpam",
        "recipient": "ccas",
        "data": "none",
    }
    after = consolidate(before, add("objectives", PUBLIC), remove("objectives[but]"))
    assert after.objectives[0].key == "tous"
    for change in (replace("flows[0].label", "x"), replace("flows", []), remove("flows[orientation]")):
        with pytest.raises(UntouchableError, match="article 12"):
            consolidate(before, change)
    assert consolidate(before, add("flows", other | {"channels": []})).flows[1].key == "autre"


def test_a_position_that_moves_within_the_avenant_does_not_reach_what_is_protected() -> None:
    first = {"key": "a", "article": "1", "text": "A"}
    second = {"key": "b", "article": "1", "text": "B"}
    before = terms(objectives=[first, second], amendment={"article": "9", "untouchable": ["objectives[b]"]})
    with pytest.raises(UntouchableError):
        consolidate(before, remove("objectives[0]"), remove("objectives[0]"))


def test_an_avenant_does_not_change_which_convention_it_is() -> None:
    for path in ("id", "schema_version"):
        with pytest.raises(TermsError, match="l'identité"):
            consolidate(terms(), replace(path, "autre"))


@pytest.mark.parametrize(
    "path", ["nulle_part.x", "flows[rien]", "flows[7].label", "title.x", "flows[orientation].rien.x"]
)
def test_a_change_that_leads_nowhere_is_refused(path: str) -> None:
    for operation in Operation:
        with pytest.raises(TermsError):
            consolidate(terms(), Change(operation=operation, path=path, value="x"))


def test_a_change_that_breaks_the_convention_is_refused_whole() -> None:
    with pytest.raises(TermsError, match=r"flows\[0\]\.service"):
        consolidate(terms(), remove("services[misas]"))


def test_the_formality_of_a_change_is_known_before_it_is_written() -> None:
    montbrison = library.load("ccas_montbrison_2024")
    assert formality(montbrison, "referents[cpam].functions") is Formality.LETTER
    assert formality(montbrison, "flows[orientation_misas]") is Formality.AMENDMENT
    assert formality(montbrison, "objectives[initier].text") is Formality.FORBIDDEN
    assert formality(library.load("cnsa_2016_2019"), "objectives") is Formality.AMENDMENT


def test_the_text_of_a_day_has_the_avenants_whose_effect_has_come() -> None:
    avenants = [
        Avenant(number=2, effect=dt.date(2026, 3, 1), changes=(replace("title", "Deux"),)),
        Avenant(number=1, effect=dt.date(2026, 1, 1), changes=(replace("title", "Un"),)),
    ]
    for day, title in (
        (dt.date(2025, 12, 31), "Convention d'essai"),
        (dt.date(2026, 1, 1), "Un"),
        (dt.date(2026, 2, 28), "Un"),
        (dt.date(2026, 3, 1), "Deux"),
    ):
        assert consolidated(terms(), avenants, day).title == title


@st.composite
def avenants(draw: st.DrawFn) -> list[Avenant]:
    """Avenants that hold, each changing texts of its own or adding a clause."""
    built = []
    for number in range(1, draw(st.integers(1, 5)) + 1):
        changes = [replace("title", draw(texts))]
        if draw(st.booleans()):
            changes.append(add("public", PUBLIC | {"key": f"public_{number}", "text": draw(texts)}))
        if draw(st.booleans()):
            changes.append(replace("parties[0].short_name", draw(texts)))
        effect = dt.date(2026, 1, 1) + dt.timedelta(days=draw(st.integers(0, 400)))
        built.append(Avenant(number=number, effect=effect, changes=tuple(changes)))
    return built


@steady
@given(conventions(), avenants())
def test_the_consolidated_text_is_the_one_by_one_application(
    built: dict[str, Any], all_of_them: list[Avenant]
) -> None:
    base = terms_from_data(built)
    ordered = sorted(all_of_them, key=lambda avenant: (avenant.effect, avenant.number))
    together = consolidate(base, *[change for avenant in ordered for change in avenant.changes])
    stepped = base
    for avenant in ordered:
        stepped = consolidate(stepped, *avenant.changes)
    assert together == stepped == consolidated(base, all_of_them, dt.date(2030, 1, 1))
    assert consolidated(base, all_of_them, dt.date(2025, 12, 31)) == base
