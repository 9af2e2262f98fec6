"""The referral in a real Chromium: axe on its pages, the journey with script; without script, in a browser and as forms alone."""

from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Page, expect

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals import outcomes, planning
from maillage.referrals.content import Precisions, Situation
from maillage.referrals.queries import referral_of
from maillage.referrals.routing.situation import Renunciation
from tests.browsing import Opened, browser, follow, look, opened, site, told, visit
from tests.days import today
from tests.exchange.test_attachments import given
from tests.exchange.test_messages import wrote
from tests.referrals.forwarding.conftest import sign
from tests.referrals.forwarding.test_forwarding import forward, under_work
from tests.referrals.forwarding.test_redirecting import redirected, restart
from tests.referrals.world import (
    ADVISER,
    WORKER,
    Signed,
    ask,
    followed_by,
    member,
    send_referral,
    sign_convention,
    work,
    write_draft,
)

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser


def keep_a_file(signed: Signed) -> UUID:
    """A referral at work: care and a right noted, an assessment, an action planned."""
    renounced = (Renunciation(care="optics", reason="cost"), Renunciation(care="gynaecology", reason="time"))
    case = send_referral(signed, situation=Situation(("cost",), renunciations=renounced))
    work(case, "acknowledge", "accept", "contact")
    with member(ADVISER) as adviser:
        known: dict[str, Any] = {"referral": referral_of(adviser, case), "by": adviser, "at": now()}
        (first, _) = outcomes.renunciations(case)
        outcomes.note(noted=outcomes.Noted({first.id: "unreachable"}, {"c2s": "under_way"}), **known)
        texts = {"rights": "C2S à renouveler en mars.", "obstacles": "Craint les guichets."}
        planning.assess(texts=texts, after=0, **known)
        action = planning.Plan(uuid7(), "transport", today(), "Taxi conventionné, retour compris")
        planning.plan(action=action, **known)
    return case


def addresses(signed: Signed) -> dict[str, tuple[str, str]]:
    """Every page of a referral, with who looks at it."""
    sent, received, accepted, closed = (send_referral(signed) for _ in range(4))
    work(received, "acknowledge")
    ask(received)
    work(accepted, "acknowledge", "accept")
    work(closed, "acknowledge", "accept", "contact", "close")
    wrote(accepted, WORKER, "Elle préfère être appelée le matin.\nVoici son attestation.", file=given())
    wrote(accepted, ADVISER, "Merci, je l’appelle demain.")
    wrote(accepted, WORKER, "Elle est prévenue.")
    draft, at_work = write_draft(signed), keep_a_file(signed)
    forwarded, moved = under_work(signed), redirected(signed)
    going_on, child = restart(moved), forward(forwarded)
    for case in (forwarded, moved):
        followed_by(case, ADVISER)

    def step(slug: str, of: UUID = draft) -> str:
        return f"/orientations/brouillons/{of}/{slug}/"

    return {
        "liste_ccas": (WORKER, "/orientations/"),
        "nouvelle": (WORKER, "/orientations/nouvelle/"),
        "situation": (WORKER, step("situation")),
        "precisions": (WORKER, step("precisions")),
        "service": (WORKER, step("service")),
        "aucun_service": (WORKER, step("service", write_draft(signed, precisions=Precisions()))),
        "personne": (WORKER, step("personne")),
        "information": (WORKER, step("information")),
        "verification": (WORKER, step("verification")),
        "incomplet": (WORKER, step("verification", write_draft(signed, person=None))),
        "a_repondre": (WORKER, f"/orientations/{received}/"),
        "liste_cpam": (ADVISER, "/orientations/"),
        "liste_filtree": (ADVISER, "/orientations/?vue=all&service=misas"),
        "garder": (ADVISER, "/orientations/vues/?service=misas"),
        "a_faire_cpam": (ADVISER, "/"),
        "a_accuser": (ADVISER, f"/orientations/{sent}/"),
        "a_accepter": (ADVISER, f"/orientations/{received}/"),
        "a_contacter": (ADVISER, f"/orientations/{accepted}/"),
        "a_cloturer": (ADVISER, f"/orientations/{at_work}/"),
        "soins_et_droits": (WORKER, f"/orientations/{at_work}/"),
        "close": (ADVISER, f"/orientations/{closed}/"),
        "rediriger": (ADVISER, f"/orientations/{received}/redirection/"),
        "transmettre": (ADVISER, f"/orientations/{accepted}/transmission/"),
        "transmise": (ADVISER, f"/orientations/{forwarded}/"),
        "transmise_ccas": (WORKER, f"/orientations/{forwarded}/"),
        "suite_cpam": (ADVISER, f"/orientations/{child}/"),
        "redirigee": (WORKER, f"/orientations/{moved}/"),
        "repartir": (WORKER, step("verification", going_on)),
        "a_faire_ccas": (WORKER, "/"),
    }


@pytest.mark.long
def test_axe_finds_nothing_on_any_page_of_a_referral(opened: Opened) -> None:
    """Every page, with axe, of what test_a_worker_sends_and_the_caisse_closes goes through."""
    signed = sign()
    seen = addresses(signed)
    pages = {who: opened(who, bypass_csp=True) for who in (WORKER, ADVISER)}
    for name, (who, address) in seen.items():
        page = pages[who]
        visit(page, address, name)
    page = pages[WORKER]
    page.goto(seen["personne"][1])
    page.fill("[name=given_name]", "Ondine")
    page.fill("[name=birth_date]", "31/02/1984")
    follow(page, "text=Enregistrer et continuer")
    look(page, "refus")
    signed.end(at=now())
    page.goto("/orientations/nouvelle/")
    look(page, "fermee")
    page.goto(seen["verification"][1])
    look(page, "verification_fermee")


NEXT = "button:visible:has-text('Enregistrer et continuer')"


def describe(page: Page) -> None:
    """From the first step to the services: what is difficult, care renounced on two lines, what the convention asks."""
    page.check("text=Doit avancer ou payer trop")
    page.select_option("[name=care_0]", "optics")
    page.select_option("[name=reason_0]", "cost")
    page.fill("[name=narrative]", "Ne peut pas avancer les frais.")
    page.click("text=Ajouter un soin")
    expect(page.locator("[name=care_1]")).to_be_focused()
    expect(page.locator("[name=narrative]")).to_have_value("Ne peut pas avancer les frais.")
    page.select_option("[name=care_1]", "dental_prosthetic")
    page.select_option("[name=reason_1]", "time")
    page.locator("[name=motives]").first.focus()
    page.keyboard.press("Enter")  # goes on: it does not add a line
    page.check("[name=received_here][value=yes]")
    page.click(NEXT)
    told(page, "À quel service", "main")


def note_then_close(caisse: Page, sender: Page) -> None:
    """What is known first, read by the sender; then all of it, once the care without an answer has one."""
    caisse.click("summary:has-text('Clôturer')")
    caisse.select_option("[name^=care_] >> nth=0", "done")
    caisse.select_option("[name=right_c2s]", "opened")
    caisse.click("text=Enregistrer sans clôturer")
    told(caisse, "Soins et droits notés")
    caisse.click("summary:has-text('Écrire le bilan')")
    caisse.fill("[name=rights]", "C2S à renouveler en mars.")
    caisse.click("text=Enregistrer le bilan")
    told(caisse, "Bilan enregistré")
    caisse.click("summary:has-text('Prévoir une action')")
    caisse.select_option("[name=kind]", "transport")
    caisse.fill("#plan_due_on", today().strftime("%d/%m/%Y"))
    caisse.click("text=Ajouter au plan")
    told(caisse, "Action prévue")
    sender.reload()
    assert "Soin réalisé" in sender.inner_text("main")
    caisse.click("summary:has-text('Clôturer')")
    caisse.click("button:text-is('Clôturer')")
    told(caisse, "Dites ce qu’il en est de ce soin", "main")
    caisse.select_option("[name^=care_] >> nth=1", "refused")
    caisse.select_option("[name^=action_]", "done")
    expect(caisse.locator("[name^=care_] >> nth=0")).to_have_value("done")
    caisse.click("button:text-is('Clôturer')")


def test_a_worker_sends_and_the_caisse_closes(opened: Opened) -> None:
    """In Chromium with script, what test_without_script_a_worker_sends_and_the_caisse_closes does by links and forms alone."""
    _sends_and_closes(opened, script=True)


@pytest.mark.long
def test_a_worker_sends_and_the_caisse_closes_in_a_browser_without_script(opened: Opened) -> None:
    """In Chromium, what test_without_script_a_worker_sends_and_the_caisse_closes does by links and forms alone."""
    _sends_and_closes(opened, script=False)


def _sends_and_closes(opened: Opened, *, script: bool) -> None:
    sign_convention()
    page = opened(WORKER, java_script_enabled=script)
    page.goto("/orientations/")
    page.click("text=Orienter une personne")
    describe(page)
    page.click(NEXT)
    page.fill("[name=surname]", "Quintessence")
    page.fill("[name=given_name]", "Ondine")
    page.fill("[name=birth_date]", "29/02/1984")
    page.fill("[name=phone]", "06 00 00 00 17")
    page.keyboard.press("Enter")
    page.check("text=De vive voix >> nth=0")
    page.check("[name=recipient_named]")
    for name, value in (("answer", "agreed"), ("how", "oral"), ("progress", "all")):
        page.check(f"[name={name}][value={value}]")
    page.click("text=Enregistrer et continuer")
    page.click("text=Envoyer l’orientation")
    assert "Orientation envoyée" in page.inner_text("#messages")
    address = page.url
    caisse = opened(ADVISER, java_script_enabled=script)
    caisse.goto("/")
    caisse.click("text=Accuser réception")
    assert caisse.url == address
    caisse.click("button:has-text('Accuser réception')")
    caisse.click("summary:has-text('Poser une question')")
    caisse.fill("[name=question]", "Quelle est sa mutuelle ?")
    caisse.click("text=Envoyer la question")
    page.goto("/")
    page.click("text=Répondre à la caisse")
    assert page.url == address
    page.fill("[name=answer]", "Elle n’en a pas.")
    page.click("text=Envoyer la réponse")
    caisse.reload()
    assert "Elle n’en a pas." in caisse.inner_text("main")
    caisse.click("button:has-text('Accompagner la personne')")
    caisse.check("#contact_reached_0")
    caisse.click("text=Noter le contact")
    note_then_close(caisse, page)
    page.reload()
    assert "Accompagnement terminé" in page.inner_text("main")
    assert "Soins réalisés · Droits ouverts" in page.inner_text("main")


@pytest.mark.long
def test_a_lost_connection_in_the_middle_of_a_step_loses_nothing(opened: Opened) -> None:
    """For a person, what test_a_lost_connection_keeps_the_answers_of_a_step proves of a convention being written."""
    draft = write_draft(sign_convention(), person=None)
    page = opened(WORKER)
    page.goto(f"/orientations/brouillons/{draft}/personne/")
    page.fill("[name=surname]", "Quintessence")
    page.fill("[name=given_name]", "Ondine")
    page.fill("[name=birth_date]", "31/02/1984")
    page.route("**/orientations/**", lambda route: route.abort())
    page.click("text=Enregistrer et continuer")
    told(page, "La connexion est interrompue, rien n’est perdu")
    expect(page.locator("[name=surname]")).to_have_value("Quintessence")
    page.unroute("**/orientations/**")
    page.click("text=Enregistrer et continuer")
    told(page, "Écrivez une date qui existe", "main")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.locator("[name=surname]")).to_have_value("Quintessence")
    stored = page.evaluate("JSON.stringify([localStorage, sessionStorage])")
    assert "Quintessence" not in stored
    assert "<" not in stored  # no page either
    page.fill("[name=birth_date]", "28/02/1984")
    page.fill("[name=phone]", "06 00 00 00 17")
    page.click("text=Enregistrer et continuer")
    told(page, "Quand l’avez-vous informée", "main")
    page.go_back()
    expect(page.locator("[name=surname]")).to_have_value("Quintessence")
