"""The demonstration's seconded agent: a convention in force, an agenda in course, loaded once."""

import pytest

from maillage.conventions import library
from maillage.conventions.drafting.starting import template_of
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.clock import now
from maillage.demo.conventions import acting_for, convention_id
from maillage.demo.secondments import FRAMEWORK, NAME, load_secondments
from maillage.secondments.queries import counts, described, visible_to
from maillage.secondments.states import State

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


@pytest.mark.long
def test_an_agent_receives_at_the_croix_rouge_by_appointment_under_its_framework() -> None:
    """What is due of one more room, as in test_who_signs_in_finds_referrals_to_go_on_with_and_a_mother_to_visit."""
    for _ in range(2):
        load_secondments()
    with acting_for("croix_rouge", "accueil@croix-rouge.example.org") as worker:
        (found,) = described(list(visible_to(worker)), at=now())
        assert (found.row.article, found.agent, len(found.permanences)) == ("9", "Dominique Exemple", 2)
        assert counts(found.row.id) == {State.BOOKED: 3, State.HELD: 1, State.MISSED: 0, State.CANCELLED: 0}
    with acting_for("cnam") as national:  # a national referent, who is told of what applies her framework
        row = conventions_visible_to(national).get(id=convention_id(NAME))
        assert [party.name for party in load(row).base.parties] == [
            "CPAM de la Loire",
            "CARSAT Rhône-Alpes",
            "Croix-Rouge française",
        ]
        assert row.template == template_of(library.load(FRAMEWORK)).id
        assert row.relations.get(kind="implements").target_id == convention_id(FRAMEWORK)
