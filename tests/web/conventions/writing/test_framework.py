"""Under a framework: a local convention begun from the template that it carries; its national referents read, and change nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.steering.committees.actions import Planned, plan
from tests.conventions.people import CARSAT, CNAM, CPAM, CROIX_ROUGE, body, member, ready, seen, sign_as
from tests.days import PARIS
from tests.protection.breaches.files import signed_framework
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
DRAFTED = TODAY - timedelta(days=3)


@pytest.fixture
def framework(db: None) -> UUID:
    """The national framework, signed by its two parties."""
    return signed_framework(DRAFTED, TODAY)


def test_a_local_convention_is_begun_under_its_framework_and_the_informed_only_read(
    as_: Signs, framework: UUID
) -> None:
    partner = as_(CROIX_ROUGE)
    page = partner.get("/conventions/nouvelle/")
    assert "Sous le cadre" in plain(page)
    sent = {"token": hidden(page, "token"), "template": str(framework), "title": "Convention locale d’essai"}
    local = UUID(partner.post("/conventions/nouvelle/", sent)["Location"].split("/")[2])
    base = f"/conventions/{local}/"
    for key in ("cpam", "carsat"):
        chosen = {"organisation": str(body(key).id)}
        assert partner.post(f"{base}redaction/parties/{key}/", chosen).status_code == 302
    ready(local, TODAY, by=CROIX_ROUGE)
    assert "Convention proposée" in plain(partner.post(f"{base}proposition/", follow=True))
    assert as_(CNAM).get(f"{base}signature/").status_code == 404
    for who in (CROIX_ROUGE, CPAM, CARSAT):
        sign_as(local, who, TODAY)

    informed = as_(CNAM)
    assert informed.get(base).status_code == 200
    assert informed.get(f"{base}export/pdf/").status_code == 200
    for page_of_parties in (
        "signature/",
        "faits/",
        "faits/denonciation/",
        "referents/",
        "obligations/",
        "avenants/",
    ):
        assert informed.get(base + page_of_parties).status_code == 403, page_of_parties
    with member(CPAM, TODAY) as caisse:
        said = Planned(uuid7(), "copil_local", TODAY.date())
        meeting = plan(convention=seen(caisse, local), said=said, by=caisse, at=TODAY)
    assert informed.get(f"/comites/{local}/").status_code == 403
    assert informed.get(f"/comites/reunions/{meeting.pk}/").status_code == 404
    assert "Suivre les comités" not in plain(informed.get(base))
    today = TODAY.strftime("%d/%m/%Y")
    for act in ("faits/opposition/", "faits/accord/", "referents/nouveau/"):
        assert (
            informed.post(base + act, {"token": str(uuid7()), "day": today, "confirme": "1"}).status_code
            == 403
        )
    assert "Enregistrer un fait" not in plain(informed.get(base))
