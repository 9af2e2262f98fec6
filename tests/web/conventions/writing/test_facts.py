"""Facts of a signed convention: denunciation, formal notice, termination, renewal, readings; each with its refusals."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from maillage.conventions.lifecycle.models import Event
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from tests.conventions.people import CARSAT, CPAM, S2, S3, STRANGER, WORKER, member, proposed, seen, signed
from tests.days import PARIS
from tests.documents.builders import pdf
from tests.tiers import spread
from tests.web.conventions.writing.conftest import Signs, plain

pytestmark = pytest.mark.django_db
TODAY = now().astimezone(PARIS)


def french(days: int = 0) -> str:
    return (TODAY + timedelta(days=days)).strftime("%d/%m/%Y")


@pytest.fixture(scope="module")
def s2(kept: Path) -> UUID:
    return signed(S2, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


@pytest.fixture(scope="module")
def old(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=500), TODAY - timedelta(days=490))


@pytest.fixture(scope="module")
def s3(kept: Path) -> UUID:
    return signed(S3, TODAY - timedelta(days=40), TODAY - timedelta(days=30))


def address(convention: UUID, slug: str) -> str:
    return f"/conventions/{convention}/faits/{slug}/"


def recorded(convention: UUID) -> list[Event]:
    with member(CPAM, TODAY) as reader:
        return list(load(seen(reader, convention)).recorded)


def kinds(convention: UUID) -> list[str]:
    return [row.kind for row in recorded(convention)]


def state(convention: UUID) -> str:
    with member(CPAM, TODAY) as reader:
        return seen(reader, convention).state


def sends(person: Client, where: str, **values: Any) -> Any:
    return person.post(where, {"token": str(uuid7()), **values}, follow=True)


def confirmed(person: Client, where: str, page: Any) -> Any:
    """Press « Confirmer » on the page that tells the effect."""
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode()))
    found.pop("csrfmiddlewaretoken", None)
    assert "Rien n’est encore enregistré" in plain(page), plain(page)
    return person.post(where, {**found, "confirme": "1"}, follow=True)


def letters(**changes: str) -> dict[str, str]:
    return {"sent_on_carsat": french(-2), "sent_on_hospital": french(-2), **changes}


def test_a_denunciation_outside_its_window_shows_both_readings_then_is_recorded_and_flagged(
    as_: Signs, s2: UUID
) -> None:
    caisse, where = as_(CPAM), address(s2, "denonciation")
    page = sends(caisse, where, **letters())
    said = plain(page)
    assert (
        "Si on lit « dénonciation dans la période de 3 mois avant la date anniversaire » (article 9) : sans effet"
        in said
    )
    assert "à ce jour ; la convention se renouvelle le" in said
    assert (
        "Si on lit « dénonciation au plus tard 3 mois avant la date anniversaire » (article 9) : effet le"
        in said
    )
    assert " ; dernier jour en vigueur le " in said
    assert "denunciation" not in kinds(s2)
    done = plain(confirmed(caisse, where, page))
    assert "hors de la fenêtre" in done
    assert kinds(s2).count("denunciation") == 1


def test_a_confirmation_sent_twice_records_once(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "denonciation")
    page = sends(caisse, where, **letters())
    confirmed(caisse, where, page)
    assert "votre premier envoi a suffi" in plain(confirmed(caisse, where, page))
    assert kinds(s2).count("denunciation") == 1


def test_one_may_go_back_from_the_effect_to_what_was_typed(as_: Signs, s2: UUID) -> None:
    where = address(s2, "denonciation")
    answer = sends(as_(CPAM), where, **letters(note="LRAR 17"), modifier="1")
    assert "LRAR 17" in plain(answer)
    assert french(-2) in plain(answer)
    assert "denunciation" not in kinds(s2)


def test_dates_in_the_wrong_order_are_refused_at_their_field_and_kept(as_: Signs, s2: UUID) -> None:
    answer = sends(
        as_(CPAM),
        address(s2, "denonciation"),
        **letters(presented_on_carsat=french(-5), sent_on_hospital=french(3)),
    )
    said = plain(answer)
    assert 'href="#id_presented_on_carsat"' in said
    assert "La lettre ne peut pas être présentée avant son envoi" in said
    assert 'href="#id_sent_on_hospital"' in said
    assert f'value="{french(-5)}"' in said
    assert "denunciation" not in kinds(s2)


def test_a_letter_is_presented_and_received_later(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "denonciation")
    confirmed(caisse, where, sends(caisse, where, **letters()))
    listed = plain(caisse.get(address(s2, "lettres")))
    assert "pas encore notée" in listed
    one = re.findall(rf'href="({address(s2, "lettres")}[0-9a-f-]+/)"', listed)[0]
    assert "avant son envoi" in plain(caisse.post(one, {"presented_on": french(-9)}))
    answer = caisse.post(one, {"presented_on": french(-1), "received_on": french()}, follow=True)
    assert "Dates de la lettre enregistrées" in plain(answer)


def notice(caisse: Client, s3: UUID, sent: int) -> Any:
    page = plain(caisse.get(address(s3, "mise-en-demeure")))
    commitment = re.findall(r'<option value="(ccas\|[a-z_]+)"', page)[0]
    where = address(s3, "mise-en-demeure")
    answer = sends(caisse, where, commitment=commitment, sent_on=french(sent))
    assert "La convention reste en vigueur" in plain(answer)
    return confirmed(caisse, where, answer)


def test_a_formal_notice_is_tied_to_a_commitment_then_answered_with_its_proof(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    assert "Choisissez une réponse" in plain(sends(caisse, address(s3, "mise-en-demeure"), sent_on=french()))
    assert "Mise en demeure enregistrée" in plain(notice(caisse, s3, -5))
    where = address(s3, "conformite")
    one = re.findall(r'name="notice" value="([0-9a-f-]+)"', plain(caisse.get(where)))[0]
    bare = sends(caisse, where, notice=one, day=french())
    assert "Joignez la preuve, ou dites-la dans « Précision »" in plain(bare)
    early = sends(caisse, where, notice=one, day=french(-9), note="Bilan reçu")
    assert "La mise en conformité suit la mise en demeure" in plain(early)
    done = sends(caisse, where, notice=one, day=french(), note="Bilan reçu")
    assert "Mise en conformité enregistrée" in plain(done)
    assert "complied" in kinds(s3)


def test_after_the_delay_the_others_terminate_and_the_warned_party_may_not(as_: Signs, s3: UUID) -> None:
    caisse, where = as_(CPAM), address(s3, "resiliation")
    notice(caisse, s3, -20)
    one = re.findall(r'name="notice" value="([0-9a-f-]+)"', plain(caisse.get(where)))[0]
    warned = sends(as_("referent@ccas.example.org"), where, notice=one, day=french())
    assert "la décision revient aux autres parties" in plain(warned)
    assert "terminated" not in kinds(s3)
    page = sends(caisse, where, notice=one, day=french())
    assert "plus aucune orientation ne part" in plain(page)
    assert state(s3) == "in_force"
    confirmed(caisse, where, page)
    assert state(s3) == "ended"


def test_termination_is_offered_once_the_delay_has_passed_and_says_until_when_it_runs(
    as_: Signs, s3: UUID
) -> None:
    caisse = as_(CPAM)
    notice(caisse, s3, -2)
    assert "Résilier après la mise en demeure" not in plain(caisse.get(f"/conventions/{s3}/faits/"))
    assert "court jusqu’au" in plain(caisse.get(address(s3, "resiliation"), follow=True))


def test_the_end_closes_a_notice_and_its_delay(as_: Signs, s3: UUID) -> None:
    caisse = as_(CPAM)
    notice(caisse, s3, -2)
    good = SimpleUploadedFile("accord.pdf", pdf(), "application/pdf")
    confirmed(
        caisse, address(s3, "accord"), sends(caisse, address(s3, "accord"), day=french(), document=good)
    )
    page = plain(caisse.get(f"/conventions/{s3}/"))
    assert "pour se conformer" not in page
    assert "Résiliation après mise en demeure possible" not in page
    assert "Fin d’un commun accord du" in page.replace("'", "’")
    assert "a pris fin" in plain(caisse.get(address(s3, "conformite"), follow=True))
    with member(CPAM, TODAY) as reader:
        assert seen(reader, s3).next_due_on is None


def test_immediate_termination_names_its_ground(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "resiliation-immediate")
    assert "Choisissez une réponse" in plain(sends(caisse, where, day=french()))
    page = sends(caisse, where, day=french(), ground="immediate|0")
    confirmed(caisse, where, page)
    assert state(s2) == "ended"


def test_the_parties_retain_a_reading_by_a_document(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "lecture")
    page = plain(caisse.get(where))
    name, value = re.findall(r'name="(r_[a-z_]+)" value="([a-z_+]+)"', page)[0]
    assert "Joignez le document qui retient cette lecture" in plain(
        sends(caisse, where, day=french(), **{name: value})
    )
    assert "Choisissez une lecture" in plain(sends(caisse, where, day=french(), note="Avenant"))
    done = sends(caisse, where, day=french(), note="Relevé de décisions du COPIL", **{name: value})
    assert "Lecture retenue" in plain(done)
    assert "reading_retained" in kinds(s2)


@pytest.mark.parametrize(
    ("slug", "kind", "values"),
    spread(
        [
            ("evaluation", "evaluation_shared", {"note": "Bilan partagé"}),
            ("opposition", "renewal_opposed", {}),
            ("remplacement", "superseded", {"successor": "Convention 2027", "effect": french(60)}),
        ],
        3,
    ),
)
def test_other_facts_are_recorded(as_: Signs, s3: UUID, slug: str, kind: str, values: dict[str, str]) -> None:
    caisse, where = as_(CPAM), address(s3, slug)
    late = sends(caisse, where, day=french(9), **values)
    assert "Cette date est dans l’avenir" in plain(late)
    answer = sends(caisse, where, day=french(), **values)
    if kind != "evaluation_shared":
        confirmed(caisse, where, answer)
    assert kind in kinds(s3)


def test_an_agreement_to_end_needs_the_signed_document_recognised_by_its_content(
    as_: Signs, s3: UUID
) -> None:
    caisse, where = as_(CPAM), address(s3, "accord")
    assert "Joignez l’accord signé par toutes les parties" in plain(sends(caisse, where, day=french()))
    false = SimpleUploadedFile("accord.pdf", b"<script>alert(1)</script>", "application/pdf")
    refused = sends(caisse, where, day=french(), document=false)
    assert 'href="#id_document"' in plain(refused)
    good = SimpleUploadedFile("accord.pdf", pdf(), "application/pdf")
    page = sends(caisse, where, day=french(), document=good)
    confirmed(caisse, where, page)
    kept = next(row for row in recorded(s3) if row.kind == "ended_by_agreement")
    assert kept.document_id
    assert state(s3) == "ended"


@pytest.mark.parametrize(
    ("slug", "field", "values"),
    [
        ("opposition", "day", {"day": "01/01/2010"}),
        ("renouvellement", "day", {"day": french(-3)}),
        ("evaluation", "day", {"day": "01/01/2010"}),
    ],
)
def test_a_day_that_cannot_be_is_refused_before_any_effect_is_told(
    as_: Signs, slug: str, field: str, values: dict[str, str], old: UUID
) -> None:
    answer = sends(as_(CPAM), address(old, slug), **values)
    assert f'href="#id_{field}"' in plain(answer)
    assert f'value="{values["day"]}"' in plain(answer)
    assert "Rien n’est encore enregistré" not in plain(answer)
    assert kinds(old) == ["proposed"]


def test_a_renewal_is_recorded_with_its_evidence(as_: Signs, old: UUID) -> None:
    caisse, where = as_(CPAM), address(old, "renouvellement")
    answer = sends(caisse, where, day=french(-125), until=french(-130))
    assert "Le terme renouvelé finit après le renouvellement" in plain(answer)
    assert "Renouvellement constaté" in plain(sends(caisse, where, day=french(-125), until=french(240)))
    kept = next(row for row in recorded(old) if row.kind == "renewed")
    assert kept.detail["oppositions"] == []
    assert kept.detail["evaluation"] is None


def test_the_ladder_of_the_pages_of_facts(as_: Signs, s3: UUID) -> None:
    for where in (f"/conventions/{s3}/faits/", address(s3, "denonciation"), address(s3, "lettres")):
        assert Client().get(where).status_code == 302
        assert as_(STRANGER).get(where).status_code == 404
        assert as_(WORKER).get(where).status_code == 403
        assert as_(CARSAT).get(where).status_code == 200
    assert as_(STRANGER).post(address(s3, "accord"), {"day": french()}).status_code == 404
    assert as_(WORKER).post(address(s3, "accord"), {"day": french()}).status_code == 403
    assert as_(CPAM).get(address(s3, "autre-chose")).status_code == 404


def test_nothing_is_recorded_before_all_have_signed(as_: Signs) -> None:
    new = proposed(S3, TODAY - timedelta(days=3))
    answer = as_(CPAM).get(address(new, "denonciation"), follow=True)
    assert "pas encore signée par toutes les parties" in plain(answer)
    as_(CPAM).post(address(new, "accord"), {"token": str(uuid7()), "day": french(), "confirme": "1"})
    assert "ended_by_agreement" not in kinds(new)


def test_a_letter_is_prepared_from_what_is_typed_and_nothing_is_recorded(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "denonciation")
    assert "Préparer la lettre à CARSAT RA (PDF)" in plain(caisse.get(where))
    assert caisse.post(where, {"lettre": "carsat"}).content.startswith(b"%PDF-")
    assert caisse.post(where, {"lettre": "personne"}).status_code == 404
    assert "denunciation" not in kinds(s2)
    confirm = plain(sends(caisse, where, **letters()))
    assert "Préparer la lettre à CH d’Exemple (PDF)" in confirm


def test_the_letter_of_a_formal_notice_asks_only_for_the_commitment(as_: Signs, s3: UUID) -> None:
    caisse, where = as_(CPAM), address(s3, "mise-en-demeure")
    bare = plain(caisse.post(where, {"lettre": "", "note": "Aucune réunion"}))
    assert 'href="#id_commitment"' in bare
    assert 'href="#id_sent_on"' not in bare
    assert "Aucune réunion" in bare
    answer = caisse.post(where, {"lettre": "", "commitment": "ccas|initiatives_locales"})
    assert answer.content.startswith(b"%PDF-")
    assert "formal_notice" not in kinds(s3)


def test_the_letter_of_what_was_recorded_is_prepared_again(as_: Signs, s2: UUID) -> None:
    caisse, where = as_(CPAM), address(s2, "denonciation")
    confirmed(caisse, where, sends(caisse, where, **letters()))
    listed = plain(caisse.get(address(s2, "lettres")))
    one = re.findall(rf'href="({address(s2, "lettres")}[0-9a-f-]+/)"', listed)[0]
    assert f'{one}pdf/"' in plain(caisse.get(one))
    assert caisse.get(f"{one}pdf/").content.startswith(b"%PDF-")
    assert as_(STRANGER).get(f"{one}pdf/").status_code == 404
    assert as_(WORKER).get(f"{one}pdf/").status_code == 403
