"""The whole way of a referral by the keyboard alone, from hand to hand; then what each party's pages say, and what they do not."""

import time
from collections.abc import Iterable
from uuid import UUID

import pytest
from playwright.sync_api import Page

from maillage.referrals.references import reference
from tests.browsing import Opened, browser, opened, site, told
from tests.keyboard import Keys
from tests.referrals.forwarding.conftest import SSAM, sign
from tests.referrals.world import ADVISER, STRANGER, WORKER

__all__ = ["browser", "opened", "site"]  # fixtures
pytestmark = pytest.mark.browser
TWO_MINUTES = 120.0  # seconds
NEXT = "Enregistrer et continuer"
SAID_BY_SENDER, SAID_BY_CAISSE = "Hébergée par une amie jusqu’en mars.", "Isolée, à joindre le matin."
OWN_OF_CAISSE, OWN_OF_SSAM = "Craint les guichets.", "Dette de loyer à vérifier."


def case_of(page: Page) -> UUID:
    """The case whose page is open."""
    return UUID(page.url.rstrip("/").rpartition("/")[2])


def words(page: Page) -> str:
    """What a page says, its unbreakable spaces made plain."""
    return page.inner_text("main").replace("\u00a0", " ").replace("\u202f", " ")


def tell_her(keys: Keys) -> Keys:
    """What she was told, and what she answers."""
    keys.choose("[name=means]", "De vive voix").tick("[name=recipient_named]")
    return (
        keys.choose("[name=answer]", "Oui")
        .choose("[name=how]", "De vive voix")
        .choose("[name=progress]", "Toutes")
    )


def send(keys: Keys) -> UUID:
    """From « À faire » to the receipt; the new case."""
    keys.enter("a", "Orientations", "Orienter une personne").enter("a", "Orienter une personne", "Urgence")
    keys.tick("[name=motives]", "Doit avancer ou payer trop")
    keys.pick("[name=care_0]", "optics").pick("[name=reason_0]", "cost").write(
        "[name=narrative]", SAID_BY_SENDER
    )
    keys.enter("button", NEXT, "Seulement ce que vos conventions demandent")
    keys.choose("[name=received_here]", "Oui").enter("button", NEXT, "À quel service")
    keys.choose("[name=authorisation]", "").enter("button", NEXT, "Comment la joindre")
    keys.write("[name=surname]", "Quintessence").write("[name=given_name]", "Ondine")
    keys.write("[name=birth_date]", "29/02/1984").write("[name=phone]", "06 00 00 00 17").press("Enter")
    told(keys.page, "Ce que vous lui avez dit", "main")
    tell_her(keys).enter("button", NEXT, "Pourront lire tout ce qui précède")
    keys.enter("button", "Envoyer l’orientation", "Orientation envoyée", "#messages")
    return case_of(keys.page)


def take(keys: Keys) -> UUID:
    """From « À faire », the caisse says that it received it."""
    keys.page.goto("/")
    keys.enter("a", "Accuser réception", "Accuser réception, c’est aussi suivre le dossier")
    keys.enter("button", "Accuser réception", "Accompagner la personne")
    return case_of(keys.page)


def work(keys: Keys) -> None:
    """She is reached."""
    keys.enter("button", "Accompagner la personne", "Noter le contact")
    keys.choose("[name=reached]", "Oui").enter("button", "Noter le contact", "Contact noté", "#messages")


def write_own(keys: Keys, text: str) -> None:
    """What a service notes for itself alone."""
    keys.unfold("bilan").write("[name=rights]", text)
    keys.enter("button", "Enregistrer le bilan", "Bilan enregistré", "#messages")


def close(keys: Keys, care: str, right: str) -> None:
    """On both axes."""
    keys.unfold("clôturer").pick("[name^=care_]", care).pick("[name=right_c2s]", right)
    keys.enter("button:not([formaction])", "Clôturer", "Accompagnement clôturé", "#messages")


def redirect(keys: Keys) -> None:
    """To the other way of the same text."""
    keys.enter("a", "Rediriger vers un autre service", "Vers quel service")
    keys.choose("[name=target]", "Seconde voie").choose("[name=reason]", "Cet autre service").to(
        "button", "Rediriger"
    )
    keys.press("Enter")
    told(keys.page, "Orientation redirigée", "#messages")


def start_again(keys: Keys) -> UUID:
    """The sender goes on from what it wrote: the person is told again, for the demand goes elsewhere."""
    keys.page.goto("/")
    keys.enter("a", "Repartir vers Seconde voie", "Redirigée vers")
    keys.enter("button", "Repartir avec ce qui est écrit", "Il reste à compléter")
    keys.enter("main a", "Information", "Ce que vous lui avez dit")
    tell_her(keys).enter("button", NEXT, "Pourront lire tout ce qui précède")
    keys.enter("button", "Envoyer l’orientation", "Orientation envoyée", "#messages")
    return case_of(keys.page)


def forward(keys: Keys) -> None:
    """To the social service, with the caisse's own words."""
    keys.enter("a", "Transmettre à un autre service", "Ce qui part")
    keys.choose("[name=scheme]", "général").choose("[name=first_level_given]", "Oui")
    keys.write("[name=narrative]", SAID_BY_CAISSE)
    tell_her(keys).enter("button", "Transmettre", "Dossier transmis", "#messages")


def reads(page: Page, case: UUID, says: Iterable[str], never: Iterable[str]) -> None:
    """A page of a case says all this, and none of that."""
    page.goto(f"/orientations/{case}/")
    said = words(page)
    assert [one for one in says if one not in said] == [], said
    whole = page.content()
    assert [one for one in never if one in said or one in whole] == [], said


def is_not_there(page: Page, cases: Iterable[UUID]) -> None:
    """As for an address that never was; nothing in the list either."""
    for case in cases:
        answer = page.goto(f"/orientations/{case}/")
        assert answer is not None
        assert answer.status == 404
        page.goto("/orientations/?vue=all")
        assert str(case) not in page.content()
        assert reference(case) not in page.content()


@pytest.mark.long
def test_by_keyboard_a_case_goes_from_hand_to_hand_and_each_reads_its_part(opened: Opened) -> None:
    """At length, in Chromium, what test_without_script_a_worker_sends_and_the_caisse_closes,
    test_the_caisse_redirects_and_the_sender_goes_on_until_it_is_sent and
    test_the_caisse_forwards_on_one_page_and_each_reads_its_part do by links and forms, each its piece."""
    sign()
    sender, caisse, service = (Keys(opened(who)) for who in (WORKER, ADVISER, SSAM))
    for keys in (sender, caisse, service):
        keys.page.goto("/")
    begun = time.monotonic()
    first = send(sender)
    assert time.monotonic() - begun < TWO_MINUTES
    assert sender.presses < 400  # what a person types and presses in two minutes
    assert take(caisse) == first
    redirect(caisse)
    second = start_again(sender)
    assert second != first
    assert take(caisse) == second
    work(caisse)
    write_own(caisse, OWN_OF_CAISSE)
    forward(caisse)
    third = take(service)
    work(service)
    write_own(service, OWN_OF_SSAM)
    close(service, "not_relevant", "accompanied")
    caisse.page.goto("/orientations/")
    caisse.enter(f"main a[href='/orientations/{second}/']", "", "Dossiers liés")
    close(caisse, "done", "opened")
    hidden = (str(third), reference(third), OWN_OF_SSAM, SAID_BY_CAISSE)
    reads(
        sender.page,
        first,
        ("Redirigée vers", "Seconde voie", "Repartie", reference(second), SAID_BY_SENDER),
        (*hidden, OWN_OF_CAISSE),
    )
    reads(
        sender.page,
        second,
        (
            "Accompagnement terminé",
            "Soins réalisés · Droits ouverts",
            "Transmise",
            "CARSAT Rhône-Alpes",
            "Suite de",
        ),
        (*hidden, OWN_OF_CAISSE),
    )
    reads(
        caisse.page,
        second,
        ("Soins réalisés · Droits ouverts", "Transmise", reference(third), OWN_OF_CAISSE, "CCAS"),
        (OWN_OF_SSAM, SAID_BY_CAISSE),
    )
    reads(
        caisse.page,
        third,
        ("Transmise depuis", reference(second), SAID_BY_CAISSE, "Accompagnement terminé"),
        (OWN_OF_SSAM, OWN_OF_CAISSE),
    )
    reads(
        service.page,
        third,
        ("QUINTESSENCE", "CPAM de la Loire", SAID_BY_CAISSE, OWN_OF_SSAM),
        (str(first), str(second), reference(first), reference(second), "CCAS", SAID_BY_SENDER, OWN_OF_CAISSE),
    )
    is_not_there(sender.page, [third])
    is_not_there(service.page, [first, second])
    is_not_there(opened(STRANGER), [first, second, third])
