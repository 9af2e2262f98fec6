"""The main job, in a real browser on the running demonstration: read a convention, write one, send a person, see it closed."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browsing import Opened, look, save, told
from tests.days import today

pytestmark = pytest.mark.browser
CPAM, CARSAT, HOSPITAL = (
    "referente@cpam.example.org",
    "referente@carsat.example.org",
    "pass@hopital.example.org",
)
ADVISER, WORKER, STRANGER = (
    "conseil@cpam.example.org",
    "social@ccas.example.org",
    "social@villexemple.example.org",
)
S3 = "CCAS de Montbrison"
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def seen(page: Page, name: str) -> None:
    """axe finds nothing on a page as it is, and nothing sticks out of it."""
    look(page, f"e2e_{name}")


def words(page: Page) -> str:
    """What the page says, its unbreakable spaces made plain."""
    return page.inner_text("main").replace("\u00a0", " ").replace("\u202f", " ")


def to_convention(page: Page, title: str) -> str:
    """From anywhere to the page of a convention, by the list."""
    page.goto("/conventions/")
    page.click(f"table a:has-text('{title}')")
    return page.url


@pytest.mark.long
def test_the_referente_reads_the_life_of_a_convention_and_why_a_date(opened: Opened) -> None:
    """On the running demonstration, what test_each_date_explains_itself reads."""
    page = opened(CPAM, bypass_csp=True)
    assert page.inner_text("h1") == "À faire"
    seen(page, "a_faire")
    page.goto("/conventions/")
    seen(page, "conventions")
    to_convention(page, S3)
    expect(page.locator("svg[role=img]").nth(1)).to_be_visible()
    why = page.locator("summary", has_text="14 novembre 2024").first
    why.focus()
    page.keyboard.press("Enter")
    told = words(page)
    assert "Pourquoi cette date" in told
    assert "9.1" in told
    seen(page, "convention")
    page.goto("/conventions/calendrier/")
    seen(page, "calendrier")


def answer_questions(page: Page) -> None:
    """Answer each question shown: the first choice, else words that suit what is asked."""
    groups = page.evaluate(
        "[...new Set([...document.querySelectorAll('main input[type=radio]')].map(r => r.name))]"
    )
    for name in groups:
        page.locator(f"main input[type=radio][name={name}]").first.check()
    for box in page.locator("main textarea").all():
        if not box.input_value():
            box.fill("Convenu entre les parties")
    for box in page.locator("main input[type=text]").all():
        label = page.locator(f"label[for={box.get_attribute('id')}]").inner_text()
        if not box.input_value():
            box.fill(
                "12"
                if "Nombre" in label
                else "2 ans après le dernier contact"
                if "conservation" in label
                else "25 jours"
            )


def write_from_the_model(page: Page) -> str:
    """Draw a convention from S2, choose its bodies and options, fill its blanks, propose it. Returns its id."""
    page.goto("/conventions/nouvelle/")
    seen(page, "ecrire")
    page.locator("input[name=template][value=hopital_pass_modele]").check()
    page.fill("[name=title]", "Convention d’essai avec le CH d’Exemple")
    page.click("main button[type=submit]")
    page.wait_for_url(IDENTIFIER)
    found = IDENTIFIER.search(page.url)
    assert found is not None
    base = f"/conventions/{found.group()}/redaction/"
    for key, name in (("carsat", "CARSAT Rhône-Alpes"), ("hospital", "Centre hospitalier d’Exemple")):
        page.goto(f"{base}parties/{key}/?q=exemple" if key == "hospital" else f"{base}parties/{key}/")
        page.check(f"text={name}")
        page.click("button:has-text('Choisir')")
    page.goto(f"{base}options/")
    page.locator("input[value='services[agent_delegue]']").check()
    page.locator("input[value='objectives[consolider]']").check()
    save(page, "main form button[type=submit]")
    page.goto(f"{base}blancs/?article=1")
    seen(page, "blancs")
    articles = sorted({"1", *re.findall(r"\?article=(\d+)", page.content())}, key=int)
    for number in articles:
        page.goto(f"{base}blancs/?article={number}")
        if page.locator("main form [name^=q]").count():
            answer_questions(page)
            save(page, "main form:has([name^=q]) button[type=submit]")
    for slug in ("parties", "referents"):
        page.goto(f"{base}{slug}/")
        if page.locator("main form [name^=q]").count():
            answer_questions(page)
            save(page, "main form:has([name^=q]) button[type=submit]")
    page.goto(f"{base}relecture/")
    assert "Le texte est prêt" in words(page)
    seen(page, "relecture")
    page.click("main button:has-text('Proposer')")
    return found.group()


def sign(page: Page, convention: str) -> None:
    page.goto(f"/conventions/{convention}/signature/")
    seen(page, "signature")
    page.fill("[name=signed_on]", today().strftime("%d/%m/%Y"))
    page.fill("[name=function]", "Directrice")
    page.locator("main form:has([name=function]) button[type=submit]").first.click()


@pytest.mark.long
def test_a_convention_is_written_from_the_model_and_signed_by_three(opened: Opened) -> None:
    """On the running demonstration, what test_s2_is_drawn_filled_proposed_signed_by_three_and_in_force does by its forms."""
    caisse = opened(CPAM, bypass_csp=True)
    convention = write_from_the_model(caisse)
    for who in (CPAM, CARSAT, HOSPITAL):
        page = caisse if who == CPAM else opened(who, bypass_csp=True)
        sign(page, convention)
    told(page, "la convention est en vigueur")
    caisse.goto(f"/conventions/{convention}/")
    assert "Elle est en vigueur" in words(caisse)


def send_someone(page: Page) -> None:
    """The six steps of a worker, by the keyboard wherever a key does it."""
    page.goto("/orientations/")
    page.click("text=Orienter une personne")
    seen(page, "situation")
    page.check("text=Doit avancer ou payer trop")
    page.select_option("[name=care_0]", "optics")
    page.select_option("[name=reason_0]", "cost")
    page.press("[name=motives] >> nth=0", "Enter")
    page.check("[name=received_here][value=yes]")
    seen(page, "precisions")
    page.press("[name=received_here][value=yes]", "Enter")
    seen(page, "service")
    page.press("[name=authorisation]", "Enter")
    page.fill("[name=surname]", "Exemple")
    page.fill("[name=given_name]", "Personne")
    page.fill("[name=birth_date]", "31/02/1984")
    page.fill("[name=phone]", "01 99 00 00 17")
    page.click("text=Enregistrer et continuer")
    told(page, "Écrivez une date qui existe", "main")
    seen(page, "personne_refusee")
    page.fill("[name=birth_date]", "29/02/1984")
    page.click("text=Enregistrer et continuer")
    page.check("text=De vive voix >> nth=0")
    page.check("[name=recipient_named]")
    for name, value in (("answer", "agreed"), ("how", "oral"), ("progress", "all")):
        page.check(f"[name={name}][value={value}]")
    page.click("text=Enregistrer et continuer")
    page.click("text=Envoyer l’orientation")


@pytest.mark.long
def test_a_worker_sends_a_person_sees_her_case_closed_and_the_convention_counts_it(opened: Opened) -> None:
    """On the running demonstration, with axe, what test_a_worker_sends_and_the_caisse_closes does in a browser."""
    worker = opened(WORKER, bypass_csp=True)
    send_someone(worker)
    told(worker, "Orientation envoyée")
    case = worker.url
    caisse = opened(ADVISER, bypass_csp=True)
    caisse.goto("/orientations/")
    seen(caisse, "liste")
    caisse.goto(case)
    seen(caisse, "a_accuser")
    caisse.click("button:has-text('Accuser réception')")
    worker.reload()
    assert "La caisse a bien reçu votre demande" in words(worker)
    caisse.click("button:has-text('Accompagner la personne')")
    worker.reload()
    assert "La caisse accompagne la personne" in words(worker)
    caisse.check("#contact_reached_0")
    caisse.click("text=Noter le contact")
    caisse.click("summary:has-text('Clôturer')")
    caisse.select_option("[name^=care_]", "done")
    caisse.select_option("[name=right_c2s]", "opened")
    seen(caisse, "a_cloturer")
    caisse.click("button:text-is('Clôturer')")
    worker.reload()
    assert "Accompagnement terminé" in words(worker)
    seen(worker, "terminee")
    convention = to_convention(worker, S3)
    assert re.search(r"Dont closes\s*1\b", words(worker))
    stranger = opened(STRANGER)
    for address in (case, convention, f"{convention}comparaison/"):
        answer = stranger.goto(address)
        assert answer is not None
        assert answer.status == 404, address
