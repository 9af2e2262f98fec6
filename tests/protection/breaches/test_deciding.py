"""What the controllers decide holds once all agreed; what was decided is done before the file is closed."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.core.states import TransitionRefused
from maillage.documents.actions import visible_to as documents_visible_to
from maillage.protection.breaches import queries, saying
from maillage.protection.breaches.deciding import Words, agree, close, propose
from maillage.protection.breaches.following import Added, add, join, know_since
from maillage.protection.breaches.models import Breach, BreachDecision
from maillage.protection.breaches.queries import agreed_to, decisions_of, entries_of
from maillage.protection.breaches.reaching import Window, work_out
from maillage.protection.breaches.reporting import touch
from maillage.protection.breaches.rules import Decision, EntryKind, controllers
from tests.conventions.people import STRANGER, member, raw
from tests.protection.breaches.files import AT, CARSAT_ADMIN, CCAS_ADMIN, CPAM_DPO, NOTICED, reported
from tests.rights.world import a_pdf

pytestmark = pytest.mark.django_db
TOLD = Decision(is_breach=True, tells_authority=True, tells_persons=False)
SAID = Words(
    consequences="Une personne a pu lire trois noms.",
    measures="La salle est fermée à clé.",
    persons_reason="Sans risque élevé : le dossier a été rendu dans l’heure.",
)
NOT_ONE = Decision(is_breach=False, tells_authority=False, tells_persons=False)


def proposed(
    breach: Breach, by: str = CPAM_DPO, said: Decision = TOLD, words: Words = SAID
) -> BreachDecision:
    with member(by, AT) as decider:
        return propose(breach=breach, decision_id=uuid7(), said=said, words=words, by=decider, at=AT)


def agreed(decision: BreachDecision, *who: str) -> Breach:
    for address in who:
        with member(address, AT) as by:
            agree(decision=decision, by=by, at=AT)
    with member(CPAM_DPO, AT):
        return Breach.objects.get(pk=decision.breach_id)


def filed(breach: Breach, by: str = CPAM_DPO, **changes: object) -> UUID:
    said = {"kind": EntryKind.FILED, "happened_at": NOTICED + timedelta(hours=1), "text": "Dépôt initial."}
    with member(by, AT + timedelta(days=9)) as decider:
        return add(
            breach=breach, entry_id=uuid7(), said=Added(**(said | changes)), file=None, by=decider, at=AT + timedelta(days=9)  # type: ignore[arg-type]
        ).pk  # fmt: skip


def test_a_decision_holds_once_each_party_that_decides_agreed(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    decision = proposed(breach)
    assert agreed(decision, CARSAT_ADMIN).state == "suspected"
    assert agreed(decision, CCAS_ADMIN).state == "confirmed"
    with member(CPAM_DPO, AT):
        assert len(agreed_to(decision)) == 3


def test_a_later_decision_takes_the_place_of_the_former_one(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    first = proposed(breach)
    second = proposed(breach, CARSAT_ADMIN, NOT_ONE, Words(reason="Le dossier n’a pas quitté la salle."))
    with member(CCAS_ADMIN, AT) as by, pytest.raises(Refused, match="relisez"):
        agree(decision=first, by=by, at=AT)
    assert agreed(second, CCAS_ADMIN, CPAM_DPO).state == "ruled_out"
    third = proposed(breach)
    assert agreed(third, CCAS_ADMIN, CARSAT_ADMIN).state == "confirmed"
    with member(CPAM_DPO, AT):
        assert [one.number for one in decisions_of(breach)] == [3, 2, 1]


def test_whoever_does_not_decide_is_refused(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member("social@ccas.example.org", AT) as worker, pytest.raises(PermissionDenied):
        propose(breach=breach, decision_id=uuid7(), said=TOLD, words=SAID, by=worker, at=AT)
    with member(STRANGER, AT) as stranger, pytest.raises(PermissionDenied):
        propose(breach=breach, decision_id=uuid7(), said=TOLD, words=SAID, by=stranger, at=AT)
    with pytest.raises(DatabaseError), transaction.atomic():
        raw(
            "CPAM 42",
            "INSERT INTO protection_breachentry (id, breach_id, kind, happened_at, text, late_reason, recorded_at, recorded_by,"
            " recorded_for_id, decision_id) SELECT gen_random_uuid(), %s, 'agreed', now(), '', '', now(), p.organisation_id,"
            " p.organisation_id, %s FROM protection_breachparty p",
            [breach.pk, uuid7()],
        )


def test_without_any_convention_whoever_reported_decides(signed_s3: UUID) -> None:
    breach = reported()
    with member(CCAS_ADMIN, AT) as by:
        propose(breach=breach, decision_id=uuid7(), said=TOLD, words=SAID, by=by, at=AT)
        assert Breach.objects.get(pk=breach.pk).state == "confirmed"


def test_a_file_closes_once_all_that_was_decided_is_done(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CPAM_DPO, AT) as by, pytest.raises(Refused, match="Rien n’est encore décidé"):
        close(breach=breach, lessons="Fermer les salles.", by=by, at=AT)
    breach = agreed(proposed(breach), CARSAT_ADMIN, CCAS_ADMIN)
    with member(CPAM_DPO, AT) as by:
        with pytest.raises(Refused, match="la notification à la CNIL"):
            close(breach=breach, lessons="Fermer les salles.", by=by, at=AT)
        with pytest.raises(Refused) as refused:
            close(breach=breach, lessons=" ", by=by, at=AT)
        assert refused.value.field == "lessons"
    filed(breach)
    with (
        member(CPAM_DPO, AT) as by,
        pytest.raises(Refused, match=r"à la CNIL par CCAS .*, par CARSAT") as refused,
    ):
        close(breach=breach, lessons="Fermer les salles.", by=by, at=AT)
    assert "CPAM" not in str(refused.value), "each controller answers for itself (GDPR art. 33.1)"
    for address in (CARSAT_ADMIN, CCAS_ADMIN):
        filed(breach, address)
    with member(CPAM_DPO, AT) as by:
        assert close(breach=breach, lessons="Fermer les salles.", by=by, at=AT).state == "closed"
        with pytest.raises(TransitionRefused):
            propose(breach=breach, decision_id=uuid7(), said=TOLD, words=SAID, by=by, at=AT)
        with pytest.raises(Refused, match="clos") as refused:
            touch(breach=Breach.objects.get(pk=breach.pk), conventions=[signed_s3], by=by)
        assert refused.value.field == "conventions"


def test_where_they_answer_together_the_notice_of_one_is_of_all(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    breach = agreed(proposed(reported(signed_s3)), CARSAT_ADMIN, CCAS_ADMIN)
    filed(breach)
    monkeypatch.setattr(queries, "joint_controllers", lambda text: (controllers(text),))
    with member(CPAM_DPO, AT) as by:
        assert close(breach=breach, lessons="Fermer les salles.", by=by, at=AT).state == "closed"


def test_later_texts_name_nobody_whom_the_writer_follows_either(
    signed_s3: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    breach = reported(signed_s3)
    monkeypatch.setattr(
        saying, "names_followed", lambda _by, one: [("Quintessence", "Ondine")] if one == signed_s3 else []
    )
    said = "Le dossier de Quintessence Ondine est perdu."
    words = Words(consequences=said, measures=said, persons_reason=said)
    with member(CPAM_DPO, AT) as by:
        with pytest.raises(Refused) as refused:
            propose(breach=breach, decision_id=uuid7(), said=TOLD, words=words, by=by, at=AT)
        assert {one.field for one in refused.value.faults} == {"consequences", "measures", "persons_reason"}
        with pytest.raises(Refused):
            know_since(breach=breach, aware_at=AT, why=said, by=by, at=AT)
        note = Added(EntryKind.NOTE, AT, said)
        with pytest.raises(Refused) as refused:
            add(breach=breach, entry_id=uuid7(), said=note, file=None, by=by, at=AT)
        assert refused.value.field == "text"
        with pytest.raises(Refused) as refused:
            close(breach=breach, lessons=said, by=by, at=AT)
        assert refused.value.field == "lessons"


def test_a_late_notice_to_the_authority_says_why(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    late = {"happened_at": NOTICED + timedelta(hours=73)}
    with pytest.raises(Refused) as refused:
        filed(breach, CCAS_ADMIN, **late)
    assert refused.value.field == "late_reason"
    filed(breach, CCAS_ADMIN, **late, late_reason="Le délégué était absent.")
    with pytest.raises(Refused) as refused:
        filed(breach, text=" ", happened_at=NOTICED + timedelta(days=400))
    assert {fault.field for fault in refused.value.faults} == {"text", "happened_on"}


def test_a_document_of_the_file_is_read_by_its_parties_and_by_those_of_a_joined_report(
    signed_s3: UUID,
) -> None:
    breach = reported(signed_s3)
    with member(CCAS_ADMIN, AT) as by:
        row = add(
            breach=breach,
            entry_id=uuid7(),
            said=Added(EntryKind.NOTE, AT, "La feuille de présence."),
            file=ContentFile(a_pdf(), name="presence.pdf"),
            by=by,
            at=AT,
        )
    with member(CPAM_DPO, AT) as told:
        (entry,) = entries_of([breach.pk])
        assert entry.pk == row.pk
        assert entry.document is not None
        assert documents_visible_to(told).filter(pk=entry.document.pk).exists()
    kept = entry.document.pk
    with member(STRANGER, AT) as stranger:
        assert entries_of([breach.pk]) == []
        assert not documents_visible_to(stranger).filter(pk=kept).exists()


def test_joined_reports_are_decided_in_one_file(signed_s3: UUID) -> None:
    first, second = reported(signed_s3), reported(signed_s3, by="social@carsat.example.org")
    with member(CPAM_DPO, AT) as by:
        join(breach=second, into=first.pk, by=by)
        with pytest.raises(TransitionRefused):
            propose(breach=second, decision_id=uuid7(), said=TOLD, words=SAID, by=by, at=AT)
    assert agreed(proposed(first), CARSAT_ADMIN, CCAS_ADMIN).state == "confirmed"


def test_the_journal_tells_which_cases_were_read_and_stays_with_its_organisation(signed_s3: UUID) -> None:
    breach = reported(signed_s3)
    with member(CPAM_DPO, AT) as by:
        with pytest.raises(Refused) as refused:
            work_out(breach=breach, reach_id=uuid7(), window=Window(AT, AT), by=by, at=AT)
        assert refused.value.field == "before"
        row = work_out(
            breach=breach, reach_id=uuid7(), window=Window(NOTICED - timedelta(days=1), AT), by=by, at=AT
        )
        assert (row.cases, row.is_whole) == ([], True)
    with member(CCAS_ADMIN, AT):
        assert raw("CCAS", "SELECT 1 FROM protection_breachreach WHERE breach_id = %s", [breach.pk]) <= 0
