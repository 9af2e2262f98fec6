"""Deleting a draft through its page: a second look first, then it is gone; what others have had is not offered."""

from datetime import timedelta

import pytest
from django.test import Client

from maillage.core.clock import now
from tests.conventions.drafting.test_discarding import alone
from tests.conventions.people import CCAS, CPAM, STRANGER, proposed
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db


def test_a_draft_is_deleted_after_a_second_look(as_: Signs) -> None:
    new = alone()
    caisse, where = as_(CPAM), f"/conventions/{new}/suppression/"
    assert where in plain(caisse.get(f"/conventions/{new}/"))
    assert "pour de bon" in plain(caisse.get(where))
    assert "Brouillon supprimé" in plain(caisse.post(where, follow=True))
    assert caisse.get(f"/conventions/{new}/").status_code == 404


def test_what_others_have_had_is_not_deleted(as_: Signs) -> None:
    new = proposed(at=now() - timedelta(days=3))
    where = f"/conventions/{new}/suppression/"
    assert where not in plain(as_(CPAM).get(f"/conventions/{new}/"))
    assert "ne se supprime plus" in plain(as_(CPAM).post(where, follow=True))
    assert as_(CPAM).get(f"/conventions/{new}/").status_code == 200
    assert as_(CCAS).post(where).status_code == 403
    assert as_(STRANGER).post(where).status_code == 404
    assert Client().post(where).status_code == 302
