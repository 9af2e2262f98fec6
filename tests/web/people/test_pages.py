"""The pages about people: the door, the list, the acts, the link of an invitation in each of its states."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from maillage.demo.cast import PASSWORD
from maillage.organisations.models import Membership, Organisation, Training, Undertaking, User
from maillage.organisations.people.queries import untrained
from maillage.organisations.undertaking import current_text
from maillage.web.people.tasks import trainings_due
from tests.days import today
from tests.leaving import end_at_once
from tests.organisations.people.team import (
    ADMINISTRATOR,
    NEWCOMER,
    REFERENT,
    TWO_EMPLOYERS,
    WORKER,
    expired,
    invited,
    link,
    member,
    membership,
    organisation,
    user,
)

pytestmark = pytest.mark.usefixtures("fresh_database")
CHOSEN = "sept-girafes-au-marché"


def as_(address: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/connexion/", {"login": address, "password": password})
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code < 500
    return " ".join(unescape(answer.content.decode()).replace("\u00a0", " ").split())


def day(offset: int = 0) -> str:
    return (today() + timedelta(days=offset)).strftime("%d/%m/%Y")


def test_somebody_who_has_not_signed_is_led_to_the_door_signs_and_enters() -> None:
    Undertaking.objects.using("owner").filter(user__email=WORKER).delete()
    client = as_(WORKER)
    assert client.get("/conventions/").headers["Location"] == "/mon-compte/entree/"
    fragment = client.get("/conventions/", headers={"HX-Request": "true"})
    assert (fragment.status_code, fragment.headers["HX-Redirect"]) == (204, "/mon-compte/entree/")
    sent = client.post("/orientations/nouvelle/", {"authorisation": "x"}, follow=True)
    assert "Ce que vous veniez d’envoyer n’a pas été enregistré" in text_of(sent)
    door = text_of(client.get("/mon-compte/entree/"))
    assert "226-13" in door
    assert "Conventions</a>" not in door
    form = {"organisation": str(organisation()), "text": current_text().text_hash}
    assert "Cochez la case pour signer" in text_of(client.post("/mon-compte/entree/", form))
    done = client.post("/mon-compte/entree/", {**form, "agreed": "on"}, follow=True)
    assert done.redirect_chain[-1][0] == "/"
    assert "Engagement signé" in text_of(done)


def test_without_a_training_the_door_says_who_dates_it_and_an_administrator_alone_does() -> None:
    Training.objects.using("owner").filter(user__email__in=(WORKER, ADMINISTRATOR)).delete()
    waiting = as_(WORKER)
    assert "Un·e administrateur·rice de l’organisme l’enregistre" in text_of(waiting.get("/", follow=True))
    given = {"organisation": str(organisation()), "done_on": "05/01/2026", "title": "RGPD"}
    refused = waiting.post("/mon-compte/entree/formation/", given)
    assert "Un·e administrateur·rice" in text_of(refused)
    alone = as_(ADMINISTRATOR)
    assert "Vous administrez seul·e cet organisme" in text_of(alone.get("/", follow=True))
    assert alone.post("/mon-compte/entree/formation/", given).headers["Location"] == "/"
    sheet = f"/organisme/membres/{user(WORKER)}/"
    assert "Aucune formation datée" in text_of(alone.get(sheet))
    alone.post(f"{sheet}formation/", {"done_on": "06/01/2026", "title": "Module RGPD"})
    assert "6 janvier 2026 : Module RGPD" in text_of(alone.get(sheet))
    assert waiting.get("/").status_code == 200


def test_switching_to_an_organisation_that_waits_leads_to_the_door() -> None:
    Undertaking.objects.using("owner").filter(
        user__email=TWO_EMPLOYERS, organisation__short_name="CCAS"
    ).delete()
    client = as_(TWO_EMPLOYERS)
    assert "Centre hospitalier d’Exemple" in text_of(client.get("/"))
    answer = client.post("/organisme/", {"organisation": str(organisation())})
    assert answer.headers["Location"] == "/mon-compte/entree/"
    assert "organisation" not in client.session


def invitation_form(**changed: object) -> dict[str, object]:
    return {
        "full_name": "Nour Exemple", "email": NEWCOMER, "roles": ["partner_worker"], "since": day(), "until": "",
    } | changed  # fmt: skip


def test_an_administrator_invites_sends_again_and_revokes() -> None:
    client = as_(ADMINISTRATOR)
    form = text_of(client.get("/organisme/membres/inviter/"))
    assert "Conseiller·ère de la caisse" not in form  # not here
    assert "Choisissez au moins un rôle" in text_of(
        client.post("/organisme/membres/inviter/", invitation_form(roles=[]))
    )
    assert "Invitation envoyée" in text_of(
        client.post("/organisme/membres/inviter/", invitation_form(), follow=True)
    )
    again = client.post("/organisme/membres/inviter/", invitation_form())
    assert "Une invitation attend déjà cette personne" in text_of(again)
    listed = client.get("/organisme/membres/")
    which = listed.context["invitations"][0]["row"].pk
    renewed = client.post(f"/organisme/membres/invitations/{which}/renvoi/", follow=True)
    assert "le lien précédent n’ouvre plus rien" in text_of(renewed)
    assert "2 envois" in text_of(renewed)
    closed = client.post(f"/organisme/membres/invitations/{which}/annulation/", follow=True)
    assert "Aucune invitation n’attend" in text_of(closed)
    late = client.post(f"/organisme/membres/invitations/{which}/renvoi/", follow=True)
    assert "a été annulée" in text_of(late)


def test_a_newcomer_opens_her_account_under_the_invited_address() -> None:
    address = link(invited())
    client = Client()
    shown = text_of(client.get(address))
    assert "CCAS de Montbrison" in shown
    assert "Intervenant·e social·e" in shown
    wrong = client.post(address, {"full_name": "Nour Exemple", "password": CHOSEN, "again": "autre"})
    assert "diffèrent" in text_of(wrong)
    short = client.post(address, {"full_name": "Nour Exemple", "password": "court", "again": "court"})
    assert "trop court" in text_of(short)
    assert not User.objects.filter(email=NEWCOMER).exists()
    done = client.post(
        address, {"full_name": "Nour Exemple", "password": CHOSEN, "again": CHOSEN}, follow=True
    )
    assert "Votre compte est ouvert" in text_of(done)
    assert "Cette invitation a déjà servi" in text_of(client.get(address))
    inside = as_(NEWCOMER, CHOSEN).get("/", follow=True)
    assert "Avant d’entrer" in text_of(inside)


def test_somebody_who_has_an_account_signs_in_first_and_comes_back() -> None:
    address = link(invited("conseil@cpam.example.org"))
    shown = text_of(Client().get(address))
    assert "Cette adresse a déjà un compte" in shown
    assert f"/connexion/?next={address.replace('/', '%2F')}" in shown
    client = as_("conseil@cpam.example.org")
    assert "Accepter l’invitation" in text_of(client.get(address))
    done = client.post(address, follow=True)
    assert "Invitation acceptée" in text_of(done)
    assert "CCAS de Montbrison" in text_of(done)
    assert "Cette invitation a déjà servi" in text_of(client.post(address))


CLOSED = {
    "used": "Cette invitation a déjà servi",
    "expired": "Cette invitation a expiré",
    "revoked": "Cette invitation a été annulée",
}


@pytest.mark.parametrize("state", CLOSED)
def test_each_closed_link_says_what_to_do_and_not_whose_it_was(state: str) -> None:
    which = invited()
    if state == "used":
        given = {"full_name": "Nour Exemple", "password": CHOSEN, "again": CHOSEN}
        Client().post(link(which), given)
    elif state == "expired":
        expired(which)
    else:
        as_(ADMINISTRATOR).post(f"/organisme/membres/invitations/{which}/annulation/")
    for client in (Client(), as_("conseil@cpam.example.org")):
        for answer in (client.get(link(which)), client.post(link(which))):
            shown = text_of(answer)
            assert CLOSED[state] in shown
            main = shown.split("<main")[1]
            assert not any(word in main for word in ("Montbrison", NEWCOMER, "Nour", "Intervenant"))


def test_a_link_opened_under_another_address_tells_nothing_of_it() -> None:
    which = invited()
    client = as_("conseil@cpam.example.org")
    for answer in (client.get(link(which)), client.post(link(which))):
        shown = text_of(answer)
        assert "Cette invitation est pour une autre adresse" in shown
        assert not any(word in shown for word in ("Montbrison", NEWCOMER, "Nour"))
    assert Client().get("/invitation/" + "a" * 32 + "/").status_code == 404
    assert client.get("/invitation/" + "a" * 32 + "/").status_code == 404


def test_the_list_shows_who_may_act_and_a_role_is_given_and_ended() -> None:
    Training.objects.using("owner").filter(user__email=WORKER).delete()
    client = as_(ADMINISTRATOR)
    listed = text_of(client.get("/organisme/membres/"))
    assert "1 personne ne peut pas encore agir" in listed
    Training.objects.using("owner").filter(user__email=TWO_EMPLOYERS).delete()
    assert "2 personnes ne peuvent pas encore agir" in text_of(client.get("/organisme/membres/"))
    sheet = f"/organisme/membres/{user(WORKER)}/"
    client.post(f"{sheet}role/", {"role": "referent", "since": day(), "until": day(30)})
    assert "Référent·e de convention" in text_of(client.get(sheet))
    which = membership(WORKER, "referent")
    form = client.post(f"/organisme/membres/roles/{which}/fin/", {"when": "day", "last": ""})
    assert "Écrivez le dernier jour" in text_of(form)
    client.post(f"/organisme/membres/roles/{which}/fin/", {"when": "now"})
    assert "Retiré le jour même" in text_of(client.get(sheet))
    own = client.post(
        f"/organisme/membres/roles/{membership(ADMINISTRATOR, 'administrator')}/fin/", {"when": "now"}
    )
    assert "dernier rôle d’administration" in text_of(own)


def test_a_role_withdrawn_while_its_holder_works_is_said_at_her_next_page_and_fragment() -> None:
    client = as_(WORKER)
    assert client.get("/orientations/").status_code == 200
    end_at_once(organisation(), which(WORKER))
    for headers in ({}, {"HX-Request": "true"}):
        answer = client.get("/orientations/", headers=headers)
        assert answer.status_code == 403
        assert "Votre rôle « Intervenant·e social·e » (CCAS) a pris fin" in text_of(answer)
    typed = {"title": "Des mots <à> garder", "password": "un secret à taire", "authorisation": "x"}
    sent = client.post("/orientations/nouvelle/", typed)
    assert sent.status_code == 403
    assert "Ce que vous veniez de saisir n’a pas été enregistré" in text_of(sent)
    assert "Des mots <à> garder" in text_of(sent)
    assert b"<\xc3\xa0>" not in sent.content  # escaped
    assert "secret" not in text_of(sent)


@pytest.mark.parametrize("successor", ["CPAM 42", ""])
def test_whoever_worked_for_an_organisation_that_closed_reads_so_and_who_goes_on(successor: str) -> None:
    client = as_(WORKER)
    owned = Organisation.objects.using("owner")
    Membership.objects.using("owner").filter(organisation=organisation()).update(
        until=today() - timedelta(days=1)
    )
    owned.filter(id=organisation()).update(
        closed_on=today(), successor=owned.filter(short_name=successor).first()
    )
    answer = client.get("/orientations/")
    assert answer.status_code == 403
    assert "CCAS de Montbrison : organisme fermé depuis le" in text_of(answer)
    assert "Vous n’agissez aujourd’hui pour aucun organisme" in text_of(answer)
    assert "Votre rôle ne permet pas" not in text_of(answer)  # she has none
    assert ("CPAM de la Loire prend sa suite : demandez une invitation" in text_of(answer)) == bool(successor)
    assert "a pris fin" not in text_of(answer)


def which(address: str) -> Any:
    from django.db.models import Q

    return Q(user__email=address)


def test_an_administrator_is_told_on_her_first_page_who_waits_for_a_training(
    django_assert_num_queries: Any,
) -> None:
    client = as_(ADMINISTRATOR)
    assert "Dater une formation RGPD" not in text_of(client.get("/"))
    Training.objects.using("owner").filter(user__email=WORKER).delete()
    one = text_of(client.get("/"))
    assert "Dater une formation RGPD : Sacha Exemple" in one
    assert f"/organisme/membres/{user(WORKER)}/formation/" in one
    assert "Dater une formation RGPD" not in text_of(as_(REFERENT).get("/"))
    Training.objects.using("owner").filter(user__email=TWO_EMPLOYERS).delete()
    assert "Dater une formation RGPD : 2 personnes" in text_of(client.get("/"))
    named = text_of(client.get("/protection/formations/"))
    for said in ("Sacha Exemple", "Intervenant·e social·e", "/organisme/membres/"):
        assert said in named
    assert as_(REFERENT).get("/protection/formations/").status_code == 403
    with member(ADMINISTRATOR) as administrator, django_assert_num_queries(1):
        assert len(trainings_due(administrator, today())) == 1
    Membership.objects.using("owner").filter(user__email=WORKER).update(until=today() - timedelta(days=1))
    with member(ADMINISTRATOR) as administrator:
        assert [one.email for one in untrained(administrator, on=today())] == [TWO_EMPLOYERS]


def test_what_one_may_do_is_written_for_everybody() -> None:
    shown = text_of(Client().get(reverse("roles")))
    assert "Envoyer une orientation" in shown
    assert "un partenaire, hors Assurance Maladie" in shown
    assert "Renseigner les rôles RGPD" in shown


def test_the_list_pins_its_queries(django_assert_num_queries: Any) -> None:
    client = as_(ADMINISTRATOR)
    client.get("/organisme/membres/")
    with django_assert_num_queries(9):  # two of the transaction, session, account, entering, four of the list
        client.get("/organisme/membres/")
    assert Membership.objects.using("owner").filter(user__email=ADMINISTRATOR).count() == 1
