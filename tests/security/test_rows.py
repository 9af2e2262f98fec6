"""What a probe changed of the worlds is seen; what it undid, or never wrote, is not held against it."""

import pytest
from django.db import transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.content import Content, Situation
from maillage.referrals.drafts import begin
from tests.security.conftest import Worlds
from tests.security.rows import Rows
from tests.security.worlds import PERSONAS, member

pytestmark = pytest.mark.security

STRANGER = next(persona for persona in PERSONAS if persona.works_at == "CCAS")


def _write(worlds: Worlds) -> None:
    """A draft more in the world that the stranger does not know."""
    there = worlds[1]
    content = Content(
        authorisation=there.ids["authorisation"], person=there.person, situation=Situation(("cost",), "")
    )
    with member(there.worker) as worker:
        begin(token=uuid7(), content=content, by=worker, at=now())


def test_a_row_written_in_a_strangers_world_is_seen(worlds: Worlds) -> None:
    rows = Rows({"here": worlds[0], "there": worlds[1]})
    before = rows.before(STRANGER)
    assert not rows.changed(before)
    _write(worlds)
    assert rows.changed(before)


def test_a_row_written_and_undone_is_no_change(worlds: Worlds) -> None:
    rows = Rows({"here": worlds[0], "there": worlds[1]})
    before = rows.before(STRANGER)
    with transaction.atomic():
        _write(worlds)
        transaction.set_rollback(True)
    assert not rows.changed(before)
    _write(worlds)
    assert rows.changed(before), "what is undone hides what is written next"
