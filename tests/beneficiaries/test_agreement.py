"""What is accepted of her agreement: a refusal is never sent, a mandate has its reference, what the text asks is asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maillage.beneficiaries.agreement import (
    AGREED,
    ANSWERS,
    HOW,
    MANDATE,
    NOT_ASKED,
    PROGRESS,
    REFUSED,
    SENT_WITH,
    Agreement,
    agreement_problems,
    settled,
)

ANY = st.builds(
    Agreement,
    answer=st.sampled_from([*ANSWERS, "", "maybe"]),
    progress=st.sampled_from([*PROGRESS, "", "some"]),
    how=st.sampled_from([*HOW, "", "telepathy"]),
    mandate=st.sampled_from(["", " ", "MANDAT-1", "x" * 101]),
)


@settings(max_examples=60)  # the answers are few: 6 x 4 x 6, and whether there is a mandate
@given(agreement=ANY, needed=st.booleans())
def test_what_passes_is_what_the_database_accepts(agreement: Agreement, needed: bool) -> None:
    if agreement_problems(agreement, needed=needed):
        return
    kept = settled(agreement)
    assert kept.answer in SENT_WITH
    assert kept.progress in PROGRESS
    assert (kept.how in HOW) if kept.answer == AGREED else kept.how == ""
    assert bool(kept.mandate) == (kept.how == MANDATE)
    assert kept.answer == AGREED or not needed
    assert settled(kept) == kept
    assert agreement_problems(kept, needed=needed) == {}


@pytest.mark.parametrize(
    ("agreement", "needed", "field", "said"),
    [
        (Agreement(REFUSED, "all"), False, "answer", "rien ne peut être envoyé"),
        (Agreement(NOT_ASKED, "all"), True, "answer", "La convention demande son accord"),
        (Agreement(AGREED, "all"), False, "how", "comment elle a donné son accord"),
        (Agreement(AGREED, "all", MANDATE, " "), False, "mandate", "référence du mandat"),
        (Agreement(AGREED, "", "oral"), False, "progress", "Demandez-lui"),
    ],
)
def test_each_fault_stands_at_its_field(agreement: Agreement, needed: bool, field: str, said: str) -> None:
    found = agreement_problems(agreement, needed=needed)
    assert set(found) == {field}
    assert said in found[field]


def test_that_nobody_asked_is_an_answer_where_the_text_does_not_ask() -> None:
    assert agreement_problems(Agreement(NOT_ASKED, "received"), needed=False) == {}
