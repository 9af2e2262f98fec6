"""What the benchmarks measure is made as the tables are today: a column that comes later is seen here, not on the day of measuring."""

import pytest

from benchmarks import seed
from maillage.conventions.lifecycle.models import Convention
from maillage.referrals.models import Referral


@pytest.mark.usefixtures("fresh_database")
def test_the_data_of_the_benchmarks_fits_the_tables() -> None:
    seed.conventions(2)
    seed.referrals(3)
    assert Convention.objects.using("owner").count() == 4
    assert set(Referral.objects.using("owner").values_list("state", "care_outcome", "rights_outcome")) == {
        ("closed", "done", "opened")
    }
