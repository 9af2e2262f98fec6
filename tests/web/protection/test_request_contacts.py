"""A contact of a contract on the pages of her request: looked for, ticked, given, erased; said where nothing can be erased."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client

from maillage.conventions.referents.actions import name_referent
from maillage.conventions.terms.protection import DataRight
from maillage.core.calendar import DAY
from maillage.core.clock import now
from maillage.web.protection.requests import deciding
from tests.conventions.people import seen
from tests.conventions.referents.test_handover import tenure
from tests.days import today
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, received
from tests.referrals.world import Signed, member, sign_convention
from tests.training.world import OFFICER
from tests.web.committees.conftest import Signs
from tests.web.conventions.writing.conftest import plain
from tests.web.protection.test_requests import here

pytestmark = pytest.mark.django_db
BOX = "referente.essai@cpam.example.org"


@pytest.fixture
def s3(db: None, monkeypatch: pytest.MonkeyPatch) -> Signed:
    """A convention whose contacts have all rights, as those of the Croix-Rouge have; a referent of the caisse on duty."""
    monkeypatch.setattr(deciding, "open_rights", lambda *_: tuple(DataRight))
    signed = sign_convention()
    named(signed, BOX)
    return signed


def named(signed: Signed, box: str, until: int | None = None) -> UUID:
    """A referent that the caisse names, whose last day is so many days ago."""
    with member(OFFICER) as officer:
        row = name_referent(
            convention=seen(officer, signed.id),
            tenure=tenure(since=today() - 10 * DAY, mailbox=box),
            by=officer,
            at=now(),
        )
        if until is not None:
            row.until = today() - timedelta(days=until)
            row.save(update_fields=["until"])
    return row.pk


def ticked(person: Client, request: UUID, words: str, *contacts: UUID) -> str:
    page = plain(person.post(here(request, "contacts/"), {"words": words}))
    person.post(here(request, "contacts/noter/"), {"contacts": [str(one) for one in contacts]})
    return page


def granted(person: Client, request: UUID, right: str) -> str:
    return plain(person.post(here(request, f"reponses/{right}/"), {"outcome": "granted"}, follow=True))


def test_a_former_contact_is_looked_for_given_and_erased_on_her_request(as_: Signs, s3: Signed) -> None:
    old = named(s3, "ancienne.essai@cpam.example.org", until=1)
    request = received(by=CPAM_DPO, subject="contact", rights=("access", "erasure", "portability"))
    officer = as_(CPAM_DPO)
    page = plain(officer.get(here(request)))
    assert "Cherchez la personne parmi vos contacts" in page
    assert "ne s’effacent pas à la demande" in page
    assert "au moins 3 lettres" in plain(officer.post(here(request, "contacts/"), {"words": "an"}))
    found = ticked(officer, request, "essai", old)
    assert "ancienne.essai@cpam.example.org" in found
    assert BOX in found
    page = plain(officer.get(here(request)))
    assert "ancienne.essai@cpam.example.org" in page
    assert BOX not in page
    assert "Répondez d’abord à ce qui se donne" in granted(officer, request, "erasure")
    assert "Réponse notée : accès" in granted(officer, request, "access")
    assert "Ce qu’elle a donné (CSV)" in granted(officer, request, "portability")
    given = json.loads(officer.get(here(request, "portabilite/json/")).content)
    assert [one["adresse_electronique"] for one in given["contacts"]] == ["ancienne.essai@cpam.example.org"]
    table = officer.get(here(request, "portabilite/csv/"))
    assert table["Content-Disposition"].endswith('.csv"')
    assert "ancienne.essai@cpam.example.org" in table.content.decode("utf-8-sig")
    assert officer.get(here(request, "portabilite/xml/")).status_code == 404
    asked = plain(officer.get(here(request, "reponses/erasure/")))
    assert "Ce qu’accorder efface" in asked
    assert "ancienne.essai@cpam.example.org" in asked
    done = granted(officer, request, "erasure")
    assert "Effacé : 1 référent d’une convention" in done
    assert "ancienne.essai@cpam.example.org" not in done
    assert "Réponse notée" in plain(officer.post(here(request, "reponse/"), follow=True))
    assert officer.get(here(request, "lettre/")).content.startswith(b"%PDF-")
    assert "A effacé les contacts d’une personne" in plain(officer.get("/journal/"))


def test_a_contact_that_still_serves_is_kept_and_says_why(as_: Signs, s3: Signed) -> None:
    request = received(by=CPAM_DPO, subject="contact", rights=("erasure",))
    officer = as_(CPAM_DPO)
    with member(OFFICER) as someone:
        (serving,) = seen(someone, s3.id).referents.values_list("pk", flat=True)
    ticked(officer, request, "essai", serving)
    asked = plain(officer.get(here(request, "reponses/erasure/")))
    assert "Ce qui reste, encore nécessaire" in asked
    assert "nommez d’abord qui lui succède" in asked
    refused = granted(officer, request, "erasure")
    assert "Ces contacts sont encore nécessaires" in refused
    assert "Effacé" not in plain(officer.get(here(request)))


def test_where_no_text_opens_it_the_refusal_is_ready_with_until_when_and_why(
    as_: Signs, s3: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    request = received(by=CPAM_DPO, subject="contact", rights=("erasure",))
    officer = as_(CPAM_DPO)
    with member(OFFICER) as someone:
        (serving,) = seen(someone, s3.id).referents.values_list("pk", flat=True)
    ticked(officer, request, "essai", serving)
    page = officer.get(here(request, "reponses/erasure/"))
    text = plain(page)
    assert "Aucune de vos conventions n’ouvre ce droit à un contact de contrat" in text
    assert "gardées 5 ans après le dernier contact, et tant que cette fonction court" in text
    assert "repère de la plateforme : durée de la mention" in text
    words = page.context["form"].initial["words"]
    posted = {"outcome": "refused", "ground": "not_held", "words": words}
    noted = plain(officer.post(here(request, "reponses/erasure/"), posted, follow=True))
    assert "ce droit n’est pas ouvert pour ces données (RGPD, article 17.3)" in noted
    assert "gardées 5 ans après le dernier contact" in noted
    assert "Réponse notée" in plain(officer.post(here(request, "reponse/"), follow=True))


def test_a_person_who_is_helped_is_shown_no_contacts_and_others_reach_nothing(as_: Signs, s3: Signed) -> None:
    request = received(by=CCAS_ADMIN)
    admin = as_(CCAS_ADMIN)
    assert "Ses contacts dans votre organisme" not in plain(admin.get(here(request)))
    assert "Aucun contact ne correspond" in plain(admin.post(here(request, "contacts/"), {"words": "essai"}))
    posted = {"contacts": ["n’importe quoi", str(s3.id)]}
    assert "Choisissez des contacts de la liste" in plain(
        admin.post(here(request, "contacts/noter/"), posted, follow=True)
    )
    officer = as_(CPAM_DPO)
    for rest in ("contacts/", "portabilite/json/"):
        assert officer.get(here(request, rest)).status_code == 404
