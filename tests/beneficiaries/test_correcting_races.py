"""Two who correct at the same instant, and the job that indexes meanwhile: one effect, nothing forgotten."""

from dataclasses import replace
from uuid import UUID

import pytest
from django.db import DatabaseError, connections, transaction

from maillage.beneficiaries.correcting import WENT_FIRST, Standing, correct, part_of, standing_of
from maillage.beneficiaries.queries import cases_of_person
from maillage.core.clock import now
from maillage.organisations.member import Member
from tests.beneficiaries.correcting import identity_of
from tests.beneficiaries.jobs import index_as_worker
from tests.cli.kept_world import raw
from tests.racing import Racer, race, racer, told
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    followed_by,
    member,
    send_referral,
    sign_convention,
)

pytestmark = pytest.mark.security


def correcting(case: UUID, address: str, surname: str) -> Racer:
    def look(by: Member) -> Standing:
        return standing_of(part_of(case, by), by=by, why="pour corriger")

    def act(by: Member, known: Standing) -> None:
        right = replace(known.identity, surname=surname)
        correct(part=part_of(case, by), corrected=right, seen=known.seen, by=by, at=now())

    return racer(address, act, look=look, held=0.3)


def test_of_two_at_the_same_instant_one_corrects_and_the_other_is_told(fresh_database: object) -> None:
    case = followed_by(send_referral(sign_convention()), ADVISER)
    said = told(race(correcting(case, WORKER, "Zéphirin"), correcting(case, ADVISER, "Amarante")))
    assert sorted(said) == sorted([WENT_FIRST, "done"])
    assert len(raw("SELECT 1 FROM beneficiaries_correction")) == 1
    assert identity_of(case).surname in ("Zéphirin", "Amarante")


def taken_off(case: UUID) -> None:
    """As the job begins."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as job:
        job.execute("SET LOCAL lock_timeout = '100ms'")
        job.execute("DELETE FROM beneficiaries_waiting WHERE case_id = %s", [case])


def test_a_job_that_would_index_what_is_being_corrected_waits_for_it(fresh_database: object) -> None:
    """Else it would read what was wrong, and take the case off its list with it."""
    case = send_referral(sign_convention())
    with member(WORKER) as worker:
        known = standing_of(part_of(case, worker), by=worker, why="pour corriger")
        right = replace(known.identity, surname="Zéphirin")
        correct(part=part_of(case, worker), corrected=right, seen=known.seen, by=worker, at=now())
        with pytest.raises(DatabaseError, match="lock timeout"):
            taken_off(case)
    index_as_worker()
    with member(ADVISER) as adviser:
        assert cases_of_person(by=adviser, surname="Zéphirin") == [case]
        assert cases_of_person(by=adviser, surname=PERSON.surname) == []
