"""Referents: dated tenure, changes told to the others, vacancies, the letter's data."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied

from maillage.conventions.lifecycle.queries import load
from maillage.conventions.referents.actions import (
    Tenure,
    change_referent,
    end_tenure,
    name_referent,
    tell_parties,
)
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.queries import formality_of, letter, on_duty, vacancies
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.notifications.models import Message
from tests.conventions.people import CARSAT, CCAS, CPAM, WORKER, instant, member, seen

pytestmark = pytest.mark.django_db
AT = instant("2025-03-03")
START = date(2024, 11, 14)


def tenure(**changes: Any) -> Tenure:
    values: dict[str, Any] = {
        "referent_id": uuid7(), "level": "local", "function": "Chargée de mission", "since": START,
        "mailbox": "partenariats@cpam.example.org",
    }  # fmt: skip
    return Tenure(**{**values, **changes})


def named(convention: UUID, address: str = CPAM, **changes: Any) -> Referent:
    with member(address, AT) as actor:
        return name_referent(convention=seen(actor, convention), tenure=tenure(**changes), by=actor, at=AT)


def test_vacancies_are_what_the_text_expects_and_nobody_holds(signed_s3: UUID) -> None:
    with member(CPAM, AT) as referent:
        assert {one.post.party for one in vacancies(load(seen(referent, signed_s3)), AT.date())} == {
            "cpam",
            "carsat",
            "ccas",
        }
    named(signed_s3)
    with member(CPAM, AT) as referent:
        known = load(seen(referent, signed_s3))
        assert {one.post.party for one in vacancies(known, AT.date())} == {"carsat", "ccas"}
        assert vacancies(known, date(2024, 11, 13))[0].post.article == "4"


def test_a_change_closes_one_tenure_opens_another_and_tells_the_others(signed_s3: UUID) -> None:
    former = named(signed_s3)
    with member(CPAM, AT) as actor:
        row = change_referent(
            convention=seen(actor, signed_s3), referent=former.pk, by=actor, at=AT,
            tenure=tenure(function="Responsable", since=date(2025, 3, 10)),
        )  # fmt: skip
        tell_parties(
            convention=seen(actor, signed_s3), referent=row.pk, told_on=date(2025, 3, 3), by=actor, at=AT
        )
        known = load(seen(actor, signed_s3))
        data = letter(known, row.pk, AT.date())
        assert [one.pk for one in on_duty(known, date(2025, 3, 9))] == [former.pk]
        assert [one.pk for one in on_duty(known, date(2025, 3, 10))] == [row.pk]
    assert (data.former_function, data.function, data.article) == ("Chargée de mission", "Responsable", "4")
    assert data.recipients == ("CARSAT Rhône-Alpes", "CCAS de Montbrison")
    assert formality_of(known, "cpam", AT.date())[0] == "letter"
    with member(CCAS, AT):
        assert Message.objects.filter(kind="convention_referent").count() == 2
        assert Referent.objects.get(pk=row.pk).told_on == date(2025, 3, 3)


def test_a_referent_already_replaced_is_not_replaced_again_and_a_double_click_changes_once(
    signed_s3: UUID,
) -> None:
    former, change = named(signed_s3), tenure(since=date(2025, 3, 10))
    with member(CPAM, AT) as actor:
        row = seen(actor, signed_s3)
        facts: dict[str, Any] = {"convention": row, "referent": former.pk, "by": actor, "at": AT}
        assert change_referent(tenure=change, **facts) == change_referent(tenure=change, **facts)
        with pytest.raises(Refused, match="déjà été remplacé"):
            change_referent(tenure=tenure(since=date(2025, 4, 1)), **facts)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "moon"}, "level"),
        ({"function": ""}, "function"),
        ({"mailbox": "pas une adresse"}, "mailbox"),
        ({"mailbox": ""}, "mailbox"),
        ({"phone": "0" * 31}, "phone"),
    ],
)
def test_a_referent_is_refused_at_its_field(changes: dict[str, Any], field: str, signed_s3: UUID) -> None:
    with pytest.raises(Refused) as error:
        named(signed_s3, **changes)
    assert error.value.field == field


def test_a_change_before_the_former_s_start_is_refused(signed_s3: UUID) -> None:
    former = named(signed_s3)
    with member(CPAM, AT) as actor, pytest.raises(Refused) as error:
        change_referent(
            convention=seen(actor, signed_s3), referent=former.pk, tenure=tenure(since=START), by=actor, at=AT
        )
    assert error.value.field == "since"


def test_one_names_the_referents_of_one_s_own_body_only(signed_s3: UUID) -> None:
    mine = named(signed_s3)
    with member(CARSAT, AT) as other, pytest.raises(Refused):
        end_tenure(convention=seen(other, signed_s3), referent=mine.pk, until=AT.date(), by=other, at=AT)
    with pytest.raises(PermissionDenied):
        named(signed_s3, WORKER)
    with member(CPAM, AT) as actor:
        end_tenure(convention=seen(actor, signed_s3), referent=mine.pk, until=AT.date(), by=actor, at=AT)
        assert on_duty(load(seen(actor, signed_s3)), date(2025, 3, 4)) == ()
