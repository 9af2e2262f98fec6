"""Obligations: ticked by who owes them, asked and approved by the others, opened and closed."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.commitments.actions import (
    Mark,
    answer,
    ask,
    close_procedure,
    open_procedure,
    tick,
)
from maillage.conventions.commitments.models import ObligationMark
from maillage.conventions.commitments.queries import commitments, obligations
from maillage.conventions.lifecycle.actions import end_by_agreement
from maillage.conventions.lifecycle.queries import load
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.models import Document
from tests.conventions.people import CARSAT, CCAS, CPAM, S2, WORKER, instant, member, seen, signed

pytestmark = pytest.mark.django_db
AT = instant("2025-03-03")


def mark(**changes: Any) -> Mark:
    return Mark(**{"mark_id": uuid7(), "day": AT.date(), **changes})


def act(
    action: Callable[..., ObligationMark], convention: UUID, address: str, **facts: Any
) -> ObligationMark:
    facts.setdefault("mark", mark())
    with member(address, AT) as actor:
        return action(convention=seen(actor, convention), by=actor, at=AT, **facts)


def test_prior_information_is_ticked_and_told_to_the_others(signed_s3: UUID) -> None:
    act(tick, signed_s3, CCAS, obligation="propriete_diffusion", mark=mark(note="Affiche du forum"))
    with member(CPAM, AT) as referent:
        known = load(seen(referent, signed_s3))
        [line] = [one for one in obligations(known, AT.date()) if one.clause.key == "propriete_diffusion"]
    assert [(one.kind, one.party, one.note) for one in line.marks] == [("ticked", "ccas", "Affiche du forum")]


def test_an_authorisation_is_asked_then_approved_by_another_party_once(signed_s3: UUID) -> None:
    asked = act(
        ask, signed_s3, CCAS, obligation="confidentialite", mark=mark(note="Communication à la presse")
    )
    with pytest.raises(Refused, match="autres parties"):
        act(answer, signed_s3, CCAS, asked=asked.pk, approved=True)
    act(answer, signed_s3, CPAM, asked=asked.pk, approved=False, mark=mark(note="Non"))
    with pytest.raises(Refused, match="répondu avant vous"):
        act(answer, signed_s3, CARSAT, asked=asked.pk, approved=True)
    with member(CARSAT, AT) as referent:
        [line] = [one for one in obligations(load(seen(referent, signed_s3)), AT.date()) if one.marks]
    assert [one.kind for one in line.marks[0].answers] == ["refused"]
    assert not line.marks[0].is_open


def test_a_gesture_is_the_one_that_the_text_gives(signed_s3: UUID) -> None:
    with pytest.raises(Refused) as error:
        act(tick, signed_s3, CPAM, obligation="confidentialite")
    assert error.value.field == "obligation"
    with pytest.raises(Refused):
        act(ask, signed_s3, CPAM, obligation="nothing")
    with pytest.raises(Refused):
        act(open_procedure, signed_s3, CPAM, obligation="propriete_detention")
    with pytest.raises(Refused):
        act(close_procedure, signed_s3, CPAM, opened=uuid7())


def test_a_mark_is_refused_at_its_field(signed_s3: UUID) -> None:
    for changes, field in (
        ({"day": date(2025, 3, 4)}, "day"),
        ({"note": "x" * 1001}, "note"),
        ({"document": UUID(int=3)}, "document"),
    ):
        with pytest.raises(Refused) as error:
            act(tick, signed_s3, CPAM, obligation="propriete_detention", mark=mark(**changes))
        assert error.value.field == field


def test_the_same_form_sent_twice_marks_once(signed_s3: UUID) -> None:
    form = mark()
    for _ in range(2):
        act(tick, signed_s3, CPAM, obligation="propriete_detention", mark=form)
    with member(CPAM, AT):
        assert ObligationMark.objects.count() == 1


def test_what_outlives_the_convention_is_still_asked_and_the_rest_is_not(signed_s3: UUID) -> None:
    with member(CPAM, AT) as actor:
        copy = Document.objects.create(
            organisation_id=actor.organisation, media_type="application/pdf", size=1, sha256="0" * 64, name=b"x",
            wrapped_key=b"x",
        )  # fmt: skip
        end_by_agreement(convention=seen(actor, signed_s3), day=AT.date(), document=copy.pk, by=actor, at=AT)
        assert seen(actor, signed_s3).state == "ended"
    act(ask, signed_s3, CCAS, obligation="confidentialite")
    with pytest.raises(Refused, match="pris fin"):
        act(tick, signed_s3, CCAS, obligation="propriete_detention")


def test_only_a_referent_marks_and_only_once_all_have_signed(signed_s3: UUID, proposed_s3: UUID) -> None:
    with pytest.raises(PermissionDenied):
        act(tick, signed_s3, WORKER, obligation="propriete_detention")
    with pytest.raises(Refused, match="pas encore signée"):
        act(tick, proposed_s3, CPAM, obligation="propriete_detention")


def test_the_register_lists_the_commitments_of_the_day_s_text() -> None:
    new = signed(S2, instant("2023-02-20"), instant("2023-03-01"))
    with member(CPAM, AT) as referent:
        found = commitments(load(seen(referent, new)), AT.date())
    assert len(found) > 10
