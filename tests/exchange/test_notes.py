"""The box of a convention: read by its parties, written about nobody, told once a day; what PostgreSQL says of it too."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.solicitations.box import write_note
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.exchange import detector
from maillage.exchange.models import Note
from maillage.exchange.queries import box_of
from maillage.exchange.rules import LONG_NUMBER
from maillage.notifications.models import Message as Outbox
from tests.exchange.test_detector import PASS, STOPPED
from tests.referrals.world import (
    ADVISER,
    READER,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
)

WORDS = "Qui répond au 36 46 le samedi ?"


def noted(signed: Signed, by: str = WORKER, text: str = WORDS, note_id: UUID | None = None) -> bool:
    with member(by) as someone:
        known = load(Convention.objects.get(pk=signed.id))
        return write_note(known=known, note_id=note_id or uuid7(), text=text, by=someone, at=now())


def seen(signed: Signed, by: str) -> list[str]:
    with member(by):
        return [note.text for note in box_of(signed.id).notes]


def test_the_parties_read_what_each_wrote_and_a_stranger_nothing(signed: Signed) -> None:
    noted(signed)
    noted(signed, READER, "Personne.")
    assert seen(signed, WORKER) == seen(signed, ADVISER) == [WORDS, "Personne."]
    assert seen(signed, STRANGER) == []
    with pytest.raises(Convention.DoesNotExist):
        noted(signed, STRANGER)


def test_the_same_form_writes_once(signed: Signed) -> None:
    once = uuid7()
    assert [noted(signed, note_id=once), noted(signed, note_id=once)] == [True, False]
    assert seen(signed, WORKER) == [WORDS]


def test_the_other_parties_are_told_once_a_day_without_a_word_of_it(signed: Signed) -> None:
    noted(signed)
    noted(signed)
    with member(READER):
        (message,) = Outbox.objects.filter(kind="convention_note", recipient_id=organisation("CPAM 42").id)
    assert "36" not in message.path.removeprefix(f"/conventions/{signed.id}")
    assert message.path.endswith("/boite/")
    with member(WORKER):
        assert not Outbox.objects.filter(kind="convention_note").exists()


def test_a_number_or_the_name_of_a_person_that_one_follows_is_refused_at_the_field(signed: Signed) -> None:
    case = send_referral(signed)
    assert noted(
        signed, ADVISER, "Qui suit Mme Quintessence ?"
    )  # she does not follow it: nothing to compare with
    followed_by(case, ADVISER)
    for text, found in (
        ("Qui suit Mme Quintessence ?", "Quintessence"),
        ("284024214700069", "sécurité sociale"),
    ):
        with pytest.raises(Refused, match=found) as error:
            noted(signed, ADVISER, text)
        assert error.value.field == "text"


def test_without_its_detector_the_action_lets_a_name_through(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    followed_by(send_referral(signed), ADVISER)
    monkeypatch.setattr(detector, "problem", lambda *_: None)
    assert noted(signed, ADVISER, "Qui suit Mme Quintessence ?")
    with pytest.raises(IntegrityError, match="note_holds_no_long_number"), transaction.atomic():
        noted(signed, ADVISER, "Son numéro : 2 84 02 42 147 000 69")


def test_nothing_is_written_once_the_convention_has_ended_and_all_is_read(signed: Signed) -> None:
    noted(signed)
    signed.end(now() - timedelta(hours=1))
    with pytest.raises(Refused, match="pas en vigueur"):
        noted(signed)
    assert seen(signed, ADVISER) == [WORDS]
    with pytest.raises(DatabaseError, match="in force"), transaction.atomic():
        forged(signed, by=WORKER)


def forged(signed: Signed, *, by: str, body: str = "CCAS", text: str = WORDS) -> None:
    """A note, written without the action."""
    with member(by) as someone:
        Note.objects.create(
            convention_id=signed.id, organisation_id=organisation(body).id, author=someone.user, text=text
        )


def test_nobody_writes_in_the_name_of_another_nor_under_another_s_convention(signed: Signed) -> None:
    for by, body in ((WORKER, "CPAM 42"), (STRANGER, "CCAS de Villexemple"), (STRANGER, "CCAS")):
        with pytest.raises(DatabaseError), transaction.atomic():
            forged(signed, by=by, body=body)
    forged(signed, by=WORKER)


@pytest.mark.parametrize(
    ("text", "constraint", "said"),
    [
        ("", "note_says_something", "Écrivez quelques mots"),
        ("06 00 00 00 17", "note_holds_no_long_number", "retirez ce numéro"),
        ("ondine@example.org", "note_holds_no_address", "retirez cette adresse"),
    ],
)
def test_the_database_refuses_what_names_somebody(
    signed: Signed, text: str, constraint: str, said: str
) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        forged(signed, by=WORKER, text=text)
    with member(WORKER) as worker, pytest.raises(ValidationError, match=said):
        Note(
            convention_id=signed.id, organisation_id=worker.organisation, author=worker.user, text=text
        ).validate_constraints()


def in_the_database(text: str) -> bool:
    """Whether PostgreSQL refuses a text for a long number."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s ~ %s", [text, LONG_NUMBER])
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db
def test_the_database_refuses_long_numbers_and_passes_those_of_services() -> None:
    refused = [text for text, kind in STOPPED if kind in {"nir", "number", "phone"} and in_the_database(text)]
    assert len(refused) > 12
    assert [text for text in PASS if in_the_database(text)] == []


@pytest.mark.django_db
@given(st.text(alphabet="0812345 .-\u00a0\n/x", max_size=30))
def test_the_database_never_refuses_what_the_detector_lets_pass(text: str) -> None:
    if in_the_database(text):
        assert detector.problem(text) is not None


def test_only_a_party_that_signs_writes(signed: Signed) -> None:
    with member(WORKER) as worker:
        known = load(Convention.objects.get(pk=signed.id))
        assert known.mine is not None
        informed = replace(known, mine=None)
        with pytest.raises(PermissionDenied):
            write_note(known=informed, note_id=uuid7(), text=WORDS, by=worker, at=now())
