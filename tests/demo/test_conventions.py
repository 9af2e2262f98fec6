"""The demonstration's conventions: entered by the real actions, once, and as the texts say."""

from datetime import date

import pytest

from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import content_hash
from maillage.core.clock import now
from maillage.core.row_security import acting
from maillage.demo.cast import PEOPLE
from maillage.demo.conventions import CONCLUDED, REFERENTES, convention_id, load_conventions
from maillage.documents.models import Document
from maillage.organisations.models import Organisation
from tests.conventions.people import member

pytestmark = [pytest.mark.usefixtures("concluded"), pytest.mark.django_db]


def states() -> dict[str, str]:
    """The state of each convention, as the organisations that drafted them see it."""
    found: dict[str, str] = {}
    for body in ("CPAM 42", "Cnam"):
        with acting(organisation=Organisation.objects.get(short_name=body).id):
            found |= {str(row.id): row.state for row in Convention.objects.order_by("id")}
    return found


def test_each_text_is_where_its_life_has_led_it() -> None:
    assert states() == {
        str(convention_id("ccas_montbrison_2024")): "in_force",
        str(convention_id("croix_rouge_cadre_2021")): "in_force",
        str(convention_id("cnsa_2016_2019")): "ended",
        str(convention_id("prado_maternite_2016")): "in_force",
        str(convention_id("hopital_pass_modele")): "draft",
    }


def test_a_second_run_adds_nothing() -> None:
    with member(REFERENTES["cpam"], now()):
        before = (Convention.objects.count(), Document.objects.count())
    load_conventions()
    with member(REFERENTES["cpam"], now()):
        assert (Convention.objects.count(), Document.objects.count()) == before


def test_what_was_signed_is_the_text_of_the_library_on_the_days_that_it_bears() -> None:
    with member(REFERENTES["cpam"], now()):
        known = load(Convention.objects.get(id=convention_id("ccas_montbrison_2024")))
        signatures = known.row.signatures.order_by("party_key")
        assert known.base == library.load("ccas_montbrison_2024")
        assert {row.content_hash for row in signatures} == {content_hash(known.base)}
        assert {row.signed_on for row in signatures} == {date(2024, 11, 14)}
        assert [row.party_key for row in signatures if row.by_delegation] == ["carsat"]
        assert all(row.document_id for row in signatures)
    with member(REFERENTES["cnam"], now()):
        framework = Convention.objects.get(id=convention_id("croix_rouge_cadre_2021"))
        days = set(framework.signatures.values_list("signed_on", flat=True))
        assert days == {date(2021, 9, 27), date(2021, 10, 5)}
        assert framework.starts_on == date(2021, 10, 5)


def test_those_who_act_belong_to_the_cast() -> None:
    assert set(REFERENTES.values()) <= {person.address for person in PEOPLE}
    assert {concluded.drafter for concluded in CONCLUDED} <= set(REFERENTES)
