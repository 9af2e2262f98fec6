"""Absence and departure on the pages: what is named on « À faire », what remains, what is handed over unopened."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.organisations.models import Membership, Training
from maillage.referrals.content import content_to_bytes
from maillage.referrals.drafts import draft_place
from maillage.referrals.models import Draft
from maillage.vault.actions import vault
from tests.browsing import browser, opened, site, visit
from tests.days import today
from tests.organisations.people.team import ADMINISTRATOR, REFERENT, TWO_EMPLOYERS, WORKER, organisation, user
from tests.referrals.world import Signed, sign_convention
from tests.web.people.test_pages import as_, day, text_of

__all__ = ["browser", "opened", "site"]  # fixtures of these tests
pytestmark = pytest.mark.usefixtures("fresh_database")


def drafted(address: str = WORKER) -> UUID:
    """A draft sealed to the CCAS, begun by somebody."""
    from maillage.referrals.content import Content

    new = uuid7()
    signed: Signed = sign_convention()
    content = Content(authorisation=signed.authorisation().id)
    with transaction.atomic(), acting(organisation=organisation(), user=user(address)):
        sealed = vault().seal_for_self(
            content_to_bytes(content), organisation=organisation(), at=draft_place(new)
        )
        Draft.objects.create(
            id=new, organisation_id=organisation(), author=user(address), sealed=sealed, updated_at=now()
        )
    return new


def test_the_replacement_sees_the_draft_named_and_opens_it_for_these_days_only() -> None:
    draft = drafted()
    replacement = as_(REFERENT)
    step = f"/orientations/brouillons/{draft}/personne/"
    assert replacement.get(step).status_code == 404
    worker = as_(WORKER)
    form = {"since": day(), "until": day(4), "replaced_by": str(user(REFERENT))}
    assert "Absence enregistrée" in text_of(worker.post("/mon-compte/absence/", form, follow=True))
    todo = text_of(replacement.get("/"))
    assert "Vous remplacez Sacha Exemple" in todo
    assert "Pour Sacha Exemple, absent·e : Terminer un brouillon d’orientation" in todo
    assert replacement.get(step).status_code == 200
    assert as_("deux@example.org").get(step).status_code == 404
    shown = worker.get("/mon-compte/absence/")
    (absence,) = shown.context["absences"]
    ended = worker.post(f"/organisme/membres/absences/{absence[0]}/fin/", follow=True)
    assert "le remplacement s’arrête" in text_of(ended)
    assert replacement.get(step).status_code == 404


def test_whoever_is_chosen_without_being_able_to_act_yet_is_said_so() -> None:
    Training.objects.using("owner").filter(user__email=REFERENT).delete()
    drafted()
    administrator = as_(ADMINISTRATOR)
    for page in ("absence", "depart"):
        shown = text_of(administrator.get(f"/organisme/membres/{user(WORKER)}/{page}/"))
        assert "Morgan Exemple (ne peut pas encore agir)" in shown
        assert "Swann Exemple (" not in shown


def test_whoever_works_alone_is_told_why_no_absence_is_noted() -> None:
    Membership.objects.using("owner").filter(
        organisation__short_name="CCAS", user__email__in=(REFERENT, TWO_EMPLOYERS, ADMINISTRATOR)
    ).update(until=today() - timedelta(days=1))
    shown = text_of(as_(WORKER).get("/mon-compte/absence/"))
    assert "personne d’autre ne travaille aujourd’hui" in shown
    assert "Remplacée par" not in shown


def test_an_administrator_ends_all_roles_and_hands_each_draft_over_unopened() -> None:
    draft = drafted()
    administrator = as_(ADMINISTRATOR)
    page = f"/organisme/membres/{user(WORKER)}/depart/"
    assert "Vous ne le lisez pas : vous le remettez" in text_of(administrator.get(page))
    done = administrator.post(page, {"when": "now"}, follow=True)
    assert "Plus aucun rôle" in text_of(done)
    hand = f"/organisme/membres/{user(WORKER)}/remise/"
    wrong: dict[str, Any] = {"draft": str(draft), "to": str(user(ADMINISTRATOR))}
    assert "Choisissez dans la liste" in text_of(administrator.post(hand, wrong))
    handed = administrator.post(hand, wrong | {"to": str(user(REFERENT))}, follow=True)
    assert "Brouillon remis" in text_of(handed)
    assert "Aucun brouillon ne reste" in text_of(handed)
    again = administrator.post(hand, wrong | {"to": str(user(REFERENT))}, follow=True)
    assert "n’est plus à cette personne" in text_of(again)
    assert as_(REFERENT).get(f"/orientations/brouillons/{draft}/personne/").status_code == 200
    assert administrator.get(f"/orientations/brouillons/{draft}/personne/").status_code == 403


def test_the_functions_of_referent_are_listed() -> None:
    listed = text_of(as_(ADMINISTRATOR).get(f"/organisme/membres/{user(REFERENT)}/depart/"))
    assert "Une fonction de référent est écrite sans nom" in listed
    assert "Aucune fonction de référent en cours" in listed


@pytest.mark.browser
@pytest.mark.long
def test_the_pages_of_leaving_look_right(opened: Any) -> None:
    """Two more forms on the page of a member, looked at by test_a_newcomer_is_invited_opens_her_account_signs_is_trained_and_enters."""
    drafted()
    page = opened(ADMINISTRATOR, bypass_csp=True)
    for name, address in {
        "absence": f"/organisme/membres/{user(WORKER)}/absence/",
        "depart": f"/organisme/membres/{user(WORKER)}/depart/",
    }.items():
        visit(page, address, f"people_{name}")
