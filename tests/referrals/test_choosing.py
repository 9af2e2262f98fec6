"""She changes what returns to her sender once it is sent: pages, messages and PostgreSQL follow at once, in both directions."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from maillage.audit.models import Entry
from maillage.beneficiaries.agreement import Choice
from maillage.beneficiaries.models import Consent, ProgressChoice
from maillage.cases.models import Case
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import consenting
from maillage.referrals.queries import file_of, referral_of
from tests.days import today
from tests.referrals.test_consenting import refused
from tests.referrals.test_constraints import case as planted  # noqa: F401 - a fixture
from tests.referrals.test_withheld import kinds, part_of, read_by_the_sender, sent
from tests.referrals.world import ADVISER, READER, STRANGER, WORKER, Signed, member, organisation, work

NARROW, WIDE = (Choice(progress, "oral", today()) for progress in ("received", "all"))


def choose(case: UUID, by: str, choice: Choice) -> bool:
    with member(by) as someone:
        return consenting.choose_progress(
            referral=referral_of(someone, case), choice=choice, by=someone, at=now()
        )


def test_a_narrower_choice_hides_what_followed_and_stops_what_was_about_to_be_told(signed: Signed) -> None:
    case = sent(signed, progress="all")
    work(case, "acknowledge", "accept", "contact")
    with member(WORKER) as worker:
        assert file_of(worker, case).referral.state == "accepted"
    assert {"referral_accepted", "referral_contacted"} <= kinds("CCAS")
    assert choose(case, ADVISER, NARROW)
    assert not choose(case, ADVISER, NARROW)  # a second click, or the other side that heard it too
    assert part_of(case, "CCAS") == ("acknowledged", False)
    assert part_of(case, "CPAM 42") == ("accepted", False)
    assert kinds("CCAS") == {"referral_acknowledged", "referral_choice"}
    assert "referral_choice" in kinds("CPAM 42")
    work(case, "pause", "resume", "close")
    assert set(read_by_the_sender(case).values()) == {0}
    assert part_of(case, "CCAS") == ("acknowledged", True)
    assert kinds("CCAS") == {"referral_acknowledged", "referral_choice"}
    with member(WORKER) as worker:
        file = file_of(worker, case)
        assert (file.referral.state, file.referral.withheld, list(file.history.attempts)) == (
            "acknowledged",
            True,
            [],
        )
        (choice,) = file.history.choices
        assert (choice.former, choice.progress, choice.how, choice.said_to) == (
            "all",
            "received",
            "oral",
            "recipient",
        )
        read = Entry.objects.filter(verb="read", object_ref=str(case), organisation_id=worker.organisation)
        assert read.count() == 2  # what she had read stays in the journal as read


def test_a_wider_choice_opens_what_happened_even_once_it_is_over(signed: Signed) -> None:
    case = sent(signed)
    work(case, "acknowledge", "accept", "contact", "pause", "resume", "close")
    assert choose(case, WORKER, WIDE)  # the sender heard her, and does not read the referral yet
    assert part_of(case, "CCAS") == ("closed", True)
    assert all(read_by_the_sender(case).values())
    with member(WORKER) as worker:
        file = file_of(worker, case)
        assert (file.referral.state, file.referral.withheld) == ("closed", False)
        assert [row.said_to for row in file.history.choices] == ["sender"]
    assert choose(case, ADVISER, NARROW)
    assert set(read_by_the_sender(case).values()) == {0}
    with acting(organisation=organisation("CPAM 42").id):
        assert Consent.objects.get(case_id=case).progress == "received"
        rows = ProgressChoice.objects.filter(case_id=case).order_by("noted_at")
        assert list(rows.values_list("former", "progress")) == [("received", "all"), ("all", "received")]
        assert Message.objects.filter(kind="referral_choice").count() == 2  # one a choice


def test_what_makes_no_sense_is_said_at_its_field_and_nobody_else_notes_it(signed: Signed) -> None:
    case = sent(signed, progress="all")
    for choice, field in (
        (Choice("some", "oral", today()), "progress"),
        (Choice("received", "mandate", today()), "how"),
        (Choice("received", "oral", today() + timedelta(days=1)), "said_on"),
        (Choice("received", "oral", today() - timedelta(days=2)), "said_on"),
    ):
        with pytest.raises(Refused) as found:
            choose(case, ADVISER, choice)
        assert [fault.field for fault in found.value.faults] == [field]
    with pytest.raises(PermissionDenied):
        choose(case, READER, NARROW)
    with member(STRANGER) as stranger:
        assert not ProgressChoice.objects.exists()
        del stranger


def test_what_was_sent_before_answers_were_kept_has_no_choice_to_change(signed: Signed) -> None:
    case = sent(signed, progress="all")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, case)
        referral.case.id = uuid7()  # a case without an answer
        with pytest.raises(TransitionRefused):
            consenting.choose_progress(referral=referral, choice=NARROW, by=adviser, at=now())


ADDED = (
    "INSERT INTO beneficiaries_progresschoice (id, case_id, former, progress, how, said_on, said_to, noted_at, noted_by)"
    " SELECT gen_random_uuid(), c.id, 'all', 'received', 'oral', current_date, '{}', '2020-01-01', c.id FROM cases_case c"
    " WHERE c.id = %s"
)


def test_postgresql_dates_and_sides_a_choice_and_keeps_it(signed: Signed) -> None:
    case = sent(signed, progress="all")
    assert refused(case, "CCAS de Villexemple", ADDED.format("sender"))
    assert not refused(case, "CCAS", ADDED.format("recipient"))
    assert refused(case, "CCAS", ADDED.format("sender"))  # what counts already
    with acting(organisation=organisation("CPAM 42").id):
        row = ProgressChoice.objects.get(case_id=case)
        assert (row.said_to, row.former) == ("sender", "all")
        assert row.noted_at.date() >= today() - timedelta(days=1)
    for change in ("UPDATE beneficiaries_progresschoice SET how = 'written' WHERE case_id = %s",
                   "DELETE FROM beneficiaries_progresschoice WHERE case_id = %s"):  # fmt: skip
        assert refused(case, "CPAM 42", change)


@pytest.mark.parametrize(
    ("constraint", "changes"),
    [
        ("choice_another_one", {"former": "received"}),
        ("choice_another_one", {"progress": "some"}),
        ("choice_says_how", {"how": "mandate"}),
        ("choice_said_to_a_side", {"said_to": "nobody"}),
    ],
)
def test_a_choice_that_makes_no_sense_is_refused_by_the_database(
    planted: Case,  # noqa: F811 - the fixture
    constraint: str,
    changes: dict[str, str],
) -> None:
    given = {"former": "all", "progress": "received", "how": "oral", "said_to": "sender"} | changes
    row = ProgressChoice(case=planted, said_on=today(), noted_at=now(), noted_by=uuid7(), **given)
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic(using="owner"):
        row.save(using="owner", force_insert=True)
