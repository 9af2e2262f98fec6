"""A new key of the index, or a new key pair: who objected is known all the same, and what was kept of her is read by nobody else."""

from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from maillage.beneficiaries.models import Objection
from maillage.beneficiaries.stopping import came_all_the_same, must_not_object
from maillage.cli import renewal
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.protection.requests.deciding import decide
from maillage.vault.renewing import Done
from tests.beneficiaries.jobs import as_worker, index_as_worker
from tests.cli.kept_world import pairs_of
from tests.cli.kept_world import raw as as_owner
from tests.conventions.people import raw
from tests.protection.requests.files import CPAM_DPO, attached, file_of, received
from tests.referrals.world import (
    CANARIES,
    PERSON,
    Signed,
    member,
    organisation,
    send_referral,
    sign_convention,
)

pytestmark = pytest.mark.security


@pytest.fixture
def signed(fresh_database: object) -> Signed:
    return sign_convention()


@pytest.fixture
def objection(signed: Signed) -> UUID:
    case = send_referral(signed)
    index_as_worker()
    request = attached(received(by=CPAM_DPO, rights=("objection",)), case, by=CPAM_DPO)
    with member(CPAM_DPO) as officer:
        decide(file=file_of(request, officer), right="objection", outcome="granted", by=officer, at=now())
    return request


def wanted() -> renewal.Wanted:
    return renewal.Wanted(siret=organisation("CPAM 42").siret)


def is_stopped() -> bool:
    """Whether the caisse would refuse to send her along that flow."""
    with member(CPAM_DPO) as officer:
        try:
            must_not_object(person=PERSON, counterpart=organisation("CCAS").id, service="misas", by=officer)
        except Refused:
            return True
    return False


def digests() -> list[bytes]:
    (row,) = as_owner("SELECT digests FROM beneficiaries_objection")
    return [bytes(one) for one in row[0]]


def test_she_is_known_under_the_new_key_of_the_index(
    signed: Signed, objection: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    before = digests()
    with as_worker():
        assert renewal.index(wanted()) == 0
    assert not set(digests()) & set(before)
    assert len(digests()) == len(before)
    assert is_stopped()
    case = send_referral(signed)
    index_as_worker()
    with member(CPAM_DPO) as officer:
        assert [one.case_id for one in came_all_the_same(officer, limit=9)] == [case]
    assert "note them again" not in caplog.text


def test_one_that_was_noted_before_it_was_kept_is_told(
    signed: Signed, objection: UUID, caplog: pytest.LogCaptureFixture
) -> None:
    assert as_owner("UPDATE beneficiaries_objection SET sealed = NULL RETURNING id")
    with as_worker():
        assert renewal.index(wanted()) == 0
    assert not is_stopped(), "the control: nothing but what is sealed finds her again"
    assert "note them again" in caplog.text


def test_it_is_sealed_again_under_a_new_pair_and_the_former_one_goes(signed: Signed, objection: UUID) -> None:
    (before,) = as_owner("SELECT sealed FROM beneficiaries_objection")[0]
    with as_worker():
        assert renewal.pairs(wanted()) == 0
    (after,) = as_owner("SELECT sealed FROM beneficiaries_objection")[0]
    used, halves = pairs_of("CPAM 42")
    assert used == halves == [UUID(bytes=after[:16])]
    assert before[:16] != after[:16]
    with as_worker():
        assert renewal.index(wanted()) == 0
    assert is_stopped()


def test_the_private_half_stays_as_long_as_it_is_needed(
    signed: Signed, objection: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renewal, "reseal_objections", lambda *_, **__: Done())
    with as_worker():
        assert renewal.pairs(wanted()) == 1
    assert len(pairs_of("CPAM 42")[1]) == 2


def test_nothing_of_her_is_readable_and_the_worker_changes_nothing_else(
    signed: Signed, objection: UUID
) -> None:
    kept = str(as_owner("SELECT to_jsonb(o) FROM beneficiaries_objection o"))
    assert not any(word in kept for word in CANARIES)
    for change in ("service = 'autre'", "sealed = NULL", "since = now(), digests = digests || digests"):
        with as_worker(), pytest.raises(DatabaseError), transaction.atomic():
            raw("CPAM 42", f"UPDATE beneficiaries_objection SET {change}")  # noqa: S608 - constants
    with member(CPAM_DPO):
        assert Objection.objects.count() == 1
