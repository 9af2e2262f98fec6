"""The check-list of a file, by what is known of it; and what each declared right says of itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from maillage.catalogue.facts import FACTS
from maillage.catalogue.rights import APPLIED_FOR
from maillage.rights.declared.rights import PROOF, Right, question, rights
from maillage.rights.declared.rules import (
    Standing,
    checklist,
    ends_on,
    is_complete,
    must_be_handed_over,
    renewal_due,
    to_ask,
)

AME, C2S = rights()["ame"], rights()["c2s"]
ALL_OF_AME = {"first_request": True, "minor": False, "resources": True, "no_home": True}


def standings(right: Right, answers: dict[str, bool], *there: str) -> dict[str, str]:
    return {line.piece.key: line.standing.value for line in checklist(right, answers, there)}


def test_a_text_lets_one_apply_for_the_declared_rights_and_no_other() -> None:
    assert APPLIED_FOR.keys() == rights().keys()


def test_every_right_that_a_situation_may_want_is_declared() -> None:
    wanted = {key for key, _ in FACTS["rights_to_open"].choices}
    assert set(rights()) == wanted
    for right in rights().values():
        assert right.source
        assert right.article == "4.1"
        assert all(piece.source for piece in right.pieces)
        assert all(question(key).endswith("?") for key in right.questions)


def test_the_check_list_follows_the_answers() -> None:
    assert standings(AME, {}, "form") == {
        "form": "there",
        "identity": "missing",
        "presence": "unknown",
        "address": "unknown",
        "resources": "unknown",
        "photos": "missing",
    }
    assert to_ask(AME, {}) == ["first_request", "minor", "resources", "no_home"]
    minor = ALL_OF_AME | {"minor": True, "no_home": False}
    assert standings(AME, minor)["presence"] == "spared"  # no three months for a minor
    assert standings(AME, minor)["address"] == "spared"
    assert standings(AME, ALL_OF_AME)["presence"] == "missing"
    assert to_ask(AME, ALL_OF_AME) == []


def test_the_proof_of_urgency_comes_first_and_holds_no_judgement_back() -> None:
    urgent = checklist(AME, ALL_OF_AME, (), urgent=True)
    assert (urgent[0].piece, urgent[0].standing) == (PROOF, Standing.MISSING)
    assert urgent[1:] == checklist(AME, ALL_OF_AME, ())
    assert is_complete(urgent[:1])
    assert checklist(AME, ALL_OF_AME, {PROOF.key}, urgent=True)[0].standing is Standing.THERE


def test_who_receives_the_rsa_declares_no_resources() -> None:
    assert standings(C2S, {"rsa": True})["income"] == "spared"
    assert to_ask(C2S, {"rsa": True}) == ["abroad"]  # her resources decide nothing any more
    assert standings(C2S, {"rsa": False, "resources": True})["income"] == "missing"
    assert standings(C2S, {})["tax"] == "missing"  # always


def test_a_file_is_complete_without_what_is_not_indispensable() -> None:
    there = {"form", "identity", "presence", "address", "resources"}
    assert is_complete(checklist(AME, ALL_OF_AME, there))
    assert not is_complete(checklist(AME, ALL_OF_AME, there - {"identity"}))
    assert not is_complete(checklist(AME, {}, there - {"presence"}))  # it may be needed


def test_a_first_request_of_ame_is_handed_over_in_person() -> None:
    """CASF D252-2."""
    assert [
        must_be_handed_over(AME, known) for known in ({}, {"first_request": True}, {"first_request": False})
    ] == [
        None,
        True,
        False,
    ]
    assert must_be_handed_over(C2S, {}) is False
    assert "hôpital" in AME.handed_over_to


def test_a_right_lasts_from_its_filing_or_its_decision() -> None:
    filed, decided = date(2024, 11, 14), date(2024, 12, 10)
    assert ends_on(AME, filed=filed, decided=decided) == date(2025, 11, 13)
    assert ends_on(C2S, filed=filed, decided=decided) == date(2025, 12, 9)
    assert ends_on(rights()["puma"], filed=filed, decided=decided) is None
    assert renewal_due(AME, date(2025, 11, 13)) == date(2025, 9, 13)
    assert renewal_due(rights()["puma"], filed) is None


@given(st.dictionaries(st.sampled_from(sorted(ALL_OF_AME)), st.booleans()), st.sampled_from(sorted(rights())))
def test_more_answers_never_make_a_piece_doubtful_again(answers: dict[str, bool], key: str) -> None:
    right = rights()[key]
    for piece in right.pieces:
        decided = piece.is_needed(answers)
        for asked in right.questions:
            if decided is not None and asked not in answers:
                assert piece.is_needed(answers | {asked: True}) is decided
                assert piece.is_needed(answers | {asked: False}) is decided
    assert Standing.UNKNOWN not in {
        line.standing for line in checklist(right, dict.fromkeys(right.questions, True), ())
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"handed_over": {"first_request": True}, "handed_over_to": ""},
        {"questions": ()},
        {"pieces": (AME.pieces[0], AME.pieces[0])},
        {"colour": "red"},
    ],
)
def test_a_right_that_contradicts_itself_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Right.model_validate(AME.model_dump() | wrong)
