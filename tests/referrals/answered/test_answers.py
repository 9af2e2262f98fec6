"""Answers counted quarter by quarter as evidence: exact for the two sides of the cases, without a number for anybody else."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, ProgrammingError, connection, connections, transaction

from maillage.conventions.commitments.models import CommitmentEvidence, EvidenceCount
from maillage.conventions.commitments.queries import EvidenceLine, register
from maillage.conventions.lifecycle.queries import load, visible_to
from maillage.conventions.terms.commitments import Commitment
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.referrals.answered.actions import note_answers
from maillage.referrals.tasks import note_answers_in_time
from maillage.referrals.thresholds.actions import set_days
from tests.days import today
from tests.referrals.test_expiring import as_the_worker
from tests.referrals.world import (
    READER,
    WORKER,
    Signed,
    member,
    organisation,
    send_referral,
    sign_convention,
    stop,
    work,
)

pytestmark = pytest.mark.security
CARSAT = "referente@carsat.example.org"
LATER = timedelta(days=200)


def counted(key: str, answer: str, **cadence: object) -> Commitment:
    """A commitment of the caisse that Maillage counts."""
    return Commitment.model_validate(
        {
            "key": key,
            "article": "3",
            "what": "Répondre à chaque orientation",
            "debtors": ["cpam"],
            "beneficiaries": ["ccas"],
            "kind": "access_to_care",
            "services": ["misas"],
            "cadence": {"rhythm": "on_event", "event": "orientation reçue", **cadence},
            "counted_answer": answer,
        }
    )


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign_convention(
        commitments=(counted("contacter", "contacted", within="15d"), counted("accuser", "acknowledged"))
    )


def shown(signed: Signed, address: str) -> dict[str, EvidenceLine]:
    with member(address) as someone:
        lines = register(load(visible_to(someone).get(id=signed.id)), today() + LATER)
        return {line.clause.key: one for line in lines for one in line.evidence}


def test_a_settled_quarter_is_counted_once_and_its_numbers_stay(committed: Signed) -> None:
    work(send_referral(committed), "acknowledge", "accept", "contact")
    work(send_referral(committed), "acknowledge")
    stop(send_referral(committed), "cancel", "wrong_person")
    with as_the_worker():
        note_answers_in_time(0)  # the job, today: the quarter goes on
        assert [note_answers(at=now() + LATER) for _ in range(2)] == [1, 0]
    found = shown(committed, READER)["contacter"]
    assert found.numbers is not None
    assert (found.numbers.counted, found.numbers.over) == (1, 2)
    assert found.day == found.numbers.until
    assert found.note.startswith("Personnes contactées à temps, du 01/")
    assert shown(committed, WORKER)["contacter"].numbers == found.numbers
    send_referral(committed)
    with as_the_worker():
        assert note_answers(at=now() + LATER) == 0
    assert shown(committed, READER)["contacter"].numbers == found.numbers


def test_who_reads_no_nominative_datum_reads_no_number(committed: Signed) -> None:
    work(send_referral(committed), "acknowledge", "accept", "contact")
    with as_the_worker():
        note_answers(at=now() + LATER)
    found = shown(committed, CARSAT)["contacter"]
    assert (found.source, found.numbers) == ("referrals", None)
    assert " sur " not in found.note
    with member(CARSAT):
        assert not EvidenceCount.objects.exists()


def test_an_acknowledgement_is_counted_once_the_parties_agreed_a_delay(committed: Signed) -> None:
    work(send_referral(committed), "acknowledge")
    send_referral(committed)
    with member(READER) as officer:
        known = load(visible_to(officer).get(id=committed.id))
        set_days(known=known, late=5, blocked=30, by=officer, at=now())
    with as_the_worker():
        note_answers(at=now() + LATER)
    found = shown(committed, WORKER)["accuser"].numbers
    assert found is not None
    assert (found.counted, found.over) == (1, 2)


def test_a_text_without_such_a_commitment_is_not_looked_at(fresh_database: object) -> None:
    send_referral(sign_convention())
    with as_the_worker(), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM referrals_to_count()")
        assert cursor.fetchone()[0] == 0
        assert note_answers(at=now() + LATER) == 0


def test_the_web_counts_nothing_by_itself(committed: Signed) -> None:
    for call in (
        "SELECT * FROM referrals_to_count()",
        "SELECT * FROM referrals_answers(NULL, NULL, NULL, '{}')",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), member(READER):
            connections["default"].cursor().execute(call)


def test_a_count_is_that_of_one_s_own_proof_and_no_part_exceeds_its_whole(committed: Signed) -> None:
    with transaction.atomic(), acting(organisation=organisation("CPAM 42").id):
        proof = CommitmentEvidence.objects.create(
            convention_id=committed.id, commitment_key="contacter", day=today(), note="Essai", source="referrals", fact="x",
            recorded_at=now(), recorded_by=organisation("CPAM 42").id, recorded_for=organisation("CPAM 42"),
        )  # fmt: skip
    given = {
        "evidence_id": proof.pk,
        "convention_id": committed.id,
        "since": today(),
        "until": today(),
        "counted": 1,
        "over": 2,
    }
    for body, wrong in (
        ("CCAS", {}),
        ("CPAM 42", {"counted": 3}),
        ("CPAM 42", {"over": 0, "counted": 0}),
        ("CPAM 42", {"until": today() - timedelta(days=1)}),
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting(organisation=organisation(body).id),
        ):
            EvidenceCount.objects.create(**{**given, **wrong})
    for named in (
        {"source": "hand", "fact": "y"},
        {"source": "guess", "fact": "y"},
        {"source": "support", "fact": ""},
    ):
        with (
            pytest.raises(DatabaseError),
            transaction.atomic(),
            acting(organisation=organisation("CPAM 42").id),
        ):
            CommitmentEvidence.objects.create(
                convention_id=committed.id, commitment_key="contacter", day=today(), note="Essai", recorded_at=now(),
                recorded_by=organisation("CPAM 42").id, recorded_for=organisation("CPAM 42"), **named,
            )  # fmt: skip
