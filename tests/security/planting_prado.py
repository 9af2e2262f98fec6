"""PRADO in each world: an enrolment that its caisse alone reads, the figures of a month that both sides read and nobody writes; and a
sheet that waits to be keyed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connections

from maillage.core.identifiers import uuid7
from maillage.referrals.models import AdhesionRelease, Enrolment, EnrolmentCorrection, PaperForm

if TYPE_CHECKING:
    from tests.security.planting import Plant, World


def plant_prado(found: Plant, world: World) -> None:
    """The planted convention is a proposal without the service: planted past the guard."""
    from tests.security.planting import AT, ON, _save

    caisse = frozenset({world.other})
    enrolment = Enrolment(
        organisation_id=world.other, convention_id=world.ids["convention"], maternity_id=world.holder,
        wrapped_key=world.canary.encode(), sealed=world.canary.encode(), opened_at=AT, opened_by=uuid7(), changed_at=AT,
        changed_by=uuid7(),
    )  # fmt: skip
    table = enrolment._meta.db_table
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER of_its_service")
        _save(found, enrolment, caisse)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER of_its_service")
    corrected = EnrolmentCorrection(
        organisation_id=world.other,
        enrolment=enrolment,
        presented_on=ON,
        corrected_at=AT,
        corrected_by=uuid7(),
    )
    _save(found, corrected, caisse, adders=frozenset())  # nothing was noted yet: nothing to correct
    month = AdhesionRelease(
        convention_id=world.ids["convention"],
        month=ON.replace(day=1),
        presented=60,
        accepted=30,
        decided_at=AT,
    )
    _save(found, month, world.both, writers=frozenset(), adders=frozenset())
    copy = f"K7QM-3XT{world.name}"
    paper = PaperForm(
        organisation_id=world.holder, reference=copy, received_on=ON, noted_at=AT, noted_by=uuid7()
    )
    _save(found, paper, frozenset({world.holder}))
