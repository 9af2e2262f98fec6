"""What the caisse forwards is a new case, of which it is the sender: each party sees exactly its part of it, and no id leaks."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from maillage.audit.models import Entry
from maillage.beneficiaries.agreement import Agreement
from maillage.beneficiaries.models import Beneficiary, Information
from maillage.beneficiaries.rules import Told
from maillage.cases.actions import NoSequel, NotAuthorised, forward_case
from maillage.cases.models import Authorisation, Case, Lineage, Participation
from maillage.cases.queries import keys_of, visible_to
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.notifications.models import Message
from maillage.organisations.member import Member
from maillage.referrals import questions, working
from maillage.referrals.actions import ConditionsUnmet, FlowClosed, Incomplete
from maillage.referrals.content import Content, Precisions, Situation
from maillage.referrals.drafts import begin
from maillage.referrals.forwarded.models import Forwarding
from maillage.referrals.forwarding import actions as forwarding
from maillage.referrals.forwarding.carrying import content_of
from maillage.referrals.forwarding.sequels import sequels
from maillage.referrals.models import Referral
from maillage.referrals.queries import (
    ReferralCounts,
    file_of,
    question_of,
    referral_counts,
    referral_of,
    waiting,
)
from maillage.vault.actions import vault
from tests.days import today
from tests.racing import together
from tests.referrals.forwarding.conftest import FORWARD, SSAM, sign
from tests.referrals.forwarding.test_redirecting import kin, redirect, restart, send_again
from tests.referrals.world import (
    ADVISER,
    FLOW,
    NARRATIVE,
    PERSON,
    STRANGER,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    stop,
    work,
)

pytestmark = pytest.mark.security
HELPED = {"scheme": "general", "first_level_given": True}
URGENT = Situation(("cost",), NARRATIVE, facts={"care_imminent": True})


def under_work(signed: Signed, **changes: object) -> UUID:
    """A referral that the caisse works."""
    case = send_referral(signed, **changes)
    work(case, "acknowledge", "accept")
    return case


def content_for(case: UUID, adviser: Member, facts: dict[str, object] | None = None) -> Content:
    """What the form gives: the case as it is, what the text asks besides, the person told again."""
    content = content_of(file_of(adviser, case))
    (sequel,) = sequels(referral_of(adviser, case).case, adviser, at=now())
    known = {**content.precisions.facts, **(HELPED if facts is None else facts)}
    return replace(
        content,
        authorisation=sequel.id,
        precisions=Precisions(known),  # type: ignore[arg-type]  # facts of the catalogue
        told=Told(today(), "oral", recipient_named=True),
        agreement=Agreement("agreed", "all", "oral"),
    )


def forward(case: UUID, new: UUID | None = None, by: str = ADVISER, **changes: object) -> UUID:
    """The caisse forwards; the new case's id."""
    given = new or uuid7()
    facts = changes.pop("facts", None)
    with member(ADVISER) as adviser:
        content = content_for(case, adviser, facts)  # type: ignore[arg-type]  # as above
    with member(by) as someone:
        forwarding.forward(
            referral=referral_of(someone, case),
            new=given,
            content=replace(content, **changes),  # type: ignore[arg-type]  # fields of a content
            by=someone,
            at=now(),
        )
    return given


def test_a_new_case_with_a_key_of_its_own_goes_to_the_service_and_the_former_goes_on(signed: Signed) -> None:
    case = under_work(signed, situation=URGENT)
    new = forward(case, situation=replace(URGENT, narrative="Isolée."))
    followed_by(new, SSAM)
    with member(ADVISER) as adviser:
        mine = visible_to(adviser)
        assert {str(part.role) for part in mine.filter(case_id=new)} == {"sender"}
        keys = keys_of(mine.filter(case_id__in=[case, new]))
        assert keys[case] != keys[new]
        sealed = bytes(Beneficiary.objects.get(case_id=new).identity)
        with pytest.raises(crypto.DecryptionError):
            crypto.decrypt(keys[case], sealed, at=b"")
        assert referral_of(adviser, case).state == "accepted"
    with member(SSAM) as social:
        file = file_of(social, new)
        assert (file.identity, file.narrative, file.referral.urgent) == (PERSON, "Isolée.", True)
        assert file.information
        assert file.information.recipient_id == social.organisation
        assert file.participation.case.sender.short_name == "CPAM 42"
        assert file.kept.facts["scheme"] == "general"  # its text asks it
        assert "received_here" in file.kept.facts  # and the public of its convention


def test_what_another_service_works_is_to_do_again_only_when_that_ends(signed: Signed) -> None:
    def waits(case: UUID) -> bool:
        with member(ADVISER) as adviser:
            return case in {part.case_id for part in waiting(adviser, on=today(), limit=50)}

    accepted, acknowledged, kept = under_work(signed), send_referral(signed), under_work(signed)
    work(acknowledged, "acknowledge")
    news = [forward(accepted), forward(acknowledged)]
    assert [waits(case) for case in (accepted, acknowledged, kept)] == [False, False, True]
    work(acknowledged, "accept", "pause")
    with member(ADVISER) as adviser:
        later = waiting(adviser, on=today() + timedelta(days=30), limit=50)
        assert acknowledged in {part.case_id for part in later}  # the day that she chose
        for new in news:
            referral = referral_of(adviser, new)
            working.withdraw(referral=referral, reason="moved", by=adviser, at=now())
    assert waits(accepted)


def test_each_party_sees_exactly_its_part(signed: Signed) -> None:
    case = under_work(signed)
    new = forward(case)
    with member(SSAM) as social:
        assert [row.id for row in Case.objects.all()] == [new]
        for rows in (Referral, Beneficiary, Information, Participation):
            assert {row.case_id for row in rows.objects.all()} == {new}
        assert not Lineage.objects.exists()
        assert not Forwarding.objects.exists()
        assert kin(social, new) == []
        said = Message.objects.get(recipient_id=social.organisation)
        assert str(case) not in said.once + said.path
        assert Case.objects.get(id=new).sender_id == organisation("CPAM 42").id
    with member(WORKER) as worker:
        assert [row.id for row in Case.objects.all()] == [case]
        assert {row.case_id for row in Participation.objects.all()} == {case}
        assert not Lineage.objects.exists()
        (known,) = file_of(worker, case).history.forwarded
        assert (known.service, known.recipient) == ("ssam", "CARSAT Rhône-Alpes")
        row = Forwarding.objects.get()
        said = Message.objects.get(recipient_id=worker.organisation, kind="referral_forwarded")
        told = " ".join(
            str(value) for one in (row, said, *Entry.objects.all()) for value in vars(one).values()
        )
        assert str(new) not in told
    with member(STRANGER):
        for table in (Case, Lineage, Forwarding):
            assert not table.objects.exists()
    with member(ADVISER) as adviser:
        (after,), (before,) = kin(adviser, case), kin(adviser, new)
        assert (after.case, after.kind, after.state, after.role) == (new, "forwarded", "sent", "sender")
        assert (before.case, before.is_former, before.role) == (case, True, "recipient")


def test_what_comes_of_it_comes_back_to_the_caisse_alone(signed: Signed) -> None:
    case = under_work(signed)
    new = forward(case)
    with member(SSAM) as social:
        referral = referral_of(social, new)
        working.acknowledge(referral=referral, by=social, at=now())
        asked = uuid7()
        questions.ask(referral=referral, question_id=asked, text="Vit-elle seule ?", by=social, at=now())
    with member(ADVISER) as adviser:
        assert question_of(adviser, asked).case_id == new
        questions.answer(
            referral=referral_of(adviser, new), question=asked, text="Oui.", by=adviser, at=now()
        )
    with member(SSAM) as social:
        refused = referral_of(social, new)
        working.refuse(referral=refused, reason="already_followed", words="", by=social, at=now())
    with member(ADVISER) as adviser:
        (after,) = kin(adviser, case)
        assert (after.state, after.is_open) == ("refused", False)
    with member(WORKER):
        assert {part.state for part in Participation.objects.all()} == {"accepted"}


def test_each_counts_what_it_received_or_sent_once(signed: Signed) -> None:
    forward(under_work(signed))
    for address, counts in (
        (WORKER, ReferralCounts(1, 1, 0, 0)),
        (ADVISER, ReferralCounts(1, 1, 0, 0)),
        (SSAM, ReferralCounts(1, 0, 0, 0)),
    ):
        with member(address) as someone:
            assert referral_counts(signed.id, someone) == counts


def test_once_to_each_service_unless_it_came_to_nothing(signed: Signed) -> None:
    case = under_work(signed)
    new = forward(case)
    assert forward(case, new) == new  # the same form again
    with member(WORKER):
        assert Forwarding.objects.count() == 1
    with pytest.raises(Refused, match="déjà une suite"):
        forward(case)
    with member(ADVISER) as adviser:
        working.cancel(referral=referral_of(adviser, new), reason="other", by=adviser, at=now())
    forward(case)
    with member(WORKER):
        assert Forwarding.objects.count() == 2


def test_what_the_text_asks_is_asked_and_told_with_its_article(signed: Signed) -> None:
    case = under_work(signed)
    with member(ADVISER) as adviser:
        (sequel,) = sequels(referral_of(adviser, case).case, adviser, at=now())
        content = content_of(file_of(adviser, case))
        assert {one.id for one in sequel.questions(content, on=today())} == {"scheme", "first_level_given"}
        assert content.told is None
    with pytest.raises(ConditionsUnmet) as unmet:
        forward(case, facts={"scheme": "agricultural", "first_level_given": True})
    assert "régime général" in unmet.value.asked
    with pytest.raises(Incomplete):
        forward(case, told=None)
    with member(ADVISER):
        assert Case.objects.count() == 1


def test_only_the_caisse_that_works_it_forwards(signed: Signed) -> None:
    case = under_work(signed)
    with pytest.raises(PermissionDenied):
        forward(case, by=WORKER)
    with pytest.raises(Participation.DoesNotExist):
        forward(case, by=STRANGER)
    new = forward(case)
    followed_by(new, SSAM)
    with member(SSAM) as social:
        assert sequels(referral_of(social, new).case, social, at=now()) == []
    stop(case, "withdraw", "person_refuses")
    with pytest.raises(TransitionRefused):
        forward(case)


def test_a_flow_that_is_closed_or_not_there_forwards_nothing(db: None) -> None:
    signed = sign()
    case = under_work(signed)
    with member(ADVISER) as adviser:
        ready = content_for(case, adviser)
    signed.publish(until=now().replace(year=2099), flows=(FLOW,))
    with member(ADVISER) as adviser:
        assert sequels(referral_of(adviser, case).case, adviser, at=now()) == []
        with pytest.raises(FlowClosed):
            forwarding.forward(
                referral=referral_of(adviser, case), new=uuid7(), content=ready, by=adviser, at=now()
            )


def raw_forward(address: str, former: UUID, under: Authorisation) -> str:
    """What the database says to a call of the function by somebody."""
    with member(address), pytest.raises((NotAuthorised, NoSequel)) as refused:
        forward_case(former=former, case=uuid7(), under=under, kind="referral", urgent=False)
    return type(refused.value).__name__


def test_the_database_opens_a_sequel_to_whoever_takes_part_and_may(signed: Signed) -> None:
    case, other = send_referral(signed), under_work(signed)
    with member(ADVISER):
        transmission = Authorisation.objects.get(flow_key=FORWARD["key"])
    again = signed.authorisation()
    assert raw_forward(ADVISER, case, transmission) == "NoSequel"  # not acknowledged
    work(case, "acknowledge")
    assert raw_forward(STRANGER, case, transmission) == "NotAuthorised"
    assert raw_forward(SSAM, case, transmission) == "NotAuthorised"  # it takes no part in the former
    assert raw_forward(WORKER, case, again) == "NoSequel"  # what goes on is not sent again
    assert raw_forward(ADVISER, case, again) == "NotAuthorised"  # not the sender of that one
    assert raw_forward(ADVISER, uuid7(), transmission) == "NotAuthorised"
    elsewhere = sign()
    with member(ADVISER):
        foreign = Authorisation.objects.get(flow_key=FORWARD["key"], convention_id=elsewhere.id)
    assert raw_forward(ADVISER, case, foreign) == "NotAuthorised"  # the convention by which it came
    redirect(case)
    assert raw_forward(ADVISER, case, transmission) == "NoSequel"
    signed.publish(until=now().replace(year=2025), flows=(FLOW, FORWARD))
    with member(ADVISER), pytest.raises(Exception, match="closed"):
        forward_case(former=other, case=uuid7(), under=transmission, kind="referral", urgent=False)


@pytest.mark.parametrize("address", [ADVISER, WORKER])
def test_nobody_says_that_it_was_forwarded_when_it_was_not(signed: Signed, address: str) -> None:
    case = under_work(signed)
    for service in ("ssam", "misas"):
        statement = (
            "INSERT INTO referrals_forwarding (id, case_id, service, recipient_id, article, forwarded_at, forwarded_by)"  # noqa: S608 - the test's own words
            f" SELECT gen_random_uuid(), %s, '{service}', id, '9', now(), gen_random_uuid() FROM organisations_organisation"
            " WHERE short_name = 'CARSAT RA'"
        )
        with (
            member(address),
            pytest.raises(DatabaseError, match=r"nothing was forwarded so|row-level security"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [case])
        if service == "ssam":
            forward(case)


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO cases_lineage (following_id, former_id, kind, made_at) VALUES (%s, %s, 'forwarded', now())",
        "UPDATE cases_lineage SET former_id = %s WHERE following_id <> %s",
        "DELETE FROM cases_lineage WHERE %s <> %s",
    ],
)
def test_nobody_writes_a_lineage(signed: Signed, statement: str) -> None:
    case = under_work(signed)
    with (
        member(ADVISER),
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, [case, uuid7()])


def test_a_restart_after_a_redirection_is_the_sender_s_and_the_service_sees_no_more(signed: Signed) -> None:
    case = under_work(signed)
    new = forward(case)
    redirect(case)
    restart(case)
    with member(SSAM):
        assert [row.id for row in Case.objects.all()] == [new]


def test_a_case_whose_keys_are_gone_is_not_forwarded(signed: Signed) -> None:
    case = under_work(signed)
    vault().store.destroy(organisation("CPAM 42").id, signed.id)
    with pytest.raises(Refused, match="détruites"):
        forward(case)


def test_of_two_who_forward_at_once_one_wins_and_the_other_is_told(fresh_database: object) -> None:
    case = under_work(sign())
    results = together(partial(forward, case), partial(forward, case))
    assert sorted(type(result).__name__ for result in results) == ["Refused", "UUID"]
    with member(WORKER):
        assert Forwarding.objects.count() == 1
    with member(SSAM):
        assert Case.objects.count() == 1


def test_of_two_drafts_that_leave_at_once_one_is_the_sequel(fresh_database: object) -> None:
    case = under_work(sign())
    redirect(case)
    drafts = [restart(case), again(case)]
    results = together(*[partial(send_again, draft) for draft in drafts])
    assert sorted(type(result).__name__ for result in results) == ["Refused", "UUID"]
    with member(WORKER):
        assert Lineage.objects.count() == 1


def again(case: UUID) -> UUID:
    """Another draft of the same case, as a page kept open elsewhere would make it."""
    with member(WORKER) as worker:
        content = replace(content_of(file_of(worker, case)), authorisation=_usual())
        return begin(token=uuid7(), content=content, by=worker, at=now())


def _usual() -> UUID:
    return Authorisation.objects.get(flow_key=FLOW["key"]).id
