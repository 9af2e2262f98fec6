"""The whole way of a referral without script: links and forms alone."""

from tests.days import today
from tests.referrals.world import ADVISER, WORKER, Signed
from tests.without_script import Plain


def test_without_script_a_worker_sends_and_the_caisse_closes(signed: Signed) -> None:
    worker = Plain(WORKER).open("/orientations/").follow("Orienter une personne")
    worker.check("Doit avancer ou payer trop").fill("care_0", "optics").fill("reason_0", "cost")
    worker.fill("narrative", "Ne peut pas avancer les frais.").press("Ajouter un soin")
    worker.fill("care_1", "dental_prosthetic").fill("reason_1", "time")
    assert worker.value("narrative") == "Ne peut pas avancer les frais."
    worker.enter("motives")  # goes on: it does not add a line
    worker.check(name="received_here", value="yes").press("Enregistrer et continuer")
    assert "À quel service" in worker.text()
    worker.press("Enregistrer et continuer")
    worker.fill("surname", "Quintessence").fill("given_name", "Ondine").fill("birth_date", "29/02/1984")
    worker.fill("phone", "06 00 00 00 17").enter("phone")
    worker.check("De vive voix").check(name="recipient_named")
    worker.check(name="answer", value="agreed").check(name="how", value="oral")
    worker.check(name="progress", value="all").press("Enregistrer et continuer")
    worker.press("Envoyer l’orientation")
    assert "Orientation envoyée" in worker.text("#messages")
    address = worker.url
    caisse = Plain(ADVISER).open("/").follow("Accuser réception")
    assert caisse.url == address
    caisse.press("Accuser réception").fill("question", "Quelle est sa mutuelle ?").press(
        "Envoyer la question"
    )
    worker.open("/").follow("Répondre à la caisse")
    assert worker.url == address
    worker.fill("answer", "Elle n’en a pas.").press("Envoyer la réponse")
    assert "Elle n’en a pas." in caisse.open(address).text()
    caisse.press("Accompagner la personne").check("Oui").press("Noter le contact")
    caisse.choose("Soin : prothèse dentaire", 1).choose("Droit : Complémentaire santé", 2)
    caisse.press("Enregistrer sans clôturer")
    assert "Soins et droits notés" in caisse.text("#messages")
    assert "Soin réalisé" in worker.open(address).text()
    caisse.fill("rights", "C2S à renouveler.").press("Enregistrer le bilan")
    caisse.fill("kind", "transport").fill("words", "Taxi").fill("due_on", today().strftime("%d/%m/%Y"))
    assert "Taxi" in caisse.press("Ajouter au plan").text()
    assert "Dites ce qu’il en est de ce soin" in caisse.press("Clôturer").text()
    caisse.choose("Soin : lunettes", 2).choose("Action prévue", 1).press("Clôturer")
    assert "Accompagnement terminé" in worker.open(address).text()
    assert "Soins réalisés · Droits ouverts" in worker.text()
