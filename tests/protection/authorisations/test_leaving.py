"""What leaves for whom: one's own use, a body authorised today for all of it, nobody else; races, papers and reminders around it."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from maillage.audit.models import Entry
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.protection.authorisations.answering import ANSWERED, Said, answer, withdraw
from maillage.protection.authorisations.leaving import OTHER, OWN, NotAuthorised, Parcel, may_leave, receivers
from maillage.protection.authorisations.notifications import reference
from maillage.protection.authorisations.reminding import remind
from maillage.protection.authorisations.rules import State
from tests.conventions.people import worker_process
from tests.days import today
from tests.protection.authorisations.files import (
    CARSAT_ADMIN,
    CCAS_ADMIN,
    CPAM_DPO,
    HOSPITAL_ADMIN,
    answered,
    asked,
    granted,
    paper,
    stands,
)
from tests.racing import race, racer, told
from tests.referrals.world import Signed, member, sign_convention

FLOWS = ("orientation_misas",)


@pytest.fixture
def signed(db: None) -> Signed:
    return sign_convention()


def offered(parcel: Parcel, by: str = CCAS_ADMIN, later: int = 0) -> list[str]:
    with member(by) as someone:
        return [one.key for one in receivers(parcel, someone, now() + timedelta(days=later))]


def leaves(parcel: Parcel, to: str, by: str = CCAS_ADMIN) -> str:
    """The words of its entry in the journal. Raises NotAuthorised."""
    with member(by) as someone:
        may_leave(parcel, to=to, by=someone, at=now())
        return Entry.objects.filter(verb__startswith="transfer.leaves").latest("id").reason


def test_for_one_s_own_use_nothing_is_asked_and_it_is_journalled(signed: Signed) -> None:
    for to in ("", OWN):
        assert leaves(Parcel("essai", signed.id), to) == "essai ; pour l’usage de l’organisme"


def test_a_body_receives_what_it_is_authorised_for_and_no_more(signed: Signed) -> None:
    parcel = Parcel("essai", signed.id, FLOWS)
    assert offered(parcel) == []
    (transfer,) = granted(signed.id, ["detections"])
    assert offered(parcel) == [str(transfer)]
    assert leaves(parcel, str(transfer)) == f"essai ; autorisation {reference(transfer)}"
    assert offered(Parcel("essai", signed.id)) == []  # the other scope of the same text is not covered
    assert offered(Parcel("essai")) == []
    assert offered(parcel, CPAM_DPO) == []  # it was asked by another party, for itself
    (more,) = granted(signed.id, ["autres_collaborations"], body="HÉBERGEUR d’exemple")
    for whole in (Parcel("essai", signed.id), Parcel("essai")):
        assert offered(whole) == [str(transfer)]
        said = leaves(whole, str(transfer))
        assert reference(transfer) in said
        assert reference(more) in said


def test_what_is_asked_refused_withdrawn_or_expired_lets_nothing_leave(signed: Signed) -> None:
    parcel = Parcel("essai", signed.id, FLOWS)
    asked(signed.id, body="Demandé")
    refused = asked(signed.id, body="Refusé")
    answered(refused, granted=False, until=None)
    later = asked(signed.id, body="Plus tard", starts_on=today() + timedelta(days=3))
    answered(later)
    (held,) = granted(signed.id, ["detections"])
    assert offered(parcel) == [str(held)]
    assert set(offered(parcel, later=3)) == {str(held), str(later)}
    assert offered(parcel, later=201) == []
    with member(CCAS_ADMIN) as admin:
        withdraw(transfer=held, words="Contrat fini.", by=admin, at=now())
    assert offered(parcel) == []
    for to in (OTHER, str(held), str(refused), str(uuid7()), "n’importe quoi", "\x00"):
        with pytest.raises(NotAuthorised):
            leaves(parcel, to)


def test_a_refusal_says_the_article_and_who_must_authorise(signed: Signed) -> None:
    with member(CCAS_ADMIN) as admin:
        with pytest.raises(NotAuthorised) as refused:
            may_leave(Parcel("essai", signed.id), to=OTHER, by=admin, at=now())
        entry = Entry.objects.filter(verb="transfer.leaves_stopped").get()
    first, second = refused.value.missing
    assert (first.article, first.blank) == ("annexe 6", "Règles de sous-traitance ultérieure")
    assert len(first.authorisers) == 1
    assert len(second.authorisers) == 2
    assert entry.reason == "essai ; pour un autre organisme, sans autorisation"


def test_where_no_convention_binds_the_data_nobody_else_receives_them(db: None) -> None:
    with member(HOSPITAL_ADMIN) as admin, pytest.raises(NotAuthorised) as refused:
        may_leave(Parcel("essai"), to=OTHER, by=admin, at=now())
    assert refused.value.missing == ()


def test_a_party_that_has_somebody_here_answers_itself(signed: Signed) -> None:
    transfer = asked(signed.id, regime="autres_collaborations")
    with pytest.raises(PermissionDenied):
        answered(transfer, by=CCAS_ADMIN, body="CARSAT RA", file=paper())
    assert stands(transfer).state is State.ASKED


def absent(address: str) -> None:
    """From now on nobody of this address is here."""
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE organisations_user SET is_active = false WHERE email = %s", [address])


def test_its_answer_is_noted_by_the_asker_with_its_document(fresh_database: object) -> None:
    signed = sign_convention()
    absent(CARSAT_ADMIN)
    transfer = asked(signed.id, regime="autres_collaborations")
    with pytest.raises(Refused) as refused:
        answered(transfer, by=CCAS_ADMIN, body="CARSAT RA")
    assert refused.value.field == "document"
    noted = answered(transfer, by=CCAS_ADMIN, body="CARSAT RA", words="", file=paper())
    assert noted.recorded_for_id != noted.organisation_id
    answered(transfer)
    assert stands(transfer).state is State.GRANTED


def test_of_two_who_answer_at_once_one_wins(fresh_database: object) -> None:
    signed = sign_convention()
    transfer = asked(signed.id)

    def act(officer: Member, _seen: object) -> None:
        said = Said(granted=True, words="Oui.", day=today(), until=None, to_term=True)
        answer(
            transfer=transfer,
            answer_id=uuid7(),
            body=officer.organisation,
            said=said,
            file=None,
            by=officer,
            at=now(),
        )

    both = race(*(racer(address, act, held=0.5) for address in (CPAM_DPO, "admin@cpam.example.org")))
    assert told(both) == sorted(["done", ANSWERED])
    assert stands(transfer).state is State.GRANTED


def test_an_answer_and_a_withdrawal_at_once_never_both_count(fresh_database: object) -> None:
    signed = sign_convention()
    transfer = asked(signed.id)

    def gives(officer: Member, _seen: object) -> None:
        said = Said(granted=True, words="Oui.", day=today(), until=None, to_term=True)
        answer(
            transfer=transfer,
            answer_id=uuid7(),
            body=officer.organisation,
            said=said,
            file=None,
            by=officer,
            at=now(),
        )

    def takes_back(admin: Member, _seen: object) -> None:
        withdraw(transfer=transfer, words="Plus besoin.", by=admin, at=now())

    race(racer(CPAM_DPO, gives, held=0.3), racer(CCAS_ADMIN, takes_back, held=0.3))
    assert stands(transfer).state is State.WITHDRAWN
    assert offered(Parcel("essai", signed.id, FLOWS)) == []


def reminders(transfer: UUID) -> int:
    with member(CCAS_ADMIN):
        return Message.objects.filter(kind="transfer_ending", reference=reference(transfer)).count()


def test_its_end_is_told_once_thirty_days_before(fresh_database: object) -> None:
    signed = sign_convention()
    last = today() + timedelta(days=60)
    transfer = asked(signed.id)
    answered(transfer, until=last)
    withdrawn = asked(signed.id, body="Autre")
    answered(withdrawn, until=last)
    with member(CCAS_ADMIN) as admin:
        withdraw(transfer=withdrawn, words="Fini.", by=admin, at=now())
    for days, expected in ((29, 0), (30, 1), (31, 1), (45, 1), (61, 1)):
        with worker_process():
            remind(now() + timedelta(days=days))
        assert reminders(transfer) == expected, days
    assert reminders(withdrawn) == 0
