"""Local actions proposed at the national level: by their parties, in their words, read by whoever holds the text and by nobody else."""

from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, ProgrammingError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.steering.local_actions.actions import Arbitration, arbitrate
from maillage.steering.local_actions.models import LocalAction, Proposal
from maillage.steering.local_actions.proposing import (
    Proposed,
    Received,
    propose,
    received,
    take_back,
    texts_above,
)
from maillage.steering.local_actions.rules import Theme
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CNAM,
    CPAM,
    CROIX_ROUGE,
    STRANGER,
    WORKER,
    instant,
    member,
    raw,
)
from tests.indicators.campaigns.world import framework, implement
from tests.steering.local_actions.test_actions import LATER, analysed, described
from tests.tiers import spread

pytestmark = pytest.mark.django_db
NEXT = instant("2025-12-15")


@pytest.fixture(scope="module")
def national(signed_s3: UUID) -> UUID:
    """A national text that the CCAS's convention implements."""
    text = framework()
    implement(signed_s3, text, at=LATER)
    return text


@pytest.fixture
def action(signed_s3: UUID, national: UUID) -> LocalAction:
    """An action that its parties found worth generalising."""
    return analysed(described(signed_s3).pk)


def proposed(action: LocalAction, national: UUID, by: str = CCAS, **changes: Any) -> Proposal:
    said = {
        "theme": "rights_and_care",
        "title": "Un marché, une permanence",
        "outcome": "Des droits ouverts.",
    }
    token = changes.pop("token", None) or uuid7()
    with member(by, NEXT) as actor:
        return propose(
            action=action.pk,
            proposal_id=token,
            said=Proposed(**{"framework": national, **said, **changes}),
            by=actor,
            at=NEXT,
        )


def read(national: UUID, by: str = CNAM) -> list[Received]:
    with member(by, NEXT):
        return received(national)


def test_whoever_holds_the_text_reads_the_words_of_the_parties_and_where_the_action_stands(
    action: LocalAction, national: UUID
) -> None:
    assert read(national) == []
    token = uuid7()
    assert proposed(action, national, token=token) == proposed(action, national, token=token)
    (found,) = read(national)
    assert (found.theme, found.title, found.outcome) == (
        "rights_and_care",
        "Un marché, une permanence",
        "Des droits ouverts.",
    )
    assert (found.state, found.body, found.departement) == ("analysed", "CCAS de Montbrison", "42")
    with member(CARSAT, NEXT) as actor:
        kept = Arbitration(True, "Comité de pilotage national", NEXT.date(), "Utile partout")
        arbitrate(action=action.pk, said=kept, by=actor, at=NEXT)
    assert read(national)[0].state == "kept"
    with member(CNAM, NEXT):
        assert not LocalAction.objects.exists()
        assert not Proposal.objects.exists()


@pytest.mark.parametrize("by", [CROIX_ROUGE, CPAM, STRANGER])
def test_nobody_else_reads_what_was_proposed(action: LocalAction, national: UUID, by: str) -> None:
    proposed(action, national)
    with pytest.raises(ProgrammingError, match="no such national text"):
        read(national, by)


def test_what_is_taken_back_is_read_no_longer_and_may_be_proposed_again(
    action: LocalAction, national: UUID
) -> None:
    proposed(action, national)
    with pytest.raises(Refused, match="déjà proposée"):
        proposed(action, national, by=CPAM)
    with member(CPAM, NEXT) as actor:
        take_back(action=action.pk, by=actor, at=NEXT)
        with pytest.raises(Refused, match="plus proposée"):
            take_back(action=action.pk, by=actor, at=NEXT)
    assert read(national) == []
    proposed(action, national, title="Autrement dit")
    assert [one.title for one in read(national)] == ["Autrement dit"]


def test_an_action_that_its_parties_do_not_find_worth_it_is_not_proposed(
    signed_s3: UUID, national: UUID
) -> None:
    row = described(signed_s3)
    with pytest.raises(Refused, match="une fois analysée"):
        proposed(row, national)
    with pytest.raises(Refused, match="une fois analysée"):
        proposed(analysed(row.pk, worth=False), national)


@pytest.mark.parametrize(
    ("changes", "field"),
    spread(
        [
            ({"framework": uuid7()}, "framework"),
            ({"theme": "danse"}, "theme"),
            ({"title": ""}, "title"),
            ({"outcome": "x" * 1001}, "outcome"),
            ({"outcome": "Appelez le 06 12 34 56 78"}, "outcome"),
        ],
        5,
    ),
)
def test_what_is_wrong_is_said_at_its_field(
    action: LocalAction, national: UUID, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        proposed(action, national, **changes)
    assert refused.value.field == field


def test_only_a_referent_of_a_party_proposes(action: LocalAction, national: UUID) -> None:
    with pytest.raises(PermissionDenied):
        proposed(action, national, by=WORKER)
    with pytest.raises(LocalAction.DoesNotExist):
        proposed(action, national, by=STRANGER)
    with pytest.raises(ProgrammingError, match="no such convention"), member(STRANGER, NEXT):
        texts_above(action.convention_id)


def test_each_theme_may_be_proposed(action: LocalAction, national: UUID) -> None:
    for theme in Theme:
        assert proposed(action, national, theme=theme.value).theme == theme
        with member(CPAM, NEXT) as actor:
            take_back(action=action.pk, by=actor, at=NEXT)


LIKE = """
INSERT INTO steering_proposal (id, convention_id, action_id, framework_id, theme, title, outcome, recorded_at, recorded_by, recorded_for_id)
SELECT gen_random_uuid(), convention_id, %s, %s, theme, %s, %s, now(), recorded_by, recorded_for_id
  FROM steering_proposal WHERE id = %s
"""
"""Another one like it, written without the action."""


def test_the_database_proposes_nothing_too_early_nor_elsewhere_nor_of_anybody(
    signed_s3: UUID, action: LocalAction, national: UUID
) -> None:
    early, made = described(signed_s3), proposed(action, national)
    for which, text, title, outcome, said in (
        (early.pk, national, "a", "b", "worth it"),
        (action.pk, signed_s3, "a", "b", "implements no such"),
        (action.pk, national, "a", "b", "proposal_once"),
        (action.pk, national, "06 12 34 56 78 90", "b", "proposal_title_names_nobody"),
        (action.pk, national, "a", "x@example.org", "proposal_outcome_names_nobody"),
        (action.pk, national, "", "b", "proposal_says_something"),
    ):
        with pytest.raises(DatabaseError, match=said), transaction.atomic():
            raw("CCAS", LIKE, [which, text, title, outcome, made.pk])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE steering_proposal SET title = 'Autre' WHERE id = %s", "stays"),
        ("UPDATE steering_proposal SET withdrawn_at = now() WHERE id = %s", "proposal_withdrawn_by_someone"),
    ],
)
def test_the_database_keeps_what_was_proposed(
    action: LocalAction, national: UUID, change: str, said: str
) -> None:
    made = proposed(action, national)
    with pytest.raises(DatabaseError, match=said):
        raw("CCAS", change, [made.pk])
