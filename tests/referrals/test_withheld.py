"""She lets her sender know that her request was received, and nothing of what follows: pages, messages and PostgreSQL agree."""

import re
from collections.abc import Sequence
from dataclasses import replace
from importlib import import_module
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.referrals import consenting, working
from maillage.referrals.content import Situation
from maillage.referrals.models import Referral
from maillage.referrals.queries import file_of, referral_counts, referral_of
from maillage.referrals.routing.situation import Renunciation
from tests.referrals.world import (
    ADVISER,
    AGREEMENT,
    NARRATIVE,
    WORKER,
    Signed,
    answer,
    ask,
    followed_by,
    member,
    organisation,
    send_referral,
    stop,
    work,
)

RECEIVED = replace(AGREEMENT, progress="received")
SITUATION = Situation(("cost",), NARRATIVE, (Renunciation(care="optics", reason="cost"),))
BY_KEY = import_module("maillage.referrals.migrations.0029_told_by_key")
MESSAGE = (
    "INSERT INTO notifications_message (id, once, recipient_id, kind, reference, path, attempts)"
    " VALUES (gen_random_uuid(), %s, %s, 'referral_accepted', 'X', %s, 0)"
)
HIDDEN = {
    "referrals_referral": "accepted_at IS NOT NULL OR contacted_on IS NOT NULL OR care_outcome <> ''",
    "referrals_contactattempt": "true",
    "referrals_pause": "true",
    "referrals_rightfollowed": "true",
    "referrals_renunciation": "outcome <> ''",
}
"""What the sender must not read of a case that was worked to its end."""


def sent(signed: Signed, *, progress: str = "received") -> UUID:
    agreed = replace(AGREEMENT, progress=progress)
    return followed_by(send_referral(signed, agreement=agreed, situation=SITUATION), ADVISER)


def read_by_the_sender(case: UUID) -> dict[str, int]:
    """How many rows PostgreSQL gives to the sender's context, past the code."""
    with acting(organisation=organisation("CCAS").id), connection.cursor() as cursor:
        found = {}
        for table, predicate in HIDDEN.items():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE case_id = %s AND ({predicate})", [case])  # noqa: S608 - ours
            found[table] = cursor.fetchone()[0]
    return found


def part_of(case: UUID, body: str) -> tuple[str, bool]:
    with acting(organisation=organisation(body).id):
        row = Participation.objects.get(case_id=case, organisation=organisation(body).id)
        return row.state, row.closed_at is not None


def kinds(body: str) -> set[str]:
    with acting(organisation=organisation(body).id):
        return set(Message.objects.filter(recipient_id=organisation(body).id).values_list("kind", flat=True))


STEPS = ("acknowledge", "accept", "contact", "pause", "resume", "close")


def test_of_all_that_is_done_the_sender_learns_that_it_was_received_then_that_it_is_over(
    signed: Signed,
) -> None:
    case = sent(signed)
    work(case, *STEPS[:-1])
    assert part_of(case, "CPAM 42") == ("accepted", False)
    assert part_of(case, "CCAS") == ("acknowledged", False)
    question = ask(case)
    answer(case, question)  # what it is asked, it answers
    work(case, "close")
    assert part_of(case, "CPAM 42") == ("closed", True)
    assert part_of(case, "CCAS") == ("acknowledged", True)
    assert set(read_by_the_sender(case).values()) == {0}
    assert kinds("CCAS") == {"referral_acknowledged", "referral_question"}
    with member(WORKER) as worker:
        file = file_of(worker, case)
        counts = referral_counts(signed.id, worker)
    referral, history = file.referral, file.history
    assert (referral.state, referral.accepted_at, referral.contacted_on, referral.care_outcome) == (
        "acknowledged", None, None, "",
    )  # fmt: skip
    assert (list(history.attempts), list(history.pauses), list(history.rights)) == ([], [], [])
    assert [(row.care, row.outcome, row.settled_by) for row in history.renunciations] == [
        ("optics", "", None)
    ]
    assert file.narrative == NARRATIVE  # its own words stay its own
    assert (counts.sent, counts.contacted, counts.closed) == (1, 0, 0)


def test_the_detector_finds_them_all_where_she_lets_everything_return(signed: Signed) -> None:
    case = sent(signed, progress="all")
    work(case, *STEPS)
    assert all(read_by_the_sender(case).values())
    assert part_of(case, "CCAS") == ("closed", True)
    assert {"referral_accepted", "referral_contacted", "referral_closed"} <= kinds("CCAS")


def test_the_sender_still_stops_what_it_does_not_see(signed: Signed) -> None:
    case = sent(signed)
    work(case, "acknowledge", "accept", "contact")
    with member(WORKER) as worker, pytest.raises(TransitionRefused):  # too late, and not a word more
        working.cancel(referral=referral_of(worker, case), reason="duplicate", by=worker, at=now())
    stop(case, "withdraw", "moved")
    assert part_of(case, "CCAS") == part_of(case, "CPAM 42") == ("withdrawn", True)
    with pytest.raises(TransitionRefused):
        stop(case, "withdraw", "moved")


def test_the_sender_hears_her_take_back_her_agreement_of_what_it_does_not_see(signed: Signed) -> None:
    case = sent(signed)
    work(case, "acknowledge", "accept")
    with member(WORKER) as worker:
        consenting.revoke(referral=referral_of(worker, case), by=worker, at=now())
    with acting(organisation=organisation("CPAM 42").id):
        assert Referral.objects.get(case_id=case).end_reason == "consent_withdrawn"
    assert "referral_withdrawn" in kinds("CPAM 42")


def test_once_over_it_neither_stops_nor_answers(signed: Signed) -> None:
    case = sent(signed)
    work(case, "acknowledge")
    question = ask(case)
    work(case, "refuse")
    for act in (lambda: stop(case, "withdraw", "moved"), lambda: answer(case, question)):
        with pytest.raises(TransitionRefused):
            act()


def test_the_outbox_refuses_what_the_code_would_say(signed: Signed) -> None:
    case, other = sent(signed), sent(signed, progress="all")
    for of_case, passes in ((other, True), (case, False)):
        values: Sequence[str | UUID] = [str(of_case), organisation("CCAS").id, f"/orientations/{of_case}/"]
        try:
            with (
                acting(organisation=organisation("CPAM 42").id),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(MESSAGE, values)
        except (IntegrityError, InternalError, ProgrammingError):
            assert not passes
        else:
            assert passes


def reads_an_id_as_text(source: str) -> bool:
    """Whether a function looks for a row by the text of its case's id: no index serves that, and it goes through them all."""
    return re.search(r"\bcase_id::text\s*=", source) is not None


def test_no_function_looks_for_a_case_by_the_text_of_its_id(signed: Signed) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace")
        functions = dict(cursor.fetchall())
    assert "referrals_told_as_agreed" in functions
    assert [name for name, source in functions.items() if reads_an_id_as_text(source)] == []
    assert reads_an_id_as_text(BY_KEY.FORMER), "the detector sees nothing"


def test_each_function_gives_nothing_to_another(signed: Signed) -> None:
    case, other = sent(signed), sent(signed, progress="all")
    for body, of_case in (("CPAM 42", case), ("CCAS de Villexemple", case), ("CCAS", other)):
        with acting(organisation=organisation(body).id), connection.cursor() as cursor:
            for call in ("referral_as_sent(%s, false)", "renunciations_as_sent(%s)"):
                cursor.execute(f"SELECT count(*) FROM {call}", [of_case])  # noqa: S608 - ours
                assert cursor.fetchone() == (0,), (body, call)
            cursor.execute("SELECT withdraw_withheld(%s, 'moved', now())", [of_case])
            assert cursor.fetchone() == (False,), body
