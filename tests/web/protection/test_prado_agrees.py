"""PRADO as a caisse's data protection officer reads it: « À faire », the roles page, the record and the assessments say the same."""

from pathlib import Path
from uuid import UUID

import pytest

from tests.conventions.data_roles.world import CARSAT_ADMIN, CPAM_DPO
from tests.conventions.kept import kept
from tests.referrals.prado.world import sign_prado
from tests.web.referrals.conftest import Signs, as_, plain

__all__ = ["as_", "kept"]
pytestmark = pytest.mark.django_db
ASKED = "Compléter les rôles RGPD : Convention nationale de partenariat Cnamts et Cnaf"


@pytest.fixture(scope="module")
def convention(kept: Path) -> UUID:
    """S0's text, signed by the caisse and, in the place of the CAF, by the CARSAT."""
    return sign_prado()


def test_the_caisse_is_asked_for_the_roles_of_the_file_that_it_keeps(convention: UUID, as_: Signs) -> None:
    officer = as_(CPAM_DPO)
    due = plain(officer.get("/"))
    assert ASKED in due
    assert "1 traitement de données sans responsable connu" in due
    roles = plain(officer.get(f"/conventions/{convention}/roles/"))
    for words in (
        "1 traitement sans échange",
        "PRADO maternité (article 2.1)",
        "Responsables de traitement (le texte ne le dit pas, article 5)",
        "Renseigner les rôles",
        "Rien n’est bloqué : la partie qui rend le service garde elle-même ces données.",
    ):
        assert words in roles, words
    record = plain(officer.get("/protection/registre/"))
    assert "Programme PRADO et échanges avec la branche Famille" in record
    assert "Rôle à renseigner" in record
    assert f"/protection/analyses/nouvelle/{convention}/prado/" in plain(officer.get("/protection/analyses/"))
    opened = officer.get(f"/protection/analyses/nouvelle/{convention}/prado/")
    assert opened.status_code == 200


def test_the_other_branch_of_which_nothing_is_kept_has_no_entry_no_assessment_and_nothing_to_do(
    convention: UUID, as_: Signs
) -> None:
    officer = as_(CARSAT_ADMIN)
    assert ASKED not in plain(officer.get("/"))
    assert "Programme PRADO" not in plain(officer.get("/protection/registre/"))
    assert "Programme PRADO" not in plain(officer.get("/protection/analyses/"))
    assert officer.get(f"/protection/analyses/nouvelle/{convention}/prado/").status_code == 404
    assert "PRADO maternité (article 2.1)" in plain(officer.get(f"/conventions/{convention}/roles/"))
