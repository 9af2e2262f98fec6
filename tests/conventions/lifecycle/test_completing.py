"""Blanks and options after the signature, ties and what they ask for."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.audit.models import Entry
from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.drafting.values import roles
from maillage.conventions.lifecycle.completing import (
    choose_after_signature,
    fill_after_signature,
    protects_data,
)
from maillage.conventions.lifecycle.models import Convention, Relation
from maillage.conventions.lifecycle.queries import load, text_of
from maillage.conventions.lifecycle.relations import (
    attach_predecessor_report,
    record_external_end,
    relate,
    ties,
    unrelate,
)
from maillage.conventions.terms import Blank, content_hash
from maillage.core.refusals import Refused
from tests.conventions.people import (
    CCAS,
    CPAM,
    DPO,
    S2,
    SIGNED,
    STRANGER,
    WORKER,
    instant,
    member,
    proposed,
    seen,
    sign_as,
    signed,
)

pytestmark = pytest.mark.django_db
ROLES = "flows[orientation_misas].roles"
LATER = instant("2024-12-02")
ACCORD = "Accord des parties du 2 décembre 2024"


def fill(convention: UUID, address: str, path: str = ROLES, **changes: Any) -> None:
    value = changes.pop("value", roles(controllers=["cpam"], processors=["ccas"]))
    with member(address, LATER) as actor:
        fill_after_signature(
            convention=seen(actor, convention),
            path=path,
            value=value,
            by=actor,
            at=LATER,
            **{"note": ACCORD, **changes},
        )


@pytest.mark.parametrize("address", [DPO, CPAM, CCAS])
def test_the_roles_of_a_flow_are_filled_when_the_annex_arrives(address: str, signed_s3: UUID) -> None:
    fill(signed_s3, address)
    with member(CCAS, LATER) as partner:
        known = load(seen(partner, signed_s3))
        written = text_of(signed_s3, organisation=partner.organisation)
    assert [written.readable(day) for day in (SIGNED.date(), LATER.date())] == [
        known.readable(day) for day in (SIGNED.date(), LATER.date())
    ]
    before = next(flow for flow in known.terms(SIGNED.date()).flows if flow.key == "orientation_misas")
    after = next(flow for flow in known.terms(LATER.date()).flows if flow.key == "orientation_misas")
    assert isinstance(before.roles, Blank)
    assert getattr(after.roles, "controllers", ()) == ("cpam",)
    assert content_hash(known.base) == known.row.content_hash, "the signed text stays as it was signed"


def test_a_dpo_fills_data_protection_only(signed_s3: UUID) -> None:
    assert protects_data("protection[detections].dpos")
    with pytest.raises(PermissionDenied):
        fill(signed_s3, DPO, "annexes[annexe_1].content", value="Jointe")
    fill(signed_s3, CPAM, "annexes[annexe_1].content", value="Jointe")


def test_whoever_has_no_such_role_fills_nothing(signed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        fill(signed_s3, WORKER)


@pytest.mark.parametrize(
    ("path", "value"),
    [(ROLES, {"controllers": []}), (ROLES, "x"), ("title", "x"), ("flows[none].roles", "x"), ("((", 1)],
)
def test_a_blank_is_refused_at_its_path(path: str, value: object, signed_s3: UUID) -> None:
    with pytest.raises(Refused) as error:
        fill(signed_s3, CPAM, path, value=value)
    assert error.value.field == path


def test_a_blank_is_filled_once(signed_s3: UUID) -> None:
    fill(signed_s3, CPAM)
    with pytest.raises(Refused):
        fill(signed_s3, CCAS)


def test_before_the_signature_one_completes_the_draft(proposed_s3: UUID) -> None:
    with pytest.raises(Refused, match="complétez le brouillon"):
        fill(proposed_s3, CPAM)


def test_nobody_fills_alone_what_the_parties_decide_without_saying_where_they_did(signed_s3: UUID) -> None:
    with pytest.raises(Refused) as refusal:
        fill(signed_s3, DPO, note=" ")
    assert refusal.value.field == "document"


def test_an_option_left_open_by_a_text_signed_on_paper_is_chosen_later() -> None:
    new = proposed(at=instant("2024-11-20"), as_printed=True)
    for address in (CPAM, CCAS, "referente@carsat.example.org"):
        sign_as(new, address, instant("2024-11-20"), signed_on=date(2024, 11, 14))
    with member(CPAM, LATER) as referent:
        done = choose_after_signature(
            convention=seen(referent, new),
            path="services[eps]",
            keep=True,
            by=referent,
            at=LATER,
            note=ACCORD,
        )
        assert Authorisation.objects.filter(convention_id=new).count() == 1
        text = load(seen(referent, new)).terms(LATER.date())
    assert done.event.kind == "option_chosen"
    assert next(service for service in text.services if service.key == "eps").chosen is True


def test_ties_show_what_the_text_states_and_what_was_recorded(signed_s3: UUID) -> None:
    other = signed()
    with member(CPAM, LATER) as referent:
        row, target = seen(referent, signed_s3), seen(referent, other)
        relate(convention=row, kind="succeeds", target=target.pk, by=referent, at=LATER)
        relate(
            convention=row, kind="backed_on", key="espace_partenaires", text="EP n° 12", by=referent, at=LATER
        )
        text = load(row).terms(LATER.date())
        found = {(tie.kind, tie.key): tie for tie in ties(referent, load(row), text)}
        back = {tie.kind for tie in ties(referent, load(target), text) if tie.incoming}
    assert found["succeeds", ""].target == other
    assert found["backed_on", "espace_partenaires"].id is not None
    assert ("counterpart_of", "lettre_intention") in found
    assert back == {"succeeds"}


@pytest.mark.parametrize(
    ("facts", "field"), [({"kind": "loves", "text": "x"}, "kind"), ({"kind": "succeeds"}, "text")]
)
def test_a_tie_is_refused_at_its_field(facts: dict[str, Any], field: str, signed_s3: UUID) -> None:
    with member(CPAM, LATER) as referent:
        row = seen(referent, signed_s3)
        with pytest.raises(Refused) as error:
            relate(convention=row, by=referent, at=LATER, **facts)
        assert error.value.field == field
        with pytest.raises(Refused):
            relate(convention=row, kind="succeeds", target=row.pk, by=referent, at=LATER)


def test_a_tie_is_said_once_and_names_a_convention_or_a_text_not_both(signed_s3: UUID) -> None:
    other = signed()
    with member(CPAM, LATER) as referent:
        row = seen(referent, signed_s3)
        facts: dict[str, Any] = {
            "convention": row,
            "kind": "succeeds",
            "target": other,
            "by": referent,
            "at": LATER,
        }
        relate(**facts)
        for changes, field in (({}, "target"), ({"kind": "backed_on", "text": "Un autre"}, "text")):
            with pytest.raises(Refused) as error:
                relate(**{**facts, **changes})
            assert error.value.field == field


def test_a_wrong_tie_is_taken_back_once_with_its_trace_and_only_by_a_party(signed_s3: UUID) -> None:
    other = signed()
    with member(CPAM, LATER) as referent:
        row = seen(referent, signed_s3)
        tie = relate(convention=row, kind="succeeds", target=other, by=referent, at=LATER)
    with pytest.raises(PermissionDenied), member(WORKER, LATER) as worker:
        unrelate(convention=row, relation=tie.pk, by=worker)
    with member(CPAM, LATER) as referent:
        for _ in range(2):
            unrelate(convention=row, relation=tie.pk, by=referent)
        assert not Relation.objects.filter(pk=tie.pk).exists()
        assert Entry.objects.filter(verb="convention.unrelate").count() == 1


def test_the_predecessor_s_report_is_attached_to_a_tie_of_succession(signed_s3: UUID) -> None:
    other = signed()
    with member(CPAM, LATER) as referent:
        row = seen(referent, signed_s3)
        tie = relate(convention=row, kind="succeeds", target=other, by=referent, at=LATER)
        facts: dict[str, Any] = {"day": date(2024, 12, 1), "by": referent, "at": LATER, "note": "Bilan 2023"}
        with pytest.raises(Refused) as error:
            attach_predecessor_report(convention=row, relation="espace_partenaires", **facts)
        assert error.value.field == "relation"
        attach_predecessor_report(convention=row, relation=str(tie.pk), **facts)
        assert load(row).recorded[-1].kind == "predecessor_report"


def test_an_external_end_needs_a_term_that_follows_another_instrument(signed_s3: UUID) -> None:
    with member(CPAM, LATER) as referent, pytest.raises(Refused, match="aucun autre instrument"):
        record_external_end(
            convention=seen(referent, signed_s3),
            day=LATER.date(),
            until=date(2025, 1, 1),
            by=referent,
            at=LATER,
        )
    assert getattr(library.load("cnsa_2016_2019").term, "ends_with", None)


def test_a_stranger_reaches_nothing_to_fill() -> None:
    new = signed(S2)
    with member(STRANGER) as stranger, pytest.raises(Convention.DoesNotExist):
        seen(stranger, new)
