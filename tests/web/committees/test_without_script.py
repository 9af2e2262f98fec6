"""A committee from its planning to its closing without script: links, buttons and forms alone."""

from datetime import timedelta
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.steering.committees.models import Meeting
from tests.conventions.people import CARSAT, CCAS, CPAM, member
from tests.web.committees.conftest import TODAY
from tests.web.committees.test_pages import begun
from tests.without_script import Plain


@pytest.mark.django_db
def test_without_script_a_committee_is_planned_held_and_closed_by_three_parties(s3: UUID) -> None:
    caisse = Plain(CPAM).open(f"/conventions/{s3}/").follow("Suivre les comités")
    caisse.follow("Prévoir une réunion")
    caisse.fill("planned_on", (TODAY + timedelta(days=20)).strftime("%d/%m/%Y")).press("Prévoir la réunion")
    assert "Réunion prévue" in caisse.text("#messages")
    caisse.follow("Convoquer").fill("hour", "14:30").fill("place", "Salle 1").press("Convoquer")
    assert "Convocation envoyée" in caisse.text("#messages")
    row = begun(s3)
    caisse.open(f"/comites/reunions/{row.pk}/").follow("Noter la réunion").press("Enregistrer")
    caisse.follow("Écrire le compte rendu").fill("general", "Bilans partagés").press(
        "Enregistrer le compte rendu"
    )
    for party in (CPAM, CARSAT, CCAS):
        reader = Plain(party).open(f"/comites/reunions/{row.pk}/").press("Valider pour votre organisme")
        assert "validé pour votre organisme" in reader.text("#messages")
    with member(CPAM, now()):
        assert Meeting.objects.get(pk=row.pk).state == "closed"
