"""What the page of a breach says of the cases that one's own journal names, so that the persons can be informed."""

from datetime import timedelta

import pytest

from maillage.cases.models import Participation
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.protection.breaches.models import BreachReach
from tests.protection.breaches.files import CARSAT_ADMIN, CPAM_DPO
from tests.referrals.world import WORKER, member, send_referral, sign_convention
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_pages import here, reported

pytestmark = pytest.mark.django_db


def test_the_reach_names_its_cases_and_conventions_to_its_own_organisation(as_: Signs) -> None:
    signed = sign_convention()
    case = send_referral(signed)
    row = reported(as_(WORKER), signed.id)
    with member(CPAM_DPO) as by:
        part = Participation.objects.get(case=case, organisation=by.organisation)
        BreachReach(
            id=uuid7(),
            organisation_id=by.organisation,
            breach=row,
            since=now() - timedelta(days=1),
            before=now(),
            cases=[case],
            readers=[by.user],
            conventions=[signed.id],
            recorded_at=now(),
            recorded_by=by.user,
        ).save(force_insert=True)
    page = plain(as_(CPAM_DPO).get(here(row)))
    assert "Dossiers à regarder, pour informer les personnes" in page
    assert part.reference in page
    assert "1 convention" in page
    assert "Montbrison" in page.split("Ce que dit le journal de votre organisme")[1]
    assert part.reference not in plain(as_(CARSAT_ADMIN).get(here(row)))
