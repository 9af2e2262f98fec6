"""What needs the database of its own: conventions that were open before roles were asked, a party that has nobody here."""

from datetime import timedelta
from importlib import import_module
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connections

from maillage.conventions.data_roles.queries import standing_of
from maillage.conventions.data_roles.rules import Standing
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.documents.models import Document
from tests.conventions.data_roles.test_database_refuses import publish
from tests.conventions.data_roles.world import CCAS_ADMIN, CPAM_DPO, FLOW, accept, is_open, withdraw
from tests.conventions.people import body, member, roles_recorded, seen, signed
from tests.days import PARIS, today

pytestmark = pytest.mark.security
ALREADY_OPEN = import_module("maillage.conventions.migrations.0016_data_roles").ALREADY_OPEN


def test_what_was_open_before_stays_open_until_its_day_and_no_longer(fresh_database: object) -> None:
    convention = signed()
    for due, expected in ((today() + timedelta(days=30), True), (today(), False)):
        with connections["owner"].cursor() as owner:
            owner.execute(
                "UPDATE conventions_convention SET roles_due_on = %s WHERE id = %s", [due, convention]
            )
        publish(convention)
        assert is_open(convention) is expected
    assert standing_due(convention) is Standing.BLOCKED


def test_the_migration_gives_thirty_days_to_what_is_open_and_nothing_to_the_rest(
    fresh_database: object,
) -> None:
    without, known = signed(), signed()
    roles_recorded(known, now())
    with connections["owner"].cursor() as owner:
        owner.execute(
            "UPDATE cases_authorisation SET open_during = '[2020-01-01,)' WHERE convention_id = %s", [without]
        )
        owner.execute(ALREADY_OPEN)
        owner.execute(
            "SELECT id, roles_due_on FROM conventions_convention WHERE id = ANY (%s)", [[without, known]]
        )
        assert dict(owner.fetchall()) == {without: today() + timedelta(days=30), known: None}
        owner.execute(
            "SELECT upper(open_during) FROM cases_authorisation WHERE convention_id = %s", [without]
        )
        assert owner.fetchone()[0].astimezone(PARIS).date() == today() + timedelta(days=30)
    assert is_open(without)
    assert is_open(known)


def standing_due(convention: UUID) -> Standing:
    with member(CPAM_DPO, now()) as officer:
        known = load(seen(officer, convention))
        (one,) = [
            found for found in standing_of(known, known.terms(today()), [], on=today()) if found.key == FLOW
        ]
        return one.standing


def agreement(address: str) -> UUID:
    """The other party's letter, as its file is kept."""
    with member(address, now()) as someone:
        return Document.objects.create(
            organisation_id=someone.organisation, media_type="application/pdf", size=1, sha256="0" * 64, name=b"", wrapped_key=b""
        ).pk  # fmt: skip


def test_another_party_records_it_with_its_document_for_whoever_has_nobody_here(
    fresh_database: object,
) -> None:
    signed_s3 = signed()
    with pytest.raises(PermissionDenied):
        accept(signed_s3, CPAM_DPO, party="ccas", document=agreement(CPAM_DPO))
    with connections["owner"].cursor() as owner:
        owner.execute("UPDATE organisations_user SET is_active = false WHERE email = %s", [CCAS_ADMIN])
    with pytest.raises(Refused) as refused:
        accept(signed_s3, CPAM_DPO, party="ccas")
    assert refused.value.field == "document"
    accept(signed_s3, CPAM_DPO)
    given = accept(signed_s3, CPAM_DPO, party="ccas", document=agreement(CPAM_DPO))
    assert (given.party_key, given.organisation_id) == ("ccas", body("ccas").id)
    assert is_open(signed_s3)
    withdraw(signed_s3, CPAM_DPO, given.pk)
    assert not is_open(signed_s3)
