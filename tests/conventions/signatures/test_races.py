"""Two people at once: one wins, nothing is half done."""

from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.signatures.models import Signature
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from tests.conventions.people import CARSAT, CCAS, CPAM, body, proposed, sign_as
from tests.racing import together


def signatures(convention: UUID) -> list[str]:
    with transaction.atomic(), acting(organisation=body("cpam").id):
        rows = Signature.objects.filter(convention_id=convention).order_by("party_key")
        return list(rows.values_list("party_key", flat=True))


def test_two_people_who_sign_for_one_party_at_once_give_one_signature(fresh_database: object) -> None:
    new = proposed()
    results = together(lambda: sign_as(new, CPAM), lambda: sign_as(new, CPAM))
    assert len([one for one in results if isinstance(one, Refused)]) == 1
    assert signatures(new) == ["cpam"]


def test_a_double_click_signs_once_and_is_refused_to_nobody(fresh_database: object) -> None:
    new, form = proposed(), uuid7()
    results = together(*[lambda: sign_as(new, CPAM, signature_id=form)] * 2)
    assert not [one for one in results if isinstance(one, Refused)]
    assert signatures(new) == ["cpam"]


def test_the_last_two_parties_who_sign_at_once_put_it_in_force(fresh_database: object) -> None:
    new = proposed()
    sign_as(new, CPAM)
    results = together(lambda: sign_as(new, CARSAT), lambda: sign_as(new, CCAS))
    assert not [one for one in results if isinstance(one, Refused)]
    with transaction.atomic(), acting(organisation=body("cpam").id):
        assert Convention.objects.get(pk=new).state == "in_force"
