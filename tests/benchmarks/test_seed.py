"""What the benchmarks measure is made as the tables are today: a column that comes later is seen here, not on the day of measuring."""

import pytest

from benchmarks import board, seed
from maillage.conventions.lifecycle.models import Convention
from maillage.referrals.models import Referral
from maillage.rights.models import Application


@pytest.mark.usefixtures("fresh_database")
def test_the_data_of_the_benchmarks_fits_the_tables() -> None:
    seed.conventions(2)
    seed.referrals(3)
    assert Convention.objects.using("owner").count() == 4
    assert set(Referral.objects.using("owner").values_list("state", "care_outcome", "rights_outcome")) == {
        ("closed", "done", "opened")
    }


@pytest.mark.usefixtures("fresh_database")
def test_the_files_of_the_board_s_benchmark_fit_the_tables() -> None:
    board.fill(40)
    assert set(Application.objects.using("owner").values_list("state", "right", "urgent")) == {
        ("complete", "ame", True), ("complete", "c2s", True), ("granted", "c2s", True), ("granted", "puma", True),
        ("granted", "ame", False), ("granted", "c2s", False), ("granted", "puma", False),
    }  # fmt: skip
