"""Trainings in a real Chromium: axe on their pages, at both widths; the long way is that of test_without_script."""

import pytest

from maillage.core.clock import now
from tests.browsing import Opened, browser, opened, site, visit
from tests.referrals.world import WORKER, member
from tests.training.test_signing_off import coming
from tests.training.world import MODULE, OFFICER, SOON, add_module, held, planned, register, sign, teach

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
LIST = "/formations/"


def addresses() -> dict[str, tuple[str, str]]:
    """Every page, with who looks at it."""
    taught = teach()
    with member(OFFICER) as officer:
        public = add_module(
            officer, MODULE.__class__("online_services", "Atelier ameli", "Un compte.", ("public",))
        )
    ahead, known = planned(taught, dedicated=False), {}
    for name in ("Ondine Modèle", "Zoé Spécimen", "Basile Fictif"):
        place = register(ahead, name)
        known[name] = place.attendee_id
    done = held(
        taught,
        [("Ondine Modèle", True)],
        known=known,
        newcomers=coming("Lou Venue"),
        module=public,
        publics=4,
    )
    over = planned(taught, at=now() - 2 * SOON)
    last = register(over, attendee=known["Zoé Spécimen"], at=now() - 2 * SOON)
    sign(over, {last.id: True}, at=now())
    sign(over, {last.id: False}, reason="Erreur de ligne.")
    waits = planned(taught, at=now() - 2 * SOON, module=public)
    of = f"{LIST}seances/"
    return {
        "liste_caisse": (OFFICER, LIST),
        "liste_accueil": (WORKER, LIST),
        "modules": (OFFICER, f"{LIST}modules/"),
        "module_nouveau": (OFFICER, f"{LIST}modules/nouveau/"),
        "module": (OFFICER, f"{LIST}modules/{public}/"),
        "prevoir": (OFFICER, f"{of}nouvelle/"),
        "seance_caisse": (OFFICER, f"{of}{ahead}/"),
        "seance_accueil": (WORKER, f"{of}{ahead}/"),
        "changer": (OFFICER, f"{of}{ahead}/modification/"),
        "annuler": (OFFICER, f"{of}{ahead}/annulation/"),
        "inscrire": (WORKER, f"{of}{ahead}/inscription/"),
        "desinscrire": (WORKER, f"{LIST}inscriptions/{place.id}/retrait/"),
        "signer": (OFFICER, f"{of}{waits}/emargement/"),
        "signee": (OFFICER, f"{of}{done}/"),
        "corrigee": (OFFICER, f"{of}{over}/"),
        "corriger": (OFFICER, f"{of}{over}/emargement/"),
        "personnes": (WORKER, f"{LIST}personnes/"),
        "personne": (WORKER, f"{LIST}personnes/{place.attendee_id}/"),
        "convention": (WORKER, f"{LIST}conventions/{taught.convention}/"),
        "a_faire": (OFFICER, "/"),
    }


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_training(opened: Opened) -> None:
    """The look of what tests/web/training/test_without_script.py::test_without_script_a_session_is_planned_filled_and_signed
    goes through by forms alone, and of the rest."""
    seen = addresses()
    pages = {who: opened(who, bypass_csp=True) for who in {who for who, _ in seen.values()}}
    for name, (who, address) in seen.items():
        visit(pages[who], address, f"formation_{name}")
