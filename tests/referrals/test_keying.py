"""Forms filled by hand: in the queue once, by their printed reference alone; gone when their case is sent, or removed with a reason."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, models, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.referrals import actions, drafts, keying
from maillage.referrals.models import PaperForm
from maillage.referrals.rekeying.rules import DROPPED, form_problems, new_reference, read_reference
from tests.conventions.kept import kept
from tests.days import today
from tests.referrals.world import (
    ADVISER,
    STRANGER,
    WORKER,
    Signed,
    complete,
    member,
    sign_convention,
)

__all__ = ["kept"]
pytestmark = pytest.mark.django_db
COLLEAGUE = "referent@ccas.example.org"


@pytest.fixture(scope="module")
def signed_once(kept: Path) -> Signed:
    """The CCAS's convention, for the module."""
    return sign_convention()


def receive(typed: str = "", **said: Any) -> UUID:
    new = said.pop("paper_id", None) or uuid7()
    with member(WORKER) as worker:
        keying.receive(
            paper_id=new,
            typed=typed or new_reference(),
            **{"received_on": today(), **said},
            by=worker,
            at=now(),
        )
    return new


def key_in(paper: UUID, address: str = WORKER) -> UUID:
    with member(address) as someone:
        return keying.key_in(paper=paper, by=someone, at=now())


def waiting(address: str = WORKER) -> list[UUID]:
    with member(address) as someone:
        return [row.id for row in keying.waiting(someone)]


@given(st.text(max_size=30))
def test_nothing_but_a_printed_reference_is_read(typed: str) -> None:
    found = read_reference(typed)
    assert found == "" or len(found) == 9


def test_no_name_nor_number_of_a_person_is_a_reference() -> None:
    for name in ("Quintessence", "2840242147000", "29/02/1984", "06 00 00 00 17"):
        assert read_reference(name) == ""


def test_a_reference_is_read_as_it_is_typed() -> None:
    for _ in range(50):
        printed = new_reference()
        for typed in (printed, printed.lower(), printed.replace("-", ""), f" {printed} "):
            assert read_reference(typed) == printed
    assert set(form_problems("", today() + timedelta(days=1), on=today())) == {"reference", "received_on"}
    assert set(form_problems("K7QM-3XTD", today() - timedelta(days=400), on=today())) == {"received_on"}


def test_a_form_waits_until_its_case_is_sent(signed_once: Signed) -> None:
    paper = receive()
    assert waiting() == waiting(COLLEAGUE) == [paper]
    draft = key_in(paper)
    assert key_in(paper) == draft
    assert waiting() == [paper]
    with pytest.raises(Refused, match="collègue"):
        key_in(paper, COLLEAGUE)
    with member(WORKER) as worker:
        content = complete(signed_once.authorisation().id)
        drafts.keep(draft=draft, content=content, by=worker, at=now())
        case = actions.send(draft=draft, by=worker, at=now())
    assert case == draft
    assert waiting() == []
    with pytest.raises(TransitionRefused):
        key_in(paper)
    with pytest.raises(DatabaseError, match="keyed in once"), member(WORKER), transaction.atomic():
        PaperForm.objects.filter(id=paper).update(draft=uuid7())


def test_a_sheet_is_entered_once_whatever_came_of_it(signed_once: Signed) -> None:
    paper, printed = uuid7(), new_reference()
    assert receive(printed, paper_id=paper) == receive(printed, paper_id=paper) == paper  # a second click
    with pytest.raises(Refused, match="déjà notée"):
        receive(printed)
    with member(WORKER) as worker:
        with pytest.raises(Refused):
            keying.drop(paper=paper, why="lost", by=worker, at=now())
        keying.drop(paper=paper, why="illegible", by=worker, at=now())
        with pytest.raises(TransitionRefused):
            keying.drop(paper=paper, why="illegible", by=worker, at=now())
    assert waiting() == []
    with pytest.raises(Refused, match="déjà notée"):
        receive(printed)


def test_a_draft_thrown_away_leaves_its_form_in_the_queue(signed_once: Signed) -> None:
    paper = receive()
    with member(WORKER) as worker:
        drafts.discard(draft=key_in(paper), by=worker)
    assert waiting() == [paper]
    key_in(paper, COLLEAGUE)  # another may take it


@pytest.mark.security
def test_each_organisation_sees_its_own_forms_and_only_its_senders_act(signed_once: Signed) -> None:
    paper = receive()
    assert waiting(STRANGER) == []
    with member(STRANGER) as stranger, pytest.raises(PaperForm.DoesNotExist):
        keying.key_in(paper=paper, by=stranger, at=now())
    with member(ADVISER) as adviser:
        for act in (
            lambda: keying.receive(
                paper_id=uuid7(), typed="K7QM-3XTD", received_on=today(), by=adviser, at=now()
            ),
            lambda: keying.key_in(paper=paper, by=adviser, at=now()),
            lambda: keying.drop(paper=paper, why="refused", by=adviser, at=now()),
        ):
            with pytest.raises(PermissionDenied):
                act()


@pytest.mark.security
def test_no_column_of_a_form_could_hold_anything_about_a_person() -> None:
    texts = {
        field.name: field.max_length
        for field in PaperForm._meta.get_fields()
        if isinstance(field, models.CharField)
    }
    assert texts == {"reference": 9, "dropped": 12}  # a printed reference, a code: each has its constraint


ADD = (
    "INSERT INTO referrals_paperform (id, organisation_id, reference, received_on, noted_at, noted_by, draft, dropped)"
    " VALUES (gen_random_uuid(), nullif(current_setting('maillage.organisation'), '')::uuid, {values})"
)


@pytest.mark.security
@pytest.mark.parametrize(
    ("values", "words"),
    [
        ("'Ondine Q.', now(), now(), gen_random_uuid(), NULL, ''", "paperform_reference_is_one"),
        ("'284024214', now(), now(), gen_random_uuid(), NULL, ''", "paperform_reference_is_one"),
        ("'29/02/198', now(), now(), gen_random_uuid(), NULL, ''", "paperform_reference_is_one"),
        ("'K7QM-3XTD', now(), now(), gen_random_uuid(), gen_random_uuid(), ''", "begins in the queue"),
        ("'K7QM-3XTD', now(), now(), gen_random_uuid(), NULL, 'duplicate'", "begins in the queue"),
    ],
)
def test_postgresql_takes_a_printed_reference_and_nothing_else(
    signed_once: Signed, values: str, words: str
) -> None:
    with (
        pytest.raises(DatabaseError, match=words),
        member(WORKER),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(ADD.format(values=values))


@pytest.mark.security
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("reference = 'K7QM-3XTE'", "keyed in once"),
        ("received_on = received_on - 1", "keyed in once"),
        ("dropped = 'Ondine'", "paperform_dropped_by_someone"),
    ],
)
def test_postgresql_changes_a_form_only_by_what_becomes_of_it(
    signed_once: Signed, change: str, words: str
) -> None:
    paper = receive()
    with (
        pytest.raises(DatabaseError, match=words),
        member(WORKER),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE referrals_paperform SET {change} WHERE id = %s", [paper])  # noqa: S608 - the test's own words


def test_each_reason_has_its_words() -> None:
    assert all(words.strip() for words in DROPPED.values())
