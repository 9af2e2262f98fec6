"""The pages of committees in a real Chromium: axe on each, at a desk and on a telephone; minutes written by keyboard."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tests.browsing import Opened, browser, opened, site, told, visit
from tests.conventions.people import CARSAT, CCAS, CPAM, S3, signed
from tests.steering.committees.meetings import decided, held, written
from tests.steering.local_actions.test_actions import analysed, described
from tests.web.committees.conftest import TODAY
from tests.web.committees.test_pages import begun

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def convention() -> UUID:
    return signed(S3, TODAY - timedelta(days=720), TODAY - timedelta(days=710))


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_committee(opened: Opened) -> None:
    """The look of what test_without_script_a_committee_is_planned_held_and_closed_by_three_parties goes through, and of the rest:
    tests/web/committees/test_without_script.py::test_without_script_a_committee_is_planned_held_and_closed_by_three_parties."""
    s3 = convention()
    row = held(s3, {"cpam": "Responsable des partenariats"}, with_pack=True)
    written(row.pk)
    decision = decided(row.pk)
    analysed(described(s3).pk)
    coming = begun(s3)
    meeting, ahead = f"/comites/reunions/{row.pk}/", f"/comites/reunions/{coming.pk}/"
    page = opened(CPAM, bypass_csp=True)
    for name, address in {
        "liste": f"/comites/{s3}/",
        "prevoir": f"/comites/{s3}/reunions/nouvelle/",
        "ecrire": f"/comites/{s3}/mots/nouveau/",
        "actions": f"/comites/{s3}/actions-locales/",
        "decrire": f"/comites/{s3}/actions-locales/nouvelle/",
        "tenue": meeting,
        "compte_rendu": f"{meeting}compte-rendu/",
        "decider": f"{meeting}decisions/",
        "abandonner": f"/comites/decisions/{decision.pk}/abandon/",
        "a_noter": ahead,
        "convoquer": f"{ahead}convocation/",
        "noter": f"{ahead}tenue/",
        "point": f"{ahead}points/",
        "annuler": f"{ahead}annulation/",
        "a_faire": "/",
    }.items():
        visit(page, address, f"comite_{name}")


@pytest.mark.long
def test_a_committee_is_convened_its_pack_opened_and_its_minutes_validated_by_three_parties(
    opened: Opened,
) -> None:
    """In Chromium, by keyboard, what the forms alone do in
    tests/web/committees/test_without_script.py::test_without_script_a_committee_is_planned_held_and_closed_by_three_parties."""
    s3 = convention()
    caisse = opened(CPAM)
    caisse.goto(f"/conventions/{s3}/")
    caisse.get_by_role("link", name="Suivre les comités").press("Enter")
    caisse.get_by_role("link", name="Prévoir une réunion").press("Enter")
    caisse.locator("[name=planned_on]").fill((TODAY + timedelta(days=20)).strftime("%d/%m/%Y"))
    caisse.get_by_role("button", name="Prévoir la réunion").press("Enter")
    told(caisse, "Réunion prévue")
    caisse.get_by_role("link", name="Convoquer").press("Enter")
    caisse.locator("[name=hour]").fill("14:30")
    caisse.locator("[name=place]").fill("Salle 1")
    caisse.get_by_role("button", name="Convoquer").press("Enter")
    told(caisse, "Convocation envoyée")
    row = begun(s3)
    caisse.goto(f"/comites/reunions/{row.pk}/")
    caisse.get_by_role("link", name="Noter la réunion").press("Enter")
    caisse.get_by_role("button", name="Enregistrer").press("Enter")
    told(caisse, "Réunion notée")
    for kind, begins in (("(PDF)", b"%PDF-"), ("(classeur Excel)", b"PK")):
        with caisse.expect_download() as download:
            caisse.get_by_role("link", name=kind).last.press("Enter")
        assert Path(download.value.path()).read_bytes().startswith(begins)
    partner = opened(CCAS)
    partner.goto(f"/comites/reunions/{row.pk}/")
    partner.get_by_role("link", name="Écrire le compte rendu").first.press("Enter")
    partner.locator("[name=general]").press_sequentially("Bilans partagés")
    partner.get_by_role("button", name="Enregistrer le compte rendu").press("Enter")
    told(partner, "Compte rendu enregistré")
    for page in (partner, caisse, opened(CARSAT)):
        page.goto(f"/comites/reunions/{row.pk}/")
        page.get_by_role("button", name="Valider pour votre organisme").press("Enter")
        told(page, "validé pour votre organisme")
    expect(page.locator("main")).to_contain_text("Close, compte rendu validé")
