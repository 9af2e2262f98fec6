"""Her agreement on screen: what is handed to her, what she answered, the click by which either side obeys her; and slips."""

import re

import pytest

from maillage.beneficiaries.agreement import Agreement
from tests.days import today
from tests.referrals.world import ADVISER, WORKER, Signed, ask, followed_by, send_referral, work, write_draft
from tests.web.referrals.conftest import Signs, plain


@pytest.mark.long
def test_the_information_step_gives_the_sheets_and_the_caisse_obeys_at_once(
    signed: Signed, as_: Signs
) -> None:
    """By its pages, what test_what_she_was_told_and_what_she_answered_leave_with_her_referral proves."""
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
    assert "Elle l’a dit à CPAM 42" in read
    assert "Arrêter à sa demande" not in read


def test_what_she_withholds_is_on_no_page_of_the_sender_and_the_caisse_knows_it(
    signed: Signed, as_: Signs
) -> None:
    worker, caisse = as_(WORKER), as_(ADVISER)
    case = followed_by(send_referral(signed, agreement=Agreement("agreed", "received", "oral")), ADVISER)
    address = f"/orientations/{case}/"
    work(case, "acknowledge")
    assert "connaisse la suite" in plain(caisse.get(address))
    assert "/redirection/" not in plain(caisse.get(address))
    done = caisse.post(f"{address}acceptation/", follow=True)
    assert "n’en sait rien : la personne l’a voulu ainsi" in plain(done)
    assert "Acceptée" in plain(done)
    work(case, "contact")
    read = plain(worker.get(address))
    for hidden in ("Acceptée", "accompagne la personne", "Personne contactée", "Pas encore d’issue"):
        assert hidden not in read, hidden
    assert "La personne a choisi que la suite reste entre elle et la caisse" in read
    assert "Arrêter la demande" in read
    assert "Annuler l’orientation" not in read
    work(case, "close")
    over = plain(caisse.get(address))
    assert "n’a pas voulu que" in over
    assert "Dites vous-même" not in over
    for page in (worker.get(address), worker.get("/orientations/?vue=closed")):
        over = plain(page)
        assert "Terminée, sans autre nouvelle" in over
        assert "Soins réalisés" not in over


def test_the_caisse_strikes_a_slip_and_takes_a_question_back_on_the_page(signed: Signed, as_: Signs) -> None:
    caisse = as_(ADVISER)
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept", "contact")
    ask(case)
    page = plain(caisse.get(f"/orientations/{case}/"))
    for act in ("rayer", "retrait"):
        found = re.search(rf'action="(/orientations/(?:essais|questions)/[0-9a-f-]+/{act}/)"', page)
        assert found, act
        assert caisse.post(found.group(1)).status_code == 302
        assert caisse.post(found.group(1)).status_code == 302  # a second click
    read = plain(as_(WORKER).get(f"/orientations/{case}/"))
    for said in ("Noté par erreur, rayé", "Essai rayé", "Question retirée"):
        assert read.count(said) == 1, said
    assert "répondez-lui" not in read


@pytest.mark.long
def test_either_side_notes_her_new_choice_on_the_page_and_both_read_it(signed: Signed, as_: Signs) -> None:
    """By its pages, what test_whichever_side_hears_it_everything_stops_and_the_other_is_told proves."""
    worker, caisse = as_(WORKER), as_(ADVISER)
    case = followed_by(send_referral(signed), ADVISER)
    work(case, "acknowledge", "accept", "contact")
    address = f"/orientations/{case}/"
    assert "La personne change ce qui revient à qui l’oriente" in plain(caisse.get(address))
    assert "La personne change ce que vous saurez de la suite" in plain(worker.get(address))
    url, day = f"{address}accord/suite/", today().strftime("%d/%m/%Y")
    wrong = plain(caisse.post(url, {"progress": "received", "how": "oral", "said_on": "31/12/2099"}))
    assert "Cette date est dans l’avenir" in wrong
    assert "31/12/2099" in wrong
    done = {"progress": "received", "how": "oral", "said_on": day}
    assert "Son choix est noté" in plain(caisse.post(url, done, follow=True))
    assert "C’est déjà son choix" in plain(worker.post(url, done, follow=True))
    read = plain(worker.get(address))
    assert "Personne contactée" not in read
    for client in (worker, caisse):
        page = plain(client.get(address))
        assert "Nouveau choix de la personne" in page
        assert "(avant : toutes les étapes, et le résultat)" in page
    assert "connaisse la suite" in plain(caisse.get(address))
    assert "Son choix est noté" in plain(worker.post(url, done | {"progress": "all"}, follow=True))
    assert "Personne contactée" in plain(worker.get(address))
