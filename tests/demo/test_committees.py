"""The demonstration's committee: a meeting held with validated minutes, one to come with its agenda, loaded once."""

import pytest

from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import today
from maillage.demo.committees import CCAS, load_committees
from maillage.demo.conventions import PARIS, acting_for
from maillage.steering.committees.agenda import agenda
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.queries import versions
from maillage.steering.committees.states import State

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


@pytest.mark.long
def test_the_ccas_convention_has_a_meeting_behind_it_and_one_before_it() -> None:
    """What is due of one more room, as in test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit."""
    for _ in range(2):
        load_committees()
    with acting_for("ccas") as member:
        past, coming = Meeting.objects.filter(convention=CCAS).order_by("planned_on")
        assert (past.state, coming.state) == (State.CLOSED, State.CONVENED)
        [version] = versions(past)
        assert set(version.validated_by) == {"cpam", "carsat", "ccas"}
        points = {one.key for one in agenda(load(coming.convention), coming, member, on=today(PARIS))}
        assert {"decisions", "alerts", "practices", "paths"} <= points
