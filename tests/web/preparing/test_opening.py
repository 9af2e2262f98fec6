"""A file begun from a referral, page after page: nobody retypes the person, and each side's page says what it may know."""

from uuid import UUID, uuid4

import pytest

from maillage.core.identifiers import uuid7
from maillage.referrals.references import reference
from maillage.rights.models import Preparation
from tests.referrals.forwarding.conftest import SSAM
from tests.referrals.forwarding.test_redirecting import redirect
from tests.referrals.world import (
    ADVISER,
    FAR_AHEAD,
    FLOW,
    PERSON,
    READER,
    WORKER,
    Signed,
    followed_by,
    member,
    send_referral,
    work,
)
from tests.referrals.world import STRANGER as VILLE
from tests.rights import test_opening
from tests.rights.test_opening import COLLEAGUE, ELSEWHERE, Under, applied
from tests.rights.world import receive
from tests.web.preparing.conftest import HOME, Signs, at, plain

signed = test_opening.signed
CANARIES = ("Quintessence", "QUINTESSENCE", "Ondine")


def start(referral: object) -> str:
    return f"{HOME}nouveau/{referral}/"


def test_the_person_is_there_already_and_the_link_shows_on_each_side(signed: Signed, as_: Signs) -> None:
    referral, client = followed_by(send_referral(signed), ADVISER), as_(WORKER)
    page = plain(client.get(f"/orientations/{referral}/"))
    assert "Préparer une demande de droit" in page
    assert start(referral) in page
    page = plain(client.get(start(referral)))
    assert "QUINTESSENCE Ondine" in page
    assert reference(referral) in page
    said = {
        "token": str(uuid7()),
        "authorisation": str(Under(uuid7()).authorisation().id),
        "right": "medecin_traitant",
    }
    assert "Choisissez un droit" in plain(client.post(start(referral), said | {"right": ""}))
    with member(WORKER):
        assert not Preparation.objects.exists()  # nothing is kept before it is accepted
    for _ in range(2):  # a double click begins one file
        answer = client.post(start(referral), said)
    (made,) = _prepared()
    assert answer["Location"] == at(made, "personne")
    page = plain(client.get(at(made, "personne")))
    for known in (PERSON.surname, PERSON.given_name, PERSON.phone, "29/02/1984"):
        assert known in page, known
    assert f"L’orientation {reference(referral)}" in plain(client.get(at(made, "apercu")))


def test_who_is_pointed_to_a_file_of_rights_prepares_it_and_refers_nobody_again(
    signed: Signed, as_: Signs
) -> None:
    referral, client = followed_by(send_referral(signed), ADVISER), as_(WORKER)
    work(referral, "acknowledge")
    redirect(referral, target="flows.depot_dossiers")
    assert f"Préparer une demande de droit, {reference(referral)}" in plain(client.get("/"))
    page = plain(client.get(f"/orientations/{referral}/"))
    assert start(referral) in page
    assert f"/orientations/{referral}/repartir/" not in page
    signed.publish(
        until=FAR_AHEAD, flows=(FLOW,)
    )  # no file of rights leaves any more: what was written still does
    page = plain(client.get(f"/orientations/{referral}/"))
    assert start(referral) not in page
    assert f"/orientations/{referral}/repartir/" in page


def test_what_it_was_pointed_to_is_remembered_until_it_has_left(signed: Signed, as_: Signs) -> None:
    referral, client = followed_by(send_referral(signed), ADVISER), as_(WORKER)
    work(referral, "acknowledge")
    redirect(referral, target="flows.depot_dossiers")
    applied(referral)
    assert reference(referral) not in plain(client.get("/"))


def _prepared() -> list[UUID]:
    with member(WORKER):
        return list(Preparation.objects.values_list("id", flat=True))


def test_each_page_says_where_the_other_stands(signed: Signed, as_: Signs) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    case = applied(referral)
    sender, caisse = as_(WORKER), as_(ADVISER)
    page = plain(sender.get(f"/orientations/{referral}/"))
    for expected in (
        "Droit demandé",
        reference(case),
        "Déclaration de médecin traitant",
        "Envoyée, en attente de la caisse",
        f"La demande de droit {reference(case)} continue",  # if she takes back her agreement to the referral
    ):
        assert expected in page, expected
    assert f"/droits/{case}/" in page
    page = plain(sender.get(f"/droits/{case}/"))
    assert "Ouvert par l’orientation" in page
    assert f"/orientations/{referral}/" in page
    assert "À enregistrer" in plain(caisse.get(f"/orientations/{referral}/"))
    receive(case)
    assert "À décider" in plain(caisse.get(f"/orientations/{referral}/"))
    caisse.post(f"/droits/{case}/suivi/")
    assert reference(referral) in plain(caisse.get(f"/droits/{case}/"))


def test_no_page_tells_of_a_case_that_is_not_its_reader_s(signed: Signed, as_: Signs) -> None:
    referral = followed_by(send_referral(signed), ADVISER)
    case = applied(referral, ELSEWHERE["key"])
    page = plain(as_(ADVISER).get(f"/orientations/{referral}/"))
    assert reference(case) not in page
    assert "Droit demandé" not in page
    social = as_(SSAM)
    social.post(f"/droits/{case}/suivi/")
    page = plain(social.get(f"/droits/{case}/"))
    assert "QUINTESSENCE Ondine" in page
    assert reference(referral) not in page
    assert "Ouvert par" not in page


@pytest.mark.security
def test_the_ladder_of_a_file_begun_from_a_referral(signed: Signed, as_: Signs) -> None:
    referral = send_referral(signed)
    for someone, status in ((VILLE, 404), (ADVISER, 403), (READER, 403), (WORKER, 200)):
        assert as_(someone).get(start(referral)).status_code == status, someone
    assert as_(WORKER).get(start(uuid4())).status_code == 404
    answer = as_(COLLEAGUE).get(start(referral), follow=True)
    page = plain(answer)
    assert "Suivez d’abord ce dossier" in page
    assert not any(canary in page for canary in CANARIES)
    assert "Préparer une demande de droit" not in plain(
        as_(ADVISER).get(f"/orientations/{followed_by(referral, ADVISER)}/")
    )


def test_a_convention_without_rights_proposes_none(signed: Signed, as_: Signs) -> None:
    referral, client = send_referral(signed), as_(WORKER)
    signed.publish(until=FAR_AHEAD, flows=(FLOW,))
    assert "Préparer une demande de droit" not in plain(client.get(f"/orientations/{referral}/"))
    answer = client.get(start(referral), follow=True)
    assert "Aucune demande de droit ne part de cette orientation" in plain(answer)
