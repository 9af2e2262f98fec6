"""A party that has nobody on the platform is told by other means, and it is noted."""

from datetime import timedelta

import pytest
from django.db import connections

from maillage.core.refusals import Refused
from maillage.protection.breaches.following import tell_otherwise
from maillage.protection.breaches.models import BreachNotice
from maillage.protection.breaches.queries import parties_of
from tests.conventions.people import member, signed
from tests.protection.breaches.files import AT, CARSAT_ADMIN, CCAS_ADMIN, NOTICED, reported


def test_who_has_nobody_here_is_told_otherwise_and_it_is_noted(fresh_database: object) -> None:
    convention = signed()
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE organisations_user SET is_active = false WHERE email = %s", [CARSAT_ADMIN])
    breach = reported(convention)
    with member(CCAS_ADMIN, AT) as by:
        notice = BreachNotice.objects.get(breach=breach, addressee__short_name="CARSAT RA")
        assert (notice.told_at, notice.means) == (None, "")
        assert {one.name: one.here for one in parties_of(breach.pk)}["CARSAT Rhône-Alpes"] is False
        with pytest.raises(Refused) as refused:
            tell_otherwise(
                notice=notice.pk, means="pigeon", told_at=NOTICED - timedelta(days=1), by=by, at=AT
            )
        assert {fault.field for fault in refused.value.faults} == {"means", "happened_on"}
        told = tell_otherwise(notice=notice.pk, means="phone", told_at=AT, by=by, at=AT)
        assert (told.means, told.told_at) == ("phone", AT)
        with pytest.raises(Refused, match="déjà"):
            tell_otherwise(notice=notice.pk, means="post", told_at=AT, by=by, at=AT)
