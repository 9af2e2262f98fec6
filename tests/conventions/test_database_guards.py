"""Raw statements in the name of one party, as a mistake or an injection would run them, and what PostgreSQL answers."""

from datetime import date
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, ProgrammingError

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.models import Event, Party, Relation
from maillage.conventions.lifecycle.recorded import RecordedKind
from maillage.conventions.lifecycle.recording import keep
from maillage.conventions.lifecycle.refreshing import refresh
from maillage.conventions.signatures.models import Signature
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.documents.actions import store_upload
from maillage.documents.models import Document
from tests.conventions.people import (
    CARSAT,
    CCAS,
    CPAM,
    SIGNED,
    STRANGER,
    body,
    member,
    proposed,
    raw,
    seen,
    sign_as,
)
from tests.documents.builders import pdf

pytestmark = [pytest.mark.django_db, pytest.mark.security]
SIGN = (
    "INSERT INTO conventions_signature (id, convention_id, organisation_id, party_key, content_hash, signed_on, function,"
    " by_delegation, recorded_at, recorded_by, recorded_for_id)"
    " SELECT gen_random_uuid(), c.id, %s, %s, c.content_hash, %s, 'Directrice', false, '1990-01-01', gen_random_uuid(), %s"
    " FROM conventions_convention c WHERE c.id = %s"
)


def change(convention: UUID, values: str, who: str = "cpam") -> int:
    return raw(who, f"UPDATE conventions_convention SET {values} WHERE id = %s", [convention])  # noqa: S608 - the test's own words


def test_a_party_neither_signs_nor_blocks_the_signature_of_another(proposed_s3: UUID) -> None:
    mine, theirs = body("ccas").id, body("cpam").id
    for signer, key in ((mine, "cpam"), (theirs, "ccas")):
        with pytest.raises(IntegrityError, match="not this organisation"):
            raw("ccas", SIGN, [signer, key, SIGNED.date(), mine, proposed_s3])
    assert raw("ccas", SIGN, [mine, "ccas", SIGNED.date(), mine, proposed_s3]) == 1
    sign_as(proposed_s3, CPAM)


@pytest.mark.parametrize("day", [date(1990, 1, 1), date(2999, 1, 1)])
def test_a_signature_is_not_dated_before_its_text_nor_in_the_future(day: date, proposed_s3: UUID) -> None:
    mine = body("ccas").id
    with pytest.raises(IntegrityError, match="signed before it was written"):
        raw("ccas", SIGN, [mine, "ccas", day, mine, proposed_s3])


def test_a_signature_of_a_paper_text_bears_the_day_that_is_printed() -> None:
    new, mine = proposed(as_printed=True), body("ccas").id
    with pytest.raises(IntegrityError, match="bears another day"):
        raw("ccas", SIGN, [mine, "ccas", date(2024, 11, 15), mine, new])


def test_when_and_by_whom_something_is_recorded_is_not_the_writer_s_to_say(proposed_s3: UUID) -> None:
    before = now()
    with member(CCAS) as partner:
        raw("ccas", SIGN, [partner.organisation, "ccas", SIGNED.date(), partner.organisation, proposed_s3])
    with member(CPAM) as referent:
        kept = keep(
            convention=seen(referent, proposed_s3),
            kind=RecordedKind.PREDECESSOR_REPORT,
            day=SIGNED.date(),
            by=referent,
            at=SIGNED,
        )
        assert Signature.objects.get(convention_id=proposed_s3).recorded_at > before
        row = Event.objects.get(pk=kept.pk)
        assert row.recorded_at > before
        assert row.recorded_by == referent.user


@pytest.mark.parametrize("kind", ["terminated", "denunciation", "formal_notice", "renewal_opposed"])
def test_a_fact_of_a_party_is_recorded_by_that_party(kind: str, signed_s3: UUID) -> None:
    with pytest.raises(IntegrityError, match="not this organisation"), member(CCAS) as partner:
        Event.objects.create(
            convention_id=signed_s3, kind=kind, day=SIGNED.date(), party_key="cpam", recorded_at=SIGNED,
            recorded_by=partner.user, recorded_for_id=partner.organisation,
        )  # fmt: skip


def test_a_fact_of_an_unknown_kind_reaches_no_page(signed_s3: UUID) -> None:
    with pytest.raises(IntegrityError, match="event_kind_known"), member(CCAS) as partner:
        Event.objects.create(
            convention_id=signed_s3, kind="whatever", day=SIGNED.date(), recorded_at=SIGNED, recorded_by=partner.user,
            recorded_for_id=partner.organisation,
        )  # fmt: skip


def test_no_party_chooses_the_days_of_all(signed_s3: UUID, drafted_s3: UUID) -> None:
    with pytest.raises(IntegrityError):
        change(signed_s3, "time_zone = 'Nowhere/Land'")
    with pytest.raises(IntegrityError, match="days of a convention stay"):
        change(signed_s3, "time_zone = 'Indian/Reunion'")
    with pytest.raises(IntegrityError, match="days of an organisation stay"):
        raw(
            "cpam",
            "UPDATE organisations_organisation SET time_zone = 'Indian/Reunion' WHERE id = %s",
            [body("cpam").id],
        )
    for day in ("2099-01-01", "2025-01-01", None):
        with pytest.raises(IntegrityError, match="daily round"):
            raw("cpam", "UPDATE conventions_convention SET swept_on = %s WHERE id = %s", [day, signed_s3])
    assert change(drafted_s3, "time_zone = 'Indian/Reunion'") == 1


def test_an_ended_convention_stays_ended_and_no_state_is_skipped(signed_s3: UUID, drafted_s3: UUID) -> None:
    assert change(signed_s3, "state = 'ended', end_kind = 'expired'") == 1
    with pytest.raises(IntegrityError, match="from ended to in_force"):
        change(signed_s3, "state = 'in_force', end_kind = '', in_force = '[2016-01-01,)'")
    with pytest.raises(IntegrityError, match="no step leads"):
        change(drafted_s3, "state = 'partly_signed'")


def test_what_is_learnt_after_the_end_opens_nothing_again(signed_s3: UUID) -> None:
    change(signed_s3, "state = 'ended', end_kind = 'expired'")
    with member(CPAM) as referent:
        refresh(seen(referent, signed_s3), SIGNED.date())
        assert seen(referent, signed_s3).state == "ended"


NEW_TEXT = (
    "INSERT INTO conventions_termsversion (id, convention_id, number, terms, content_hash, written_at, written_by)"
    ' SELECT gen_random_uuid(), convention_id, 99, terms || \'{"title": "Autre"}\', content_hash, now(), gen_random_uuid()'
    " FROM conventions_termsversion WHERE convention_id = %s ORDER BY number DESC LIMIT 1"
)


def test_a_text_is_not_replaced_under_its_own_hash(proposed_s3: UUID) -> None:
    sign_as(proposed_s3, CCAS)
    with pytest.raises(IntegrityError, match="another text has this hash"):
        raw("cpam", NEW_TEXT, [proposed_s3])


def test_a_text_that_is_not_that_of_its_hash_is_not_signed(proposed_s3: UUID) -> None:
    raw("cpam", NEW_TEXT.replace("content_hash, now()", "repeat('0', 64), now()"), [proposed_s3])
    change(proposed_s3, "content_hash = repeat('0', 64)")
    with pytest.raises(Refused, match="ne correspond pas à son empreinte"):
        sign_as(proposed_s3, CCAS)


@pytest.mark.parametrize(
    "values", ["title = 'Autre'", "changes = '[]'", "effect_on = '2030-01-01'", "number = 9"]
)
def test_an_avenant_is_not_rewritten_under_its_own_hash(values: str, signed_s3: UUID) -> None:
    with member(CPAM) as referent:
        avenant = Amendment.objects.create(
            convention_id=signed_s3, number=1, title="Objet", changes=[{"a": 1}], effect_on=date(2025, 1, 1),
            content_hash="1" * 64, written_at=SIGNED, written_by=referent.user,
        )  # fmt: skip
    with pytest.raises(IntegrityError, match="another avenant has this hash"):
        raw("cpam", f"UPDATE conventions_amendment SET {values} WHERE id = %s", [avenant.pk])  # noqa: S608 - the test's own words


def test_a_stranger_learns_nothing_by_tying_its_convention_to_another(signed_s3: UUID) -> None:
    mine = uuid7()
    raw(
        "CCAS de Villexemple",
        "SELECT open_convention(%s, 'x', 'x', 'local', '', '42', 'ccas', '', 'x', %s, 'ccas')",
        [mine, uuid7()],
    )
    for target in (signed_s3, uuid7()):
        with pytest.raises(ProgrammingError, match="row-level security"), member(STRANGER):
            Relation.objects.create(convention_id=mine, kind="implements", target_id=target)


def test_a_referent_is_changed_by_its_own_organisation_and_only_ends(signed_s3: UUID) -> None:
    with member(CPAM) as referent:
        raw(
            "cpam",
            "INSERT INTO conventions_referent (id, convention_id, organisation_id, party_key, level, function, mailbox, phone, since)"
            " VALUES (%s, %s, %s, 'cpam', 'local', 'Responsable', '', '0400000000', '2024-11-14')",
            [uuid7(), signed_s3, referent.organisation],
        )
    assert raw("ccas", "UPDATE conventions_referent SET until = '2024-12-01'") == 0
    assert raw("cpam", "UPDATE conventions_referent SET until = '2024-12-01'") == 1
    with pytest.raises(IntegrityError, match="tenure stays"):
        raw("cpam", "UPDATE conventions_referent SET function = 'Autre'")


def test_whoever_a_text_is_taken_back_from_reads_its_documents_no_longer(proposed_s3: UUID) -> None:
    with member(CPAM) as referent:
        readers = [body("ccas").id, body("carsat").id]
        file = ContentFile(pdf(), name="bilan.pdf")
        document = store_upload(
            file=file, organisation=referent.organisation, readers=readers, by=referent, at=SIGNED
        )
        keep(
            convention=seen(referent, proposed_s3), kind=RecordedKind.PREDECESSOR_REPORT, day=SIGNED.date(), by=referent,
            at=SIGNED, document=document.pk,
        )  # fmt: skip
    change(proposed_s3, "state = 'draft'")
    for other in (CCAS, CARSAT):
        with member(other):
            assert not Document.objects.exists()
            assert not Party.objects.filter(convention=proposed_s3).exists()
    with member(CPAM):
        assert Document.objects.get().pk == document.pk
