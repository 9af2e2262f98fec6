"""Each identity that a request opens is journalled on the case, with why; a refused right is told with its ground, found or not."""

from uuid import UUID

import pytest

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.protection.requests.answering import answer, refuse
from maillage.protection.requests.deciding import decide
from maillage.protection.requests.drawing import held_for, letter_for
from maillage.protection.requests.receiving import search
from tests.beneficiaries.jobs import index_as_worker
from tests.protection.requests.files import CCAS_ADMIN, CPAM_DPO, STRANGE, attached, file_of, received
from tests.protection.requests.test_answering import asked_of
from tests.protection.requests.test_drawing import said_in
from tests.referrals.world import PERSON, member, send_referral, sign_convention
from tests.secondments import world as secondments


def readings(case: UUID) -> list[tuple[str, str]]:
    """What one's own journal says of the reading of a case's identity: what it is, and why."""
    found = Entry.objects.filter(object_ref=str(case), verb="read", fields__contains="identity")
    return list(found.order_by("at", "id").values_list("object_type", "reason"))


def test_a_letter_named_from_her_case_is_a_reading_of_it(db: None) -> None:
    case = send_referral(sign_convention())
    request = attached(received(), case)
    asked_of(request, "CPAM 42")
    with member(CPAM_DPO) as by:
        refuse(file=file_of(request, by), ground="excessive", words="Trop souvent.", by=by, at=now())
        before = readings(case)
        letter = said_in(letter_for(file_of(request, by), by=by, at=now()))
        assert PERSON.surname in letter
        assert readings(case)[len(before) :] == [("referral", "lettre à la personne")]


def test_an_appointment_is_found_and_given_under_its_own_kind(fresh_database: object) -> None:
    case = secondments.book(secondments.lend())
    index_as_worker()
    request = received()
    with member(CCAS_ADMIN) as by:
        (found,) = search(
            file=file_of(request, by), surname="Quintessence", born=PERSON.birth_date, by=by, at=now()
        )
        assert found.part.case_id == case
        assert readings(case)[-1:] == [("appointment", "recherche pour une demande de la personne")]
    attached(request, case)
    with member(CCAS_ADMIN) as by:
        held_for(file_of(request, by), by=by, at=now())
        assert readings(case)[-1:] == [("appointment", "réponse à la demande d’accès de la personne")]


def test_stopping_a_flow_reads_who_she_is(fresh_database: object) -> None:
    case = send_referral(sign_convention())
    index_as_worker()
    request = attached(received(rights=("objection",)), case)
    with member(CCAS_ADMIN) as by:
        decide(file=file_of(request, by), right="objection", outcome="granted", by=by, at=now())
        assert readings(case)[-1:] == [("referral", "opposition de la personne")]


def test_a_refused_right_is_told_with_its_ground_where_nothing_was_found(db: None) -> None:
    sign_convention()
    request = attached(received(rights=("access", "objection"), person=STRANGE))
    with member(CCAS_ADMIN) as by:
        words = {"ground": "compelling", "words": "Un procès est en cours."}
        decide(file=file_of(request, by), right="objection", outcome="refused", by=by, at=now(), **words)
        file = answer(file=file_of(request, by), by=by, at=now())
        letter = said_in(letter_for(file, by=by, at=now()))
    for said in ("aucun n’y correspond", "motifs impérieux", "Un procès est en cours.", "CNIL"):
        assert said in letter, said


@pytest.mark.parametrize("known", [True, False])
def test_the_letter_says_so_where_drafts_were_not_searched_before_maillage_did(db: None, known: bool) -> None:
    case = send_referral(sign_convention())
    request = attached(received(), *([case] if known else []))
    with member(CCAS_ADMIN) as by:
        file = answer(file=file_of(request, by), by=by, at=now())
        letter = said_in(letter_for(file, by=by, at=now()))
    assert "ni dans nos brouillons ni dans nos dossiers en préparation" in letter


@pytest.mark.parametrize(("right", "article"), [("erasure", "17.3"), ("portability", "20.1")])
@pytest.mark.parametrize("whole", [True, False])
def test_what_no_text_opens_is_written_down_and_refused_by_a_letter(
    db: None, right: str, article: str, whole: bool
) -> None:
    case = send_referral(sign_convention())
    request = attached(received(rights=(right,)), case)
    said = {"ground": "not_held", "words": "La convention fixe la durée."}
    with member(CCAS_ADMIN) as by:
        file = file_of(request, by)
        if whole:
            file = refuse(file=file, by=by, at=now(), **said)
        else:
            decide(file=file, right=right, outcome="refused", by=by, at=now(), **said)
            file = answer(file=file, by=by, at=now())
        assert file.state == "refused"
        letter = said_in(letter_for(file, by=by, at=now()))
    assert f"ce droit n’est pas ouvert pour ces données (RGPD, article {article})" in letter
    assert "La convention fixe la durée." in letter


@pytest.mark.parametrize("right", ["access", "objection"])
def test_where_nothing_was_found_nor_refused_the_letter_says_it_once(db: None, right: str) -> None:
    sign_convention()
    request = attached(received(rights=(right,), person=STRANGE))
    with member(CCAS_ADMIN) as by:
        file = answer(file=file_of(request, by), by=by, at=now())
        assert "chacune de vos demandes" not in said_in(letter_for(file, by=by, at=now()))
