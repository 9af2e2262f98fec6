"""Describing a support, preparing a version, publishing, withdrawing. Each action: policy, conditional change, journal."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction
from psycopg import errors

from maillage.audit.actions import record
from maillage.catalogue.models import Support, SupportVersion
from maillage.catalogue.policies import can_keep, can_keep_support
from maillage.catalogue.rights import offered_name
from maillage.catalogue.rules import (
    CODE_ALPHABET,
    CODE_LENGTH,
    KINDS,
    LONGEST_CHANGES,
    LONGEST_LABEL,
    LONGEST_REASON,
    Described,
    Span,
    described_problems,
    link_problem,
    make_room,
    span_problem,
)
from maillage.catalogue.states import TRANSITIONS, State
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.core.states import TransitionRefused
from maillage.core.text import sort_key, words_key
from maillage.documents.models import Document
from maillage.organisations.member import Member

_KEPT_BY: Final = "Ce support ne se change que par les référents de l’organisme auquel il appartient."
_NAMED: Final = "Ce support a déjà une version de ce nom."
_DAYS: Final = "Une autre version vient d’être publiée pour ces jours : la page a été rechargée."


@dataclass(frozen=True, slots=True)
class Drafted:
    """One version to come: its name, what changes, and a link, or a file that its owner has already deposited."""

    label: str
    changes: str = ""
    link: str = ""
    document: UUID | None = None


@transaction.atomic
def create(*, new_id: UUID, described: Described, by: Member, at: datetime) -> UUID:
    """Describe a support of one's own organisation; nobody else sees it before a version is published.

    The same id twice makes one. Raises Refused at a field of `Described`; PermissionDenied.
    """
    if not can_keep(by):
        raise PermissionDenied("Votre rôle ne permet pas de tenir des supports.")
    _check(described)
    if Support.objects.filter(id=new_id, organisation=by.organisation).exists():
        return new_id
    code = "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))
    Support.objects.create(
        id=new_id,
        organisation_id=by.organisation,
        code=code,
        created_at=at,
        created_by=by.user,
        **_said(described),
    )
    _record("support.create", new_id, by)
    return new_id


@transaction.atomic
def amend(*, support: Support, described: Described, by: Member) -> None:
    """Say otherwise what a support is; its versions and its address stay. Raises Refused at a field of `Described`."""
    _must_keep(support, by)
    _check(described)
    Support.objects.filter(id=support.id).update(**_said(described))
    _record("support.amend", support.id, by)


def _check(described: Described) -> None:
    check([Fault(message, field) for field, message in described_problems(described).items()])


def _said(described: Described) -> Mapping[str, object]:
    """The columns that describe a support, and those by which it is found."""
    title, purpose = described.title.strip(), described.purpose.strip()
    sought = (title, purpose, KINDS[described.kind], *map(offered_name, described.services))
    return {
        "kind": described.kind,
        "title": title,
        "sort_title": sort_key(title),
        "words": words_key(" ".join(sought)),
        "purpose": purpose,
        "audience": list(described.audience),
        "languages": list(described.languages),
        "services": list(described.services),
    }


@transaction.atomic
def prepare(*, new_id: UUID, support: Support, drafted: Drafted, by: Member, at: datetime) -> UUID:
    """Prepare a version, which its owner alone sees. The same id twice makes one.

    Raises Refused at `label`, `changes`, `link` or `file`.
    """
    _must_keep(support, by)
    if SupportVersion.objects.filter(id=new_id, support=support.id).exists():
        return new_id
    label, link = drafted.label.strip(), drafted.link.strip()
    check(_draft_faults(support, label, link, drafted))
    with _meaning():
        SupportVersion.objects.create(
            id=new_id,
            support_id=support.id,
            organisation_id=by.organisation,
            label=label,
            changes=drafted.changes.strip(),
            document_id=drafted.document,
            link=link,
            created_at=at,
            created_by=by.user,
        )
    _record("support.prepare", support.id, by)
    return new_id


def _draft_faults(support: Support, label: str, link: str, drafted: Drafted) -> Iterator[Fault]:
    named = SupportVersion.objects.filter(support=support.id, label=label).exclude(state=State.DISCARDED)
    if not 0 < len(label) <= LONGEST_LABEL:
        yield Fault(f"Nommez cette version, en {LONGEST_LABEL} caractères au plus.", "label")
    elif named.exists():
        yield Fault(_NAMED, "label")
    if len(drafted.changes.strip()) > LONGEST_CHANGES:
        yield Fault(f"Écrivez {LONGEST_CHANGES} caractères au plus.", "changes")
    if drafted.document is None and not link:
        yield Fault("Choisissez un fichier, ou donnez un lien.", "file")
    elif drafted.document is not None and link:
        yield Fault("Un fichier ou un lien, pas les deux : faites deux supports.", "link")
    elif link and (problem := link_problem(link)):
        yield Fault(problem, "link")
    elif drafted.document is not None and not _is_own(drafted.document, support):
        yield Fault("Ce fichier n’a pas été gardé : choisissez-le à nouveau.", "file")


def _is_own(document: UUID, support: Support) -> bool:
    return Document.objects.filter(id=document, organisation=support.organisation_id).exists()


@transaction.atomic
def publish(*, version: SupportVersion, span: Span, by: Member, at: datetime) -> None:
    """Let everybody have a version for some days, today at the earliest. Whatever was current then ends the day before.

    Raises Refused at `valid_until`; TransitionRefused when it is no draft any more; of two versions that are published for
    one day at once, the second takes its place after the first.
    """
    support = _must_keep(version.support, by)
    today = _today(by, at)
    if problem := span_problem(span, today=today):
        raise Refused(problem, "valid_until")
    days = Span(max(span.first, today), span.last)
    # One after the other: what was published meanwhile is seen here, and makes room in its turn.
    Support.objects.select_for_update(of=("self",)).get(id=support.id)
    published = {
        one.id: one for one in SupportVersion.objects.filter(support=support.id, state=State.PUBLISHED)
    }
    room = make_room({key: one.days for key, one in published.items() if one.days}, days)
    for key, last in room.shortened.items():
        move(published[_id(key)], TRANSITIONS, "prolong", valid_until=last)
    for key in room.replaced:
        move(published[_id(key)], TRANSITIONS, "replace", closed_at=at, closed_by=by.user)
    with _meaning():
        move(
            version,
            TRANSITIONS,
            "publish",
            valid_from=days.first,
            valid_until=days.last,
            published_at=at,
            published_by=by.user,
        )
    Support.objects.filter(id=support.id, first_published_at=None).update(first_published_at=at)
    _record("support.publish", support.id, by)


def _id(key: object) -> UUID:
    assert isinstance(key, UUID)  # noqa: S101 - the keys given to `make_room`
    return key


@transaction.atomic
def prolong(*, version: SupportVersion, until: date | None, by: Member, at: datetime) -> None:
    """Say another last day, today at the earliest, or none. Raises Refused at `valid_until`, TransitionRefused."""
    _must_keep(version.support, by)
    if version.days is None:
        raise TransitionRefused
    if problem := span_problem(Span(version.days.first, until), today=_today(by, at)):
        raise Refused(problem, "valid_until")
    with _meaning():
        move(version, TRANSITIONS, "prolong", valid_until=until)
    _record("support.prolong", version.support_id, by)


@transaction.atomic
def withdraw(*, version: SupportVersion, reason: str, instead: UUID | None, by: Member, at: datetime) -> None:
    """Serve a version no more, anywhere, from this instant; `instead` is a support to use in its place.

    Raises Refused at `reason` or `instead`; TransitionRefused when it is not published.
    """
    support = _must_keep(version.support, by)
    said = reason.strip()
    known = instead is None or (
        instead != support.id
        and Support.objects.filter(id=instead, first_published_at__isnull=False).exists()
    )
    why = (
        None
        if 0 < len(said) <= LONGEST_REASON
        else Fault(f"Dites pourquoi, en {LONGEST_REASON} caractères au plus.", "reason")
    )
    check([why, None if known else Fault("Choisissez un support de la liste.", "instead")])
    move(
        version,
        TRANSITIONS,
        "withdraw",
        closed_at=at,
        closed_by=by.user,
        reason=said,
        replaced_by_id=instead,
    )
    _record("support.withdraw", support.id, by)


@transaction.atomic
def discard(*, version: SupportVersion, by: Member, at: datetime) -> None:
    """Give up a draft; raises TransitionRefused when it is none."""
    support = _must_keep(version.support, by)
    move(version, TRANSITIONS, "discard", closed_at=at, closed_by=by.user)
    _record("support.discard", support.id, by)


def _must_keep(support: Support, by: Member) -> Support:
    if not can_keep_support(by, support):
        raise PermissionDenied(_KEPT_BY)
    return support


def _today(by: Member, at: datetime) -> date:
    return at.astimezone(ZoneInfo(by.time_zone)).date()


def _record(verb: str, support: UUID, by: Member) -> None:
    record(verb=verb, object_type="support", object_ref=support, by=by.user, organisation=by.organisation)


@contextmanager
def _meaning() -> Iterator[None]:
    """What the database refuses, said in French; the transaction around stays usable."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, errors.ExclusionViolation):
            raise Refused(_DAYS, "valid_until") from error
        if isinstance(cause, errors.UniqueViolation):
            raise Refused(_NAMED, "label") from error
        raise
