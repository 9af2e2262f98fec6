"""A breach and a request from end to end by somebody without a mouse: every control is reached by Tab, and a refused form is heard."""

import pytest
from playwright.sync_api import Page, expect

from tests.beneficiaries.jobs import index_as_worker
from tests.browsing import Opened, browser, opened, site
from tests.keyboard import Keys
from tests.protection.breaches.files import CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO
from tests.referrals.world import WORKER, send_referral, sign_convention

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
OUTLINED = """() => {
  const one = document.activeElement, style = getComputedStyle(one);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== "none";
}"""


def focused(page: Page) -> str:
    """The words of what has the focus."""
    return " ".join(page.evaluate("document.activeElement.textContent").split())


def refused(keys: Keys, button: str, fault: str) -> None:
    """A form that says too little: the summary has the focus, its first link leads to the field, which is seen to have it."""
    keys.to("button", button).press("Enter")
    expect(keys.page.locator(".error-summary")).to_be_focused()
    assert fault in focused(keys.page)
    keys.to(".error-summary a", fault).press("Enter")
    field = keys.page.evaluate("location.hash.slice(1)")
    assert field
    assert keys.page.evaluate("id => document.getElementById(id).contains(document.activeElement)", field)


def skips(keys: Keys) -> None:
    """The first press of Tab offers the content, and Enter goes there."""
    keys.press("Tab")
    assert focused(keys.page) == "Aller au contenu"
    assert keys.page.evaluate(OUTLINED)
    keys.press("Enter")
    expect(keys.page.locator("#contenu")).to_be_focused()


def reports(keys: Keys) -> str:
    """From « À faire » to the file; the form first says too little. The address of the breach."""
    keys.page.goto("/")
    skips(keys)
    keys.enter("a", "Signaler une violation de données", "Que s’est-il passé")
    keys.write("[name=what]", "Un dossier est resté dans une salle ouverte.")
    refused(keys, "Signaler", "Cochez au moins une réponse")
    assert keys.page.input_value("[name=what]") == "Un dossier est resté dans une salle ouverte."
    keys.tick("[name=natures]", "vues ou transmises").tick("[name=kinds]", "identité")
    keys.write("[name=people]", "3").choose("[name=goes_on]", "Non, c’est fini")
    keys.enter("button", "Signaler", "Suspicion signalée", "#messages")
    return keys.page.url


def decides(keys: Keys) -> None:
    """The whole decision: to the authority, not to the persons."""
    keys.enter("a", "Décider de la suite", "Est-ce une violation de données")
    keys.choose("[name=is_breach]", "Oui").write("[name=consequences]", "Trois noms ont pu être lus.")
    keys.write("[name=measures]", "La salle est fermée à clé.").choose("[name=authority]", "Oui")
    keys.choose("[name=persons]", "Non").write("[name=persons_reason]", "Le risque n’est pas élevé.")
    keys.enter("button", "Proposer cette décision", "Décision proposée", "#messages")


def notifies(keys: Keys) -> None:
    """What was sent to the authority is noted."""
    keys.enter("a", "Noter la notification à la CNIL", "La première dans les 72 heures")
    keys.write("[name=text]", "Dépôt initial, numéro à venir.")
    keys.enter("button", "Ajouter au dossier", "La suite")


@pytest.mark.long
def test_a_breach_is_reported_acknowledged_decided_printed_and_closed(opened: Opened) -> None:
    """By the keyboard alone what the forms do in
    tests/web/protection/test_pages.py::test_it_is_acknowledged_decided_by_all_notified_and_closed."""
    sign_convention()
    address = reports(Keys(opened(WORKER)))
    caisse = Keys(opened(CPAM_DPO))
    caisse.page.goto("/")
    caisse.enter("a", "Accuser réception d’une violation", "Accusez réception")
    caisse.to("details.due summary").press("Enter")  # why this date, and back
    assert caisse.page.evaluate(OUTLINED)
    assert caisse.page.evaluate("document.activeElement.parentElement.open")
    caisse.press("Escape")
    assert not caisse.page.evaluate("document.activeElement.parentElement.open")
    caisse.enter("button", "Accuser réception", "Accusé de réception envoyé", "#messages")
    decides(caisse)
    others = [Keys(opened(who)) for who in (CARSAT_ADMIN, CCAS_ADMIN)]
    for one in others:
        one.page.goto(address)
        one.enter("button", "Donner l’accord de votre organisme", "Accord donné", "#messages")
    caisse.page.goto(address)
    with caisse.page.expect_response("**/notification/") as form:
        caisse.to("a", "Formulaire de notification à envoyer (PDF)").press("Enter")
    assert form.value.headers["content-type"] == "application/pdf"
    for one in (caisse, *others):
        one.page.goto(address)
        notifies(one)
    caisse.page.goto(address)
    caisse.enter("a", "Clore le dossier", "Ce que cette violation apprend")
    caisse.write("[name=lessons]", "Fermer les salles.")
    caisse.enter("button", "Clore", "Dossier clos", "#messages")


@pytest.mark.long
def test_a_request_is_received_checked_searched_and_answered(opened: Opened) -> None:
    """By the keyboard alone what the forms do in
    tests/web/protection/test_requests.py::test_it_is_searched_passed_on_read_and_answered_from_two_organisations."""
    send_referral(sign_convention())
    index_as_worker()
    worker = Keys(opened(WORKER))
    worker.page.goto("/")
    worker.enter("a", "Noter la demande d’une personne", "Quand la demande est-elle arrivée")
    worker.write("[name=surname]", "Quintessence")
    refused(worker, "Noter la demande", "Choisissez une réponse")
    assert worker.page.input_value("[name=surname]") == "Quintessence"
    worker.choose("[name=channel]", "À l’accueil").write("[name=given_name]", "Ondine")
    worker.write("[name=birth_date]", "29/02/1984").choose("[name=check_made]", "Pas encore vérifiée")
    worker.enter("button", "Noter la demande", "Demande notée", "#messages")
    officer = Keys(opened(CCAS_ADMIN))
    officer.page.goto("/")
    officer.enter("a", "Répondre à la demande d’une personne", "Dire comment son identité est vérifiée")
    officer.enter("a", "Dire comment son identité est vérifiée", "Qui demande")
    officer.choose("[name=check_made]", "Elle a dit ce qu’elle seule")
    officer.enter("button", "Enregistrer", "Noté", "#messages")
    officer.enter("a", "Chercher la personne", "Par le nom et la date de naissance")
    officer.enter("button", "Chercher", "QUINTESSENCE Ondine").tick("[name=cases]", "QUINTESSENCE Ondine")
    officer.enter("button", "Noter ces dossiers", "Dossiers de la personne notés", "#messages")
    officer.enter("a", "Répondre à ce droit", "Votre réponse").choose("[name=outcome]", "Accordé")
    officer.enter("button", "Noter cette réponse", "Réponse notée", "#messages")
    officer.enter("button", "Noter que votre organisme a répondu", "A répondu le")
    with officer.page.expect_response("**/lettre/") as letter:
        officer.to("a", "Lettre à la personne (PDF)").press("Enter")
    assert letter.value.headers["content-type"] == "application/pdf"
