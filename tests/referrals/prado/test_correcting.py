"""What was noted of an enrolment by error is corrected by whoever may note it; what it said before stays, whatever the code forgets."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.referrals import enrolling, enrolments
from maillage.referrals.desk import cases_on_desk
from maillage.referrals.enrolling import Corrected
from maillage.referrals.models import Advice, Enrolment, EnrolmentCorrection
from maillage.referrals.prado.rules import Step
from maillage.vault.actions import vault
from maillage.web.referrals.enrolment_words import correction_events
from maillage.web.referrals.tasks import due
from tests.conventions.kept import kept
from tests.days import today
from tests.referrals.prado.world import FAMILY, enrol, sign_prado, step
from tests.referrals.test_database_guards import refused, taken
from tests.referrals.world import ADVISER, READER, member, organisation

__all__ = ["kept"]
pytestmark = pytest.mark.django_db
BEFORE = today() - timedelta(days=1)


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S0's text, signed by the caisse and the other branch."""
    return sign_prado()


def correct(enrolment: UUID, corrected: Corrected) -> bool:
    with member(ADVISER) as adviser:
        return enrolling.correct(enrolment=enrolment, corrected=corrected, by=adviser, at=now())


def row(enrolment: UUID) -> Enrolment:
    with member(ADVISER):
        return Enrolment.objects.get(id=enrolment)


def enrolled(convention: UUID) -> UUID:
    new = enrol(convention)
    for verb in ("visit", "present", "answer", "choose_midwife"):
        step(verb, new)
    return new


def test_an_answer_is_corrected_and_taken_back_and_each_one_before_is_kept(convention: UUID) -> None:
    new = enrolled(convention)
    assert not correct(new, Corrected(today(), "accepted", today()))  # noted so already
    assert correct(new, Corrected(today(), "no_need", today()))
    assert (row(new).answer, row(new).reason, row(new).has_midwife) == ("refused", "no_need", False)
    assert correct(new, Corrected(today()))  # she has not answered yet
    assert enrolments.standing(row(new)) is Step.ANSWER
    assert correct(new, Corrected(None))  # and the offer was another mother's
    assert enrolments.standing(row(new)) is Step.PRESENT
    step("visit", new, visited_on=BEFORE)  # what comes before is open again
    step("present", new, home_help=False)
    with member(ADVISER) as adviser:
        found = enrolments.read(adviser, new)
        kept_rows = enrolments.corrections_of(found.row)
        assert found.mother is not None
        assert found.mother.midwife == ""
        assert [one.corrected_by for one in kept_rows] == [adviser.user] * 3
    said = [(one.presented_on, one.answer, one.reason, one.answered_on) for one in kept_rows]
    assert said == [
        (today(), "", "", None),
        (today(), "refused", "no_need", today()),
        (today(), "accepted", "", today()),
    ]
    with member(FAMILY):
        assert not EnrolmentCorrection.objects.exists()


def test_home_help_is_corrected_with_its_history_and_counted_once(convention: UUID) -> None:
    new = enrol(convention)
    step("visit", new)
    step("present", new, home_help=False)
    with member(ADVISER):
        counted = Advice.objects.count()
    for home_help, changed in ((True, True), (True, False), (False, True), (True, True)):
        assert correct(new, Corrected(today(), home_help=home_help)) is changed
    with member(ADVISER) as adviser:
        found = enrolments.read(adviser, new)
        assert found.mother is not None
        assert found.mother.home_help
        assert Advice.objects.count() == counted + 1
        events = correction_events(enrolments.corrections_of(found.row), found.mother, adviser)
    noted = ["aide à domicile proposée" in one.detail for one in events]
    assert noted == [False, True, False]
    assert all("aide à domicile non proposée" in one.detail for one in events[::2])
    correct(new, Corrected(None, home_help=True))  # not presented: not proposed either
    with member(ADVISER) as adviser:
        assert enrolments.read(adviser, new).mother.home_help is False  # type: ignore[union-attr]  # opened above


def test_a_correction_that_makes_no_sense_is_said_at_its_field(convention: UUID) -> None:
    new = enrol(convention)
    with pytest.raises(TransitionRefused):
        correct(new, Corrected(today()))  # nothing is noted
    step("visit", new)
    step("present", new)
    for corrected, fields in (
        (Corrected(None, "accepted", today()), ["presented_on"]),
        (Corrected(today(), "perhaps", today()), ["given"]),
        (Corrected(today(), "accepted"), ["answered_on"]),
        (Corrected(BEFORE, "accepted", BEFORE), ["presented_on"]),  # before the visit
        (Corrected(today(), "accepted", BEFORE), ["answered_on"]),
        (Corrected(today() + timedelta(days=1)), ["presented_on"]),
    ):
        with pytest.raises(Refused) as refusal:
            correct(new, corrected)
        assert [one.field for one in refusal.value.faults] == fields
    with member(READER) as reader, pytest.raises(PermissionDenied):
        enrolling.correct(enrolment=new, corrected=Corrected(today()), by=reader, at=now())


ADD = (
    "INSERT INTO referrals_enrolmentcorrection (id, organisation_id, enrolment_id, presented_on, answer, reason, corrected_at,"
    " corrected_by) SELECT gen_random_uuid(), e.organisation_id, e.id, '1990-01-01', 'refused', 'other', '1990-01-01', e.id"
    " FROM referrals_enrolment e WHERE e.id = %s"
)


@pytest.mark.security
def test_postgresql_writes_what_was_noted_and_keeps_it(convention: UUID) -> None:
    new = enrol(convention)
    assert "nothing was noted" in refused(ADVISER, ADD, new)
    for verb in ("visit", "present", "answer"):
        step(verb, new)
    assert taken(FAMILY, ADD, new) == 0
    assert taken(ADVISER, ADD, new) == 1
    with member(ADVISER) as adviser:
        found = EnrolmentCorrection.objects.get(enrolment_id=new)
        assert (found.presented_on, found.answer, found.corrected_by) == (today(), "accepted", adviser.user)
        assert found.corrected_at.year > 1990
    for change in ("UPDATE referrals_enrolmentcorrection SET answer = '' WHERE enrolment_id = %s",
                   "DELETE FROM referrals_enrolmentcorrection WHERE enrolment_id = %s"):  # fmt: skip
        assert "permission denied" in refused(ADVISER, change, new)


def test_what_waits_is_in_a_faire_until_nothing_does_or_its_key_is_gone(convention: UUID) -> None:
    def waits() -> list[str]:
        with member(ADVISER) as adviser:
            tasks = [task for task in due(adviser, today()) if task.kind == "referral_enrolment"]
            assert {new} == cases_on_desk(adviser, on=today()) if tasks else True
            assert not [task for task in tasks if "QUINTESSENCE" in task.title.upper()]
            return [task.title.removeprefix("PRADO : ").partition(",")[0] for task in tasks]

    new = enrol(convention)
    said = waits()
    for verb in ("visit", "present", "answer", "choose_midwife"):
        step(verb, new)
        said += waits()
    assert said == [
        "Visiter une assurée",
        "Présenter l’offre à une assurée",
        "Noter la réponse d’une assurée",
        "Noter la sage-femme d’une assurée",
    ]
    with member(READER) as reader:
        assert not [task for task in due(reader, today()) if task.kind == "referral_enrolment"]
    new = enrol(convention)
    assert waits() == ["Visiter une assurée"]
    vault().store.destroy(organisation("CPAM 42").id, convention)
    assert waits() == []
