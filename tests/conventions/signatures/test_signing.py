"""Signing: who, when, with which documents; what the last signature opens; what is refused and at which field."""

from datetime import date
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.models import Convention, Relation
from maillage.conventions.lifecycle.queries import load, parties, visible_to
from maillage.conventions.lifecycle.relations import relate, unrelate
from maillage.conventions.signatures.models import Signature
from maillage.conventions.signatures.queries import signing_here
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.models import Document
from maillage.notifications.models import Message
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CNAM,
    CPAM,
    CROIX_ROUGE,
    DRAFTED,
    SIGNED,
    STRANGER,
    WORKER,
    body,
    instant,
    member,
    nobody_signs,
    proposed,
    ready,
    roles_recorded,
    seen,
    sign_as,
    signed,
)

pytestmark = pytest.mark.django_db


def pdf(address: str, media_type: str = "application/pdf") -> UUID:
    """A document that this member's organisation put down."""
    with member(address) as owner:
        return Document.objects.create(
            organisation_id=owner.organisation, media_type=media_type, size=10, sha256="0" * 64, name=b"x", wrapped_key=b"x"
        ).id  # fmt: skip


def fields(error: pytest.ExceptionInfo[Refused]) -> set[str | None]:
    return {fault.field for fault in error.value.faults}


def test_the_last_signature_puts_the_convention_in_force_and_its_roles_then_open_its_flows(
    proposed_s3: UUID,
) -> None:
    assert sign_as(proposed_s3, CPAM).awaited == ("carsat", "ccas")
    assert not sign_as(proposed_s3, CARSAT).complete
    with member(CCAS) as partner:
        assert seen(partner, proposed_s3).state == "partly_signed"
        assert not Authorisation.objects.filter(convention_id=proposed_s3).exists()
    assert sign_as(proposed_s3, CCAS).complete
    with member(CCAS):
        [flow] = Authorisation.objects.filter(convention_id=proposed_s3)
    assert flow.open_during.isempty, "annex 6, which says who answers for the data, is missing"
    roles_recorded(proposed_s3)
    with member(CCAS) as partner:
        row = seen(partner, proposed_s3)
        [flow] = Authorisation.objects.filter(convention_id=proposed_s3)
        assert Message.objects.filter(kind="convention_signature").count() == 2
    assert (row.state, row.starts_on, row.ends_on) == ("in_force", date(2024, 11, 14), date(2025, 11, 13))
    assert (flow.flow_key, flow.service, flow.article) == ("orientation_misas", "misas", "3")
    assert (flow.open_during.lower, flow.open_during.upper) == (instant("2024-11-13", 23), None)


def test_of_several_days_the_last_one_counts(proposed_s3: UUID) -> None:
    sign_as(proposed_s3, CPAM, instant("2024-11-05"))
    sign_as(proposed_s3, CARSAT, instant("2024-11-20"))
    sign_as(proposed_s3, CCAS, instant("2024-11-20"), signed_on=date(2024, 11, 12))
    with member(CPAM) as referent:
        assert seen(referent, proposed_s3).starts_on == date(2024, 11, 20)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"signed_on": date(2024, 11, 3)}, "signed_on"),
        ({"signed_on": date(2024, 11, 15)}, "signed_on"),
        ({"function": " "}, "function"),
        ({"function": "x" * 201}, "function"),
        ({"by_delegation": True}, "delegation_document"),
        ({"party": "carsat"}, "party"),
        ({"party": "nobody"}, "party"),
        ({"document": UUID(int=1)}, "document"),
        ({"seen_hash": "0" * 64}, None),
    ],
)
def test_a_signature_is_refused_at_its_field(
    changes: dict[str, object], field: str | None, proposed_s3: UUID
) -> None:
    with pytest.raises(Refused) as error:
        sign_as(proposed_s3, CPAM, SIGNED, **changes)
    assert fields(error) == {field}
    with member(CPAM) as referent:
        assert seen(referent, proposed_s3).state == "proposed"
        assert not Signature.objects.filter(convention=proposed_s3).exists()


def test_a_signature_before_the_document_says_the_day_of_the_document(proposed_s3: UUID) -> None:
    with pytest.raises(Refused, match=r"précède le document : le texte à signer est du 04/11/2024"):
        sign_as(proposed_s3, CPAM, signed_on=date(2024, 11, 3))


def test_a_text_signed_on_paper_keeps_the_days_that_it_prints() -> None:
    new = proposed(at=instant("2026-11-02"), as_printed=True)
    with pytest.raises(Refused, match="14/11/2024"):
        sign_as(new, CCAS, instant("2026-11-03"))
    for address in (CPAM, CARSAT, CCAS):
        sign_as(new, address, instant("2026-11-03"), signed_on=date(2024, 11, 14))
    with member(CPAM, instant("2026-11-03")) as referent:
        row = seen(referent, new)
    assert (row.state, row.starts_on, row.ends_on) == ("in_force", date(2024, 11, 14), None)
    assert row.swept_on == date(2026, 11, 3), "no warning of the past goes out"


def test_a_delegate_signs_with_the_act_of_delegation_and_another_party_with_the_signed_document(
    proposed_s3: UUID,
) -> None:
    act, copy = pdf(CPAM), pdf(CPAM)
    nobody_signs("carsat")
    sign_as(proposed_s3, CPAM, by_delegation=True, delegation_document=act)
    sign_as(proposed_s3, CPAM, party="carsat", document=copy)
    with member(CARSAT) as partner:
        found = {row.party_key: row for row in Signature.objects.filter(convention_id=proposed_s3)}
    assert found["cpam"].delegation_document_id == act
    assert found["carsat"].recorded_for_id == body("cpam").id
    assert found["carsat"].organisation_id == partner.organisation


def test_a_party_that_has_somebody_here_signs_for_itself_whatever_document_another_holds(
    proposed_s3: UUID,
) -> None:
    copy = pdf(CPAM)
    with pytest.raises(Refused, match="CARSAT RA signe dans Maillage") as error:
        sign_as(proposed_s3, CPAM, party="carsat", document=copy)
    assert fields(error) == {"party"}
    nobody_signs("carsat")
    with pytest.raises(Refused, match="document signé") as error:
        sign_as(proposed_s3, CPAM, party="carsat")
    assert fields(error) == {"document"}
    sign_as(proposed_s3, CPAM, party="carsat", document=copy)


def test_only_parties_are_told_who_signs_here(proposed_s3: UUID) -> None:
    nobody_signs("carsat")
    with member(CCAS) as partner:
        assert signing_here(load(seen(partner, proposed_s3))) == {"cpam", "ccas"}
    with member(CPAM) as referent:
        known = load(seen(referent, proposed_s3))
    with member(STRANGER):
        assert signing_here(known) == set()


def test_a_document_of_somebody_else_is_none(proposed_s3: UUID) -> None:
    theirs = pdf(STRANGER)
    with pytest.raises(Refused) as error:
        sign_as(proposed_s3, CPAM, document=theirs)
    assert fields(error) == {"document"}


def test_the_signed_copy_is_a_pdf(proposed_s3: UUID) -> None:
    picture = pdf(CPAM, "image/png")
    with pytest.raises(Refused) as error:
        sign_as(proposed_s3, CPAM, document=picture)
    assert fields(error) == {"document"}


def test_a_party_signs_once_and_the_same_form_sent_twice_signs_once(proposed_s3: UUID) -> None:
    form = uuid7()
    first = sign_as(proposed_s3, CPAM, signature_id=form)
    again = sign_as(proposed_s3, CPAM, signature_id=form)
    assert first.signature == again.signature
    with pytest.raises(Refused, match="déjà signé"):
        sign_as(proposed_s3, CPAM)


def test_a_draft_is_not_signed(drafted_s3: UUID) -> None:
    with pytest.raises(Refused, match="brouillon"):
        sign_as(drafted_s3, CPAM)


def test_only_those_whose_role_signs_may_sign(proposed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        sign_as(proposed_s3, WORKER)
    with pytest.raises(Convention.DoesNotExist):
        sign_as(proposed_s3, STRANGER)


def test_a_signed_local_convention_is_brought_to_the_knowledge_of_the_framework_s_referents() -> None:
    frame, local, at = uuid7(), uuid7(), DRAFTED
    text = library.load("croix_rouge_cadre_2021").model_copy(update={"signatures": ()})
    with member(CNAM, at) as national:
        drafting.start_from_terms(new_id=frame, terms=text, by=national, at=at)
        for party in text.parties:
            name = "Croix-Rouge" if party.key == "croix_rouge" else "Cnam"
            drafting.choose_body(
                convention=seen(national, frame),
                key=party.key,
                organisation=body(name).id,
                by=national,
                at=at,
            )
    ready(frame, by=CNAM)
    with member(CNAM, at) as national:
        propose(convention=seen(national, frame), by=national, at=at)
    sign_as(frame, CNAM)
    assert sign_as(frame, CROIX_ROUGE).complete
    with member(CROIX_ROUGE) as partner:
        drafting.start_under(
            new_id=local,
            framework=seen(partner, frame),
            title="Locale",
            by=partner,
            at=SIGNED,
            my_party="croix_rouge",
        )
        for key in ("cpam", "carsat"):
            drafting.choose_body(
                convention=seen(partner, local), key=key, organisation=body(key).id, by=partner, at=SIGNED
            )
    ready(local, SIGNED, by=CROIX_ROUGE)
    with member(CROIX_ROUGE) as partner:
        propose(convention=seen(partner, local), by=partner, at=SIGNED)
    with member(CNAM) as national:
        assert not visible_to(national).filter(pk=local).exists()
    for address in (CROIX_ROUGE, CPAM, CARSAT):
        sign_as(local, address)
    with member(CNAM) as national:
        known = load(seen(national, local))
        assert Message.objects.filter(kind="convention_informed").count() == 1
    assert known.mine is not None
    assert known.mine.role == "informed"
    assert [row.kind for row in known.recorded][-1] == "framework_informed"
    with pytest.raises(PermissionDenied):
        sign_as(local, CNAM)
    with member(CROIX_ROUGE) as partner:
        tie = Relation.objects.get(convention=local, kind="implements")
        unrelate(convention=seen(partner, local), relation=tie.pk, by=partner)
    with member(CNAM) as national:
        assert not visible_to(national).filter(pk=local).exists()
    with member(CROIX_ROUGE) as partner:
        relate(convention=seen(partner, local), kind="implements", target=frame, by=partner, at=SIGNED)
    with member(CNAM) as national:
        known = load(seen(national, local))
        assert [row.kind for row in known.recorded].count("framework_informed") == 2


def test_a_convention_is_loaded_in_few_queries(django_assert_num_queries: object) -> None:
    new = signed()
    with member(CPAM) as referent:
        row = seen(referent, new)
        with django_assert_num_queries(6):  # type: ignore[operator]
            load(row)
        with django_assert_num_queries(1):  # type: ignore[operator]
            parties([new])
