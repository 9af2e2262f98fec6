"""An assessment from its opening to the version that replaces it: who leads, who is asked, what must be there, what never changes."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.protection.assessments.asking import withdraw
from maillage.protection.assessments.describing import digest_of, read
from maillage.protection.assessments.models import Assessment, AssessmentContribution, AssessmentRisk
from maillage.protection.assessments.queries import (
    has_changed,
    kind_of_flow,
    kinds_of_flow,
    missing_in,
    to_answer,
    to_review,
)
from maillage.protection.assessments.rules import FearedEvent, Kind, Scores, Status, latest_review
from maillage.protection.assessments.saying import OVERTAKEN, stamp
from maillage.protection.assessments.validating import validate
from maillage.protection.assessments.writing import write_necessity, write_risk
from tests.conventions.people import CARSAT, STRANGER, body, member, signed
from tests.days import today
from tests.protection.assessments.files import (
    CARSAT_ADMIN,
    CPAM_ADMIN,
    CPAM_DPO,
    CROIX_ROUGE_ADMIN,
    NEEDED,
    answered,
    asked,
    feared,
    loaded,
    opened,
    seen,
    validated,
    whole,
    written,
)
from tests.protection.breaches.files import signed_croix_rouge

pytestmark = pytest.mark.django_db
BEGAN = now() - timedelta(days=90)


@pytest.fixture
def convention() -> UUID:
    return signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1))


def test_the_party_that_the_text_names_leads_and_no_other(convention: UUID) -> None:
    row = opened(convention)
    assert (row.number, row.state, row.lead_reason) == (1, "draft", "")
    with pytest.raises(PermissionDenied, match="une autre partie"):
        opened(convention, by=CROIX_ROUGE_ADMIN)
    with pytest.raises(TransitionRefused):
        opened(convention)
    with member(CPAM_ADMIN, now()) as by:
        kind, bare = kinds_of_flow(by, now())
        assert (kind.status, kind.is_mine) == (Status.DRAFT, True)
        assert (bare.regime.key, bare.status, bare.is_mine) == ("flow-transmission_ssam", Status.NONE, True)
        assert kind_of_flow(by, convention, "inconnu", now()) is None


def test_where_the_text_names_nobody_whoever_opens_it_says_why() -> None:
    convention = signed("ccas_montbrison_2024", BEGAN, BEGAN + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        opened(convention, regime="autres_collaborations")
    assert refused.value.field == "lead_reason"
    row = opened(convention, regime="autres_collaborations", reason="La caisse reçoit les demandes.")
    assert row.lead_reason == "La caisse reçoit les demandes."
    assert (
        opened(convention, by=CARSAT_ADMIN, regime="autres_collaborations", reason="Pour son service.").number
        == 1
    )


def test_it_is_read_by_whoever_leads_and_whoever_gives_an_opinion_alone(convention: UUID) -> None:
    row = written(opened(convention))
    for address in (CROIX_ROUGE_ADMIN, CARSAT_ADMIN, CARSAT, STRANGER):
        assert seen(address, row) == []
    documentation = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    asked(row, Kind.OPINION, "CARSAT RA")
    assert seen(CROIX_ROUGE_ADMIN, row) == []
    assert [one.necessity for one in seen(CARSAT_ADMIN, row)] == [NEEDED]
    with member(CROIX_ROUGE_ADMIN, now()) as by:
        (mine,) = to_answer(by)
        assert (mine.pk, mine.question) == (
            documentation.pk,
            "Qui a accès aux données chez vous, et comment ?",
        )
        assert not AssessmentRisk.objects.exists()
    with member(CARSAT_ADMIN, now()):
        assert AssessmentRisk.objects.count() == 3
        assert AssessmentContribution.objects.count() == 1


def test_of_two_who_write_the_second_is_told_and_replaces_knowingly(convention: UUID) -> None:
    row = opened(convention)
    with member(CPAM_ADMIN, now()) as by:
        first = write_necessity(assessment=row, necessity="Première.", seen="", by=by, at=now())
        with pytest.raises(Refused, match=OVERTAKEN[:40]):
            write_necessity(assessment=row, necessity="Seconde.", seen="", by=by, at=now())
        seen_now = stamp(first.written_at)
        assert (
            write_necessity(assessment=row, necessity="Seconde.", seen=seen_now, by=by, at=now()).necessity
            == "Seconde."
        )
        write_risk(assessment=row, event=FearedEvent.LOSS, said=feared(), seen="", by=by, at=now())
        with pytest.raises(Refused, match=OVERTAKEN[:40]):
            write_risk(assessment=row, event=FearedEvent.LOSS, said=feared(), seen="", by=by, at=now())


def test_bad_words_and_scores_are_told_at_their_fields(convention: UUID) -> None:
    row = opened(convention)
    with member(CPAM_ADMIN, now()) as by:
        bad = feared(sources=" ", impacts="Écrire à ondine@example.org", scores=Scores(1, 5, 2, 1))
        with pytest.raises(Refused) as refused:
            write_risk(assessment=row, event=FearedEvent.ACCESS, said=bad, seen="", by=by, at=now())
    assert {fault.field for fault in refused.value.faults} == {
        "sources",
        "impacts",
        "likelihood",
        "residual_severity",
    }


def test_what_is_asked_is_told_answered_and_told_back(convention: UUID) -> None:
    row = written(opened(convention))
    made = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert made.is_here
    with member(CROIX_ROUGE_ADMIN, now()):
        message = Message.objects.get(kind="assessment_asked")
        assert str(made.pk) in message.path
    with pytest.raises(PermissionDenied):
        answered(made, by=CPAM_ADMIN)
    done = answered(made, by=CROIX_ROUGE_ADMIN, file=True)
    assert done.document is not None
    with pytest.raises(TransitionRefused):
        answered(made, by=CROIX_ROUGE_ADMIN)
    with member(CPAM_ADMIN, now()):
        assert Message.objects.filter(kind="assessment_answered", path__contains=str(made.pk)).exists()
        assert AssessmentContribution.objects.get(pk=made.pk).document == done.document
    with pytest.raises(Refused) as refused:
        asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert refused.value.field == "whom"


def test_nothing_is_validated_that_is_not_whole_nor_by_whoever_advised(convention: UUID) -> None:
    row = written(opened(convention))
    with pytest.raises(Refused, match=r"article 35\.2"):
        validated(row)
    made = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    answered(asked(row, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="reserved")
    with pytest.raises(Refused, match="ne plus l’attendre"):
        validated(row)
    with member(CPAM_ADMIN, now()) as by:
        withdraw(contribution=made, by=by, at=now())
    with pytest.raises(PermissionDenied, match="deux personnes"):
        validated(row, by=CPAM_DPO)
    done = validated(row)
    assert (done.state, len(read(done.description))) == ("validated", 16)
    assert done.digest == digest_of(done.description)
    with pytest.raises(TransitionRefused):
        answered(made, by=CROIX_ROUGE_ADMIN)


def test_a_high_risk_is_put_to_the_authority_and_a_review_is_set(convention: UUID) -> None:
    row = whole(convention)
    with member(CPAM_ADMIN, now()) as by:
        risk = row.risks.get(event=FearedEvent.LOSS)
        said = feared(scores=Scores(4, 4, 4, 3))
        write_risk(
            assessment=row, event=FearedEvent.LOSS, said=said, seen=stamp(risk.written_at), by=by, at=now()
        )
        with pytest.raises(Refused) as refused:
            validate(
                assessment=row,
                known=loaded(row),
                decision="go_on",
                review_on=today() + timedelta(days=2000),
                by=by,
                at=now(),
            )
    assert {fault.field for fault in refused.value.faults} == {"decision", "review_on"}
    assert validated(row, decision="consult").review_on == latest_review(today())


def test_the_next_version_is_a_copy_and_takes_the_place_of_the_former(convention: UUID) -> None:
    first = validated(whole(convention))
    second = opened(convention)
    assert (second.number, second.necessity) == (2, NEEDED)
    with member(CPAM_ADMIN, now()):
        assert second.risks.count() == 3
        assert Assessment.objects.get(pk=first.pk).state == "validated"
    answered(asked(second, Kind.OPINION, "CPAM 42"), by=CPAM_DPO, stance="favourable")
    validated(second)
    with member(CPAM_ADMIN, now()) as by:
        states = dict(Assessment.objects.values_list("number", "state"))
        assert states == {1: "replaced", 2: "validated"}
        kind, _ = kinds_of_flow(by, now())
        assert kind.status is Status.VALID
        assert missing_in(second) == ()


def test_what_was_validated_is_compared_with_the_text_of_the_day(convention: UUID) -> None:
    row = validated(whole(convention))
    with member(CPAM_ADMIN, now()) as by:
        assert not has_changed(row, loaded(row), now())
        assert to_review(by, today()) == []
        row.text_digest = digest_of("another text")
        assert has_changed(row, loaded(row), now())
        (due,) = to_review(by, latest_review(today()) - timedelta(days=30))
        assert (due.row, due.changes, due.draft) == (row, None, None)


def refused_by_postgresql(statement: str, *values: UUID) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
    except (IntegrityError, ProgrammingError):
        return True
    return False


def test_postgresql_keeps_what_was_validated_and_refuses_what_is_not_whole(convention: UUID) -> None:
    draft = written(opened(convention))
    own = asked(draft, Kind.OPINION, "CPAM 42")
    validate_it = (
        "UPDATE protection_assessment SET state = 'validated', decision = 'go_on', review_on = current_date + 30, description = '[]',"
        " digest = encode(sha256('[]'::bytea), 'hex'), text_digest = repeat('0', 64), validated_at = now(), validated_by = %s WHERE id = %s"
    )
    with member(CPAM_ADMIN, now()) as by:
        assert refused_by_postgresql(validate_it, by.user, draft.pk)
    answered(own, by=CPAM_DPO, stance="favourable")
    with member(CPAM_DPO, now()) as by:
        assert refused_by_postgresql(validate_it, by.user, draft.pk)  # who advises does not decide
    row = validated(draft)
    risk = row.risks
    with member(CPAM_ADMIN, now()) as by:
        for statement in (
            "UPDATE protection_assessment SET necessity = 'autre' WHERE id = %s",
            "UPDATE protection_assessment SET state = 'replaced' WHERE id = %s",
            "UPDATE protection_assessment SET state = 'draft' WHERE id = %s",
            "UPDATE protection_assessmentrisk SET severity = 1, residual_severity = 1 WHERE assessment_id = %s",
            "UPDATE protection_assessmentcontribution SET words = 'autre' WHERE assessment_id = %s",
        ):
            assert refused_by_postgresql(statement, row.pk), statement
        assert risk.count() == 3
        values = (row.pk, by.organisation, body("Croix-Rouge").id, by.user)
        assert refused_by_postgresql(
            "INSERT INTO protection_assessmentcontribution (id, assessment_id, leader_id, organisation_id, kind, question, subject, due_on,"
            " is_here, recorded_at, recorded_by, is_reported, stance, words)"
            " VALUES (gen_random_uuid(), %s, %s, %s, 'documentation', 'q', 's', current_date + 9, true, now(), %s, false, '', '')",
            *values,
        )
