"""A suspicion is told at once to whom the conventions say, acknowledged, joined to another report of the same facts."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from maillage.conventions.lifecycle.actions import terminate
from maillage.conventions.lifecycle.registered import Letter, warn
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.protection.breaches.following import acknowledge, join, know_since
from maillage.protection.breaches.models import Breach, BreachParty
from maillage.protection.breaches.queries import notices_of, parties_of, visible_to
from maillage.protection.breaches.reporting import reportable, touch
from tests.conventions.lifecycle.test_recording import act
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, body, instant, member, raw
from tests.protection.breaches.files import AT, CCAS_ADMIN, CPAM_DPO, NOTICED, reported

pytestmark = pytest.mark.django_db


def fields(refused: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {fault.field for fault in refused.value.faults}


def terminated(convention: UUID) -> None:
    """After a formal notice to the CCAS, by the CARSAT, months before AT."""
    letter = Letter("ccas", date(2024, 12, 2))
    notice = act(warn, convention, CPAM, instant("2024-12-02"), letter=letter, commitment="bilan_annuel")
    facts: dict[str, Any] = {"clause": "formal_notice", "notice": notice.event.pk, "day": date(2024, 12, 18)}
    act(terminate, convention, CARSAT, instant("2024-12-18"), **facts)


def test_each_party_that_the_text_names_is_told_at_once_with_its_delay(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CCAS_ADMIN, AT) as by:
        notices = notices_of([breach.pk])
        assert {(one.addressee.short_name, one.within, one.article, one.means) for one in notices} == {
            ("CPAM 42", "24h", "article 6", "platform"),
            ("CARSAT RA", "24h", "article 6", "platform"),
        }
        assert {one.due_at for one in notices} == {NOTICED + timedelta(hours=24)}
        parties = parties_of(breach.pk)
        assert [one.name for one in parties if one.reports] == ["CCAS de Montbrison"]
        assert all(one.controls and one.decides and one.here for one in parties)
        assert len(parties) == 3
        assert by.user != breach.recorded_by
    with member(CPAM_DPO, AT):
        assert [one.debtor.short_name for one in notices_of([breach.pk])] == ["CCAS"]


def test_messages_hold_a_reference_and_a_link_and_nothing_of_it(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CPAM_DPO, AT):
        message = Message.objects.get(kind="breach_told", path__contains=str(breach.pk))
        assert not message.held
        assert message.path == f"/protection/violations/{breach.pk}/"
        assert message.reference.startswith("V-")


def test_the_same_form_sent_twice_opens_one_file(signed_s3: UUID) -> None:
    token = uuid7()
    assert reported(signed_s3, breach_id=token).pk == reported(signed_s3, breach_id=token).pk


def test_it_may_touch_no_convention_and_a_follower_adds_them_later(signed_s3: UUID) -> None:
    breach = reported()
    with member(CPAM_DPO, AT) as outside:
        assert not visible_to(outside).filter(pk=breach.pk).exists()
    with member(WORKER, AT) as worker, pytest.raises(PermissionDenied):
        touch(breach=breach, conventions=[signed_s3], by=worker)
    with member(CCAS_ADMIN, AT) as by:
        with pytest.raises(Refused):
            touch(breach=breach, conventions=[], by=by)
        touch(breach=breach, conventions=[signed_s3], by=by)
        touch(breach=breach, conventions=[signed_s3], by=by)
        assert len(notices_of([breach.pk])) == 2
    with member(CPAM_DPO, AT) as told:
        assert visible_to(told).filter(pk=breach.pk).exists()


def test_bad_input_is_said_at_its_field(signed_s3: UUID) -> None:
    with pytest.raises(Refused) as refused:
        reported(
            signed_s3,
            what=" ",
            natures=(),
            data=(),
            people=-1,
            records=10**8,
            noticed_at=AT + timedelta(hours=1),
        )
    assert fields(refused) == {"what", "natures", "kinds", "people", "records", "noticed_on"}
    with pytest.raises(Refused, match="ne courait pas encore") as refused:
        reported(signed_s3, noticed_at=NOTICED - timedelta(days=300))
    assert fields(refused) == {"noticed_on"}
    with pytest.raises(Refused) as refused:
        reported(signed_s3, what="La dame au 1 91 03 42 147 012 a tout vu.")
    assert fields(refused) == {"what"}
    with pytest.raises(Refused) as refused:
        reported(uuid7())
    assert fields(refused) == {"conventions"}


def test_conventions_of_others_and_drafts_are_not_offered(signed_s3: UUID, drafted_s3: UUID) -> None:
    with member(CPAM, AT) as by:
        found = {known.id for known in reportable(by)}
        assert signed_s3 in found
        assert drafted_s3 not in found
    with member(STRANGER, AT) as stranger:
        assert signed_s3 not in {known.id for known in reportable(stranger)}


def test_after_the_end_of_a_convention_its_data_are_still_told(signed_s3: UUID) -> None:
    terminated(signed_s3)
    with member(WORKER, AT) as by:
        (known,) = [one for one in reportable(by) if one.id == signed_s3]
        assert known.row.state == "ended"
    breach = reported(signed_s3)
    with member(CPAM_DPO, AT) as told:
        assert visible_to(told).filter(pk=breach.pk).exists()


def test_what_was_told_is_acknowledged_once_by_whoever_follows(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CPAM, AT) as referent, pytest.raises(PermissionDenied):
        acknowledge(breach=breach, by=referent, at=AT)
    with member(CPAM_DPO, AT) as by:
        assert acknowledge(breach=breach, by=by, at=AT) == 1
        assert acknowledge(breach=breach, by=by, at=AT) == 0
    with member(CCAS_ADMIN, AT):
        said = {one.addressee.short_name: one.acknowledged_at for one in notices_of([breach.pk])}
        assert said == {"CPAM 42": AT, "CARSAT RA": None}
        assert Message.objects.filter(kind="breach_moved", held=True).exists()


def test_since_when_one_knows_is_put_right_with_a_reason(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CPAM_DPO, AT) as by:
        with pytest.raises(Refused) as refused:
            know_since(breach=breach, aware_at=NOTICED - timedelta(hours=1), why=" ", by=by, at=AT)
        assert fields(refused) == {"why", "happened_on"}
        know_since(breach=breach, aware_at=AT, why="Dit au téléphone avant.", by=by, at=AT)
        assert BreachParty.objects.get(breach=breach).aware_at == AT


def test_two_reports_of_the_same_facts_are_joined_and_keep_both_clocks(signed_s3: UUID) -> None:
    first = reported(signed_s3)
    later = NOTICED + timedelta(minutes=20)
    second = reported(signed_s3, by="social@carsat.example.org", noticed_at=later)
    with member(CPAM_DPO, AT) as by:
        join(breach=second, into=first.pk, by=by)
        assert {one.counted_from for one in notices_of([first.pk, second.pk])} == {NOTICED, later}
        assert Breach.objects.get(pk=second.pk).joined_to_id == first.pk
        with pytest.raises(Refused):
            join(breach=second, into=first.pk, by=by)
        with pytest.raises(Refused):
            join(breach=first, into=first.pk, by=by)
    with member(STRANGER, AT), pytest.raises(DatabaseError), transaction.atomic():
        raw("CCAS de Villexemple", "SELECT protection_join(%s, %s)", [first.pk, second.pk])


def test_the_database_keeps_what_was_reported_and_who_takes_part(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    moved = [
        ("UPDATE protection_breach SET what = 'autre' WHERE id = %s", "CCAS"),
        ("UPDATE protection_breach SET state = 'confirmed' WHERE id = %s", "CPAM 42"),
        ("UPDATE protection_breach SET joined_to_id = id WHERE id = %s", "CCAS"),
        ("UPDATE protection_breachparty SET decides = false WHERE breach_id = %s", "CPAM 42"),
        ("UPDATE protection_breachnotice SET due_at = now() WHERE breach_id = %s", "CCAS"),
        ("UPDATE protection_breachnotice SET acknowledged_at = now(), acknowledged_by = addressee_id WHERE breach_id = %s", "CCAS"),
    ]  # fmt: skip
    for sql, who in moved:
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(who, sql, [breach.pk])
    assert (
        raw("CCAS de Villexemple", "UPDATE protection_breach SET state = 'closed' WHERE id = %s", [breach.pk])
        == 0
    )
    for told in (body("CCAS de Villexemple").pk, body("cpam").pk):
        with pytest.raises(DatabaseError), transaction.atomic():
            raw(
                "CCAS de Villexemple",
                "SELECT protection_part(%s, %s, %s, true, true)",
                [breach.pk, signed_s3, told],
            )
    assert now() > AT
    with member(CCAS, AT) as referent:
        assert (
            not visible_to(referent).filter(pk=breach.pk).exists()
        )  # nor reported by her, nor hers to follow
