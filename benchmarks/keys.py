"""Every kind of key renewed over some thousands of cases that really open, and the index made: rows a second, as the worker."""

import base64
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from benchmarks.database import Bench
from benchmarks.measure import Line
from maillage.beneficiaries.actions import register_person
from maillage.beneficiaries.indexing import index_waiting
from maillage.beneficiaries.rules import Identity
from maillage.cases.actions import open_case
from maillage.cases.models import Authorisation
from maillage.cases.resealing import reseal_cases
from maillage.core import crypto
from maillage.core.clock import now
from maillage.core.identifiers import uuid7
from maillage.core.row_security import acting
from maillage.demo.directory import load_directory
from maillage.documents.models import Document
from maillage.documents.rewrapping import rewrap_documents
from maillage.referrals.actions import narrative_place
from maillage.referrals.models import Referral
from maillage.referrals.renewing import renew_cases
from maillage.vault import renewing
from maillage.vault.actions import vault

CASES = 3000
SLOWEST = 15
"""Rows a second, on a machine that does something else as well: fifty thousand cases in an hour."""


def lines(bench: Bench, database: str) -> Iterator[Line]:
    """The five rates, over `CASES` cases of one partner and one caisse."""
    bodies = load_directory()
    partner, caisse = bodies["ccas"].id, bodies["cpam"].id
    convention = _fill(partner, caisse)
    with bench.as_worker(database):
        yield _rate("empreintes des personnes", lambda: index_waiting().indexed)
        yield _rate("paire d’un organisme", lambda: _pairs(partner))
        yield _rate("clé d’une convention", lambda: _stored(partner, convention))
        yield _rate("clés de dossiers", lambda: renew_cases(partner, before=now()).changed)
        yield _rate("enveloppes de la clé maîtresse", _master)


def _fill(partner: UUID, caisse: UUID) -> UUID:
    """Cases that open: each with its keys, its person and her account. The convention's id."""
    under = Authorisation(
        convention_id=uuid7(), flow_key="bench", sender_id=partner, recipient_id=caisse, service="misas", article="3",
        open_during=DateTimeTZRange(now(), None),
    )  # fmt: skip
    under.save(using="owner", force_insert=True)
    person = Identity("Exemple", "Personne", date(1980, 5, 17), phone="01 99 00 00 00")
    for _ in range(CASES // 100):
        with transaction.atomic(), acting(organisation=partner, user=uuid7()):
            for _ in range(100):
                opened = open_case(case=uuid7(), under=under, kind="referral", urgent=False)
                account = crypto.encrypt(opened.key, b"Quelques mots.", at=narrative_place(opened.id))
                Referral.objects.create(
                    case_id=opened.id, motives=["cost"], narrative=account, sent_at=opened.opened_at, sent_by=uuid7()
                )  # fmt: skip
                register_person(case=opened.id, key=opened.key, identity=person)
    documents = [_document(partner) for _ in range(CASES)]
    Document.objects.using("owner").bulk_create(documents)
    return under.convention_id


def _document(holder: UUID) -> Document:
    """A row with its wrapped key; no file, which a rotation does not touch."""
    new = uuid7()
    wrapped = vault().wrap_document_key(crypto.new_key(), document=new)
    return Document(
        id=new, organisation_id=holder, media_type="application/pdf", size=1, sha256="0" * 64, name=b"n", wrapped_key=wrapped
    )  # fmt: skip


@contextmanager
def apart() -> Iterator[None]:
    """A store and a master key of its own: the other figures go on with theirs, which a new master key would close to them."""
    before = settings.KEY_STORE, settings.MASTER_KEY
    with tempfile.TemporaryDirectory() as directory:
        settings.KEY_STORE = Path(directory)
        try:
            yield
        finally:
            settings.KEY_STORE, settings.MASTER_KEY = before


def _pairs(body: UUID) -> int:
    renewing.renew_pair(body)
    done = reseal_cases(body, pairs=renewing.retired_pairs(body))
    assert renewing.forget_pairs(body) == 0
    return done.changed


def _stored(body: UUID, convention: UUID) -> int:
    renewing.renew_stored(body, convention)
    done = reseal_cases(body, convention=convention)
    renewing.forget_stored(body, convention)
    return done.changed


def _master() -> int:
    former = settings.MASTER_KEY
    settings.MASTER_KEY, settings.MASTER_KEY_FORMER = base64.b64encode(crypto.new_key()).decode(), former
    try:
        done = renewing.rewrap_store()
        for body in renewing.bodies_with_keys():
            done += renewing.rewrap_own(body) + rewrap_documents(body)
        return done.changed
    finally:
        settings.MASTER_KEY_FORMER = ""


def _rate(name: str, act: Callable[[], int]) -> Line:
    began = time.perf_counter()
    done = act()
    taken = time.perf_counter() - began
    return Line(f"{name} : par seconde", done / taken, SLOWEST, "above", f"{done} en {taken:.1f} s")
