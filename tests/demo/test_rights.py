"""The demonstration's PASS: a convention in force, files at different moments, one being prepared, loaded once."""

import pytest

from maillage.demo.conventions import acting_for
from maillage.demo.rights import load_rights
from maillage.rights.models import Application
from maillage.rights.preparing import open_preparation, preparations_of
from maillage.rights.queries import visible_to
from maillage.rights.states import State

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


@pytest.mark.long
def test_the_caisse_finds_files_to_register_to_decide_and_that_wait_for_pieces() -> None:
    """What is due of one more room, as in test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit."""
    for _ in range(2):
        load_rights()
    with acting_for("cpam", "conseil@cpam.example.org") as adviser:
        rows = Application.objects.filter(case_id__in=visible_to(adviser).values("case_id"))
        assert sorted(rows.values_list("right", "state")) == [
            ("ame", State.COMPLETE),
            ("ame", State.SENT),
            ("c2s", State.INCOMPLETE),
            ("puma", State.GRANTED),
        ]
        urgent = rows.get(urgent=True)
        assert (urgent.promised_on is not None, urgent.silence) == (True, "rejection")
    with acting_for("hospital", "pass@hopital.example.org") as worker:
        (prepared,) = preparations_of(worker)
        assert open_preparation(worker, prepared.id).there
