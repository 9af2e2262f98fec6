"""A meeting is planned, convened, held or cancelled by the parties of the convention, and the convention knows that it was held."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.commitments.queries import register
from maillage.conventions.commitments.rules import Standing
from maillage.conventions.lifecycle.holding import committee_days
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.steering.committees import actions
from maillage.steering.committees.actions import Convened
from maillage.steering.committees.models import Meeting
from maillage.steering.committees.opening import clause_of
from maillage.steering.committees.queries import (
    committees,
    final_due,
    meetings_of,
    missing_parties,
    visible_to,
)
from maillage.steering.committees.states import State
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, instant, member, seen
from tests.steering.committees.meetings import AFTER, ALL, AT, HELD, STARTS, again, convened, held, planned

pytestmark = pytest.mark.django_db


def told(convention: UUID, kind: str, reader: str) -> int:
    """How many messages of a kind wait for the reader's body."""
    with member(reader, AFTER) as actor:
        return Message.objects.filter(kind=kind, recipient_id=actor.organisation).count()


def test_a_meeting_is_planned_by_any_party_with_every_member_in_its_quorum(signed_s3: UUID) -> None:
    row = planned(signed_s3, by=CCAS, inside="COPIL multi-partenaires")
    assert (row.state, row.members, row.needed) == (State.PLANNED, ["cpam", "carsat", "ccas"], row.members)
    assert row.inside == "COPIL multi-partenaires"
    assert planned(signed_s3, needed=("cpam", "ccas")).needed == ["cpam", "ccas"]
    assert told(signed_s3, "committee_planned", CPAM) == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"committee": "rien"}, "committee"),
        ({"kind": "autre"}, "kind"),
        ({"planned_on": date(2020, 1, 1)}, "planned_on"),
        ({"needed": ("hospital",)}, "needed"),
        ({"inside": "chez M. Durand, 06 12 34 56 78"}, "inside"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_at_its_field(
    signed_s3: UUID, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refused:
        planned(signed_s3, **changes)
    assert refused.value.field == field


def test_a_form_sent_twice_plans_one_meeting(signed_s3: UUID) -> None:
    token = uuid7()
    assert planned(signed_s3, meeting_id=token) == planned(signed_s3, meeting_id=token)


def test_who_is_no_referent_plans_nothing_and_a_stranger_sees_nothing(signed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        planned(signed_s3, by=WORKER)
    row = planned(signed_s3)
    with member(STRANGER, AT) as stranger:
        assert not visible_to(stranger).exists()
        assert not Meeting.objects.filter(pk=row.pk).exists()
        with pytest.raises(Meeting.DoesNotExist):
            actions.cancel(meeting=row.pk, reason="Sans", by=stranger, at=AT)


def test_convening_tells_the_other_members_and_again_when_it_moves(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    assert (row.state, row.starts_at, row.convocations) == (State.CONVENED, STARTS, 1)
    assert told(signed_s3, "committee_convened", CCAS) == 1
    assert told(signed_s3, "committee_convened", CPAM) == 0
    with member(CCAS, AT) as actor:
        later = Convened(STARTS + timedelta(days=1), link="https://visio.example.org/salle")
        moved = actions.convene(meeting=row.pk, said=later, by=actor, at=AT)
    assert (moved.convocations, moved.planned_on, moved.place) == (2, date(2025, 10, 21), "")
    assert told(signed_s3, "committee_convened", CPAM) == 1


def test_a_meeting_is_convened_to_come_and_somewhere(signed_s3: UUID) -> None:
    row = planned(signed_s3)
    with member(CPAM, AT) as actor:
        for said, field in ((Convened(AT, place="Ici"), "day"), (Convened(STARTS), "place")):
            with pytest.raises(Refused) as refused:
                actions.convene(meeting=row.pk, said=said, by=actor, at=AT)
            assert refused.value.field == field


def test_the_meeting_that_was_held_is_a_fact_of_the_convention_and_keeps_the_year(signed_s3: UUID) -> None:
    with member(CPAM, HELD) as actor:
        known = load(seen(actor, signed_s3))
        assert committees(known, HELD.date(), [])[0].followed.standing is Standing.SOON
    row = held(signed_s3)
    assert (row.state, row.presence, missing_parties(row)) == (State.HELD, ALL, ())
    with member(CCAS, HELD) as actor:
        known = load(seen(actor, signed_s3))
        assert committee_days(known) == {"copil": (STARTS.date(),)}
        [line] = committees(known, HELD.date(), meetings_of(known))
        assert (line.followed.standing, line.last_on, line.coming) == (Standing.KEPT, STARTS.date(), None)


def test_a_meeting_shows_the_commitments_of_follow_up_that_its_referent_ticks(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    with member(CPAM, HELD) as actor:
        with pytest.raises(Refused) as refused:
            actions.hold(meeting=row.pk, presence=ALL, shows=("rien",), by=actor, at=HELD, with_pack=False)
        assert refused.value.field == "shows"
        actions.hold(
            meeting=row.pk, presence=ALL, shows=("bilan_annuel",), by=actor, at=HELD, with_pack=False
        )
        known = load(seen(actor, signed_s3))
        line = next(one for one in register(known, HELD.date()) if one.clause.key == "bilan_annuel")
        assert line.followed.standing is Standing.KEPT
        assert "Réunion tenue" in line.evidence[0].note


def test_without_quorum_it_is_held_all_the_same_and_says_who_was_missing(signed_s3: UUID) -> None:
    assert missing_parties(held(signed_s3, {"cpam": ""})) == ("carsat", "ccas")


def test_a_meeting_is_not_held_before_its_hour_nor_by_nobody_nor_twice(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    with member(CPAM, AT) as actor:
        with pytest.raises(Refused, match="n’a pas commencé"):
            actions.hold(meeting=row.pk, presence=ALL, by=actor, at=AT)
        for presence in ({}, {"hospital": ""}):
            with pytest.raises(Refused) as refused:
                actions.hold(meeting=row.pk, presence=presence, by=actor, at=HELD)
            assert refused.value.field == "presence"
    row = held(signed_s3)
    with member(CPAM, HELD) as actor, pytest.raises(Refused, match="plus, possible"):
        actions.hold(meeting=row.pk, presence=ALL, by=actor, at=HELD)


def test_a_meeting_is_cancelled_with_its_reason_and_not_once_it_was_held(signed_s3: UUID) -> None:
    row = convened(signed_s3)
    with member(CPAM, AT) as actor:
        with pytest.raises(Refused) as refused:
            actions.cancel(meeting=row.pk, reason=" ", by=actor, at=AT)
        assert refused.value.field == "reason"
        actions.cancel(meeting=row.pk, reason="Salle fermée", by=actor, at=AT)
    assert (again(row).state, again(row).reason) == (State.CANCELLED, "Salle fermée")
    row = held(signed_s3)
    with member(CPAM, AFTER) as actor, pytest.raises(TransitionRefused):
        actions.cancel(meeting=row.pk, reason="Trop tard", by=actor, at=AFTER)


def test_a_committee_met_by_its_months_is_waited_for_in_the_next_ones(signed_s3: UUID) -> None:
    planned(signed_s3)
    with member(CARSAT, AT) as actor:
        known = load(seen(actor, signed_s3))
        [line] = committees(known, AT.date(), meetings_of(known))
        assert line.coming is not None
        assert not line.is_to_plan


def test_the_final_bilan_is_due_once_a_fixed_end_is_near_and_until_it_is_held(signed_s3: UUID) -> None:
    with member(CPAM, AT) as actor:
        known = load(seen(actor, signed_s3))
        assert final_due(known, AT.date(), []) is None  # it is renewed tacitly: no end is in sight
    row = held(signed_s3, kind="final")
    assert row.kind == "final"


def test_only_who_the_text_charges_convenes(signed_s3: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    row = planned(signed_s3)
    real = clause_of

    def charged(*arguments: Any) -> Any:
        clause = real(*arguments)
        return clause and clause.model_copy(update={"convened_by": ("ccas",)})

    monkeypatch.setattr(actions, "clause_of", charged)
    said = Convened(STARTS, place="Salle 1")
    with member(CPAM, AT) as actor, pytest.raises(PermissionDenied, match="confie la convocation"):
        actions.convene(meeting=row.pk, said=said, by=actor, at=AT)
    with member(CCAS, AT) as actor:
        actions.convene(meeting=row.pk, said=said, by=actor, at=AT)


def test_the_day_planned_is_read_in_the_caisse_s_zone(signed_s3: UUID) -> None:
    late = instant("2025-10-20", 23)  # after midnight in Paris
    assert convened(signed_s3, starts=late).planned_on == date(2025, 10, 21)
