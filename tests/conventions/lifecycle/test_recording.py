"""What happens to a signed convention: recorded even when out of time, flagged, and told to the other parties."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.lifecycle import actions
from maillage.conventions.lifecycle.models import Delivery, Event
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.registered import (
    Letter,
    denounce,
    exits_of,
    owed_by,
    record_delivery,
    warn,
)
from maillage.conventions.lifecycle.telling import Recorded
from maillage.conventions.terms.duration import ImmediateTermination
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CPAM,
    HOSPITAL,
    S2,
    WORKER,
    instant,
    member,
    seen,
    signed,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def signed_s2(kept: Path) -> UUID:
    return signed(S2, instant("2023-02-20"), instant("2023-03-01"))


def fields(error: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {fault.field for fault in error.value.faults}


def act(
    action: Callable[..., Recorded], convention: UUID, address: str, at: datetime, **facts: Any
) -> Recorded:
    """One action by someone, at an instant."""
    with member(address, at) as actor:
        return action(convention=seen(actor, convention), by=actor, at=at, **facts)


def letters(day: date, *addressees: str) -> list[Letter]:
    return [Letter(addressee, day) for addressee in addressees]


def test_a_denunciation_inside_both_readings_ends_the_convention_at_the_anniversary(signed_s2: UUID) -> None:
    done = act(
        denounce,
        signed_s2,
        HOSPITAL,
        instant("2023-12-01"),
        letters=letters(date(2023, 12, 1), "cpam", "carsat"),
    )
    assert done.flags == ()
    assert done.facts.out_from == date(2024, 3, 1)
    with member(CPAM) as referent:
        assert seen(referent, signed_s2).in_force.upper == instant("2024-02-29", 23)
        assert Message.objects.filter(kind="convention_fact").count() == 1


def test_a_denunciation_outside_its_window_is_recorded_and_flagged(signed_s2: UUID) -> None:
    done = act(
        denounce,
        signed_s2,
        HOSPITAL,
        instant("2023-06-15"),
        letters=letters(date(2023, 6, 15), "cpam", "carsat"),
    )
    assert any("hors de la fenêtre" in flag for flag in done.flags)
    with member(CPAM) as referent:
        assert Event.objects.filter(convention_id=signed_s2, kind="denunciation").count() == 1
        assert seen(referent, signed_s2).state == "in_force"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ([Letter("cpam", date(2023, 12, 1))], "letters"),
        (letters(date(2024, 6, 1), "cpam", "carsat"), "sent_on_cpam"),
        (letters(date(2023, 12, 1), "cpam", "carsat", "hospital"), "addressee"),
        (letters(date(2023, 12, 1), "cpam", "carsat", "cpam"), "addressee"),
        (
            [Letter("cpam", date(2023, 12, 1), date(2023, 11, 30)), Letter("carsat", date(2023, 12, 1))],
            "presented_on_cpam",
        ),
        (
            [
                Letter("cpam", date(2023, 12, 1), date(2023, 12, 4), date(2023, 12, 3)),
                Letter("carsat", date(2023, 12, 1)),
            ],
            "received_on_cpam",
        ),
    ],
)
def test_letters_are_refused_at_their_field(given: list[Letter], field: str, signed_s2: UUID) -> None:
    with pytest.raises(Refused) as error:
        act(denounce, signed_s2, HOSPITAL, instant("2023-12-10"), letters=given)
    assert field in fields(error)
    with member(CPAM):
        assert not Event.objects.filter(kind="denunciation").exists()


def test_days_of_presentation_and_receipt_are_noted_as_they_come(signed_s2: UUID) -> None:
    at = instant("2023-12-10")
    done = act(denounce, signed_s2, HOSPITAL, at, letters=letters(date(2023, 12, 1), "cpam", "carsat"))
    facts = {"event": done.event.pk, "addressee": "cpam"}
    act(record_delivery, signed_s2, CPAM, at, presented_on=date(2023, 12, 4), received_on=None, **facts)
    with pytest.raises(Refused) as error:
        act(
            record_delivery,
            signed_s2,
            CPAM,
            at,
            presented_on=date(2023, 12, 4),
            received_on=date(2023, 12, 2),
            **facts,
        )
    assert fields(error) == {"received_on"}
    with member(CARSAT):
        row = Delivery.objects.get(event_id=done.event.pk, addressee_key="cpam")
    assert (row.presented_on, row.received_on) == (date(2023, 12, 4), None)


def test_a_text_without_denunciation_takes_it_as_an_opposition_to_the_renewal(signed_s3: UUID) -> None:
    done = act(
        denounce, signed_s3, CCAS, instant("2025-05-02"), letters=letters(date(2025, 5, 2), "cpam", "carsat")
    )
    assert any("vaut opposition" in flag for flag in done.flags)
    assert done.facts.out_from == date(2025, 11, 14)


def test_a_formal_notice_runs_fifteen_days_then_the_others_may_terminate(signed_s3: UUID) -> None:
    notice = act(
        warn,
        signed_s3,
        CPAM,
        instant("2024-12-02"),
        letter=Letter("ccas", date(2024, 12, 2)),
        commitment="bilan_annuel",
    )
    [row] = [one for one in notice.facts.exits if one.kind == "formal_notice"]
    assert row.first_day == date(2024, 12, 18)
    with member(CPAM) as referent:
        assert seen(referent, signed_s3).next_due_on == date(2024, 12, 17)
    facts: dict[str, Any] = {"clause": "formal_notice", "notice": notice.event.pk}
    with pytest.raises(Refused, match="aux autres parties"):
        act(actions.terminate, signed_s3, CCAS, instant("2024-12-18"), day=date(2024, 12, 18), **facts)
    early = act(actions.terminate, signed_s3, CARSAT, instant("2024-12-10"), day=date(2024, 12, 10), **facts)
    assert any("ne la permet pas à cette date" in flag for flag in early.flags)
    assert early.facts.is_in_force
    done = act(actions.terminate, signed_s3, CARSAT, instant("2024-12-18"), day=date(2024, 12, 18), **facts)
    assert done.facts.state is not None
    with member(CCAS) as partner:
        row_now = seen(partner, signed_s3)
    assert (row_now.state, row_now.end_kind) == ("ended", "terminated")
    assert row_now.in_force.upper == instant("2024-12-17", 23)


def test_compliance_closes_the_notice_with_its_proof(signed_s3: UUID) -> None:
    notice = act(
        warn,
        signed_s3,
        CPAM,
        instant("2024-12-02"),
        letter=Letter("ccas", date(2024, 12, 2)),
        commitment="bilan_annuel",
    )
    at = instant("2024-12-09")
    with pytest.raises(Refused) as error:
        act(actions.comply, signed_s3, CCAS, at, notice=notice.event.pk, day=date(2024, 12, 9))
    assert fields(error) == {"document"}
    with pytest.raises(Refused) as error:
        act(actions.comply, signed_s3, CCAS, at, notice=uuid7(), day=date(2024, 12, 9), note="remis")
    assert fields(error) == {"notice"}
    done = act(
        actions.comply, signed_s3, CCAS, at, notice=notice.event.pk, day=date(2024, 12, 9), note="Bilan remis"
    )
    assert all(row.first_day is None for row in done.facts.exits)


@pytest.mark.parametrize(
    ("commitment", "addressee", "field"),
    [("nothing", "ccas", "commitment"), ("communiquer_orientations_ssam", "ccas", "commitment"), ("bilan_annuel", "cpam", "addressee")],
)  # fmt: skip
def test_a_formal_notice_names_a_commitment_that_its_addressee_owes(
    commitment: str, addressee: str, field: str, signed_s3: UUID
) -> None:
    with pytest.raises(Refused) as error:
        act(
            warn,
            signed_s3,
            CPAM,
            instant("2024-12-02"),
            letter=Letter(addressee, date(2024, 12, 2)),
            commitment=commitment,
        )
    assert field in fields(error)
    with member(CPAM) as referent:
        assert "bilan_annuel" in owed_by(load(seen(referent, signed_s3)).base, "ccas")


def test_immediate_termination_names_a_ground_of_the_text(signed_s2: UUID) -> None:
    at = instant("2023-06-01")
    with member(CPAM, at) as referent:
        exits = exits_of(load(seen(referent, signed_s2)).base)
    [clause] = [one for one in exits if isinstance(one, ImmediateTermination)]
    with pytest.raises(Refused) as error:
        act(actions.terminate, signed_s2, CPAM, at, clause=clause.name, day=date(2023, 6, 1), ground="humeur")
    assert fields(error) == {"ground"}
    act(
        actions.terminate,
        signed_s2,
        CPAM,
        at,
        clause=clause.name,
        day=date(2023, 6, 1),
        ground=clause.grounds[0],
    )
    with member(HOSPITAL, at) as partner:
        assert seen(partner, signed_s2).state == "ended"


def test_the_parties_retain_a_reading_by_a_document_or_its_reference(signed_s2: UUID) -> None:
    at = instant("2023-06-01")
    with member(CPAM, at) as referent:
        choices = actions.readings_of(load(seen(referent, signed_s2)).base)
    [(clause, readings)] = [(name, found) for name, found in choices.items() if "window" in found]
    assert set(readings) >= {"window", "at_latest"}
    facts: dict[str, Any] = {"clause": clause, "day": date(2023, 6, 1)}
    with pytest.raises(Refused) as error:
        act(actions.retain_reading, signed_s2, CPAM, at, reading="neither", **facts)
    assert fields(error) == {"reading", "document"}
    done = act(
        actions.retain_reading, signed_s2, CPAM, at, reading="window", note="Courrier du 1er juin", **facts
    )
    assert {row.reading for row in done.facts.exits if row.name == clause} == {"window"} or all(
        "at_latest" not in row.reading for row in done.facts.exits if row.name == clause
    )


def test_a_renewal_is_noted_once_a_day_with_its_evidence(signed_s3: UUID) -> None:
    at = instant("2025-11-14")
    done = act(actions.renew, signed_s3, CPAM, at, day=date(2025, 11, 14), until=date(2026, 11, 13))
    assert done.event.detail["evaluation"] is None
    assert done.facts.ends == date(2026, 11, 13)
    with pytest.raises(Refused) as error:
        act(actions.renew, signed_s3, CARSAT, at, day=date(2025, 11, 14))
    assert fields(error) == {"day"}


@pytest.mark.parametrize(
    ("action", "facts"),
    [
        (actions.end_by_agreement, {"document": None}),
        (actions.supersede, {"effect": date(2025, 1, 1), "successor": " "}),
        (actions.oppose_renewal, {"note": "x" * 1001}),
        (actions.share_evaluation, {"document": UUID(int=7)}),
    ],
)
def test_facts_are_refused_without_what_they_need(
    action: Callable[..., Recorded], facts: dict[str, Any], signed_s3: UUID
) -> None:
    with pytest.raises(Refused):
        act(action, signed_s3, CPAM, instant("2024-12-02"), day=date(2024, 12, 2), **facts)
    with pytest.raises(Refused) as error:
        act(action, signed_s3, CPAM, instant("2024-12-02"), day=date(2024, 12, 3), **facts)
    assert "day" in fields(error)


def test_nothing_is_recorded_on_a_text_that_not_all_have_signed(proposed_s3: UUID) -> None:
    with pytest.raises(Refused, match="pas encore signée"):
        act(actions.oppose_renewal, proposed_s3, CPAM, instant("2024-12-02"), day=date(2024, 12, 2))


def test_only_a_referent_of_a_party_records(signed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        act(actions.oppose_renewal, signed_s3, WORKER, instant("2024-12-02"), day=date(2024, 12, 2))


def test_the_same_form_sent_twice_records_one_fact(signed_s3: UUID) -> None:
    form, at = uuid7(), instant("2024-12-02")
    for _ in range(2):
        act(actions.oppose_renewal, signed_s3, CCAS, at, day=date(2024, 12, 2), fact_id=form)
        act(
            denounce,
            signed_s3,
            CCAS,
            at,
            letters=letters(date(2024, 12, 2), "cpam", "carsat"),
            fact_id=UUID(int=form.int + 1),
        )
    with member(CPAM, at):
        assert Event.objects.filter(kind="renewal_opposed").count() == 1
        assert Delivery.objects.count() == 2


def test_a_convention_replaced_by_another_ends_on_the_effect_that_is_stated(signed_s3: UUID) -> None:
    at = instant("2025-02-03")
    act(
        actions.supersede,
        signed_s3,
        CPAM,
        at,
        day=date(2025, 2, 3),
        effect=date(2025, 3, 1),
        successor="Convention 2025",
    )
    with member(CPAM, at + timedelta(days=60)) as referent:
        row = seen(referent, signed_s3)
    assert row.in_force.upper == instant("2025-02-28", 23)


def test_a_form_s_token_makes_the_row_of_whoever_was_shown_it(signed_s3: UUID) -> None:
    token, at = uuid7(), instant("2024-12-02")
    facts: dict[str, Any] = {"day": date(2024, 12, 2), "fact_id": token}
    first = act(actions.oppose_renewal, signed_s3, CCAS, at, **facts)
    other = act(actions.oppose_renewal, signed_s3, CARSAT, at, **facts)
    assert len({token, first.event.pk, other.event.pk}) == 3


def test_a_token_used_for_another_convention_is_a_stale_form_and_not_a_crash(signed_s3: UUID) -> None:
    second, token = signed(), uuid7()
    at = instant("2024-12-02")
    act(actions.oppose_renewal, signed_s3, CCAS, at, day=date(2024, 12, 2), fact_id=token)
    with pytest.raises(Refused, match="a déjà servi"):
        act(actions.oppose_renewal, second, CCAS, at, day=date(2024, 12, 2), fact_id=token)
