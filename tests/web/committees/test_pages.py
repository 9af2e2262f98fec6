"""A committee from its planning to its closing, on its pages: what each party sees, does, is told; who may not."""

import io
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from openpyxl import load_workbook

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.steering.committees import actions
from maillage.steering.committees.actions import Convened, Planned
from maillage.steering.committees.models import Decision, Meeting
from tests.conventions.people import CARSAT, CCAS, CPAM, STRANGER, WORKER, member, seen
from tests.web.committees.conftest import TODAY, Signs
from tests.web.conventions.writing.conftest import hidden, plain

pytestmark = pytest.mark.django_db
STARTED = TODAY - timedelta(hours=2)
MEETING, LISTED = 17, 15
"""Questions of the page of a meeting, and of that of the committees of a convention."""


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


def begun(convention: UUID, presence: dict[str, str] | None = None) -> Meeting:
    """A meeting convened yesterday for two hours ago; held when a presence is given."""
    before = now() - timedelta(days=1)
    with member(CPAM, before) as actor:
        said = Planned(uuid7(), "copil", STARTED.date())
        row = actions.plan(convention=seen(actor, convention), said=said, by=actor, at=before)
        actions.convene(meeting=row.pk, said=Convened(STARTED, place="Salle 1"), by=actor, at=before)
        if presence is not None:
            actions.hold(meeting=row.pk, presence=presence, by=actor, at=now(), with_pack=False)
    return row


def here(row: Meeting, rest: str = "") -> str:
    return f"/comites/reunions/{row.pk}/{rest}"


@pytest.mark.long
def test_a_meeting_is_planned_then_convened_from_the_page_of_the_convention(as_: Signs, s3: UUID) -> None:
    """By its pages, what test_a_meeting_is_planned_by_any_party_with_every_member_in_its_quorum proves."""
    caisse = as_(CPAM)
    assert f"/comites/{s3}/" in plain(caisse.get(f"/conventions/{s3}/"))
    listed = plain(caisse.get(f"/comites/{s3}/"))
    assert "Prévoir une réunion" in listed
    refused = plain(
        sends(caisse, f"/comites/{s3}/reunions/nouvelle/", committee="copil", kind="regular", planned_on="")
    )
    assert "Écrivez une date" in refused
    shown = sends(
        caisse, f"/comites/{s3}/reunions/nouvelle/", committee="copil", kind="regular", planned_on=french(20),
        inside="COPIL de la PASS",
    )  # fmt: skip
    assert "Réunion prévue" in plain(shown)
    assert "COPIL de la PASS" in plain(shown)
    where = shown.redirect_chain[-1][0]
    form = f"{where}convocation/"
    assert "Indiquez un lieu" in plain(sends(caisse, form, day=french(20), hour="14:30"))
    done = plain(sends(caisse, form, day=french(20), hour="14:30", place="Salle 1"))
    assert "Convocation envoyée" in done
    assert "14 h 30" in done
    printed = as_(CCAS).get(f"{where}convocation/pdf/")
    assert printed.content.startswith(b"%PDF-")
    cancelled = plain(sends(as_(CARSAT), f"{where}annulation/", reason="Salle fermée"))
    assert "Salle fermée" in cancelled


@pytest.mark.long
def test_a_meeting_is_held_written_validated_by_three_parties_and_closed(as_: Signs, s3: UUID) -> None:
    """By its pages, what test_when_each_party_has_validated_the_meeting_is_closed proves."""
    row = begun(s3)
    caisse = as_(CPAM)
    assert "L’heure est passée" in plain(caisse.get(here(row)))
    sends(as_(CCAS), here(row, "points/"), text="Fermeture de l’été")
    assert "Cochez au moins une partie" in plain(sends(caisse, here(row, "tenue/")))
    done = plain(
        sends(
            caisse,
            here(row, "tenue/"),
            presence=["cpam", "carsat", "ccas"],
            presence_ccas="Directrice",
            with_pack="on",
        )
    )
    assert "Réunion notée" in done
    assert "CCAS (Directrice)" in done
    assert "Dossier, version 1" in done
    point = re.search(r"item-[0-9a-f-]+", caisse.get(here(row, "compte-rendu/")).content.decode())
    assert point
    texts = {"base": "0", "general": "Bilans partagés", point[0]: "Le CCAS ferme deux semaines"}
    assert "Le CCAS ferme deux semaines" in plain(sends(caisse, here(row, "compte-rendu/"), **texts))
    decided = sends(
        caisse, here(row, "decisions/"), text="Tenir deux sessions", owner="ccas", due_on=french(60)
    )
    assert "Version 2" in plain(decided)
    for party in (CPAM, CARSAT, CCAS):
        page = as_(party).get(here(row))
        answer = plain(sends(as_(party), here(row, "validation/"), version=hidden(page, "version")))
        assert "validé pour votre organisme" in answer
    assert "Close, compte rendu validé" in answer
    with member(CCAS, now()):
        decision = Decision.objects.get(meeting=row)
    assert as_(CPAM).get(f"/comites/decisions/{decision.pk}/faite/").status_code == 403
    assert "notée comme faite" in plain(
        sends(as_(CCAS), f"/comites/decisions/{decision.pk}/faite/", words="Fait")
    )


@pytest.mark.long
def test_two_who_write_at_once_lose_nothing(as_: Signs, s3: UUID) -> None:
    """By its pages, what test_the_second_writer_is_told_and_the_first_text_stands proves."""
    row = begun(s3, {"cpam": "", "carsat": "", "ccas": ""})
    where = here(row, "compte-rendu/")
    sends(as_(CPAM), where, base="0", general="Texte de la caisse")
    told = as_(CCAS).post(where, {"base": "0", "general": "Texte du CCAS"})
    shown = plain(told)
    assert "rien n’est perdu" in shown
    assert "Texte de la caisse" in shown
    assert "Texte du CCAS" in shown
    kept = sends(as_(CCAS), where, base=hidden(told, "base"), general="Les deux textes")
    assert "Les deux textes" in plain(kept)


@pytest.mark.long
def test_minutes_changed_after_validation_say_so(as_: Signs, s3: UUID) -> None:
    """By its pages, what test_a_text_changed_after_validation_is_marked_and_validated_anew proves."""
    row = begun(s3, {"cpam": "", "carsat": "", "ccas": ""})
    where = here(row, "compte-rendu/")
    sends(as_(CPAM), where, base="0", general="Premier texte")
    sends(as_(CPAM), here(row, "validation/"), version="1")
    assert "a déjà été validé" in plain(as_(CCAS).get(where))
    shown = plain(sends(as_(CCAS), where, base="1", general="Second texte"))
    assert "modifié après validation" in shown
    assert "relisez-la" in plain(sends(as_(CCAS), here(row, "validation/"), version="1"))


def test_without_quorum_the_page_says_it_and_the_decision_waits(as_: Signs, s3: UUID) -> None:
    row = begun(s3, {"cpam": ""})
    shown = plain(
        sends(as_(CPAM), here(row, "decisions/"), text="Tenir une session", owner="cpam", due_on=french(60))
    )
    assert "sans quorum" in shown
    assert "les décisions sont à confirmer" in shown
    assert "À confirmer" in shown
    with member(CPAM, now()):
        decision = Decision.objects.get(meeting=row)
    assert "Abandonner" in plain(as_(CPAM).get(f"/comites/decisions/{decision.pk}/abandon/"))
    refused = plain(sends(as_(CPAM), f"/comites/decisions/{decision.pk}/confirmation/"))
    assert "Choisissez une réponse" in refused


def test_the_file_is_downloaded_by_the_parties_only(as_: Signs, s3: UUID) -> None:
    row = begun(s3)
    page = sends(as_(CPAM), here(row, "dossier/"))
    assert "Dossier figé" in plain(page)
    links = re.findall(r"/comites/dossiers/[0-9a-f-]+/(?:pdf|xlsx)/", page.content.decode())
    assert len(links) == 2
    for link in links:
        answer = as_(CARSAT).get(link)
        content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a download
        if link.endswith("pdf/"):
            assert content.startswith(b"%PDF-")
        else:
            assert len(load_workbook(io.BytesIO(content)).sheetnames) == 7
        assert as_(STRANGER).get(link).status_code == 404
    assert as_(CPAM).get(links[0].replace("pdf", "docx")).status_code == 404


def test_words_for_the_committee_are_written_read_and_taken_back(as_: Signs, s3: UUID) -> None:
    where = f"/comites/{s3}/mots/nouveau/"
    assert "numéro de téléphone" in plain(sends(as_(CCAS), where, kind="alert", text="Le 06 12 34 56 78"))
    assert "Un accueil manque" in plain(sends(as_(CCAS), where, kind="alert", text="Un accueil manque"))
    page = as_(CCAS).get(f"/comites/{s3}/").content.decode()
    link = re.search(r"/comites/mots/[0-9a-f-]+/retrait/", page)
    assert link
    assert link[0] not in as_(CPAM).get(f"/comites/{s3}/").content.decode()
    assert "ne sont pas de votre organisme" in plain(sends(as_(CPAM), link[0]))
    assert "Retiré." in plain(sends(as_(CCAS), link[0]))


def test_a_local_action_goes_through_its_steps(as_: Signs, s3: UUID) -> None:
    where = f"/comites/{s3}/actions-locales/"
    done = sends(
        as_(CCAS), f"{where}nouvelle/", title="Permanence au marché", description="Un mardi sur deux"
    )
    assert "Permanence au marché" in plain(done)
    for step, values, said in (
        ("analyse", {"done": "Douze", "results": "Cent personnes", "worth": "oui"}, "en attente d’arbitrage"),
        (
            "arbitrage",
            {"verdict": "retenue", "arbiter": "Comité national", "day": french(-1), "why": "Utile"},
            "Retenue",
        ),
        ("deploiement", {"rollout": "Dans la région", "day": french()}, "Déployée"),
    ):
        link = re.search(
            rf"/comites/actions-locales/[0-9a-f-]+/{step}/", as_(CPAM).get(where).content.decode()
        )
        assert link
        assert "Écrivez" in plain(sends(as_(CPAM), link[0])) or "Choisissez" in plain(
            sends(as_(CPAM), link[0])
        )
        assert said in plain(sends(as_(CPAM), link[0], **values))
    assert link
    assert as_(CPAM).get(link[0].replace("deploiement", "autre")).status_code == 404


def test_who_reads_and_who_does_not(as_: Signs, s3: UUID) -> None:
    row = begun(s3, {"cpam": "", "carsat": "", "ccas": ""})
    for address in (f"/comites/{s3}/", f"/comites/{s3}/actions-locales/", here(row)):
        assert as_(WORKER).get(address).status_code == 200
        assert as_(STRANGER).get(address).status_code == 404
        assert Client().get(address).status_code == 302
    assert "Écrire le compte rendu" not in plain(as_(WORKER).get(here(row)))
    for address in ("compte-rendu/", "decisions/", "tenue/", "points/", "convocation/", "annulation/"):
        assert as_(WORKER).get(here(row, address)).status_code == 403
        assert as_(STRANGER).get(here(row, address)).status_code == 404
        assert as_(CCAS).get(here(row, address)).status_code == 200


def test_a_page_counts_its_questions(as_: Signs, s3: UUID, django_assert_num_queries: Any) -> None:
    row = begun(s3, {"cpam": "", "carsat": "", "ccas": ""})
    caisse = as_(CPAM)
    caisse.get(here(row))
    with django_assert_num_queries(MEETING):
        caisse.get(here(row))
    with django_assert_num_queries(LISTED):
        caisse.get(f"/comites/{s3}/")
