"""Referents named, replaced, ended and told; obligations ticked, asked and answered, opened and closed."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.referents.models import Referent
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CARSAT, CPAM, S2, S3, STRANGER, WORKER, member, proposed, signed
from tests.days import PARIS
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def rows(convention: UUID) -> list[Referent]:
    with member(CPAM, TODAY):
        return list(Referent.objects.filter(convention=convention).order_by("since"))


TENURE = {"function": "Référente partenariats", "level": "local", "mailbox": "partenariats@cpam.example.org"}


def test_a_referent_is_named_replaced_by_letter_and_ended(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/referents/"
    assert "Il manque" in plain(caisse.get(base))
    assert "Référent nommé" in plain(sends(caisse, f"{base}nouveau/", since=french(-20), **TENURE))
    first = rows(s3)[0]
    early = sends(caisse, f"{base}{first.pk}/remplacer/", since=french(-30), **TENURE)
    assert "Le changement suit la prise de fonction" in plain(early)
    token = str(uuid7())
    for _ in range(2):
        done = sends(caisse, f"{base}{first.pk}/remplacer/", token=token, since=french(), **TENURE)
    assert "Référent remplacé" in plain(done)
    former, later = rows(s3)
    assert former.until == later.since - timedelta(days=1)
    letter = caisse.get(f"{base}{later.pk}/lettre/ccas/")
    assert letter["Content-Type"] == "application/pdf"
    assert letter.content[:5] == b"%PDF-"
    assert caisse.get(f"{base}{later.pk}/lettre/personne/").status_code == 404
    assert "dans l’avenir" in plain(caisse.post(f"{base}{later.pk}/prevenues/", {"told_on": french(4)}))
    assert "Jour enregistré" in plain(
        caisse.post(f"{base}{later.pk}/prevenues/", {"told_on": french()}, follow=True)
    )
    assert "Fin enregistrée" in plain(caisse.post(f"{base}{later.pk}/fin/", {"until": french()}, follow=True))


def test_a_hand_over_is_chosen_shown_and_told_in_the_letter(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/referents/"
    sends(caisse, f"{base}nouveau/", since=french(-20), **TENURE)
    first = rows(s3)[0]
    where = f"{base}{first.pk}/remplacer/"
    assert "Passage de relais jusqu’au" in plain(caisse.get(where))
    early = sends(caisse, where, since=french(), handover_until=french(-2), **TENURE)
    assert "finit le jour du changement, ou après" in plain(early)
    page = plain(sends(caisse, where, since=french(-1), handover_until=french(20), **TENURE))
    assert "Passage de relais avec" in page
    assert "terminée" not in page
    former, later = rows(s3)
    assert (former.until, later.succeeds_id) == ((TODAY + timedelta(days=20)).date(), former.pk)
    assert f"{former.pk}/remplacer/" not in page
    assert caisse.get(f"{base}{later.pk}/lettre/ccas/").content[:5] == b"%PDF-"


def test_a_training_is_noted_and_shown_with_its_age(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/referents/"
    assert "à former d’ici au" in plain(sends(caisse, f"{base}nouveau/", since=french(-20), **TENURE))
    row = rows(s3)[0]
    where = f"{base}{row.pk}/formation/"
    assert "Indiquez sur quoi" in plain(sends(caisse, where, trained_on=french(-3), organiser="CARSAT"))
    told = {"subject": "Le service social", "organiser": "CARSAT"}
    assert "dans l’avenir" in plain(sends(caisse, where, trained_on=french(3), **told))
    page = plain(sends(caisse, where, trained_on=french(-3), **told))
    assert "Formation notée" in page
    assert "Le service social, par CARSAT" in page
    assert "à former" not in page
    assert "formé le" in plain(caisse.get(f"/conventions/{s3}/"))
    assert as_(CARSAT).get(where).status_code == 403


def test_what_is_planned_is_moved_or_cancelled_and_the_history_says_so(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/referents/"
    sends(caisse, f"{base}nouveau/", since=french(-20), **TENURE)
    first = rows(s3)[0]
    where = f"{base}{first.pk}/prevu/"
    assert "Rien n’est prévu pour plus tard" in plain(caisse.get(where))
    assert "prevu/" not in plain(caisse.get(base))
    caisse.post(f"{base}{first.pk}/fin/", {"until": french(30)})
    assert "Changer ce qui est prévu" in plain(caisse.get(base))
    assert "aujourd’hui, ou après" in plain(caisse.post(where, {"until": french(-1)}))
    assert "Fin prévue : le" in plain(caisse.post(where, {"until": french(10)}, follow=True))
    assert "Fin prévue : sans fin prévue" in plain(caisse.post(where, {"until": ""}, follow=True))
    assert "désormais le" in plain(as_(CARSAT).get(f"/conventions/{s3}/"))
    sends(caisse, f"{base}{first.pk}/remplacer/", since=french(5), **TENURE)
    later = rows(s3)[1]
    arrival = f"{base}{later.pk}/prevu/"
    assert "reste en fonction, sans fin prévue" in plain(caisse.get(arrival))
    assert "aujourd’hui, ou après" in plain(caisse.post(arrival, {"since": french(-2)}))
    assert "Arrivée prévue : le" in plain(caisse.post(arrival, {"since": french(8)}, follow=True))
    assert rows(s3)[0].until == (TODAY + timedelta(days=7)).date()
    page = plain(caisse.post(arrival, {"annuler": "1"}, follow=True))
    assert "arrivée annulée" in page
    assert "Devait commencer le" in page
    assert rows(s3)[0].until is None
    assert "déjà annulée" in plain(caisse.post(arrival, {"annuler": "1"}))
    assert as_(CARSAT).get(where).status_code == 403


def test_a_training_that_did_not_come_in_time_is_said_late(as_: Signs, s3: UUID) -> None:
    page = plain(sends(as_(CPAM), f"/conventions/{s3}/referents/nouveau/", since=french(-200), **TENURE))
    assert "à former depuis le" in page
    assert "à former d’ici au" not in page


def test_a_training_noted_by_mistake_is_struck(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/referents/"
    sends(caisse, f"{base}nouveau/", since=french(-20), **TENURE)
    row = rows(s3)[0]
    told = {"subject": "Le service social", "organiser": "CARSAT", "trained_on": french(-3)}
    page = sends(caisse, f"{base}{row.pk}/formation/", **told).content.decode()
    where = re.search(r'action="([^"]*/formation/[^"]*/retrait/)"', page)
    assert where is not None
    assert as_(CARSAT).post(where[1]).status_code == 403
    page = plain(caisse.post(where[1], follow=True))
    assert "Formation retirée : elle reste lisible, barrée" in page
    assert re.search(r"<s>[^<]*Le service social", page)
    assert "à former" in page
    assert "Retirer cette formation" not in page
    assert "déjà retirée" in plain(caisse.post(where[1], follow=True))
    assert "formé le" not in plain(caisse.get(f"/conventions/{s3}/"))
    other = where[1].replace(str(row.pk), str(uuid7()))
    assert caisse.post(other).status_code == 404


def test_what_is_missing_of_a_referent_is_said_at_its_field(as_: Signs, s3: UUID) -> None:
    where = f"/conventions/{s3}/referents/nouveau/"
    said = plain(
        sends(
            as_(CPAM),
            where,
            function="Référent",
            level="local",
            mailbox="pas une adresse",
            since="31/02/2026",
        )
    )
    assert "Écrivez une date qui existe" in said
    said = plain(
        sends(as_(CPAM), where, function="Référent", level="local", mailbox="pas une adresse", since=french())
    )
    assert "Cette adresse électronique n’est pas valable" in said
    assert 'value="Référent"' in said
    said = plain(sends(as_(CPAM), where, function="Référent", level="local", since=french()))
    assert "Indiquez une adresse ou un téléphone" in said
    assert not rows(s3)


def test_nobody_changes_the_referent_of_another_party(as_: Signs, s3: UUID) -> None:
    base = f"/conventions/{s3}/referents/"
    sends(as_(CPAM), f"{base}nouveau/", since=french(-20), **TENURE)
    row = rows(s3)[0]
    assert as_(CARSAT).get(f"{base}{row.pk}/remplacer/").status_code == 403
    assert as_(STRANGER).get(f"{base}{row.pk}/remplacer/").status_code == 404
    assert as_(CPAM).get(f"{base}{uuid7()}/remplacer/").status_code == 404


def test_an_obligation_is_ticked_once(as_: Signs, s3: UUID) -> None:
    caisse, base = as_(CPAM), f"/conventions/{s3}/obligations/"
    page = plain(caisse.get(base))
    where = re.findall(r'href="([^"]+/cocher/)"', page)[0]
    assert "dans l’avenir" in plain(sends(caisse, where, day=french(2)))
    token = str(uuid7())
    for _ in range(2):
        assert "Enregistré" in plain(sends(caisse, where, token=token, day=french(), note="Relu par le CCAS"))
    with member(CPAM, TODAY):
        assert ObligationMark.objects.filter(convention=s3).count() == 1


def test_an_approval_is_asked_then_answered_by_another(as_: Signs) -> None:
    new = signed(S2, TODAY - timedelta(days=40), TODAY - timedelta(days=30))
    caisse, base = as_(CPAM), f"/conventions/{new}/obligations/"
    where = re.findall(r'href="([^"]+/demander/)"', plain(caisse.get(base)))[0]
    assert "Demande envoyée" in plain(sends(caisse, where, day=french(), note="Logo sur l’affiche"))
    assert "/accorder/" not in plain(caisse.get(base))
    other = as_(CARSAT)
    answers = re.findall(r'href="([^"]+/accorder/)"', plain(other.get(base)))
    assert answers
    assert "Accord donné" in plain(sends(other, answers[0], day=french(), note="Courrier du jour"))
    assert "avant vous" in plain(
        sends(other, answers[0].replace("accorder", "refuser"), day=french(), note="Non")
    )


def test_the_ladder_of_referents_and_obligations(as_: Signs, s3: UUID) -> None:
    for room in ("referents", "obligations"):
        where = f"/conventions/{s3}/{room}/"
        assert Client().get(where).status_code == 302
        assert as_(STRANGER).get(where).status_code == 404
        assert as_(WORKER).get(where).status_code == 403
        assert as_(CARSAT).get(where).status_code == 200


def test_obligations_wait_for_the_signatures(as_: Signs) -> None:
    new = proposed(S3, TODAY - timedelta(days=3))
    answer = as_(CPAM).get(f"/conventions/{new}/obligations/", follow=True)
    assert "pas encore signée par toutes les parties" in plain(answer)
