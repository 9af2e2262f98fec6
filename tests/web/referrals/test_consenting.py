"""Her agreement on screen: what is handed to her, what she answered, and the click by which either side obeys her."""

from maillage.beneficiaries.agreement import Agreement
from tests.referrals.world import ADVISER, WORKER, Signed, followed_by, send_referral, work, write_draft
from tests.web.referrals.conftest import Signs, plain


def test_the_information_step_gives_the_sheets_and_the_caisse_obeys_at_once(
    signed: Signed, as_: Signs
) -> None:
    worker, caisse = as_(WORKER), as_(ADVISER)
    step = plain(worker.get(f"/orientations/brouillons/{write_draft(signed)}/information/"))
    for sheet in ("information", "facile"):
        assert f"/orientation_misas/{sheet}/" in step
    assert "La convention ne l’exige pas" in step
    agreed = Agreement("agreed", "all", "mandate", "MANDAT-2026-0042")
    case = followed_by(send_referral(signed, agreement=agreed), ADVISER)
    work(case, "acknowledge", "accept")
    address = f"/orientations/{case}/"
    page = plain(caisse.get(address))
    assert "MANDAT-2026-0042" in page
    assert "La personne retire son accord" in page
    done = caisse.post(f"{address}accord/retrait/", follow=True)
    assert "Retrait noté" in plain(done)
    again = caisse.post(f"{address}accord/retrait/", follow=True)
    assert "votre premier clic a suffi" in plain(again)
    read = plain(worker.get(address))
    assert "La personne a retiré son accord" in read
    assert "Elle l’a dit à la caisse" in read
    assert "Arrêter à sa demande" not in read
