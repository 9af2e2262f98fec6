"""Who deposits a document, who reads it, who has nothing to do with it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.core.files.base import ContentFile
from django.db import transaction

from maillage.core.row_security import acting
from maillage.documents.actions import store_upload
from maillage.documents.models import Document
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation, User
from tests.documents.builders import pdf

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def member_of(short_name: str, address: str) -> Member:
    organisation = Organisation.objects.get(short_name=short_name)
    user = User.objects.get(email=address)
    return Member(
        user.id,
        user.full_name,
        organisation.id,
        organisation.name,
        organisation.kind,
        frozenset({"referent"}),
    )


@pytest.fixture
def depositor(db: None) -> Member:
    return member_of("CPAM 42", "referente@cpam.example.org")


@pytest.fixture
def reader(db: None) -> Member:
    return member_of("CCAS", "referent@ccas.example.org")


@pytest.fixture
def stranger(db: None) -> Member:
    return member_of("CCAS de Villexemple", "social@villexemple.example.org")


@contextmanager
def working(member: Member) -> Iterator[None]:
    """In a transaction, acting for the member's organisation."""
    with transaction.atomic(), acting(organisation=member.organisation, user=member.user):
        yield


def store(
    member: Member, *readers: Member, content: bytes | None = None, name: str = "Convention signée.pdf"
) -> Document:
    """A document of the member, shared with these readers."""
    with working(member):
        return store_upload(
            file=ContentFile(pdf() if content is None else content, name=name),
            organisation=member.organisation,
            readers=[one.organisation for one in readers],
            by=member,
            at=AT,
        )


@pytest.fixture
def transactional_members(fresh_database: object) -> tuple[Member, Member]:
    """The depositor and the stranger, in a database of the test's own."""
    return (
        member_of("CPAM 42", "referente@cpam.example.org"),
        member_of("CCAS de Villexemple", "social@villexemple.example.org"),
    )
