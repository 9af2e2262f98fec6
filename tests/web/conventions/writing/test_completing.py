"""Blanks filled after the signature: by whom, which, with what proof; options that the signed text leaves open."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.conventions.lifecycle.queries import load
from maillage.conventions.terms import Blank, Terms
from maillage.conventions.terms.editing import value_at
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CPAM, DPO, S2, S3, STRANGER, WORKER, drafted, member, seen, signed
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.tiers import spread
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)
ROLES = "flows[orientation_misas].roles"


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


def text(convention: UUID) -> Terms:
    with member(CPAM, TODAY) as reader:
        return load(seen(reader, convention)).terms(TODAY.date())


def address(convention: UUID, path: str) -> str:
    return f"/conventions/{convention}/blancs/remplir/?chemin={quote(path)}"


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(
        where, {"token": str(uuid7()), "note": "Accord des parties du 2 décembre", **values}, follow=True
    )


def field(page: Any, end: str) -> str:
    return str(re.findall(rf'name="(q\d+_{end})"', plain(page))[0])


def test_the_dpo_fills_the_roles_of_the_flow_that_waited_for_annex_6(as_: Signs, s3: UUID) -> None:
    dpo, where = as_(DPO), address(s3, ROLES)
    assert "Rôles des parties au regard du RGPD" in plain(dpo.get(f"/conventions/{s3}/blancs/"))
    page = dpo.get(where)
    controllers, processors = field(page, "controllers"), field(page, "processors")
    assert "Répondez aussi à cette question" in plain(sends(dpo, where, **{processors: "ccas"}))
    both = sends(dpo, where, **{controllers: "cpam", processors: "cpam"})
    assert "pas les deux" in plain(both)
    done = sends(dpo, where, **{controllers: "cpam", processors: "ccas"}, note="Annexe 6 reçue")
    assert "Complété" in plain(done)
    roles: Any = value_at(text(s3), ROLES)
    assert (roles.controllers, roles.processors) == (("cpam",), ("ccas",))
    assert dpo.get(where).status_code == 404


def test_a_double_click_fills_once(as_: Signs, s3: UUID) -> None:
    dpo, where, token = as_(DPO), address(s3, ROLES), str(uuid7())
    controllers = field(dpo.get(where), "controllers")
    sends(dpo, where, token=token, **{controllers: "cpam"})
    again = sends(dpo, where, token=token, **{controllers: "cpam"})
    assert "votre premier envoi a suffi" in plain(again)


def test_addresses_of_dpos_and_retention_are_filled_part_by_part(as_: Signs, s3: UUID) -> None:
    dpo = as_(DPO)
    where = address(s3, "protection[detections].dpos")
    name = field(dpo.get(where), "cpam")
    assert "Complété" in plain(sends(dpo, where, **{name: "dpo@cpam.example.org"}))
    where = address(s3, "protection[detections].retention")
    page = dpo.get(where)
    delay, start = field(page, "delay"), field(page, "start")
    assert "Écrivez une durée" in plain(sends(dpo, where, **{delay: "longtemps", start: "la fin"}))
    assert "Complété" in plain(sends(dpo, where, **{delay: "2 ans", start: "le dernier contact"}))
    found = text(s3)
    assert not isinstance(value_at(found, "protection[detections].dpos"), Blank)
    assert not isinstance(value_at(found, "protection[detections].retention"), Blank)


@pytest.mark.parametrize(
    "part",
    spread(
        ["breach", "rights_requests", "destruction", "information", "impact_assessment", "sub_processing"], 3
    ),
)
def test_every_part_of_the_missing_annex_has_its_fields(as_: Signs, s3: UUID, part: str) -> None:
    dpo = as_(DPO)
    where = address(s3, f"protection[detections].{part}")
    page = plain(dpo.get(where))
    given: dict[str, str] = {}
    for name in re.findall(r'type="text" name="(q\d+_[a-z_]+)"', page):
        given[name] = "24 heures" if name.endswith("within") else "sans délai"
    for name, value in re.findall(r'type="(?:checkbox|radio)" name="(q\d+_[a-z_]+)" value="([a-z_]+)"', page):
        given.setdefault(name, value)
    assert given, page
    done = plain(sends(dpo, where, **given))
    assert "Complété" in done, done
    assert not isinstance(value_at(text(s3), f"protection[detections].{part}"), Blank)


def test_the_dpo_fills_nothing_else_and_the_referent_fills_all(as_: Signs, s3: UUID) -> None:
    path = "relations[espace_partenaires].reference"
    assert as_(DPO).get(address(s3, path)).status_code == 403
    caisse, where = as_(CPAM), address(s3, path)
    name = re.findall(r'<textarea name="(q\d+)"', plain(caisse.get(where)))[0]
    assert "Rien n’est écrit" in plain(sends(caisse, where, **{name: "  "}))
    false = SimpleUploadedFile("preuve.pdf", b"MZ" + b"\0" * 40, "application/pdf")
    refused = sends(caisse, where, document=false, **{name: "ESP-42-2024"})
    assert 'href="#id_document"' in plain(refused)
    assert "ESP-42-2024" in plain(refused)
    assert isinstance(value_at(text(s3), path), Blank)
    assert "Complété" in plain(sends(caisse, where, **{name: "ESP-42-2024"}))
    assert value_at(text(s3), path) == "ESP-42-2024"


def test_a_missing_annex_is_attached_when_it_arrives(as_: Signs, s3: UUID) -> None:
    caisse, path = as_(CPAM), "annexes[annexe_6].content"
    where = address(s3, path)
    name = re.findall(r'<textarea name="(q\d+)"', plain(caisse.get(where)))[0]
    assert "Joignez le document lui-même" in plain(
        sends(caisse, where, **{name: "Annexe 6, version du COPIL"})
    )
    file = SimpleUploadedFile("annexe6.pdf", pdf(), "application/pdf")
    assert "Complété" in plain(sends(caisse, where, document=file, **{name: "Annexe 6, version du COPIL"}))
    assert value_at(text(s3), path) == "Annexe 6, version du COPIL"
    assert as_(DPO).get(address(s3, "annexes[annexe_5].content")).status_code == 403


def test_an_option_left_open_is_kept_or_dropped(as_: Signs, s3: UUID) -> None:
    page = plain(as_(CPAM).get(f"/conventions/{s3}/blancs/"))
    urls = re.findall(r'href="([^"]*/blancs/choisir/[^"]*)"', page)
    assert not urls or as_(CPAM).get(urls[0].replace("&amp;", "&")).status_code == 200
    assert as_(CPAM).get(f"/conventions/{s3}/blancs/choisir/?chemin=nulle.part").status_code == 404


def test_after_the_signature_too_one_answer_fills_both_places(as_: Signs) -> None:
    new = signed(S2, TODAY - timedelta(days=40), TODAY - timedelta(days=30))
    caisse, path = as_(CPAM), "commitments[recontacter_personne].cadence.within"
    shown = plain(caisse.get(f"/conventions/{new}/blancs/"))
    assert shown.count("Seuil convenu pour recontacter la personne") == 1
    name = re.findall(r'type="text" name="(q\d+)"', plain(caisse.get(address(new, path))))[0]
    assert "Complété" in plain(sends(caisse, address(new, path), **{name: "2 jours"}))
    assert (
        str(value_at(text(new), path)) == str(value_at(text(new), "clocks[contact_misas].promised")) == "2d"
    )


def test_the_ladder_of_blanks(as_: Signs, s3: UUID) -> None:
    where = f"/conventions/{s3}/blancs/"
    assert Client().get(where).status_code == 302
    assert as_(STRANGER).get(where).status_code == 404
    assert as_(STRANGER).get(address(s3, ROLES)).status_code == 404
    assert as_(WORKER).get(where).status_code == 403
    assert as_(DPO).get(where).status_code == 200
    assert as_(DPO).get(address(s3, "nulle[part].ici")).status_code == 404


def test_a_draft_is_filled_in_its_steps(as_: Signs) -> None:
    new = drafted(S3, TODAY - timedelta(days=3))
    answer = as_(CPAM).get(f"/conventions/{new}/blancs/", follow=True)
    assert "c’est le brouillon qui se complète" in plain(answer)


def test_the_dpo_states_the_legal_basis_that_the_words_of_the_text_do_not_name(as_: Signs, s3: UUID) -> None:
    path = "protection[autres_collaborations].lawful_bases"
    dpo, where = as_(DPO), address(s3, path)
    assert "Base légale du traitement (RGPD, article 6.1)" in plain(dpo.get(f"/conventions/{s3}/"))
    page = dpo.get(where)
    assert "Mission d’intérêt public (RGPD, article 6.1 e)" in plain(page)
    assert "(RGPD, article 6.1) (facultatif)" not in re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", plain(page)))
    boxes = field(page, "bases")
    assert "Rien n’est écrit" in plain(sends(dpo, where))
    assert "Choisissez une réponse de la liste" in plain(sends(dpo, where, **{boxes: "autre"}))
    assert "Complété" in plain(sends(dpo, where, **{boxes: ["public_task", "legal_obligation"]}))
    assert value_at(text(s3), path) == ("public_task", "legal_obligation")
    assert "mission d’intérêt public" in plain(dpo.get(f"/conventions/{s3}/"))
