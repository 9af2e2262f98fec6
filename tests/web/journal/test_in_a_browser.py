"""The journal and the following of a case in a real Chromium: axe, and the way through."""

import pytest

from maillage.core.clock import now
from maillage.referrals.references import reference
from tests.browsing import Opened, browser, look, opened, site, told, visit
from tests.referrals.world import ADVISER, OFFICER, OTHER_WORKER, send_referral, sign_convention, work

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
ADMINISTRATOR = "admin@cpam.example.org"
MOTIVE = "Remplacement d’une collègue absente"


@pytest.mark.long
def test_axe_finds_nothing_on_the_journal_nor_on_a_case_that_one_does_not_follow(opened: Opened) -> None:
    """The look of what test_without_script_a_colleague_consults_says_why_and_follows goes through, and of the journal."""
    signed = sign_convention()
    case, other = send_referral(signed), send_referral(signed)
    work(other, "acknowledge", "contact")
    adviser = opened(ADVISER, bypass_csp=True)
    for name, address in (
        ("liste", "/orientations/"),
        ("non_suivi", f"/orientations/{case}/"),
        ("suivi", f"/orientations/{other}/"),
        ("consulter", f"/orientations/{case}/consultation/"),
        ("confier", f"/orientations/{other}/suivi/confier/"),
    ):
        visit(adviser, address, f"journal_{name}")
    adviser.goto(f"/orientations/{case}/consultation/")
    adviser.fill("[name=motive]", MOTIVE)
    adviser.click("button:has-text('Consulter le dossier')")
    look(adviser, "consulte")
    watching = opened(ADMINISTRATOR, bypass_csp=True)
    for name, address in (
        ("a_faire", "/"),
        ("journal", "/journal/"),
        ("journal_filtre", "/journal/?lectures=on&action=read"),
        ("journal_vide", "/journal/?action=convention.sign"),
        ("signalements", "/journal/signalements/"),
        ("seuil", "/journal/seuil/"),
    ):
        visit(watching, address, f"journal_{name}")
    watching.goto("/journal/signalements/")
    watching.click("table a")
    look(watching, "signalement")


@pytest.mark.long
def test_a_colleague_consults_says_why_and_follows(opened: Opened) -> None:
    """In Chromium with script, what test_without_script_a_colleague_consults_says_why_and_follows does by links and forms alone."""
    _consults_and_follows(opened, script=True)


@pytest.mark.long
def test_a_colleague_consults_and_follows_in_a_browser_without_script(opened: Opened) -> None:
    """In Chromium, what test_without_script_a_colleague_consults_says_why_and_follows does by links and forms alone."""
    _consults_and_follows(opened, script=False)


def _consults_and_follows(opened: Opened, *, script: bool) -> None:
    case = send_referral(sign_convention())
    colleague = opened(OTHER_WORKER, java_script_enabled=script)
    colleague.goto(f"/orientations/{case}/")
    told(colleague, "Vous ne suivez pas ce dossier", "main")
    assert "QUINTESSENCE" not in colleague.content()
    colleague.click("text=Consulter sans suivre")
    colleague.fill("[name=motive]", "court")
    colleague.click("button:has-text('Consulter le dossier')")
    told(colleague, "10 caractères au moins", "main")
    colleague.fill("[name=motive]", MOTIVE)
    colleague.click("button:has-text('Consulter le dossier')")
    told(colleague, "QUINTESSENCE", "main")
    colleague.click("button:has-text('Suivre ce dossier')")
    told(colleague, "Vous suivez maintenant ce dossier")
    colleague.click("button:has-text('Ne plus suivre')")
    told(colleague, "Vous ne suivez plus ce dossier")


@pytest.mark.long
def test_an_adviser_s_consultation_is_closed_by_the_officer(opened: Opened) -> None:
    """In Chromium, what test_a_consultation_is_shown_with_its_reason_and_closed_with_a_word does by requests."""
    case = send_referral(sign_convention())
    adviser = opened(ADVISER)
    adviser.goto(f"/orientations/{case}/consultation/")
    adviser.fill("[name=motive]", MOTIVE)
    adviser.click("button:has-text('Consulter le dossier')")
    told(adviser, "QUINTESSENCE", "main")
    officer = opened(OFFICER)
    officer.goto("/")
    officer.click("text=Examiner le signalement")
    told(officer, MOTIVE, "main")
    told(officer, reference(case), "main")
    officer.fill("[name=word]", f"Vu le {now():%d/%m/%Y} avec elle.")
    officer.click("button:has-text('Noter la suite donnée')")
    told(officer, "Signalement examiné")
    officer.goto("/journal/")
    told(officer, "A examiné un signalement", "main")
