"""A table as its author acts on it: brought, its columns named, confirmed or left. The background does the rest (`working`)."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from maillage.audit.actions import record
from maillage.core import crypto
from maillage.core.moves import move
from maillage.core.refusals import Fault, Refused, check
from maillage.core.spreadsheets.reading import LARGEST
from maillage.core.states import TransitionRefused
from maillage.organisations.member import Member
from maillage.organisations.people.leaving import replaced_by
from maillage.referrals.drafts import refusal_without_keys
from maillage.rights.bulk.emptying import empty
from maillage.rights.bulk.keeping import (
    Described,
    Wrong,
    description_of,
    encrypted_description,
    encrypted_file,
    key_of,
    remember,
    sealed_key,
    wrong_lines_of,
)
from maillage.rights.bulk.running import CLOSED
from maillage.rights.declared.rights import rights
from maillage.rights.filing import authorisations
from maillage.rights.imported.states import TRANSITIONS, State
from maillage.rights.importing import columns
from maillage.rights.models import ApplicationImport, ApplicationImportPart
from maillage.rights.policies import can_file
from maillage.vault.actions import NoKeyPair

TOO_LARGE: Final = f"Ce fichier dépasse {LARGEST // 1_000_000} Mo : partagez-le en plusieurs."
_NAMES: Final = 200


def within_reach(member: Member) -> QuerySet[ApplicationImport]:
    """Her own tables and those of whom she replaces today, the last one first; the file itself is not read."""
    mine = Q(author=member.user) | Q(author__in=replaced_by(member).values("user_id"))
    rows = ApplicationImport.objects.filter(mine, organisation=member.organisation)
    return rows.defer("content").order_by("-uploaded_at", "-id")


def waiting_for(member: Member) -> QuerySet[ApplicationImport]:
    """The tables that wait for her own word, the first brought first: nothing of what they hold is read."""
    rows = ApplicationImport.objects.filter(
        organisation=member.organisation, author=member.user, state__in=[State.READ, State.REHEARSED]
    )
    return rows.only("id", "state", "uploaded_at").order_by("uploaded_at", "id")


@transaction.atomic
def bring(
    *, new_id: UUID, file_name: str, content: bytes, authorisation: UUID, by: Member, at: datetime
) -> ApplicationImport:
    """Keep a table, encrypted, to be read in the background; the same form sent twice keeps one. Raises Refused at `file`."""
    if not can_file(by):
        raise PermissionDenied("Votre rôle ne permet pas de préparer un dossier de droits.")
    check(
        [
            Fault("Ce fichier est vide.", "file") if not content else None,
            Fault(TOO_LARGE, "file") if len(content) > LARGEST else None,
            None
            if authorisation in {one.id for one in authorisations(by)}
            else Fault(CLOSED, "authorisation"),
        ]
    )
    kept = within_reach(by).filter(id=new_id).first()
    if kept is not None:
        return kept
    key = crypto.new_key()
    try:
        sealed = sealed_key(key, table=new_id, organisation=by.organisation)
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error
    row = ApplicationImport.objects.create(
        id=new_id,
        organisation_id=by.organisation,
        author=by.user,
        authorisation_id=authorisation,
        sealed=sealed,
        content=encrypted_file(content, key=key, table=new_id),
        described=encrypted_description(Described(file_name[:_NAMES]), key=key, table=new_id),
        uploaded_at=at,
    )
    _record("bring", row, by)
    return row


def described(row: ApplicationImport, *, by: Member) -> Described:
    """The name of the file, its titles and its first line; a reading is journalled, for that line is about somebody."""
    _record("open", row, by)
    return description_of(row, key=key_of(row))


def wrong_of(row: ApplicationImport, *, by: Member, exported: bool = False) -> Iterator[Wrong]:
    """The lines to correct, in the order of the file; a reading is journalled."""
    _record("export" if exported else "see_wrong", row, by)
    return wrong_lines_of(row, key=key_of(row))


@transaction.atomic
def name_columns(*, row: ApplicationImport, fields: Mapping[int, str], right: str, by: Member) -> None:
    """Say which column means what, by place, and the right of the lines that name none; then all is tried in the background.

    Remembered for the next table of the same titles. Raises Refused at `column_N` or `right`.
    """
    named = {place: field for place, field in fields.items() if field}
    told = described(row, by=by)
    many = Counter(named.values())
    check(
        [
            *(
                Fault(f"Une autre colonne dit déjà : {columns.LABELS[field]}.", f"column_{place}")
                for place, field in named.items()
                if many[field] > 1
            ),
            *_missing(columns.Mapping({field: place for place, field in named.items()}), right),
            None if right in {"", *rights()} else Fault("Choisissez un droit de la liste.", "right"),
        ]
    )
    mapping = columns.Mapping({field: place for place, field in named.items() if place < len(told.header)})
    _step(row, "name", by, places=dict(mapping.places), right=right, **_NOTHING_READ)
    ApplicationImportPart.objects.filter(of=row).delete()
    remember(by.organisation, mapping.remembered(told.header))


def _missing(mapping: columns.Mapping, right: str) -> list[Fault]:
    missing = mapping.missing(given=["right"] if right else [])
    return [Fault(f"Il manque une colonne : {', '.join(missing)}.")] if missing else []


@transaction.atomic
def confirm(*, row: ApplicationImport, by: Member, at: datetime) -> None:
    """Begin the files of the lines that were right, in the background. Raises Refused when it is too late, or when none is new."""
    if not row.created:
        raise Refused("Ce tableau n’a aucun dossier nouveau à commencer.")
    _step(row, "confirm", by, confirmed_at=at, **_NOTHING_READ)
    ApplicationImportPart.objects.filter(of=row).delete()


@transaction.atomic
def abandon(*, row: ApplicationImport, by: Member, at: datetime) -> None:
    """Leave a table: the file is destroyed, nothing is begun. Raises Refused when it is too late."""
    _step(row, "abandon", by, ended_at=at)
    empty(row, at=at)


@transaction.atomic
def forget_wrong(*, row: ApplicationImport, by: Member, at: datetime) -> None:
    """Destroy the lines to correct of a table that was imported, before their time. Twice is the same as once."""
    if row.ended_at is not None and row.emptied_at is None:
        empty(row, at=at)
        _record("forget", row, by)


_NOTHING_READ: Final = {"done": 0, "created": 0, "known": 0, "wrong": 0, "stumbles": 0}


def _step(row: ApplicationImport, verb: str, by: Member, **changes: object) -> None:
    if not can_file(by):
        raise PermissionDenied("Votre rôle ne permet pas de préparer un dossier de droits.")
    try:
        move(row, TRANSITIONS, verb, **changes)
    except TransitionRefused as error:
        raise Refused(str(error)) from error
    _record(verb, row, by)


def _record(verb: str, row: ApplicationImport, by: Member) -> None:
    record(
        verb=f"table.{verb}",
        object_type="application_import",
        object_ref=row.id,
        by=by.user,
        organisation=by.organisation,
    )


def shown_rights(authorised: Collection[str], departement: str) -> dict[str, str]:
    """The rights that a table may ask for, by key: those of the convention that exist where the caisse is."""
    return {
        key: one.label for key, one in rights().items() if key in authorised and departement not in one.not_in
    }
