"""The demonstration's trainings: one held and proved, one to come with its waiting list, loaded once."""

import pytest

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.core.clock import now
from maillage.demo.conventions import acting_for, convention_id
from maillage.demo.secondments import load_secondments
from maillage.demo.training import CCAS, load_training
from maillage.training import queries
from maillage.training.states import State

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


@pytest.mark.long
def test_a_session_fills_and_another_was_held_and_proves_its_commitment() -> None:
    """What is due of one more room, as in test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit."""
    load_secondments()
    for _ in range(2):
        load_training()
    with acting_for("cpam") as officer:
        [first, second] = queries.coming(officer, at=now(), limit=10)
        assert [one.state for one in queries.places(officer, first)] == [
            "registered",
            "registered",
            "waiting",
        ]
        assert (first.dedicated_to_id, second.registered) == (None, 0)
        [held] = queries.past(officer, at=now(), limit=10)
        assert held.state == State.HELD
        proof = CommitmentEvidence.objects.get(convention=convention_id(CCAS), note__startswith="Séance du")
        assert proof.commitment_key == "sessions_information"
        assert {one.organisation.short_name for one in queries.modules(officer)} == {"CPAM 42", "CARSAT RA"}
