"""The register of CDR and CDRi: granted by administrators, a consultation under an access in force only, read by nobody else."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, ProgrammingError, transaction
from hypothesis import given
from hypothesis import strategies as st

from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Refused
from maillage.organisations.cdr.actions import Consultation, accesses_of, consultations_of, grant, log, revoke
from maillage.organisations.cdr.models import CdrAccess, CdrConsultation
from maillage.organisations.cdr.rules import consultation_faults, revocation_faults
from tests.days import today
from tests.organisations.people.team import member, organisation, user
from tests.web.people.test_pages import as_, day, text_of

ADMINISTRATOR, WORKER, CAISSE = (
    "admin@hopital.example.org",
    "pass@hopital.example.org",
    "admin@cpam.example.org",
)
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))
database = pytest.mark.usefixtures("fresh_database")


def granted(address: str = WORKER, since: date | None = None) -> UUID:
    with member(ADMINISTRATOR) as administrator:
        return grant(person=user(address), tool="cdr", since=since or today(), by=administrator, at=now()).pk


def consulted(access: UUID, by: str = WORKER, reference: str = "D-12") -> CdrConsultation:
    with member(by) as who:
        return log(consultation=Consultation(access, now(), "rights_check", reference), by=who, at=now())


@database
def test_a_consultation_is_logged_under_an_access_in_force_and_by_its_holder_only() -> None:
    access = granted()
    consulted(access)
    with pytest.raises(Refused, match="pas cet accès"):
        consulted(access, by=ADMINISTRATOR)
    with member(ADMINISTRATOR) as administrator:
        revoke(access=access, on=today(), reason="Change de service", by=administrator, at=now())
        with pytest.raises(Refused, match="déjà été retiré"):
            revoke(access=access, on=today(), reason="Encore", by=administrator, at=now())
        assert consultations_of(administrator).count() == 1
    with pytest.raises(Refused, match="pas cet accès"):
        consulted(access)
    assert granted() != access  # and granted again: another line of the register


@database
def test_postgresql_says_the_same_whatever_the_code_forgets() -> None:
    access = granted()
    hospital = organisation("CH d’Exemple")
    known: dict[str, Any] = {"organisation_id": hospital, "at": now(), "reason": "admission"}
    with (
        member(ADMINISTRATOR),
        pytest.raises(ProgrammingError, match="no access in force"),
        transaction.atomic(),
    ):
        CdrConsultation.objects.create(cdr_access_id=access, **known)
    with member(WORKER):
        CdrConsultation.objects.create(cdr_access_id=access, **known)
        with pytest.raises(ProgrammingError, match="no access in force"), transaction.atomic():
            CdrConsultation.objects.create(
                cdr_access_id=access, **(known | {"at": now() + timedelta(hours=1)})
            )
        with pytest.raises(ProgrammingError, match="not yours to grant"), transaction.atomic():
            CdrAccess.objects.create(
                organisation_id=hospital, user_id=user(WORKER), tool="cdri", since=today(),
                granted_by=user(WORKER),
            )  # fmt: skip
        with pytest.raises(ProgrammingError), transaction.atomic():
            CdrAccess.objects.filter(pk=access).update(since=date(2020, 1, 1))
    with member(ADMINISTRATOR):
        with pytest.raises(IntegrityError, match="what the register says stays"), transaction.atomic():
            CdrAccess.objects.filter(pk=access).update(since=date(2020, 1, 1))
        with pytest.raises(ProgrammingError), transaction.atomic():
            CdrConsultation.objects.update(reference="X")


@database
def test_neither_the_caisse_nor_a_worker_reads_or_keeps_the_register() -> None:
    consulted(granted())
    with member(CAISSE) as caisse:
        assert not accesses_of(caisse).exists()
        assert not consultations_of(caisse).exists()
        with pytest.raises(Refused, match="établissements et centres de santé"):
            grant(person=user(CAISSE), tool="cdr", since=today(), by=caisse, at=now())
    with member(WORKER) as worker, pytest.raises(Refused, match="administrateur"):
        grant(person=worker.user, tool="cdri", since=today(), by=worker, at=now())
    assert as_(WORKER).get("/organisme/membres/cdr/").status_code == 403
    assert as_(CAISSE).get("/organisme/membres/cdr/").status_code == 404


BROKEN: dict[str, dict[str, object]] = {
    "cdraccess_dates_ordered": {"revoked_on": date(2000, 1, 1), "revoked_by": uuid7(), "reason": "x"},
    "cdraccess_revoked_for_a_reason": {"revoked_on": date(2099, 1, 1)},
    "cdraccess_tool_known": {"tool": "fax"},
}


@database
@pytest.mark.parametrize("constraint", BROKEN)
def test_the_register_refuses_what_cannot_be(constraint: str) -> None:
    row = CdrAccess(
        organisation_id=organisation("CH d’Exemple"), user_id=user(WORKER), tool="cdr", since=today(), granted_by=uuid7()
    )  # fmt: skip
    for name, value in BROKEN[constraint].items():
        setattr(row, name, value)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(using="owner"):
        row.save(using="owner")


@database
@pytest.mark.parametrize(
    ("field", "value", "constraint"),
    [
        ("reference", "Mme Exemple", "cdrconsultation_reference_is_code"),
        ("reason", "because", "cdrconsultation_reason_known"),
    ],
)
def test_a_consultation_holds_codes_and_no_name(field: str, value: str, constraint: str) -> None:
    row = consulted(granted())
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic(using="owner"):
        CdrConsultation.objects.using("owner").filter(pk=row.pk).update(**{field: value})


@database
def test_the_pages_keep_the_register_and_export_it_without_formulas() -> None:
    administrator, worker = as_(ADMINISTRATOR), as_(WORKER)
    assert "Vous n’avez pas d’accès CDR" in text_of(worker.get("/organisme/membres/cdr/consultation/"))
    form = {"person": str(user(WORKER)), "tool": "cdr", "since": day()}
    done = administrator.post("/organisme/membres/cdr/ouverture/", form, follow=True)
    assert "Accès inscrit au registre" in text_of(done)
    assert "a déjà cet accès" in text_of(administrator.post("/organisme/membres/cdr/ouverture/", form))
    with member(ADMINISTRATOR) as who:
        access = accesses_of(who)[0].pk
    told = {"access": str(access), "day": day(), "hour": "00:00", "reason": "admission", "reference": "-12"}
    assert "Consultation inscrite" in text_of(
        worker.post("/organisme/membres/cdr/consultation/", told, follow=True)
    )
    named = worker.post("/organisme/membres/cdr/consultation/", told | {"reference": "Mme Exemple"})
    assert "sans nom" in text_of(named)
    shown = text_of(administrator.get("/organisme/membres/cdr/"))
    assert shown.count("data-table stacks") == 2  # what withdraws an access is in sight on a telephone
    assert "1 consultation" in shown
    assert "Camille Exemple" in shown
    exported = administrator.get("/organisme/membres/cdr/export/").content.decode()
    assert "Consulté le;Personne;Outil;Motif;Référence interne" in exported
    assert ";'-12" in exported
    refused = administrator.post(f"/organisme/membres/cdr/{access}/retrait/", {"on": day(), "reason": " "})
    assert "Indiquez le motif" in text_of(refused)
    administrator.post(f"/organisme/membres/cdr/{access}/retrait/", {"on": day(), "reason": "Départ"})
    assert "Départ" in text_of(administrator.get("/organisme/membres/cdr/"))


@given(on=DAYS, since=DAYS, today=DAYS)
def test_a_revocation_is_neither_before_the_grant_nor_to_come(on: date, since: date, today: date) -> None:
    found = list(revocation_faults(on=on, since=since, today=today, reason="Départ"))
    assert (not found) == (since <= on <= today)


@given(st.text(max_size=50))
def test_a_reference_with_anything_of_a_name_is_refused(text: str) -> None:
    at = now()
    plain = all(letter in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ./-" for letter in text) and len(text) <= 40
    assert (not list(consultation_faults(at=at, now=at, reference=text))) == plain
