"""A closed organisation is opened again by who keeps the directory: what comes back, what does not, and what the journal tells."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction

from maillage.audit.models import Entry
from maillage.cases.models import Authorisation
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.organisations.directory.actions import reopen_organisation
from maillage.organisations.directory.rules import reason_fault
from maillage.organisations.models import Invitation, Membership, Organisation, User
from tests.accepting import all_accept
from tests.conventions.kept import kept, signed_s3
from tests.conventions.people import CPAM, member
from tests.days import today
from tests.organisations.directory.test_functions import (
    ADMIN,
    MANAGER,
    WORKER,
    acting_for,
    call,
    close,
)

__all__ = ["kept", "signed_s3"]
pytestmark = pytest.mark.django_db
WHY = "Fermé par erreur : la fusion est abandonnée."


def body(short_name: str = "CCAS") -> Organisation:
    return Organisation.objects.get(short_name=short_name)


def reopen(address: str = MANAGER, short_name: str = "CCAS", reason: str = WHY) -> date:
    with member(address, now()) as who:
        return reopen_organisation(organisation=body(short_name), reason=reason, by=who)


def places(organisation: UUID) -> set[date | None]:
    with transaction.atomic(), acting(organisation=organisation):
        return set(Membership.objects.filter(organisation=organisation).values_list("until", flat=True))


def test_only_who_keeps_the_directory_opens_an_organisation_again() -> None:
    on, ccas, cpam = today(), body(), body("CPAM 42")
    close(ADMIN, "CPAM 42", on + timedelta(days=2))
    close(MANAGER, "CCAS", on + timedelta(days=2))
    for address in (ADMIN, WORKER):
        for target in (ccas, cpam):
            with acting_for(address), pytest.raises(DatabaseError, match="not yours to keep"):
                call("organisations_reopen", target.id)
        with pytest.raises(Refused, match="Votre rôle"):
            reopen(address, "CPAM 42")
    assert reopen() == on + timedelta(days=2)
    assert reopen(short_name="CPAM 42") == on + timedelta(days=2)
    assert body().closed_on is None


def test_an_open_organisation_and_an_empty_reason_are_refused() -> None:
    with pytest.raises(Refused, match="déjà ouvert"):
        reopen()
    close(MANAGER, "CCAS", today())
    for reason in ("", "          ", "aaaaaaaaaaaaaaaa", "x y z " * 100):
        with pytest.raises(Refused) as refused:
            reopen(reason=reason)
        assert [fault.field for fault in refused.value.faults] == ["reason"]
    assert body().closed_on == today()
    assert reason_fault(WHY) is None


def test_neither_places_nor_invitations_nor_the_successor_come_back() -> None:
    on, ccas = today(), body().id
    administrator = User.objects.get(email="admin@ccas.example.org").id
    with transaction.atomic(), acting(organisation=ccas, user=administrator):
        call(
            "invite",
            uuid7(),
            "nouvelle@ccas.example.org",
            "Nouvelle",
            ["dpo"],
            on,
            None,
            b"x" * 32,
            now() + timedelta(days=7),
        )
    close(MANAGER, "CCAS", on, body("CPAM 42").id)
    before = places(ccas)
    reopen()
    assert body().successor is None
    assert places(ccas) == before
    assert None not in before
    with transaction.atomic(), acting(organisation=ccas):
        assert Invitation.objects.get(email="nouvelle@ccas.example.org").revoked_at is not None


def test_a_closing_that_has_not_come_is_given_up_and_its_administrator_still_invites() -> None:
    on, ccas = today(), body().id
    administrator = User.objects.get(email="admin@ccas.example.org").id
    close(MANAGER, "CCAS", on + timedelta(days=3))
    with transaction.atomic(), acting(organisation=ccas, user=administrator):
        call(
            "invite",
            uuid7(),
            "b@ccas.example.org",
            "B",
            ["dpo"],
            on,
            None,
            b"y" * 32,
            now() + timedelta(days=7),
        )
    reopen()
    with transaction.atomic(), acting(organisation=ccas, user=administrator):
        assert Invitation.objects.get(email="b@ccas.example.org").revoked_at is None
        person = User.objects.get(email=WORKER).id
        call("give_membership", uuid7(), person, "dpo", on + timedelta(days=3), None)


def open_flows(convention: UUID, at: datetime) -> bool:
    """Whether the CCAS may send to its caisse, once the convention is brought up to the day, as the daily round does."""
    with member(CPAM, at):
        refresh(Convention.objects.select_for_update().get(pk=convention), today())
        return Authorisation.objects.filter(sender=body(), open_during__contains=at).exists()


def test_flows_open_again_when_the_convention_is_swept(signed_s3: UUID) -> None:
    at = now()
    with member(CPAM, at):
        known = load(Convention.objects.get(pk=signed_s3))
    all_accept(signed_s3, known.terms(today()), {one.key: one.organisation for one in known.signatories})
    assert open_flows(signed_s3, at)
    close(MANAGER, "CCAS", today())
    assert not open_flows(signed_s3, at)
    reopen()
    assert open_flows(signed_s3, at)


def test_the_journal_of_the_cnam_tells_it_with_its_reason() -> None:
    close(MANAGER, "CCAS", today())
    reopen(reason=f"  {WHY}\n")
    with acting_for(MANAGER):
        entry = Entry.objects.get(verb="organisation.reopen")
    assert (entry.reason, entry.object_ref) == (WHY, str(body().id))
