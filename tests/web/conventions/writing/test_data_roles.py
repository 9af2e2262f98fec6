"""« Qui est quoi » as each party's people use it: read, accepted from a form, withdrawn, refused at the right field."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from maillage.cases.models import Authorisation
from maillage.conventions.data_roles.models import FlowAcceptance
from maillage.conventions.drafting import values
from maillage.conventions.lifecycle.completing import fill_after_signature
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.referrals.drafts import begin
from tests.conventions.data_roles.world import (
    CARSAT_ADMIN,
    CCAS_ADMIN,
    CPAM_ADMIN,
    CPAM_DPO,
    FLOW,
    accept,
    is_open,
)
from tests.conventions.people import CPAM, STRANGER, WORKER, member, roles_recorded, seen, signed
from tests.days import today
from tests.documents.builders import pdf
from tests.referrals.world import complete
from tests.web.conventions.writing.conftest import Signs, hidden, plain

pytestmark = pytest.mark.django_db
WAITS = "Dire qui est quoi"


@pytest.fixture(scope="module")
def signed_s3(kept: Path) -> UUID:
    return signed()


def table(convention: UUID) -> str:
    return reverse("conventions:data_roles", args=[convention])


def form(convention: UUID) -> str:
    return reverse("conventions:data_roles_accept", args=[convention, FLOW])


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(
        where,
        {"token": hidden(person.get(where), "token"), "given_on": today().strftime("%d/%m/%Y"), **values},
        follow=True,
    )


def test_each_flow_is_shown_with_its_blanks_and_why_it_is_blocked(as_: Signs, signed_s3: UUID) -> None:
    page = plain(as_(CPAM_DPO).get(table(signed_s3)))
    for words in (
        "Rôles des parties au regard du RGPD pour les détections (annexe manquante, annexe 6)",
        "Délégués à la protection des données des parties (annexe manquante, annexe 6)",
        "Régime : Détections",
        "Bloqué",
        "Les rôles ne sont pas renseignés, et manque l’accord écrit de : CCAS, CPAM 42.",
        "Renseigner les rôles",
        "Accepter de commencer sans les rôles",
        "Rôles renseignés (article 4)",
    ):
        assert words in page, words


def test_it_is_reached_from_the_convention_and_from_the_desk_and_said_in_what_is_due(
    as_: Signs, signed_s3: UUID
) -> None:
    for address in ("/protection/", "/"):
        assert WAITS in plain(as_(CPAM_DPO).get(address))
    for address in ("/protection/", f"/conventions/{signed_s3}/"):
        assert table(signed_s3) in plain(as_(CPAM_DPO).get(address))
    assert WAITS not in plain(as_(CARSAT_ADMIN).get("/protection/")), "on neither side of the flow"
    accept(signed_s3, CPAM_DPO)
    assert WAITS not in plain(as_(CPAM_DPO).get("/protection/"))
    roles_recorded(signed_s3, now())
    assert WAITS not in plain(as_(CCAS_ADMIN).get("/protection/"))


def test_both_sides_accept_from_the_form_and_one_withdraws(as_: Signs, signed_s3: UUID) -> None:
    ours, theirs = as_(CPAM_DPO), as_(CCAS_ADMIN)
    said = plain(sends(ours, form(signed_s3), reason="Annexe attendue en janvier."))
    assert "Le flux attend encore : CCAS" in said
    assert "accepte depuis le" in said
    assert "le flux est ouvert" in plain(sends(theirs, form(signed_s3), reason="D’accord avec la caisse."))
    assert is_open(signed_s3)
    with member(CCAS_ADMIN, now()):
        given = FlowAcceptance.objects.get(party_key="ccas")
    where = reverse("conventions:data_roles_withdraw", args=[signed_s3, given.pk])
    assert ours.get(where).status_code == 403, "another party's"
    early = (today() - timedelta(days=2)).strftime("%d/%m/%Y")
    wrong = plain(theirs.post(where, {"day": early, "why": "Le traitement change."}))
    assert "ne se retire pas avant" in wrong
    assert "Le traitement change." in wrong, "nothing typed is lost"
    empty = theirs.post(where, {"day": today().strftime("%d/%m/%Y"), "why": ""})
    assert "Dites pourquoi" in plain(empty)
    done = theirs.post(
        where, {"day": today().strftime("%d/%m/%Y"), "why": "Le traitement change."}, follow=True
    )
    assert "Accord retiré." in plain(done)
    assert "Retiré le" in plain(done)
    assert not is_open(signed_s3)
    assert "déjà retiré" in plain(theirs.get(where, follow=True))


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(as_: Signs, signed_s3: UUID) -> None:
    dpo, where = as_(CPAM_DPO), form(signed_s3)
    assert "joignez l’accord écrit" in plain(sends(dpo, where, reason=""))
    tomorrow = (today() + timedelta(days=1)).strftime("%d/%m/%Y")
    late = plain(sends(dpo, where, reason="Un mot qui reste.", given_on=tomorrow))
    assert "dans l’avenir" in late
    assert "Un mot qui reste." in late
    file = SimpleUploadedFile("accord.pdf", pdf(), content_type="application/pdf")
    assert "Le flux attend encore" in plain(sends(dpo, where, reason="", document=file))
    assert "Accord écrit" in plain(dpo.get(table(signed_s3)))
    with member(CPAM_DPO, now()):
        assert FlowAcceptance.objects.get().document_id is not None


def test_a_form_sent_twice_accepts_once(as_: Signs, signed_s3: UUID) -> None:
    dpo = as_(CPAM_DPO)
    posted = {
        "token": str(uuid7()),
        "given_on": today().strftime("%d/%m/%Y"),
        "reason": "Une fois.",
    }
    for _ in range(2):
        answer = dpo.post(form(signed_s3), posted, follow=True)
    assert "déjà enregistré" in plain(answer)
    with member(CPAM_DPO, now()):
        assert FlowAcceptance.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "read", "act"),
    [
        (STRANGER, 404, 403),
        (WORKER, 200, 403),
        (CPAM, 200, 403),
        (CPAM_ADMIN, 200, 302),
        (CPAM_DPO, 200, 200),
    ],
)
def test_who_reads_and_who_accepts(as_: Signs, signed_s3: UUID, address: str, read: int, act: int) -> None:
    person = as_(address)
    assert person.get(table(signed_s3)).status_code == read
    assert person.get(form(signed_s3)).status_code == act


def test_an_unknown_flow_is_not_found(as_: Signs, signed_s3: UUID) -> None:
    where = reverse("conventions:data_roles_accept", args=[signed_s3, "rien"])
    assert as_(CPAM_DPO).get(where).status_code == 404


def test_whoever_refers_reads_why_the_way_is_closed_and_whom_to_ask(as_: Signs, signed_s3: UUID) -> None:
    with member(WORKER, now()) as worker:
        closed = Authorisation.objects.get(convention_id=signed_s3, flow_key=FLOW)
        draft = begin(token=uuid7(), content=complete(closed.id), by=worker, at=now())
    client = as_(WORKER)
    for step in ("service", "verification"):
        page = plain(client.get(f"/orientations/brouillons/{draft}/{step}/"))
        said = "Les rôles au regard du RGPD de ce flux ne sont pas renseignés (annexe 6, annexe manquante)"
        assert said in page, step
        assert "votre délégué à la protection des données" in page
    refused = plain(client.post(f"/orientations/brouillons/{draft}/envoi/", follow=True))
    assert "Votre brouillon est gardé" in refused
    assert said in refused


def test_whom_the_roles_leave_out_is_told_so_on_the_page_and_among_what_awaits_it(
    as_: Signs, signed_s3: UUID
) -> None:
    with member(CPAM_DPO, now()) as officer:
        fill_after_signature(
            convention=seen(officer, signed_s3), path=f"flows[{FLOW}].roles", value=values.roles(controllers=["ccas"], processors=[]),
            by=officer, at=now(), note="Annexe 6 reçue",
        )  # fmt: skip
    said = "Ce que votre organisme est pour ces données n’est pas dit : un avenant peut le dire."
    due = "1 traitement de données sans rôle dit pour votre organisme : un avenant peut le dire."
    left_out, named = as_(CPAM_DPO), as_(CCAS_ADMIN)
    assert said in plain(left_out.get(table(signed_s3)))
    assert due in plain(left_out.get("/"))
    assert said not in plain(named.get(table(signed_s3)))
    assert "Renseigner les rôles" not in plain(left_out.get(table(signed_s3))), (
        "what is said is changed by an avenant alone"
    )
