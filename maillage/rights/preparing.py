"""A file being prepared: kept at each step, its pieces scanned as they come, sealed to its own organisation until it is sent."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from maillage.audit.actions import record
from maillage.core import crypto
from maillage.core.identifiers import bound_id
from maillage.core.refusals import Fault, check
from maillage.documents.actions import Upload, forget_files, store_upload
from maillage.organisations.member import Member
from maillage.organisations.people.leaving import replaced_by
from maillage.referrals.drafts import refusal_without_keys
from maillage.rights.content import Content, content_from_bytes, content_to_bytes
from maillage.rights.models import Preparation, PreparedPiece
from maillage.rights.policies import can_file
from maillage.rights.queries import visible_to
from maillage.vault.actions import NoKeyPair, vault
from maillage.vault.store import KeyDestroyed

MOST_PIECES: Final = 40
LARGEST_PIECE: Final = 10_000_000
"""Bytes: a scan of twenty pages."""
FULL: Final = f"Ce dossier a déjà {MOST_PIECES} pièces : il n’en prend plus."


@dataclass(frozen=True, slots=True)
class Opened:
    """A file being prepared and what it holds, unsealed; the pieces added so far."""

    id: UUID
    content: Content
    pieces: tuple[PreparedPiece, ...]
    updated_at: datetime

    @property
    def there(self) -> frozenset[str]:
        """The keys of the pieces added."""
        return frozenset(piece.key for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Scanned:
    """A piece as a form gives it: which one of the right, its file, its date and until when it is valid, where it says so."""

    piece_id: UUID
    key: str
    file: Upload
    dated_on: date | None = None
    valid_until: date | None = None


def preparations_of(member: Member) -> QuerySet[Preparation]:
    """What the member herself is preparing for this organisation: need to know stops at the author until it is sent."""
    rows = Preparation.objects.filter(organisation=member.organisation, author=member.user)
    return rows.order_by("-updated_at", "id")


def within_reach(member: Member) -> QuerySet[Preparation]:
    """Her own, and those of whom she replaces today."""
    mine = Q(author=member.user) | Q(author__in=replaced_by(member).values("user_id"))
    return Preparation.objects.filter(mine, organisation=member.organisation)


def open_preparation(member: Member, preparation: UUID, *, for_update: bool = False) -> Opened:
    """A file being prepared, unsealed; raises Preparation.DoesNotExist. `for_update` makes a second sender wait.

    A reading is journalled, her own too: what the page shows is somebody's identity.
    """
    rows = within_reach(member)
    rows = rows.select_for_update() if for_update else rows
    row = rows.get(id=preparation)
    if not for_update:
        _record("read", preparation, member, fields=("identity", "details"))
    try:
        sealed = _unsealed(row)
    except KeyDestroyed:
        row = rows.get(
            id=preparation
        )  # its pair was renewed since it was read: it is sealed to the new one by now
        sealed = _unsealed(row)
    pieces = tuple(row.pieces.select_related("document").order_by("added_at", "id"))
    return Opened(row.id, content_from_bytes(sealed), pieces, row.updated_at)


def _unsealed(row: Preparation) -> bytes:
    return vault().open_for_self(bytes(row.sealed), at=preparation_place(row.id))


@transaction.atomic
def begin(*, token: UUID, content: Content, by: Member, at: datetime) -> UUID:
    """Begin a file under the token that its form was shown with; the same token twice makes one. Returns its id.

    Raises Refused when the organisation has no keys to which it could be sealed.
    """
    if not can_file(by):
        raise PermissionDenied("Votre rôle ne permet pas de préparer un dossier de droits.")
    new = bound_id(token, organisation=by.organisation, author=by.user)
    if visible_to(by).filter(case_id=new).exists():
        return new  # sent already: whoever opens it is led to the case
    row = Preparation(
        id=new,
        organisation_id=by.organisation,
        author=by.user,
        sealed=_sealed(new, content, by),
        updated_at=at,
    )
    Preparation.objects.bulk_create([row], ignore_conflicts=True)
    return new


@transaction.atomic
def keep(*, preparation: UUID, content: Content, by: Member, at: datetime) -> None:
    """Keep its new content; raises Preparation.DoesNotExist when it was sent or thrown away meanwhile, Refused without keys."""
    sealed = _sealed(preparation, content, by)
    if not within_reach(by).filter(id=preparation).update(sealed=sealed, updated_at=at):
        raise Preparation.DoesNotExist


@transaction.atomic
def add_piece(*, preparation: UUID, scanned: Scanned, by: Member, at: datetime) -> bool:
    """Add a scan or a photo, encrypted before it touches the disk; False when this very form was taken before.

    Raises Refused at `key`, `file`, `dated_on` or `valid_until`, Preparation.DoesNotExist.
    """
    opened = open_preparation(by, preparation, for_update=True)
    if any(piece.id == scanned.piece_id for piece in opened.pieces):
        return False
    declared = opened.content.declared
    check(
        [
            *piece_faults(
                scanned,
                known=[one.key for one in declared.taken(urgent=opened.content.urgent)] if declared else [],
                on=day_of(by, at),
            ),
            Fault(FULL, "file") if len(opened.pieces) >= MOST_PIECES else None,
        ]
    )
    document = store_upload(
        file=scanned.file, organisation=by.organisation, readers=[], by=by, at=at, field="file", largest=LARGEST_PIECE
    )  # fmt: skip
    PreparedPiece.objects.create(
        id=scanned.piece_id,
        organisation_id=by.organisation,
        preparation_id=preparation,
        document=document,
        key=scanned.key,
        dated_on=scanned.dated_on,
        valid_until=scanned.valid_until,
        added_at=at,
        added_by=by.user,
    )
    Preparation.objects.filter(id=preparation).update(updated_at=at)
    return True


def day_of(by: Member, at: datetime) -> date:
    """The day of an instant, where whoever acts is."""
    return at.astimezone(ZoneInfo(by.time_zone)).date()


def piece_faults(scanned: Scanned, *, known: list[str], on: date) -> list[Fault | None]:
    """What is wrong with a piece besides its file, on a day; `known` are the pieces that the file takes."""
    before = scanned.dated_on and scanned.valid_until and scanned.valid_until < scanned.dated_on
    ahead = scanned.dated_on and scanned.dated_on > on
    return [
        None if scanned.key in known else Fault("Choisissez une pièce de la liste.", "key"),
        Fault("Cette date est dans l’avenir : vérifiez l’année.", "dated_on") if ahead else None,
        Fault("Une pièce ne cesse pas de valoir avant sa date.", "valid_until") if before else None,
    ]


def piece_of(member: Member, preparation: UUID, piece: UUID) -> PreparedPiece:
    """A piece of a file within her reach, with its document; raises PreparedPiece.DoesNotExist."""
    rows = PreparedPiece.objects.filter(preparation__in=within_reach(member).filter(id=preparation))
    return rows.select_related("document").get(id=piece)


@transaction.atomic
def remove_piece(*, preparation: UUID, piece: UUID, by: Member, at: datetime) -> None:
    """Take a piece away, and its document with it: nothing of it remains. Twice is the same as once."""
    open_preparation(by, preparation, for_update=True)
    if not PreparedPiece.objects.filter(id=piece, preparation_id=preparation).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_discard_piece(%s)", [piece])
        (document,) = cursor.fetchone()
    forget_files([document])
    Preparation.objects.filter(id=preparation).update(updated_at=at)


@transaction.atomic
def discard(*, preparation: UUID, by: Member) -> None:
    """Throw a file away with all its pieces; nothing of it remains. Twice is the same as once."""
    if not within_reach(by).filter(id=preparation).exists():
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT rights_discard(%s)", [preparation])
        (documents,) = cursor.fetchone()
    if documents is not None:
        forget_files(documents)
        _record("discard", preparation, by)


def _sealed(preparation: UUID, content: Content, by: Member) -> bytes:
    try:
        return vault().seal_for_self(
            content_to_bytes(content), organisation=by.organisation, at=preparation_place(preparation)
        )
    except NoKeyPair as error:
        raise refusal_without_keys(error, by) from error


def preparation_place(preparation: UUID) -> bytes:
    """Where a sealed file belongs."""
    return crypto.place("rights_preparation", "sealed", preparation)


def _record(verb: str, preparation: UUID, by: Member, fields: tuple[str, ...] = ()) -> None:
    record(
        verb=verb,
        object_type="application_draft",
        object_ref=preparation,
        by=by.user,
        organisation=by.organisation,
        fields=fields,
    )
