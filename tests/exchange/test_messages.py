"""Messages of a case: written once, sealed, told once, read by person, closed with the case, kept through a new key."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction

from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.actions import Upload
from maillage.exchange import queries
from maillage.exchange.actions import ENDED, Writing, mark_read, message_place
from maillage.exchange.models import Message, Seen
from maillage.exchange.queries import awaiting
from maillage.notifications.models import Message as Outbox
from maillage.referrals import exchanging
from maillage.referrals.queries import file_of, referral_of
from maillage.referrals.renewing import renew_cases
from tests.conventions.people import worker_process
from tests.referrals.world import (
    ADVISER,
    OTHER_WORKER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    stop,
)

SECRET = "Son mari lit son courrier."


def wrote(
    case: UUID, by: str, text: str = SECRET, message_id: UUID | None = None, file: Upload | None = None
) -> UUID:
    """A message; its id."""
    new = message_id or uuid7()
    with member(by) as someone:
        exchanging.write(
            referral=referral_of(someone, case), writing=Writing(new, text, file), by=someone, at=now()
        )
    return new


def read(case: UUID, by: str, upto: UUID) -> None:
    with member(by) as someone:
        mark_read(case=case, upto=upto, by=someone)


def unread(by: str) -> dict[UUID, int]:
    with member(by) as someone:
        return {one.case.id: one.messages for one in awaiting(someone, limit=50)}


def texts(case: UUID, by: str) -> list[str | None]:
    with member(by) as someone:
        return [said.text for said in file_of(someone, case).thread.said]


def told(to: str) -> int:
    with member(WORKER if to == "CCAS" else ADVISER):
        return Outbox.objects.filter(kind="referral_message", recipient_id=organisation(to).id).count()


@pytest.fixture
def case(signed: Signed) -> UUID:
    return followed_by(send_referral(signed), ADVISER)


def test_both_sides_read_what_each_wrote_the_oldest_first(case: UUID) -> None:
    wrote(case, WORKER, "Un")
    wrote(case, ADVISER, "Deux")
    wrote(case, OTHER_WORKER, "Trois")
    assert texts(case, WORKER) == texts(case, ADVISER) == texts(case, OTHER_WORKER) == ["Un", "Deux", "Trois"]


def test_a_message_is_sealed_and_what_leaves_says_nothing_of_it(case: UUID) -> None:
    new = wrote(case, WORKER)
    assert SECRET.encode() not in _kept(new)
    with member(ADVISER):
        message = Outbox.objects.get(kind="referral_message")
    assert "mari" not in f"{message.once} {message.reference} {message.path}"


def _kept(message: UUID) -> bytes:
    with member(WORKER):
        return bytes(Message.objects.get(id=message).sealed_text)


def test_the_same_form_writes_once(case: UUID) -> None:
    once = uuid7()
    for _ in range(2):
        wrote(case, WORKER, message_id=once)
    assert texts(case, WORKER) == [SECRET]


def test_the_other_side_is_told_once_until_somebody_there_has_read(case: UUID) -> None:
    for _ in range(3):
        last = wrote(case, WORKER)
    assert (told("CPAM 42"), told("CCAS")) == (1, 0)
    read(case, ADVISER, last)
    wrote(case, WORKER)
    wrote(case, WORKER)
    assert told("CPAM 42") == 2


def test_what_awaits_is_counted_by_person_and_only_from_the_other_side(case: UUID) -> None:
    first, second = wrote(case, WORKER), wrote(case, WORKER)
    assert (unread(ADVISER), unread(WORKER)) == ({case: 2}, {})
    read(case, ADVISER, first)
    assert unread(ADVISER) == {case: 1}
    read(case, ADVISER, second)
    read(case, ADVISER, first)  # a mark never goes back
    assert unread(ADVISER) == {}
    followed_by(case, OTHER_WORKER)
    wrote(case, ADVISER)
    assert unread(WORKER) == unread(OTHER_WORKER) == {case: 1}
    wrote(case, WORKER)  # whoever answers has read
    assert (unread(WORKER), unread(OTHER_WORKER)) == ({}, {case: 1})


@pytest.mark.parametrize("text", ["", "  \n", "x" * 4001])
def test_an_empty_or_endless_message_is_refused_at_its_field(case: UUID, text: str) -> None:
    with pytest.raises(Refused) as error:
        wrote(case, WORKER, text)
    assert error.value.field == "text"


def test_nobody_writes_on_a_case_that_has_ended_and_it_stays_readable(case: UUID) -> None:
    wrote(case, WORKER)
    stop(case, "withdraw", "person_refuses")
    for someone in (WORKER, ADVISER):
        with pytest.raises(Refused, match=ENDED) as error:
            wrote(case, someone)
        assert error.value.field == "text"
    assert texts(case, ADVISER) == [SECRET]


def test_a_stranger_and_a_role_without_referrals_write_nothing(case: UUID) -> None:
    with pytest.raises(Participation.DoesNotExist):
        wrote(case, STRANGER)
    with pytest.raises(PermissionDenied):
        wrote(case, READER)


def test_whoever_writes_follows_the_case(case: UUID) -> None:
    wrote(case, OTHER_WORKER)
    wrote(case, ADVISER)
    assert unread(OTHER_WORKER) == {case: 1}


def test_a_page_holds_the_last_messages_and_says_where_the_older_ones_are(
    case: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "SHOWN", 2)
    ids = [wrote(case, WORKER, str(number)) for number in range(5)]
    with member(ADVISER) as adviser:
        last = file_of(adviser, case).thread
        before = file_of(adviser, case, messages_before=last.older).thread
        first = file_of(adviser, case, messages_before=before.older).thread
        unknown = file_of(adviser, case, messages_before=uuid7()).thread
    assert [[said.text for said in thread.said] for thread in (first, before, last)] == [
        ["0"],
        ["1", "2"],
        ["3", "4"],
    ]
    assert (last.older, before.older, first.older) == (ids[3], ids[1], None)
    assert (last.is_whole_end, before.is_whole_end, unknown.said) == (True, False, [])


# PostgreSQL, where the code forgets.
FORGED = {
    "for the other side": {"organisation": "CPAM 42"},
    "for a third": {"organisation": "CARSAT RA"},
}


@pytest.mark.parametrize("whose", FORGED)
def test_nobody_writes_in_the_name_of_another(case: UUID, whose: str) -> None:
    other = organisation(FORGED[whose]["organisation"]).id
    with pytest.raises(DatabaseError), member(WORKER) as worker:
        Message.objects.create(case_id=case, organisation_id=other, author=worker.user, sealed_text=b"x")


def test_the_database_dates_and_signs_what_is_written_and_refuses_it_after_the_end(case: UUID) -> None:
    late = now() + timedelta(days=3)
    with member(WORKER) as worker:
        row = Message.objects.create(
            case_id=case, organisation_id=worker.organisation, author=uuid7(), at=late, sealed_text=b"x"
        )
        row.refresh_from_db()
        assert row.at < late
        assert row.author == worker.user
    stop(case, "withdraw", "person_refuses")
    with pytest.raises(DatabaseError, match="this case has ended"), member(WORKER) as worker:
        Message.objects.create(
            case_id=case, organisation_id=worker.organisation, author=worker.user, sealed_text=b"x"
        )


@pytest.mark.parametrize(
    "statement", ["UPDATE exchange_message SET at = now()", "DELETE FROM exchange_message"]
)
def test_what_was_written_is_neither_changed_nor_removed(case: UUID, statement: str) -> None:
    wrote(case, WORKER)
    with pytest.raises(DatabaseError), member(WORKER), connection.cursor() as cursor:
        cursor.execute(statement)


def marked(case: UUID, by: str, message: UUID) -> None:
    """A mark, written without the action."""
    with transaction.atomic(), member(by) as someone:
        Seen.objects.create(
            organisation_id=someone.organisation, case_id=case, user_id=someone.user, message_id=message
        )


def test_a_mark_names_a_message_of_its_own_case_once_for_a_person(signed: Signed, case: UUID) -> None:
    elsewhere = wrote(send_referral(signed), WORKER)
    here = wrote(case, WORKER)
    marked(case, ADVISER, here)
    with pytest.raises(DatabaseError, match="seen_once"):
        marked(case, ADVISER, here)
    with pytest.raises(DatabaseError, match="seen_in_its_case"):
        marked(case, OTHER_WORKER, elsewhere)
    with pytest.raises(Message.DoesNotExist):
        read(case, ADVISER, elsewhere)


@pytest.mark.usefixtures("fresh_database")
def test_a_new_key_of_the_case_takes_its_messages_along() -> None:
    case = followed_by(send_referral(sign_convention()), ADVISER)
    new = wrote(case, WORKER)
    with member(WORKER):
        former = keys_of(Participation.objects.filter(case_id=case))[case]
    with worker_process():
        done = renew_cases(organisation("CCAS").id, before=now())
    assert (done.changed, done.unreadable) == (1, 0)
    assert texts(case, WORKER) == texts(case, ADVISER) == [SECRET]
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(former, _kept(new), at=message_place(new))
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('maillage_app', 'messages_to_renew(uuid)', 'EXECUTE'),"
            " has_function_privilege('maillage_app', 'encrypt_message_again(uuid, uuid, bytea, bytea)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False, False)
