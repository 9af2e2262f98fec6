"""A case that gets a new key: what was asked and answered about it opens under the new one, and not under the former."""

import pytest
from django.db import connections

from maillage.cases.models import Participation
from maillage.cases.queries import keys_of
from maillage.conventions.solicitations.actions import sealed_place
from maillage.conventions.solicitations.models import Solicitation
from maillage.conventions.solicitations.queries import Words
from maillage.core import crypto
from maillage.core.clock import now
from maillage.referrals.renewing import renew_cases
from tests.conventions.people import worker_process
from tests.conventions.solicitations.test_solicitations import REPLY, SECRET, answered, asked_of, words
from tests.referrals.world import (
    ADVISER,
    WORKER,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
)

pytestmark = pytest.mark.usefixtures("fresh_database")


@pytest.mark.parametrize("replied", [True, False])
def test_a_new_key_of_the_case_takes_its_questions_along(replied: bool) -> None:
    case = followed_by(send_referral(sign_convention()), ADVISER)
    row = asked_of(case)
    if replied:
        answered(row, ADVISER, REPLY)
    with member(WORKER):
        former = keys_of(Participation.objects.filter(case_id=case))[case]
    with worker_process():
        done = renew_cases(organisation("CCAS").id, before=now())
    assert (done.changed, done.unreadable) == (1, 0)
    assert words(row, WORKER) == words(row, ADVISER) == Words(SECRET, REPLY if replied else None)
    kept = Solicitation.objects.using("owner").get(pk=row.pk)
    assert kept.sealed_question is not None
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(former, bytes(kept.sealed_question), at=sealed_place(row.pk, "sealed_question"))


def test_the_web_renews_nothing() -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT has_function_privilege('maillage_app', 'solicitations_to_renew(uuid)', 'EXECUTE'), has_function_privilege("
            "'maillage_app', 'encrypt_solicitation_again(uuid, bytea, bytea, bytea, bytea)', 'EXECUTE')"
        )
        assert cursor.fetchone() == (False, False)
