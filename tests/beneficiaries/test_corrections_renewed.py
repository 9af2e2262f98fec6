"""A new key of the case: what the identity was before it was corrected passes under it, for both sides."""

from datetime import date

import pytest

from maillage.beneficiaries.correcting import former_place, formers_of, part_of
from maillage.cases.queries import keys_of, visible_to
from maillage.core.clock import now
from maillage.core.crypto import DecryptionError, decrypt
from maillage.referrals.renewing import renew_cases
from tests.beneficiaries.correcting import corrected, identity_of
from tests.beneficiaries.jobs import as_worker
from tests.cli.kept_world import raw
from tests.referrals.world import (
    ADVISER,
    PERSON,
    WORKER,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
)

pytestmark = pytest.mark.security


def test_what_it_was_is_read_under_the_new_key_and_no_more_under_the_former_one(
    fresh_database: object,
) -> None:
    case = followed_by(send_referral(sign_convention()), ADVISER)
    row = corrected(case, birth_date=date(1985, 2, 28))
    corrected(case, by=ADVISER, surname="Zéphirin")
    with member(WORKER) as worker:
        former_key = keys_of(visible_to(worker).filter(case_id=case))[case]
    with as_worker():
        done = renew_cases(organisation("CCAS").id, before=now())
    assert (done.changed, done.unreadable) == (1, 0)
    for address in (WORKER, ADVISER):
        with member(address) as someone:
            first, second = formers_of(part_of(case, someone), by=someone, why="après")
        assert first.identity is not None
        assert second.identity is not None
        assert (first.identity.birth_date, second.identity.birth_date) == (
            PERSON.birth_date,
            date(1985, 2, 28),
        )
        assert identity_of(case, address).surname == "Zéphirin"
    (stored,) = raw("SELECT former FROM beneficiaries_correction WHERE id = %s", row.pk)
    with pytest.raises(DecryptionError):
        decrypt(former_key, bytes(stored[0]), at=former_place(row.pk))
    assert corrected(case, given_name="Ondyne").fields == ["given_name"]
