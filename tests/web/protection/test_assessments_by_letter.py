"""Whoever has nobody on the platform is asked by letter: its page gives it, and the leader notes the answer with the document that came."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client

from maillage.core.clock import now
from maillage.organisations.models import User
from maillage.protection.assessments.rules import Kind
from tests.documents.builders import pdf
from tests.documents.reading import words_of
from tests.protection.assessments.files import CPAM_ADMIN, CROIX_ROUGE_ADMIN, asked, opened
from tests.protection.breaches.files import signed_croix_rouge
from tests.web.conventions.writing.conftest import plain

BEGAN = now() - timedelta(days=90)


def test_the_letter_is_on_the_page_then_the_answer_is_noted(fresh_database: object) -> None:
    row = opened(signed_croix_rouge(BEGAN, BEGAN + timedelta(days=1)))
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE organisations_user SET is_active = false WHERE email = %s", [CROIX_ROUGE_ADMIN])
    question = asked(row, Kind.DOCUMENTATION, "Croix-Rouge")
    assert not question.is_here
    caisse, here = Client(), f"/protection/analyses/demandes/{question.pk}/"
    caisse.force_login(
        User.objects.get(email=CPAM_ADMIN), backend="maillage.web.accounts.backend.ClosedBackend"
    )
    assert "Écrire à Croix-Rouge puis noter sa réponse" in plain(caisse.get("/"))
    page = caisse.get(here)
    assert "Lettre à envoyer (PDF)" in plain(page)
    assert f'href="{here}lettre/"' in page.content.decode()
    letter = caisse.get(f"{here}lettre/")
    assert letter["Content-Type"] == "application/pdf"
    said = words_of(letter.content)
    assert "Croix-Rouge française" in said
    assert question.question[:20] in said
    refused = caisse.post(here, {"words": "Deux personnes formées."})
    assert "Joignez la réponse reçue." in plain(refused)
    assert "Deux personnes formées." in plain(refused)
    file = SimpleUploadedFile("reponse.pdf", pdf(), "application/pdf")
    done = plain(caisse.post(here, {"words": "Deux personnes formées.", "document": file}, follow=True))
    assert "Réponse enregistrée" in done
    assert "Lettre à envoyer (PDF)" not in done
    assert "Écrire à Croix-Rouge" not in plain(caisse.get("/"))
