"""At the term of a convention the partner's data are destroyed for good, its caisse's are not; killed, it goes on; the proof holds."""

from contextlib import suppress
from dataclasses import asdict, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connections, transaction

from maillage.beneficiaries.queries import identities
from maillage.cases.freezing import freeze, lift
from maillage.cases.queries import keys_of, visible_to
from maillage.conventions.lifecycle.models import Convention
from maillage.core.clock import now
from maillage.core.refusals import Refused
from maillage.core.row_security import acting
from maillage.documents.actions import content_of
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.documents.sealing import SealFault, certificate_of
from maillage.protection.destruction import certificate as certificates
from maillage.protection.destruction import running
from maillage.protection.destruction.certificate import read
from maillage.protection.destruction.countersigning import countersign
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.planning import plan, set_day
from maillage.protection.destruction.queries import held_back, left, of_convention, to_come, to_countersign
from maillage.protection.destruction.running import destroy_due, redo_all
from maillage.protection.destruction.verification import verify
from maillage.rights.pieces.models import Piece
from maillage.rights.preparing import open_preparation
from maillage.vault.actions import vault
from maillage.vault.ledger import ledger
from tests.conventions.people import raw, worker_process
from tests.days import today
from tests.referrals.world import ADVISER, member, organisation
from tests.rights.world import CAISSE, HOSPITAL, PASS, PERSON, Signed, prepare, send, sign
from tests.tiers import spread

LATER = timedelta(days=40)
HOSPITAL_ADMIN, CAISSE_DPO = "admin@hopital.example.org", "dpo@cpam.example.org"


def ended(signed: Signed) -> None:
    """The convention ended yesterday."""
    signed.publish(until=now() - timedelta(days=1))
    with transaction.atomic(), acting(organisation=organisation(CAISSE).id):
        Convention.objects.filter(pk=signed.id).update(state="ended", end_kind="expired")


def destroyed(after: timedelta = LATER) -> int:
    """What the worker does that many days later."""
    with worker_process():
        plan(now())
        return destroy_due(now() + after)


def readable(case: UUID, address: str) -> bool:
    """Whether somebody's organisation still opens the identity of a case."""
    with member(address) as someone:
        found = identities(keys_of(visible_to(someone).filter(case_id=case)))
    return bool(found) and found[case].surname == PERSON.surname


def documents(address: str) -> list[UUID]:
    with member(address) as someone:
        return list(documents_visible_to(someone).values_list("pk", flat=True))


def certificate(signed: Signed) -> tuple[Destruction, bytes]:
    with member(HOSPITAL_ADMIN) as by:
        (row, *_) = of_convention(signed.id, by)
        assert row.certificate is not None
        return row, b"".join(content_of(row.certificate))


def der() -> bytes:
    return certificate_of(Path(settings.SEAL).read_bytes())


def checked(content: bytes) -> tuple[str, ...]:
    with worker_process():
        return verify(content, certificate=der()).faults


@pytest.fixture
def committed(fresh_database: object) -> Signed:
    return sign()


def test_the_partner_reads_nothing_any_more_and_the_caisse_reads_its_own(committed: Signed) -> None:
    other = sign()
    case, neighbour = send(committed), send(other)
    before = set(documents(PASS))
    ended(committed)
    assert destroyed(timedelta(days=5)) == 0  # planned, not due
    assert readable(case, PASS)
    assert destroyed() == 1
    assert not readable(case, PASS)
    assert readable(case, ADVISER)
    assert readable(neighbour, PASS)
    with member(ADVISER) as adviser:
        pieces = Piece.objects.filter(case=case).select_related("document")
        assert (
            documents_visible_to(adviser).filter(pk__in=pieces.values("document_id")).count()
            == pieces.count()
            > 0
        )
        assert all(b"".join(content_of(one.document)).startswith(b"%PDF") for one in pieces)
        gone = {one.document_id for one in pieces}
        theirs = set(Piece.objects.filter(case=neighbour).values_list("document_id", flat=True))
    assert (
        gone <= before
    )  # the partner read them, and reads them no more; those of the other convention it does
    assert not set(documents(PASS)) & gone
    assert before - set(documents(PASS)) == gone
    assert theirs <= set(documents(PASS))
    assert destroyed() == 0  # nothing is done twice


def test_a_case_that_the_person_had_restricted_holds_back_whoever_restricted_it_and_nobody_else(
    committed: Signed,
) -> None:
    """She may need it for a legal claim (GDPR art. 18.1 c): the caisse restricts nothing by that, the hospital waits."""
    case = send(committed)
    with member(PASS) as worker:
        (row,) = freeze(cases=[case], ground="claims", by=worker, at=now())
    ended(committed)
    assert destroyed() == 0
    assert readable(case, PASS)
    with member(HOSPITAL_ADMIN) as admin:
        assert [one.case_id for one in held_back(committed.id, admin)] == [case]
        lift(
            row=row,
            why="Vu.",
            told_on=today(),
            told_how="letter",
            by=admin,
            at=now(),
            on=today(),
            since=today(),
        )
    assert destroyed() == 1
    assert not readable(case, PASS)


def test_a_restriction_of_the_caisse_keeps_its_own_data_and_the_partner_still_destroys(
    committed: Signed,
) -> None:
    case = send(committed)
    with member(ADVISER) as adviser:
        freeze(cases=[case], ground="claims", by=adviser, at=now())
    ended(committed)
    assert destroyed() == 1
    assert not readable(case, PASS)
    assert readable(case, ADVISER)


def test_the_certificate_says_what_was_destroyed_and_fails_when_touched(committed: Signed) -> None:
    send(committed)
    ended(committed)
    destroyed()
    row, content = certificate(committed)
    said = read(content, certificate=der())
    assert (said.organisation_name, said.article, said.cases) == (
        "Centre hospitalier d’Exemple",
        "annexe 1-7",
        1,
    )
    assert said.documents == row.documents > 0
    assert checked(content) == ()
    for place in (300, len(content) // 2, len(content) - 3):
        touched = bytearray(content)
        touched[place] ^= 1
        with pytest.raises(SealFault):
            checked(bytes(touched))
    with member(CAISSE_DPO) as told:
        rows = of_convention(committed.id, told)
        assert {one.organisation.short_name: one.state for one in rows} == {
            CAISSE: "kept",
            "CARSAT RA": "kept",
            HOSPITAL: "done",
        }
        assert documents_visible_to(told).filter(pk=str(row.certificate_id)).exists()


def test_the_party_countersigns_once(committed: Signed) -> None:
    send(committed)
    ended(committed)
    destroyed()
    row, first = certificate(committed)
    with member(CAISSE_DPO) as other, pytest.raises(PermissionDenied):
        countersign(row=row, by=other, at=now())
    with member(HOSPITAL_ADMIN) as by:
        assert [one.pk for one in to_countersign(by)] == [row.pk]
        countersign(row=row, by=by, at=now())
        assert to_countersign(by) == []
        with pytest.raises(PermissionDenied):
            countersign(row=row, by=by, at=now())
    _, second = certificate(committed)
    assert second != first
    assert checked(second) == checked(first) == ()


def test_a_day_that_a_text_leaves_open_is_set_by_whoever_holds_the_data(committed: Signed) -> None:
    ended(committed)
    with worker_process():
        plan(now())
    with member(HOSPITAL_ADMIN) as by:
        (row,) = to_come(by)
        with pytest.raises(Refused) as refused:
            set_day(row=row, due_on=today() - timedelta(days=2), reason=" ", by=by, at=now())
        assert {fault.field for fault in refused.value.faults} == {"due_on", "reason"}
        set_day(
            row=row, due_on=today() + timedelta(days=90), reason="Un recours est en cours.", by=by, at=now()
        )
    with member(CAISSE_DPO) as other, pytest.raises(PermissionDenied):
        set_day(row=row, due_on=today(), reason="Tout de suite.", by=other, at=now())
    assert destroyed() == 0
    assert destroyed(timedelta(days=91)) == 1


def planned(signed: Signed) -> None:
    ended(signed)
    with worker_process():
        plan(now())


def test_nobody_brings_the_day_before_the_notice(committed: Signed) -> None:
    """What the text says stays beside the reason that is stated; the certificate gives both."""
    send(committed)
    planned(committed)
    with member(HOSPITAL_ADMIN) as by:
        (row,) = to_come(by)
        assert row.earliest_on is not None
        with pytest.raises(Refused, match="Rien n’est détruit avant") as refused:
            set_day(row=row, due_on=row.earliest_on - timedelta(days=1), reason="ok", by=by, at=now())
        assert {fault.field for fault in refused.value.faults} == {"due_on"}
    by_hand = "UPDATE protection_destruction SET due_on = %s, set_at = now(), set_by = %s, reason = 'ok' WHERE id = %s"
    with pytest.raises(DatabaseError, match="before the notice has run"):
        raw(HOSPITAL, by_hand, [today(), row.pk, row.pk])
    with pytest.raises(DatabaseError, match="what becomes of these data stays"):
        raw(HOSPITAL, by_hand.replace("due_on", "earliest_on = ended_on, due_on"), [today(), row.pk, row.pk])
    later = row.earliest_on + timedelta(days=2)
    with member(HOSPITAL_ADMIN) as by:
        set_day(row=row, due_on=later, reason=" Un recours est en cours. ", by=by, at=now())
    assert destroyed(timedelta(days=32)) == 1
    said = read(certificate(committed)[1], certificate=der())
    assert "repère de la plateforme" in said.why
    assert said.reason == "Un recours est en cours."


def test_of_two_who_set_a_day_the_second_is_told_and_nobody_is_named(committed: Signed) -> None:
    send(committed)
    planned(committed)
    with member(HOSPITAL_ADMIN) as by:
        (row,), (stale,) = to_come(by), to_come(by)
        day = today() + timedelta(days=60)
        with pytest.raises(Refused) as refused:
            set_day(
                row=row, due_on=day, reason=f"Le 2 91 03 42 147 000 69 {PERSON.surname}.", by=by, at=now()
            )
        assert refused.value.field == "reason"
        set_day(row=row, due_on=day, reason="Un recours.", by=by, at=now())
        with pytest.raises(Refused, match="Quelqu’un a fixé ce jour"):
            set_day(row=stale, due_on=day + timedelta(days=9), reason="Un autre.", by=by, at=now())
        assert to_come(by)[0].due_on == day


def test_a_day_is_no_longer_set_once_it_begins(committed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    send(committed)
    planned(committed)
    with member(HOSPITAL_ADMIN) as by:
        (row,) = to_come(by)
    begun(monkeypatch)
    with member(HOSPITAL_ADMIN) as by, pytest.raises(Refused, match="a commencé"):
        set_day(row=row, due_on=today() + timedelta(days=50), reason="Un recours.", by=by, at=now())


def begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is due begins, and the process dies."""

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    with worker_process(), monkeypatch.context() as patch, suppress(Killed):
        patch.setattr(running, "redo", dies)
        destroy_due(now() + LATER)


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("step", spread(["redo", "_empty", "_release", "_certify", "drawn", "store_made"], 6))
def test_killed_in_the_middle_it_goes_on_where_it_was(
    committed: Signed, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    case, neighbour = send(committed), send(sign())
    ended(committed)

    def dies(*_: Any, **__: Any) -> None:
        raise Killed

    with worker_process():
        plan(now())
        with monkeypatch.context() as patch, suppress(Killed):
            patch.setattr(running, step, dies)
            destroy_due(now() + LATER)
        assert destroy_due(now() + LATER) == 1
    assert not readable(case, PASS)
    assert readable(case, ADVISER)
    assert readable(neighbour, PASS)
    _, content = certificate(committed)
    assert checked(content) == ()


def test_a_database_restored_from_before_is_emptied_again(committed: Signed) -> None:
    """As a dump of the day before, brought back: its keys are there, the ledger comes from the marks of the store."""
    case = send(committed)
    with connections["owner"].cursor() as owner:
        owner.execute(
            "SELECT id, sealed_key, until FROM cases_participation WHERE convention_id = %s", [committed.id]
        )
        before = owner.fetchall()
    ended(committed)
    destroyed()
    _, content = certificate(committed)
    hospital = organisation(HOSPITAL).id
    with connections["owner"].cursor() as owner:
        for part, key, until in before:
            owner.execute(
                "UPDATE cases_participation SET sealed_key = %s, until = %s WHERE id = %s", [key, until, part]
            )
    assert not readable(case, PASS)  # its key of the store is gone, wherever the database comes from
    assert len(checked(content)) == 2  # and the certificate says what the restore has not done yet
    with worker_process():
        assert redo_all(ledger()) == 1
        assert left(hospital, committed.id).is_nothing
    assert checked(content) == ()


def test_what_the_store_still_holds_is_said(committed: Signed) -> None:
    send(committed)
    ended(committed)
    destroyed()
    _, content = certificate(committed)
    hospital = organisation(HOSPITAL).id
    key = vault().store.path(hospital, committed.id)
    mark = key.with_suffix(".destroyed")
    assert mark.exists()
    assert checked(content) == ()
    key.write_bytes(b"as brought back from a copy of the store")
    assert checked(content) == ("La clé est encore dans le magasin.",)
    key.unlink()
    mark.rename(mark.with_suffix(".aside"))
    assert checked(content) == ("La clé est encore dans le magasin.",)


def test_no_certificate_while_something_opens(committed: Signed, monkeypatch: pytest.MonkeyPatch) -> None:
    send(committed)
    ended(committed)
    monkeypatch.setattr(running, "_empty", lambda *_: 0)
    assert destroyed() == 0
    with member(HOSPITAL_ADMIN) as by:
        assert to_come(by)[0].state == "running"
    monkeypatch.undo()
    assert destroyed() == 1


def test_preparations_that_nobody_sent_have_their_own_end(committed: Signed) -> None:
    """They still open: the certificate says so, how many and until when."""
    made = prepare(committed)
    send(committed)
    ended(committed)
    destroyed()
    row, content = certificate(committed)
    said = read(content, certificate=der())
    assert (said.cases, row.cases) == (1, 1)
    assert (said.drafts, said.preparations, said.tables) == (0, 1, 0)
    with member(PASS) as worker:
        assert open_preparation(worker, made).content.person is not None
    (prepared,) = certificates.unsent_lines(said)  # nothing is said of what there is none of
    assert certificates.unsent_lines(replace(said, preparations=0)) == (
        "Rien n’était commencé sans être envoyé.",
    )
    assert "Dossiers de droits en préparation : 1" in prepared
    assert "effacé 6 mois après la dernière écriture" in prepared


def test_a_certificate_of_the_first_format_is_still_read(
    committed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It knew neither of a stated reason nor of what was not sent."""
    send(committed)
    ended(committed)
    with monkeypatch.context() as patch:
        later = {"reason", "drafts", "preparations", "tables"}

        def first(one: certificates.Certificate) -> dict[str, Any]:
            return {name: said for name, said in asdict(one).items() if name not in later} | {"format": 1}

        patch.setattr(certificates, "asdict", first)
        destroyed()
    _, content = certificate(committed)
    said = read(content, certificate=der())
    assert (said.format, said.cases, said.reason, said.drafts) == (1, 1, "", 0)
    assert checked(content) == ()
