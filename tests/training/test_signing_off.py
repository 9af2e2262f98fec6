"""Signing off: who came, who came without a place, corrections beside what they correct; and what it shows and comes to."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.commitments.models import CommitmentEvidence
from maillage.conventions.commitments.showing import Noted, cancel_evidence
from maillage.conventions.lifecycle.queries import visible_to as conventions_visible_to
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.training import queries
from maillage.training.models import Attendee, Presence, Session, SignOff
from maillage.training.registering import Person
from maillage.training.rules import Outcome
from maillage.training.signing_off import Newcomer
from maillage.training.states import State
from tests.days import today
from tests.referrals.world import READER, WORKER, member
from tests.training.world import (
    CARSAT,
    MODULE,
    OFFICER,
    SOON,
    Taught,
    add_module,
    held,
    planned,
    register,
    sign,
)

AFTER = SOON + timedelta(days=1)


def coming(
    name: str, of: str = "CCAS de Montbrison", line: int = 0
) -> Callable[[Member, Session], list[Newcomer]]:
    """Somebody who came without a place."""

    def made(officer: Member, row: Session) -> list[Newcomer]:
        seat = next(one for one in queries.seats(officer, row) if one.name == of)
        return [Newcomer(line, seat, person=Person(name, "Bénévole"))]

    return made


def lines(session: UUID, by: str = OFFICER) -> list[tuple[str, str]]:
    """Names and outcomes of the last sheet."""
    with member(by) as someone:
        last = queries.sign_offs(queries.session_of(someone, session))[-1]
        return [(one.attendee.name, one.outcome) for one in queries.presences(someone, last)]


def evidence(convention: UUID) -> list[tuple[str, str]]:
    with member(OFFICER):
        rows = CommitmentEvidence.objects.filter(convention=convention).order_by(
            "recorded_at", "commitment_key"
        )
        return list(rows.values_list("commitment_key", "note"))


def test_the_sheet_says_who_came_who_did_not_and_who_came_without_a_place(taught: Taught) -> None:
    session = held(
        taught, [("Ondine Modèle", True), ("Zoé Spécimen", False)], newcomers=coming("Basile Fictif")
    )
    assert sorted(lines(session)) == [
        ("Basile Fictif", Outcome.UNANNOUNCED),
        ("Ondine Modèle", Outcome.PRESENT),
        ("Zoé Spécimen", Outcome.ABSENT),
    ]
    assert sorted(lines(session, WORKER)) == sorted(lines(session))
    assert lines(session, CARSAT) == []
    with member(OFFICER) as officer:
        assert queries.session_of(officer, session).state == State.HELD


def test_it_is_signed_once_the_session_is_over_by_its_organiser_with_everybody_on_it(taught: Taught) -> None:
    session = planned(taught)
    place = register(session, "Ondine Modèle")
    with pytest.raises(Refused, match="pas finie"):
        sign(session, {place.id: True})
    with pytest.raises(PermissionDenied):
        sign(session, {place.id: True}, by=CARSAT, at=now() + AFTER)
    with pytest.raises(Refused) as error:
        sign(session, {}, at=now() + AFTER)
    assert error.value.field == f"came_{place.id.hex}"
    with pytest.raises(Refused) as error:
        sign(session, {place.id: True}, publics=3, at=now() + AFTER)
    assert error.value.field == "publics"


def test_a_sheet_signed_twice_is_one_and_the_second_person_is_told(taught: Taught) -> None:
    session, token = planned(taught), uuid7()
    place = register(session, "Ondine Modèle")
    first = sign(session, {place.id: True}, at=now() + AFTER, token=token)
    assert sign(session, {place.id: True}, at=now() + AFTER, token=token).id == first.id
    with pytest.raises(Refused, match="avant vous"):
        sign(session, {place.id: False}, at=now() + AFTER)


def test_a_correction_is_a_new_act_with_its_reason_and_the_last_one_counts(taught: Taught) -> None:
    session = held(taught)
    with member(OFFICER) as officer:
        [place] = queries.places(officer, queries.session_of(officer, session))
    with pytest.raises(Refused) as error:
        sign(session, {place.id: False}, reason=" ")
    assert error.value.field == "reason"
    sign(session, {place.id: False}, reason="Erreur de ligne.")
    with member(WORKER) as worker:
        both = queries.sign_offs(queries.session_of(worker, session))
        assert [(one.number, one.reason) for one in both] == [(1, ""), (2, "Erreur de ligne.")]
        assert [one.outcome for one in queries.presences(worker, both[0])] == [Outcome.PRESENT]
    assert lines(session) == [("Ondine Modèle", Outcome.ABSENT)]


def test_who_looks_like_somebody_known_is_pointed_out_at_her_line(taught: Taught) -> None:
    session = planned(taught)
    place = register(session, "Ondine Modèle")
    with pytest.raises(Refused) as error:
        sign(session, {place.id: False}, newcomers=coming("Modèle Ondine", line=3), at=now() + AFTER)
    assert error.value.field == "name_3"
    with member(OFFICER):
        assert SignOff.objects.count() == 0


def test_a_newcomer_already_known_is_chosen_and_is_not_twice_on_the_sheet(taught: Taught) -> None:
    session = planned(taught)
    place = register(session, "Ondine Modèle")

    def chosen(officer: Member, row: Session) -> list[Newcomer]:
        seat = queries.seats(officer, row)[0]
        return [Newcomer(0, seat, place.attendee_id)]

    with pytest.raises(Refused) as error:
        sign(session, {place.id: True}, newcomers=chosen, at=now() + AFTER)
    assert error.value.field == "attendee_0"


def test_a_session_held_proves_the_commitments_of_its_theme_once(taught: Taught) -> None:
    session = held(taught, [("Ondine Modèle", True), ("Zoé Spécimen", True)])
    [(key, note)] = evidence(taught.convention)
    assert key == "sessions_information"
    assert "« Ouvrir des droits »" in note
    assert "2 présences relevées" in note
    with member(OFFICER) as officer:
        places = queries.places(officer, queries.session_of(officer, session))
    sign(session, {one.id: True for one in places}, reason="Relue.")
    assert len(evidence(taught.convention)) == 1


def test_a_theme_that_the_text_does_not_name_proves_nothing(taught: Taught) -> None:
    with member(OFFICER) as officer:
        module = add_module(officer, MODULE.__class__("social_service", "SSAM", "Ses missions.", ("staff",)))
    held(taught, module=module)  # the caisse does not owe the sessions on the social service: the CARSAT does
    assert evidence(taught.convention) == []


def test_a_session_that_nobody_followed_proves_nothing_and_one_for_the_public_does(taught: Taught) -> None:
    held(taught, [("Ondine Modèle", False)])
    assert evidence(taught.convention) == []
    with member(OFFICER) as officer:
        module = add_module(officer, MODULE.__class__("rights", "Atelier", "Ses droits.", ("public",)))
    held(taught, [], module=module, publics=9)
    [(_, note)] = evidence(taught.convention)
    assert "9 personnes du public" in note


def test_a_session_for_all_partners_proves_under_the_conventions_of_those_who_came(taught: Taught) -> None:
    held(taught, dedicated=False)
    assert [key for key, _ in evidence(taught.convention)] == ["sessions_information"]


def test_a_proof_taken_back_is_not_noted_again(taught: Taught) -> None:
    session = held(taught)
    with member(READER) as officer:
        row = conventions_visible_to(officer).get(id=taught.convention)
        proof = CommitmentEvidence.objects.get(convention=row)
        taken = Noted(uuid7(), today(), note="Autre séance.")
        cancel_evidence(convention=row, evidence=proof.id, noted=taken, by=officer, at=now())
        places = queries.places(officer, queries.session_of(officer, session))
    sign(session, {one.id: True for one in places}, reason="Relue.")
    with member(OFFICER):
        assert CommitmentEvidence.objects.filter(cancels=None).count() == 1


def test_a_partner_reads_its_own_lines_and_nobody_else_any(taught: Taught) -> None:
    held(taught)
    with member(WORKER):
        assert Presence.objects.count() == 1
    with member(CARSAT):
        assert (Presence.objects.count(), SignOff.objects.count()) == (0, 1)
    with member("pass@hopital.example.org"):
        assert (Presence.objects.count(), SignOff.objects.count(), Attendee.objects.count()) == (0, 0, 0)
