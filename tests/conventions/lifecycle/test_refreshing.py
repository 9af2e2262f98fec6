"""A convention's state moves by the arrows of the table only, whatever makes it move."""

from datetime import date
from uuid import UUID

import pytest

from maillage.conventions.lifecycle import actions, refreshing, states
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.lifecycle.sweeping import sweep_one
from maillage.core.states import TransitionRefused
from tests.conventions.lifecycle.test_recording import act
from tests.conventions.people import CPAM, instant, member, seen

pytestmark = pytest.mark.django_db
LAST_DAY = instant("2025-11-14")


def end_unseen(convention: UUID) -> None:
    """The row says that it expired, whatever its facts say."""
    Convention.objects.filter(pk=convention).update(state="ended", end_kind="expired")


def test_a_move_that_the_table_does_not_draw_is_refused(
    monkeypatch: pytest.MonkeyPatch, signed_s3: UUID
) -> None:
    act(actions.oppose_renewal, signed_s3, CPAM, instant("2025-05-02"), day=date(2025, 5, 2))
    undrawn = tuple(arrow for arrow in states.TRANSITIONS if arrow.verb != "expire")
    monkeypatch.setattr(refreshing, "TRANSITIONS", undrawn)
    with member(CPAM, LAST_DAY), pytest.raises(KeyError, match="expire"):
        sweep_one(signed_s3, LAST_DAY)


def test_a_row_that_somebody_else_moved_is_not_written_over(signed_s3: UUID) -> None:
    with member(CPAM, LAST_DAY) as referent:
        stale = seen(referent, signed_s3)
        stale.state = "signed"
        with pytest.raises(TransitionRefused):
            refresh(stale, date(2024, 11, 20))
        stale = seen(referent, signed_s3)
        stale.next_due_what = "autre chose"
        end_unseen(signed_s3)
        with pytest.raises(TransitionRefused):
            refresh(stale, date(2024, 11, 20))
