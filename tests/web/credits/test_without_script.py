"""Credits imported and corrected in place without script: links and forms alone."""

from uuid import UUID

import pytest

from maillage.core.clock import now
from tests.days import PARIS
from tests.steering.people import CPAM
from tests.without_script import Plain

pytestmark = pytest.mark.django_db
YEAR = now().astimezone(PARIS).year - 1


def test_without_script_a_table_is_tried_put_right_and_written(convention: UUID) -> None:
    caisse = Plain(CPAM).open(f"/conventions/{convention}/").follow("Suivre les fiches actions")
    caisse.follow("Crédits en cours d’année").follow("Ouvrir une enveloppe")
    caisse.fill("name", "Personnes âgées").check("OGD").press("Enregistrer")
    caisse.go("/credits/").follow("Importer des chiffres")
    caisse.fill("lines", f"Enveloppe;Année;Mois;Montant\nPersonnes agees;{YEAR};janvier;douze").press(
        "Vérifier"
    )
    assert "Écrivez un montant" in caisse.text()
    caisse.fill("lines", caisse.value("lines").replace("douze", "1 200,50")).press("Vérifier")
    assert "nouveau : 1" in caisse.text()
    caisse.press("Enregistrer ces lignes")
    assert "1 chiffre écrit" in caisse.text("#messages")
    assert "1 200,50 € fin janvier" in caisse.text()
