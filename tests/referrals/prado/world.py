"""The text of S0 signed locally: the CPAM in the place of the CNAMTS, in that of the CNAF the CARSAT, whose adviser works on cases."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection, connections, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from maillage.conventions import library
from maillage.conventions.lifecycle.models import Convention, TermsVersion
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Terms, content_hash, terms_data
from maillage.conventions.terms.criteria import Value
from maillage.conventions.terms.parties import BodyKind
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.referrals import enrolling
from maillage.referrals.enrolling import Begun
from maillage.referrals.enrolment_files import Mother
from tests.days import today
from tests.referrals.world import ADVISER, FAR_AHEAD, SIGNED_AT, member, organisation

FAMILY = "social@carsat.example.org"
"""Someone of the other party: in the place of the CAF."""
MOTHER = Mother("Quintessence", "Ondine", "0600000017")
ELIGIBLE: Mapping[str, Value] = {
    "children_born": 1,
    "delivery": "vaginal",
    "delivered_on": date(2026, 1, 5),
    "delivery_complication": False,
    "discharge_agreed": True,
}


def local_text() -> Terms:
    """S0's text, signed by the local bodies of each branch (art. 2.3)."""
    terms = library.load("prado_maternite_2016")
    kinds = {"cnamts": BodyKind.CPAM, "cnaf": BodyKind.OTHER}
    parties = tuple(one.model_copy(update={"kind": kinds[one.key]}) for one in terms.parties)
    return terms.model_copy(update={"parties": parties, "signatures": ()})


def sign_prado(written: dict[str, Any] | None = None, *, family: str = "CARSAT RA") -> UUID:
    """The convention, in force, whose id is returned; `written` is another text, as data that nothing has checked.

    `family` is the body in the place of the CNAF.
    """
    names = {"cnamts": "CPAM 42", "cnaf": family}
    terms, new = local_text(), uuid7()
    digest, known = content_hash(terms), {key: organisation(name).id for key, name in names.items()}
    if written is not None:
        digest = sha256(json.dumps(written).encode()).hexdigest()
    with transaction.atomic(), acting(organisation=known["cnamts"]), connection.cursor() as cursor:
        cursor.execute(
            "SELECT open_convention(%s, %s, %s, 'local', '', '42', 'caf', '', %s, %s, 'cnamts')",
            [new, terms.title, terms.title.casefold(), digest, uuid7()],
        )
        cursor.execute(
            "SELECT admit_party(%s, %s, %s, %s, %s::smallint)", [new, uuid7(), known["cnaf"], "cnaf", 1]
        )
        TermsVersion.objects.create(
            convention_id=new, number=1, terms=written or terms_data(terms), content_hash=digest, written_at=SIGNED_AT,
            written_by=uuid7(),
        )  # fmt: skip
    for key, body in known.items():
        with transaction.atomic(), acting(organisation=body):
            Signature.objects.create(
                convention_id=new, organisation_id=body, party_key=key, content_hash=digest, signed_on=SIGNED_AT.date(),
                function="Directrice", recorded_at=SIGNED_AT, recorded_by=uuid7(), recorded_for_id=body,
            )  # fmt: skip
    with transaction.atomic(), acting(organisation=known["cnamts"]):
        Convention.objects.filter(id=new).update(state="proposed")
        Convention.objects.filter(id=new).update(state="signed", starts_on=SIGNED_AT.date())
        Convention.objects.filter(id=new).update(
            state="in_force", in_force=DateTimeTZRange(SIGNED_AT, FAR_AHEAD)
        )
    return new


def hospital() -> UUID:
    """The maternity of the tests."""
    return organisation("CH d’Exemple").id


def enrol(convention: UUID, *, new: UUID | None = None, mother: Mother = MOTHER, **changes: Any) -> UUID:
    """A mother enrolled by the caisse's adviser."""
    begun = replace(Begun(new or uuid7(), hospital(), mother), **changes)
    with member(ADVISER) as adviser:
        enrolling.enrol(convention=convention, begun=begun, by=adviser, at=now())
    return begun.id


def step(verb: str, enrolment: UUID, **said: Any) -> None:
    """One step, by the adviser, today unless said."""
    usual: dict[str, dict[str, Any]] = {
        "visit": {"visited_on": today(), "facts": ELIGIBLE, "answers": {}},
        "present": {"presented_on": today(), "home_help": True},
        "answer": {"given": "accepted", "answered_on": today(), "midwife": ""},
        "choose_midwife": {"midwife": "Mme Exemple, 04 00 00 00 19"},
    }
    with member(ADVISER) as adviser:
        getattr(enrolling, verb)(enrolment=enrolment, by=adviser, at=now(), **{**usual[verb], **said})


Cells = Mapping[tuple[UUID, UUID], tuple[int, int]]
"""(caisse, maternity) -> presented, accepted."""


def plant_counts(months: Iterable[tuple[UUID, date, Cells]]) -> None:
    """So many mothers of each cell, under each convention and in each month, written by the owner past the guards."""
    rows: list[Mapping[str, UUID | date | int]] = [
        {"caisse": caisse, "convention": convention, "maternity": maternity, "day": month + timedelta(days=3),
         "presented": presented, "accepted": accepted}
        for convention, month, cells in months
        for (caisse, maternity), (presented, accepted) in cells.items()
    ]  # fmt: skip
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE referrals_enrolment DISABLE TRIGGER USER")
        cursor.executemany(
            "INSERT INTO referrals_enrolment (id, organisation_id, convention_id, maternity_id, visited_on, eligible, presented_on,"
            " answer, reason, answered_on, has_midwife, wrapped_key, sealed, opened_at, opened_by, changed_at, changed_by)"
            " SELECT gen_random_uuid(), %(caisse)s, %(convention)s, %(maternity)s, %(day)s, 'met', %(day)s,"
            " CASE WHEN n <= %(accepted)s THEN 'accepted' ELSE '' END, '', CASE WHEN n <= %(accepted)s THEN %(day)s::date END, false,"
            " 'k', 's', now(), gen_random_uuid(), now(), gen_random_uuid() FROM generate_series(1, %(presented)s) n",
            rows,
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE referrals_enrolment ENABLE TRIGGER USER")
