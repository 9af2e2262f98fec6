"""Avenants: what they may change, who signs, what the text says from their effect on."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError

from maillage.cases.models import Authorisation
from maillage.conventions.amendments.actions import (
    abandon_amendment,
    change_amendment,
    draft_amendment,
    propose_amendment,
    with_amendment,
)
from maillage.conventions.amendments.models import Amendment
from maillage.conventions.amendments.queries import amendments
from maillage.conventions.lifecycle.queries import load, text_of
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.signatures.actions import Act, SignedText
from maillage.conventions.signatures.amending import sign_amendment
from maillage.conventions.signatures.models import Signature
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from tests.conventions.people import CARSAT, CCAS, CPAM, WORKER, instant, member, roles_recorded, seen

pytestmark = pytest.mark.django_db
AT = instant("2025-03-03")
EFFECT = date(2025, 4, 1)
LONGER = {"operation": "replace", "path": "term.lasts", "value": "2y"}
WITHOUT_FLOW = {
    "operation": "replace",
    "path": "flows[orientation_misas].channels",
    "value": [{"kind": "paper"}],
}


def drafted(convention: UUID, *changes: dict[str, Any], effect: date = EFFECT, by: str = CPAM) -> UUID:
    new = uuid7()
    with member(by, AT) as actor:
        draft_amendment(
            convention=seen(actor, convention), new_id=new, title="Objet", changes=list(changes), effect_on=effect,
            by=actor, at=AT,
        )  # fmt: skip
    return new


def proposed_amendment(convention: UUID, *changes: dict[str, Any], effect: date = EFFECT) -> UUID:
    new = drafted(convention, *changes, effect=effect)
    with member(CPAM, AT) as actor:
        propose_amendment(amendment=Amendment.objects.get(pk=new), by=actor, at=AT)
    return new


def sign(amendment: UUID, address: str, **changes: Any) -> SignedText:
    with member(address, AT) as signer:
        row = Amendment.objects.get(pk=amendment)
        values = {
            "signature_id": uuid7(), "seen_hash": row.content_hash, "signed_on": AT.date(), "function": "Directeur",
        }  # fmt: skip
        return sign_amendment(amendment=row, act=Act(**{**values, **changes}), by=signer, at=AT)


def test_an_avenant_signed_by_all_changes_the_text_from_its_effect_on(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    assert not sign(avenant, CPAM).complete
    assert not sign(avenant, CARSAT).complete
    assert sign(avenant, CCAS).complete
    with member(CCAS, AT) as partner:
        known = load(seen(partner, signed_s3))
        assert [row.state for row in amendments(known)] == ["signed"]
        written = text_of(signed_s3, organisation=partner.organisation)
    assert [written.readable(day) for day in (AT.date(), EFFECT)] == [
        known.readable(day) for day in (AT.date(), EFFECT)
    ]
    assert str(getattr(known.terms(date(2025, 3, 31)).term, "lasts", "")) == "1y"
    assert str(getattr(known.terms(EFFECT).term, "lasts", "")) == "2y"
    assert known.facts(date(2025, 3, 31)).ends == date(2025, 11, 13)
    assert known.facts(EFFECT).ends == date(2026, 11, 13)


def test_an_avenant_closes_the_flow_that_it_takes_away_on_its_day(signed_s3: UUID) -> None:
    roles_recorded(signed_s3)
    avenant = proposed_amendment(signed_s3, WITHOUT_FLOW)
    for address in (CPAM, CARSAT, CCAS):
        sign(avenant, address)
    with member(CCAS, AT):
        assert not Authorisation.objects.get(convention_id=signed_s3).open_during.isempty
    with member(CPAM, AT) as actor:
        refresh(seen(actor, signed_s3), date(2025, 4, 1))
    with member(CCAS, AT):
        assert Authorisation.objects.get(convention_id=signed_s3).open_during.isempty


def test_what_the_text_puts_out_of_reach_is_refused_with_its_article(signed_s3: UUID) -> None:
    objective = {"operation": "replace", "path": "objectives[renforcer].text", "value": "Autre"}
    with pytest.raises(Refused) as error:
        drafted(signed_s3, LONGER, objective)
    assert (error.value.field, error.value.article) == ("change_1", "9.3")
    with member(CPAM, AT):
        assert not Amendment.objects.exists()


@pytest.mark.parametrize(
    ("changes", "effect", "title", "field"),
    [
        ([LONGER], EFFECT, " ", "title"),
        ([LONGER], date(2024, 11, 1), "Objet", "effect_on"),
        ([], EFFECT, "Objet", "changes"),
        ([{"operation": "fly", "path": "term"}], EFFECT, "Objet", "change_0"),
        ([{"operation": "replace", "path": "nothing.here", "value": 1}], EFFECT, "Objet", "change_0"),
        ([{"operation": "replace", "path": "id", "value": "autre"}], EFFECT, "Objet", "change_0"),
    ],
)
def test_an_avenant_is_refused_at_its_field(
    changes: list[dict[str, Any]], effect: date, title: str, field: str, signed_s3: UUID
) -> None:
    with member(CPAM, AT) as actor, pytest.raises(Refused) as error:
        draft_amendment(
            convention=seen(actor, signed_s3),
            new_id=uuid7(),
            title=title,
            changes=changes,
            effect_on=effect,
            by=actor,
            at=AT,
        )
    assert field in {fault.field for fault in error.value.faults}


def test_an_avenant_that_changes_voids_its_signatures_and_must_be_proposed_again(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    sign(avenant, CCAS)
    with member(CARSAT, AT) as actor:
        row, voided = change_amendment(
            amendment=Amendment.objects.get(pk=avenant), title="Autre objet", changes=[LONGER], effect_on=EFFECT,
            by=actor, at=AT,
        )  # fmt: skip
        assert Signature.objects.get(amendment_id=avenant).voided_at is not None
    assert (row.state, voided) == ("draft", ("ccas",))
    with pytest.raises(Refused, match="pas proposé"):
        sign(avenant, CPAM)


def test_an_avenant_is_signed_once_by_each_and_not_after_it_changed(signed_s3: UUID) -> None:
    form = uuid7()
    avenant = proposed_amendment(signed_s3, LONGER)
    assert (
        sign(avenant, CPAM, signature_id=form).signature == sign(avenant, CPAM, signature_id=form).signature
    )
    with pytest.raises(Refused, match="déjà signé"):
        sign(avenant, CPAM)
    with pytest.raises(Refused, match="a changé"):
        sign(avenant, CCAS, seen_hash="0" * 64)
    with pytest.raises(Refused, match="précède le document"):
        sign(avenant, CCAS, signed_on=date(2025, 3, 2))
    with pytest.raises(PermissionDenied):
        sign(avenant, WORKER)


def test_the_database_keeps_an_avenant_unsigned_until_all_have_signed_and_unchanged_after(
    signed_s3: UUID,
) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    sign(avenant, CPAM)
    with pytest.raises(DatabaseError, match="not signed by all"), member(CPAM, AT):
        Amendment.objects.filter(pk=avenant).update(state="signed")
    sign(avenant, CARSAT)
    sign(avenant, CCAS)
    with pytest.raises(DatabaseError, match="signed avenant stays"), member(CPAM, AT):
        Amendment.objects.filter(pk=avenant).update(effect_on=date(2020, 1, 1))


def test_an_avenant_that_another_one_contradicts_is_no_longer_signed(signed_s3: UUID) -> None:
    gone = {"operation": "remove", "path": "commitments[former_referents]"}
    changed = {"operation": "replace", "path": "commitments[former_referents].what", "value": "Former"}
    first, second = (
        proposed_amendment(signed_s3, gone),
        proposed_amendment(signed_s3, changed, effect=date(2025, 5, 1)),
    )
    for address in (CPAM, CARSAT, CCAS):
        sign(first, address)
    with pytest.raises(Refused, match="ne s’accorde plus"):
        sign(second, CPAM)


def test_a_draft_shows_the_text_that_it_would_give(signed_s3: UUID) -> None:
    avenant = drafted(signed_s3, LONGER)
    with member(CCAS, AT) as partner:
        known = load(seen(partner, signed_s3))
        text = with_amendment(known, Amendment.objects.get(pk=avenant)).terms(EFFECT)
    assert str(getattr(text.term, "lasts", "")) == "2y"


def test_an_avenant_given_up_stays_in_the_history_and_is_not_signed(signed_s3: UUID) -> None:
    avenant = proposed_amendment(signed_s3, LONGER)
    with member(CCAS, AT) as actor:
        abandon_amendment(amendment=Amendment.objects.get(pk=avenant), by=actor)
        with pytest.raises(TransitionRefused):
            propose_amendment(amendment=Amendment.objects.get(pk=avenant), by=actor, at=AT)
    with pytest.raises(Refused, match="pas proposé"):
        sign(avenant, CPAM)


def test_only_a_signed_convention_has_avenants_and_only_a_referent_writes_them(
    signed_s3: UUID, proposed_s3: UUID
) -> None:
    with pytest.raises(Refused, match="signée par toutes les parties"):
        drafted(proposed_s3, LONGER)
    with pytest.raises(PermissionDenied):
        drafted(signed_s3, LONGER, by=WORKER)
