"""The thresholds of a convention: what counts and on whose word, set by its referents; the counts: tests/referrals/heeding."""

from tests.referrals.world import ADVISER, OTHER_WORKER, READER, STRANGER, Signed
from tests.web.referrals.conftest import Signs, as_, plain, signed

__all__ = ["as_", "signed"]


def test_the_referents_of_both_sides_read_and_set_them(signed: Signed, as_: Signs) -> None:
    address = f"/conventions/{signed.id}/seuils/"
    caisse = as_(READER)
    sheet = plain(caisse.get(f"/conventions/{signed.id}/"))
    assert f'href="{address}"' in sheet
    mark = "repère de la plateforme au 26 novembre 2026, faute de nombre dans le texte"
    assert f"depuis 7 jours ou plus : {mark}" in sheet
    assert mark in plain(caisse.get(address))
    refused = plain(caisse.post(address, {"late": "0", "blocked": "sept"}))
    assert "Écrivez un nombre de jours, de 1 à 365" in refused
    assert 'value="sept"' in refused
    assert "Un seuil va de 1 à 365 jours" in plain(caisse.post(address, {"late": "0", "blocked": "7"}))
    days = {"late": "5", "blocked": "21"}
    page = plain(caisse.post(address, days, follow=True))
    assert "Seuils fixés" in page
    assert "CPAM 42 : 5 jours sans accusé de réception, 21 jours sans étape" in page
    assert "déjà fixés ainsi" in plain(caisse.post(address, days, follow=True))
    assert "depuis 5 jours ou plus" in plain(as_(OTHER_WORKER).get(address))
    assert as_(ADVISER).get(address).status_code == 403
    assert as_(STRANGER).get(address).status_code == 404
