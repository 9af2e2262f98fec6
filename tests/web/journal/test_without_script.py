"""A case consulted and followed without script: links and forms alone."""

import pytest

from tests.referrals.world import OTHER_WORKER, send_referral, sign_convention
from tests.without_script import Plain

MOTIVE = "Remplacement d’une collègue absente"


@pytest.mark.django_db
def test_without_script_a_colleague_consults_says_why_and_follows() -> None:
    case = send_referral(sign_convention())
    colleague = Plain(OTHER_WORKER).open(f"/orientations/{case}/")
    assert "Vous ne suivez pas ce dossier" in colleague.text()
    assert "QUINTESSENCE" not in colleague.text("html")
    colleague.follow("Consulter sans suivre").fill("motive", "court").press("Consulter le dossier")
    assert "10 caractères au moins" in colleague.text()
    assert "QUINTESSENCE" in colleague.fill("motive", MOTIVE).press("Consulter le dossier").text()
    assert "Vous suivez maintenant ce dossier" in colleague.press("Suivre ce dossier").text("#messages")
    assert "Vous ne suivez plus ce dossier" in colleague.press("Ne plus suivre").text("#messages")
