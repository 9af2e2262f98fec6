"""The pages of what becomes of data at a term in a real Chromium: axe, at a desk and on a telephone."""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from maillage.backups.manifest import backups_in
from maillage.core.clock import now
from maillage.core.database.settings import DatabaseUrls
from maillage.core.database.testing import TestCluster
from maillage.protection.destruction.planning import plan
from tests.backups.drill import Place, elsewhere, usual_place
from tests.browsing import Opened, browser, opened, site, told, visit
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.destruction.test_destroying import HOSPITAL_ADMIN, destroyed, ended
from tests.protection.requests.files import CPAM_DPO
from tests.rights.world import ADVISER, PASS, send, sign
from tests.web.protection.test_vanished import vanish

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


@pytest.mark.long
def test_axe_finds_nothing_on_the_pages_of_a_destruction(opened: Opened) -> None:
    """In Chromium, the look of what the forms do in
    tests/web/protection/test_destructions.py::test_the_day_is_told_moved_and_after_it_the_certificate_is_countersigned."""
    signed, other = sign(), sign()
    send(signed)
    page = opened(HOSPITAL_ADMIN, bypass_csp=True)
    visit(page, f"/protection/destructions/{other.id}/", "destruction_a_venir")
    ended(signed)
    with worker_process():
        plan(now())
    visit(page, f"/protection/destructions/{signed.id}/", "destruction_prevue")
    visit(page, f"/protection/destructions/{signed.id}/jour/", "destruction_jour")
    visit(page, "/", "destruction_a_faire")
    destroyed()
    visit(page, f"/protection/destructions/{signed.id}/", "destruction_faite")
    page.get_by_role("button", name="Contresigner le certificat").press("Enter")
    told(page, "Certificat contresigné")
    visit(page, "/protection/destructions/", "destructions")
    third = sign()
    ended(third)
    with worker_process():
        plan(now())
    vanish()
    caisse = opened(CPAM_DPO, bypass_csp=True)
    visit(caisse, f"/protection/destructions/{third.id}/", "destruction_partie_absente")
    visit(caisse, f"/protection/destructions/{third.id}/jour/hospital/", "destruction_jour_pour_une_autre")
    expect(caisse.locator("main")).to_contain_text("plus personne ici qui veille aux données")


@pytest.mark.long
def test_a_convention_ends_and_its_partner_opens_nothing_any_more_here_nor_where_a_backup_is_restored(
    opened: Opened, fresh_database: DatabaseUrls, cluster: TestCluster, tmp_path: Path
) -> None:
    """In Chromium and by commands, from the day that is told to the restored site, what
    tests/protection/destruction/test_destroying.py::test_the_partner_reads_nothing_any_more_and_the_caisse_reads_its_own
    does by actions alone."""
    signed, here = sign(), usual_place(fresh_database)
    case = f"/droits/{send(signed)}/"
    assert here.run("backup", str(tmp_path / "backups"))[0] == 0
    (older,) = backups_in(tmp_path / "backups")
    partner, caisse, officer = opened(PASS), opened(ADVISER), opened(HOSPITAL_ADMIN)
    _opens(partner, case, following=False)
    _opens(caisse, case, following=True)
    ended(signed)
    with worker_process():
        plan(now())

    officer.goto("/")
    officer.get_by_role("link", name="Données détruites au terme").first.press("Enter")
    officer.get_by_role("link", name="Fixer le jour").press("Enter")
    officer.fill("[name=due_on]", (today() + timedelta(days=42)).strftime("%d/%m/%Y"))
    officer.fill("[name=reason]", "Accord écrit des parties.")
    officer.get_by_role("button", name="Fixer ce jour").press("Enter")
    told(officer, "Jour de la destruction fixé")
    destroyed(timedelta(days=43))

    _opens_nothing(partner, case)
    _opens(caisse, case, following=False)
    officer.reload()
    with officer.expect_download() as given:
        officer.get_by_role("link", name="Certificat de destruction").click()
    proof = tmp_path / "certificat.pdf"
    given.value.save_as(proof)
    _verified_until_touched(here, proof)

    assert here.run("backup", str(tmp_path / "backups"))[0] == 0  # what knows of the erasures
    with elsewhere(cluster, tmp_path) as there:
        code, _, complained = there.run("restore", str(older))
        assert code == 0, complained
        with there.here():  # the same server answers from there
            _opens_nothing(opened(PASS), case)
            _opens(opened(ADVISER), case, following=True)
        _verified_until_touched(there, proof)


def _opens(page: Page, case: str, *, following: bool) -> None:
    """She reads the name on the page of the case, once she follows it."""
    page.goto(case)
    if following:
        page.get_by_role("button", name="Suivre ce dossier").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("PALISSANDRE Eudoxie")


def _opens_nothing(page: Page, case: str) -> None:
    """Her organisation's list is empty and the address of the case answers as one that nobody has."""
    answer = page.goto(case)
    assert answer is not None
    assert answer.status == 404
    page.goto("/droits/?vue=all")
    assert "PALISSANDRE" not in page.content().upper()


def _verified_until_touched(place: Place, proof: Path) -> None:
    code, said, _ = place.run("erase", "verify", str(proof))
    assert code == 0, said
    assert "Certificat entier et vrai" in said
    touched = bytearray(proof.read_bytes())
    touched[len(touched) // 2] ^= 1
    other = proof.with_name("touche.pdf")
    other.write_bytes(touched)
    code, _, complained = place.run("erase", "verify", str(other))
    assert code == 1
    assert "altéré" in complained
