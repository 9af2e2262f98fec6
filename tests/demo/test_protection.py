"""The demonstration's authorisations and assessments: one of each settled, one of each that somebody must answer, loaded once."""

import pytest

from maillage.core.clock import now, today
from maillage.demo.conventions import PARIS, acting_for, load_conventions
from maillage.demo.protection import load_protection
from maillage.demo.secondments import load_secondments
from maillage.protection.assessments.queries import kinds_of_flow, to_answer, to_review
from maillage.protection.assessments.rules import Status
from maillage.protection.authorisations.queries import transfers, visible_to
from maillage.protection.authorisations.rules import State

pytestmark = pytest.mark.django_db


@pytest.mark.long
def test_one_of_each_is_settled_and_one_of_each_waits() -> None:
    """What is due of one more room, as in test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit."""
    load_conventions()
    load_secondments()
    for _ in range(2):
        load_protection()
    with acting_for("cpam", "dpo@cpam.example.org") as officer:
        found = transfers(visible_to(officer), now())
        assert {one.row.body: one.standing.state for one in found} == {
            "Hébergeur d’Exemple": State.GRANTED,
            "Interprètes d’Exemple": State.ASKED,
        }
        led = {one.regime.key: one for one in kinds_of_flow(officer, now()) if one.valid or one.draft}
        assert set(led) == {"application_locale", "detections"}
        valid = led["application_locale"].valid
        assert valid is not None
        assert valid.review_on is not None
        assert led["application_locale"].status is Status.VALID
        assert to_review(officer, today(PARIS)) == []
    with acting_for("ccas", "admin@ccas.example.org") as ccas:
        [asked] = to_answer(ccas)
        assert "comment un accès se ferme-t-il" in asked.question
