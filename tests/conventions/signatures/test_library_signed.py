"""The signed texts of the library, entered years later as they were signed on paper, and a start still to come."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from maillage.cases.models import Authorisation
from maillage.conventions import library
from maillage.conventions.drafting import actions as drafting
from maillage.conventions.drafting.proposing import propose
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.terms import Terms
from maillage.conventions.terms.editing import Change, Operation, edit
from maillage.core.identifiers import uuid7
from maillage.documents.models import Document
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CNAM,
    CPAM,
    DRAFTED,
    S3,
    SIGNED,
    body,
    instant,
    member,
    nobody_signs,
    ready_text,
    roles_recorded,
    seen,
    sign_as,
)

pytestmark = pytest.mark.django_db
AT = instant("2026-11-03")
BODIES = {
    "cnamts": "Cnam", "cnam": "Cnam", "cnsa": "CNSA", "cnaf": "Cnaf", "croix_rouge": "Croix-Rouge", "cpam": "CPAM 42",
    "carsat": "CARSAT RA", "ccas": "CCAS",
}  # fmt: skip


def entered(text: Terms, by: str, at: Any = AT) -> tuple[UUID, UUID]:
    """A text proposed to its parties, and a signed copy that the drafter holds, who alone is here to record it."""
    new = uuid7()
    with member(by, at) as drafter:
        mine = drafter.organisation
    for party in text.parties:
        if body(BODIES[party.key]).id != mine:
            nobody_signs(BODIES[party.key])
    with member(by, at) as drafter:
        drafting.start_from_terms(new_id=new, terms=text, by=drafter, at=at)
        for party in text.parties:
            drafting.choose_body(
                convention=seen(drafter, new),
                key=party.key,
                organisation=body(BODIES[party.key]).id,
                by=drafter,
                at=at,
            )
        propose(convention=seen(drafter, new), by=drafter, at=at)
        copy = Document.objects.create(
            organisation_id=drafter.organisation, media_type="application/pdf", size=9, sha256="0" * 64, name=b"x",
            wrapped_key=b"x",
        )  # fmt: skip
    return new, copy.pk


@pytest.mark.parametrize(
    ("name", "by", "expected", "certain"),
    [
        ("prado_maternite_2016", CNAM, ("in_force", "", date(2016, 1, 8), None), instant("2018-01-07", 23)),
        ("cnsa_2016_2019", CNAM, ("ended", "expired", None, date(2019, 12, 31)), instant("2019-12-31", 23)),
        ("croix_rouge_cadre_2021", CNAM, ("in_force", "", date(2021, 10, 5), None), None),
        (S3, CPAM, ("in_force", "", date(2024, 11, 14), None), None),
    ],
)
def test_a_text_of_the_past_comes_with_its_days_and_its_doubts(
    name: str, by: str, expected: tuple[object, ...], certain: object
) -> None:
    text = library.load(name)
    new, copy = entered(text, by)
    for party in text.parties:
        [day] = [found.on for found in text.signatures if found.party == party.key][:1]
        assert isinstance(day, date)
        sign_as(new, by, AT, party=party.key, signed_on=day, document=copy)
    with member(by, AT) as reader:
        row = seen(reader, new)
    assert (row.state, row.end_kind, row.starts_on, row.ends_on) == expected
    assert row.in_force.upper == certain, "flows close on the first day that one reading sees out"


def test_a_start_still_to_come_opens_nothing_until_its_day() -> None:
    starts = Change(operation=Operation.REPLACE, path="term.starts", value="2025-01-01")
    new, _ = entered(edit(ready_text(S3), starts), CPAM, DRAFTED)
    for address in (CPAM, CARSAT, CCAS):
        sign_as(new, address)
    roles_recorded(new)

    def state() -> tuple[str, object, str]:
        with member(CPAM, SIGNED) as referent:
            row: Convention = seen(referent, new)
            return row.state, row.next_due_on, row.next_due_what

    assert state() == ("signed", date(2025, 1, 1), "Prise d’effet")
    with member(CCAS, SIGNED):
        assert Authorisation.objects.get(convention_id=new).open_during.lower == instant("2024-12-31", 23)
    for day, expected in ((date(2024, 12, 31), "signed"), (date(2025, 1, 1), "in_force")):
        with member(CPAM, SIGNED) as referent:
            refresh(seen(referent, new), day)
        assert state()[0] == expected
