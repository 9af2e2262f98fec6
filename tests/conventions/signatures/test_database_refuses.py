"""What PostgreSQL refuses by itself when the code forgets: raw statements as the web's role."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from maillage.conventions.lifecycle.models import Convention, Party, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.documents.models import Document
from maillage.organisations.roles import ROLES, Permission, Role
from tests.conventions.people import (
    CCAS,
    CPAM,
    DRAFTED,
    body,
    member,
    nobody_signs,
    raw,
    seen,
    sign_as,
)

pytestmark = [pytest.mark.django_db, pytest.mark.security]


def admission(new: UUID) -> list[object]:
    return [new, uuid7(), body(STRANGER).id, "ccas", 9]


STRANGER = "CCAS de Villexemple"
ADMIT = "SELECT admit_party(%s, %s, %s, %s, %s::smallint)"


def test_nobody_admits_itself_to_the_convention_of_others(proposed_s3: UUID) -> None:
    for who in (STRANGER, "CCAS"):
        with pytest.raises(ProgrammingError, match="not yours to admit"):
            raw(who, ADMIT, admission(proposed_s3))
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(
            STRANGER,
            "INSERT INTO conventions_party (id, convention_id, organisation_id, key, role, position, state, sort_title)"
            " VALUES (%s, %s, %s, 'x', 'signatory', 1, 'draft', '')",
            [uuid7(), proposed_s3, body(STRANGER).id],
        )
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw(STRANGER, "UPDATE conventions_party SET organisation_id = %s", [body(STRANGER).id])


def test_the_drafter_admits_as_long_as_it_is_not_signed(signed_s3: UUID, drafted_s3: UUID) -> None:
    assert raw("cpam", ADMIT, admission(drafted_s3)) == 1
    with pytest.raises(ProgrammingError, match="not yours to admit"):
        raw("cpam", ADMIT, admission(signed_s3))


def test_a_text_that_is_a_draft_again_is_read_by_its_drafter_alone_whatever_made_it_one(
    proposed_s3: UUID,
) -> None:
    sign_as(proposed_s3, CCAS)
    assert raw("cpam", "UPDATE conventions_convention SET state = 'draft' WHERE id = %s", [proposed_s3]) == 1
    for who in ("ccas", "carsat"):
        with transaction.atomic(), acting(organisation=body(who).id):
            assert not Convention.objects.filter(pk=proposed_s3).exists()
            assert not TermsVersion.objects.filter(convention=proposed_s3).exists()
    with transaction.atomic(), acting(organisation=body("cpam").id):
        assert Party.objects.get(convention=proposed_s3).role == "drafter"


def test_nobody_publishes_flows_of_a_convention_that_is_not_its_own_or_not_signed(
    signed_s3: UUID, proposed_s3: UUID
) -> None:
    flow = json.dumps(
        [
            {
                "key": "orientation_misas",
                "sender": "ccas",
                "recipient": "cpam",
                "service": "misas",
                "article": "3",
            }
        ]
    )
    publish = "SELECT publish_authorisations(%s, %s::jsonb, '[2020-01-01,)'::tstzrange)"
    with pytest.raises(ProgrammingError, match="not yours to publish"):
        raw(STRANGER, publish, [signed_s3, flow])
    with pytest.raises(ProgrammingError, match="not yours to publish"):
        raw("cpam", publish, [proposed_s3, flow])


def test_a_state_is_not_signed_before_all_have_signed(proposed_s3: UUID) -> None:
    sign_as(proposed_s3, CPAM)
    with pytest.raises(DatabaseError, match="not signed by all"):
        raw("cpam", "UPDATE conventions_convention SET state = 'signed' WHERE id = %s", [proposed_s3])


def test_a_new_text_voids_by_itself_and_a_signed_one_has_no_new_text(
    signed_s3: UUID, proposed_s3: UUID
) -> None:
    sign_as(proposed_s3, CCAS)

    def write() -> None:
        with member(CPAM, DRAFTED) as drafter:
            TermsVersion.objects.create(
                convention=seen(drafter, proposed_s3), number=99, terms={}, content_hash="1" * 64, written_at=DRAFTED,
                written_by=drafter.user,
            )  # fmt: skip

    write()
    with member(CCAS) as partner:
        assert Signature.objects.get(convention=seen(partner, proposed_s3)).voided_at is not None
    with pytest.raises(DatabaseError, match="avenant only"), member(CPAM) as drafter:
        TermsVersion.objects.create(
            convention=seen(drafter, signed_s3), number=99, terms={}, content_hash="1" * 64, written_at=DRAFTED,
            written_by=drafter.user,
        )  # fmt: skip


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE conventions_signature SET voided_at = NULL",
        "DELETE FROM conventions_signature",
        "UPDATE conventions_event SET day = '2000-01-01'",
        "DELETE FROM conventions_event",
        "UPDATE conventions_termsversion SET terms = '{}'",
        "DELETE FROM conventions_convention",
    ],
)
@pytest.mark.usefixtures("signed_s3")
def test_what_was_recorded_is_neither_changed_nor_removed(statement: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        raw("cpam", statement, [])


def test_a_stranger_reads_and_changes_nothing(signed_s3: UUID) -> None:
    reads: list[Callable[[], int]] = [
        Convention.objects.count,
        Party.objects.count,
        Signature.objects.count,
        TermsVersion.objects.count,
    ]
    with transaction.atomic(), acting(organisation=body(STRANGER).id):
        assert [read() for read in reads] == [0, 0, 0, 0]
    with transaction.atomic(), acting(organisation=body("ccas").id):
        assert all(read() for read in reads)
    assert raw(STRANGER, "SELECT * FROM convention_parties(ARRAY[%s]::uuid[])", [signed_s3]) == 0
    assert raw(STRANGER, "SELECT * FROM convention_warnings(%s)", [signed_s3]) == 0
    assert raw(STRANGER, "UPDATE conventions_convention SET title = 'x' WHERE id = %s", [signed_s3]) == 0


SIGN = (
    "INSERT INTO conventions_signature (id, convention_id, organisation_id, party_key, content_hash, signed_on, function,"
    " by_delegation, document_id, recorded_at, recorded_by, recorded_for_id)"
    " SELECT %s, c.id, %s, 'carsat', c.content_hash, '2024-11-14', 'Directrice', false, d.id, now(), %s, %s"
    " FROM conventions_convention c, documents_document d WHERE c.id = %s"
)


def test_a_party_that_has_somebody_here_is_signed_for_by_nobody_else(proposed_s3: UUID) -> None:
    with member(CPAM) as referent:
        Document.objects.create(
            organisation_id=referent.organisation, media_type="application/pdf", size=9, sha256="0" * 64, name=b"x",
            wrapped_key=b"x",
        )  # fmt: skip
        values: list[object] = [uuid7(), body("carsat").id, referent.user, referent.organisation, proposed_s3]
    with pytest.raises(DatabaseError, match="signs for itself"):
        raw("cpam", SIGN, values)
    nobody_signs("carsat")
    assert raw("cpam", SIGN, values) == 1


def test_the_database_knows_the_roles_that_sign() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'organisation_signs_here'")
        [(said,)] = cursor.fetchall()
    known = {role.value for role in Role if f"'{role.value}'" in said}
    assert known == {role.value for role in Role if Permission.SIGN_CONVENTIONS in ROLES[role].permissions}, (
        "A role that signs changed: change organisation_signs_here() with it."
    )
