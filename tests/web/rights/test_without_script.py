"""An application worked by both sides without script: links and forms alone."""

import pytest

from tests.rights.world import ADVISER, PASS, Signed, send
from tests.without_script import Plain


@pytest.mark.django_db
def test_without_script_a_piece_is_asked_sent_and_the_caisse_decides(signed: Signed) -> None:
    send(signed, urgent=True, proof="certificat_medical")
    caisse = Plain(ADVISER).open("/").follow("Enregistrer un dossier").press("Suivre ce dossier")
    assert caisse.text("h1") == "PALISSANDRE Eudoxie"
    caisse.check("Non, ou pas encore vérifié").press("Enregistrer la réception")
    caisse.check("Une pièce d’identité de chaque personne").fill("granted_days", "15")
    caisse.press("Demander ces pièces")
    assert "Pièces demandées" in caisse.text("#messages")
    partner = (
        Plain(PASS)
        .open("/")
        .follow("Envoyer")
        .check("Tout est envoyé par un autre moyen")
        .press("Dire que tout est envoyé")
    )
    assert "tout ce qui était demandé est là" in partner.text("#messages")
    caisse.open(partner.url).press("Noter qu’il est complet").press("Ouvrir le droit")
    assert "Il reste à prévenir la personne" in caisse.text("#messages")
    caisse.check("Par courrier").press("Noter qu’elle est prévenue")
    assert "Par courrier" in caisse.text()
    assert "Droit ouvert" in partner.open(partner.url).text()
