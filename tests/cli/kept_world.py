"""A convention with referrals, drafts and documents: all that keys close, read again by everybody and looked at in the raw."""

from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from django.core.files.base import ContentFile
from django.db import connections

from maillage.cases.actions import withdraw
from maillage.core.clock import now
from maillage.documents.actions import describe, open_document, store_upload
from maillage.documents.models import Document
from maillage.referrals.drafts import open_draft
from maillage.referrals.planning import assess
from maillage.referrals.queries import file_of, referral_of
from tests.conftest import Groundwork, LayGroundwork
from tests.documents.builders import pdf
from tests.referrals.world import (
    ADVISER,
    NARRATIVE,
    PERSON,
    WORKER,
    Signed,
    followed_by,
    member,
    organisation,
    send_referral,
    sign_convention,
    work,
    write_draft,
)


@dataclass
class Kept:
    """What was written and must go on opening."""

    signed: Signed
    cases: list[UUID] = field(default_factory=list)
    drafts: list[UUID] = field(default_factory=list)
    documents: list[UUID] = field(default_factory=list)
    ended: UUID | None = None  # one that its sender left
    assessed: UUID | None = None  # one about which the caisse keeps a file of its own

    def read(self) -> None:
        """Open everything for each side; what does not open, or says something else, fails here."""
        for address in (WORKER, ADVISER):
            with member(address) as someone:
                for case in self.cases:
                    file = file_of(someone, case)
                    assert file.identity == PERSON, (address, case)
                    assert file.narrative == NARRATIVE, (address, case)
                    own = address == ADVISER and case == self.assessed
                    assert file.own.texts.get("rights", "") == (NARRATIVE if own else ""), (address, case)
        with member(WORKER) as worker:
            for draft in self.drafts:
                assert open_draft(worker, draft).content.person == PERSON
            for document in self.documents:
                row = Document.objects.get(id=document)
                assert describe(row).name == "preuve.pdf"
                assert b"".join(open_document(row, by=worker)) == pdf()

    def send(self) -> UUID:
        """One more referral."""
        self.cases.append(followed_by(send_referral(self.signed), ADVISER))
        return self.cases[-1]


def keep(cases: int = 3, drafts: int = 2) -> Kept:
    """The world, committed: referrals sent, one closed, one left by its sender; drafts, a document."""
    kept = Kept(sign_convention())
    for _ in range(cases):
        kept.send()
    kept.assessed = kept.cases[0]
    work(kept.assessed, "acknowledge", "accept", "contact")
    with member(ADVISER) as adviser:
        referral = referral_of(adviser, kept.assessed)
        assess(referral=referral, texts={"rights": NARRATIVE}, after=0, by=adviser, at=now())
    work(kept.assessed, "close")
    kept.ended = send_referral(kept.signed)
    with member(WORKER):
        withdraw(case=kept.ended)
    kept.drafts = [write_draft(kept.signed) for _ in range(drafts)]
    with member(WORKER) as worker:
        file = ContentFile(pdf(), name="preuve.pdf")
        stored = store_upload(file=file, organisation=worker.organisation, readers=(), by=worker, at=now())
    kept.documents = [stored.id]
    return kept


@pytest.fixture(scope="module")
def size() -> dict[str, int]:
    """How much is written; a module may ask for less."""
    return {}


@pytest.fixture(scope="module")
def groundwork(lay_groundwork: LayGroundwork, size: dict[str, int]) -> Groundwork:
    """Written once a module: each test has a copy."""
    return lay_groundwork(lambda: keep(**size))


@pytest.fixture
def kept(groundwork: Groundwork, fresh_database: object) -> Kept:
    """The world of the module, in the database and the stores of this test."""
    return deepcopy(groundwork.world)  # type: ignore[no-any-return]


def raw(sql: str, *arguments: Any) -> list[tuple[Any, ...]]:
    """Rows as the owner sees them."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, list(arguments))
        return [
            tuple(bytes(cell) if isinstance(cell, memoryview) else cell for cell in row)
            for row in cursor.fetchall()
        ]


def pairs_of(short_name: str) -> tuple[list[UUID], list[UUID]]:
    """The public keys of an organisation that are in use, and the private halves that are still there."""
    body = organisation(short_name).id
    used = raw("SELECT id FROM vault_publickey WHERE organisation_id = %s AND retired_at IS NULL", body)
    halves = raw("SELECT key_id FROM vault_privatekey WHERE organisation_id = %s", body)
    return [row[0] for row in used], [row[0] for row in halves]


def sealed_to(short_name: str) -> set[bytes]:
    """The first 16 bytes of every sealed key and draft of an organisation: the pairs that something needs."""
    body = organisation(short_name).id
    parts = raw(
        "SELECT substring(sealed_key FROM 1 FOR 16) FROM cases_participation WHERE organisation_id = %s", body
    )
    papers = raw(
        "SELECT substring(sealed FROM 1 FOR 16) FROM referrals_draft WHERE organisation_id = %s", body
    )
    return {row[0] for row in (*parts, *papers)}
