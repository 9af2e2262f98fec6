"""What is wrong in the identity of a case is put right by either side; what it was is kept, and the other side is told (GDPR art. 16)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject

from maillage.audit.actions import record
from maillage.beneficiaries.actions import identity_place
from maillage.beneficiaries.models import Beneficiary, Correction
from maillage.beneficiaries.notifications import tell_corrected
from maillage.beneficiaries.rules import (
    Identity,
    changed_fields,
    correction_problems,
    identity_from_bytes,
    identity_to_bytes,
    tidied,
)
from maillage.cases.following import begin_following, can_follow, running
from maillage.cases.models import Participation
from maillage.cases.queries import reading, visible_to
from maillage.cases.rules import REASONS, Reason
from maillage.core import crypto
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member

DESTROYED: Final = "Les données de ce dossier ont été détruites : il n’y a plus rien à corriger."
WENT_FIRST: Final = (
    "Quelqu’un a corrigé cette identité pendant que vous écriviez. Comparez ce que vous avez écrit avec ce que le dossier dit maintenant,"
    " puis enregistrez de nouveau si c’est encore utile."
)
FOR_HER: Final = "à la demande de la personne"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a case says of her now, and the last correction that led there (None: as it was sent). Whoever corrects has read it."""

    identity: Identity
    seen: UUID | None


@dataclass(frozen=True, slots=True)
class Told:
    """A correction as the page of the case says it; `addressee`: who is to take it up, `for_her`: it answers a request of hers."""

    id: UUID
    organisation: str
    fields: Sequence[str]
    corrected_at: datetime
    for_her: bool
    addressee: str
    addressee_id: UUID | None
    acknowledged_at: datetime | None

    @classmethod
    def of(cls, row: Correction) -> "Told":
        """From its row, read with its organisations."""
        return cls(
            row.id,
            row.organisation.name,
            row.fields,
            row.corrected_at,
            row.request_id is not None,
            row.addressee.name if row.addressee else "",
            row.addressee_id,
            row.acknowledged_at,
        )


@dataclass(frozen=True, slots=True)
class Former:
    """A correction, and what the identity was before it; None where the key is destroyed."""

    row: Correction
    identity: Identity | None


def former_place(correction: UUID) -> bytes:
    """Where an identity that was corrected belongs, encrypted: it opens nowhere else, so that nothing brings it back."""
    return crypto.place("beneficiaries_correction", "former", correction)


def part_of(case: UUID, by: Member) -> Participation:
    """One's own organisation's part in a case, of whichever kind. Raises Participation.DoesNotExist."""
    return visible_to(by).select_related("case__sender", "case__caisse").get(case_id=case)


def opened_as(part: Participation, by: Member) -> Reason | None:
    """Why this member may open the identity of the case; None where she neither follows nor consults it."""
    mine = running(by).filter(user_id=by.user, case_id=part.case_id).order_by("until")
    reasons = list(mine.values_list("reason", flat=True))
    return (
        Reason(reasons[-1]) if reasons else None
    )  # NULL sorts last: a following comes before a consultation


def can_correct(part: Participation, by: Member) -> bool:
    """Whoever's role sends or works the case on her side: it is closed or not, since what is kept is right or is put right."""
    return can_follow(by, part.case)


def standing_of(part: Participation, *, by: Member, why: str) -> Standing:
    """What the case says now, read to be corrected: journalled, with why. Raises Refused where it was destroyed."""
    _journal("read", part, by, ("identity",), why)
    last = last_of(part.case_id)  # before what it led to: one that comes between is told, none is missed
    known = reading([part], lambda keys: _opened(part.case_id, keys))
    if known is None:
        raise Refused(DESTROYED)
    return Standing(known.identity, last)


def last_of(case: UUID) -> UUID | None:
    """The last correction of a case, if there is one."""
    rows = Correction.objects.filter(case_id=case).order_by("-corrected_at", "-id")
    return rows.values_list("id", flat=True).first()


def corrections_of(case: UUID) -> list[Correction]:
    """What was corrected in a case, the oldest first; nothing decrypted."""
    rows = Correction.objects.filter(case_id=case).select_related("organisation", "addressee")
    return list(rows.order_by("corrected_at", "id"))


def with_corrections(rows: QuerySet[Participation]) -> QuerySet[Any]:
    """The participations with what was corrected of their identity, the oldest first: no query more."""
    found = (
        Correction.objects.filter(case_id=OuterRef("case_id"))
        .order_by("corrected_at", "id")
        .values(
            row=JSONObject(
                id="id",
                organisation="organisation__name",
                fields="fields",
                corrected_at="corrected_at",
                request="request_id",
                addressee="addressee__name",
                addressee_id="addressee_id",
                acknowledged_at="acknowledged_at",
            )
        )
    )
    said: dict[str, Any] = {"corrected": ArraySubquery(found)}
    return rows.annotate(**said)


def told_in(part: Participation) -> list[Told]:
    """What was corrected in a case that `with_corrections` read."""
    return [
        Told(
            UUID(row["id"]),
            row["organisation"],
            row["fields"],
            datetime.fromisoformat(row["corrected_at"]),
            row["request"] is not None,
            row["addressee"] or "",
            UUID(row["addressee_id"]) if row["addressee_id"] else None,
            datetime.fromisoformat(row["acknowledged_at"]) if row["acknowledged_at"] else None,
        )
        for row in part.corrected
    ]


def formers_of(part: Participation, *, by: Member, why: str) -> list[Former]:
    """What the identity was before each correction, the oldest first; journalled as a reading, with why, where there is one."""
    if last_of(part.case_id) is None:
        return []
    _journal("read", part, by, ("former_identity",), why)
    return reading([part], lambda keys: formers(part.case_id, keys.get(part.case_id)))


def formers(case: UUID, key: bytes | None) -> list[Former]:
    """The same, with the key of the case. Raises DecryptionError for what was altered."""
    return [
        Former(
            row,
            identity_from_bytes(crypto.decrypt(key, bytes(row.former), at=former_place(row.id))) if key else None,
        )
        for row in corrections_of(case)
    ]  # fmt: skip


@transaction.atomic
def correct(
    *, part: Participation, corrected: Identity, seen: UUID | None, by: Member, at: datetime
) -> Correction:
    """Put the identity of a case right in the daily work; the other side is told at once. `seen`: the last correction that she read.

    Raises PermissionDenied for another role or whoever may not open it, Refused at each field, or where somebody went first; the
    database refuses a restricted case.
    """
    reason = opened_as(part, by)
    if reason is None or not can_correct(part, by):
        raise PermissionDenied("Seul qui suit ce dossier peut corriger l’identité de la personne.")
    row = _corrected(part, corrected, seen, by, at, request=None)
    works = part.case.caisse_id == by.organisation
    begin_following(case=part.case_id, reason=Reason.WORKED if works else Reason.SENT, by=by, at=at)
    _journal("correct", part, by, tuple(row.fields), REASONS[reason])
    if row.addressee_id is not None:
        tell_corrected(row.id, case=part.case_id, code=part.reference, to=row.addressee_id)
    return row


@transaction.atomic
def correct_for_her(
    *, part: Participation, corrected: Identity, seen: UUID | None, request: UUID, by: Member, at: datetime
) -> Correction:
    """The same to answer a request of the person, restricted or not: the caller checks the role, and tells whoever received the data.

    The database asks that the case be among those of that request. Raises Refused as `correct`.
    """
    row = _corrected(part, corrected, seen, by, at, request=request)
    _journal("correct", part, by, tuple(row.fields), FOR_HER)
    return row


@transaction.atomic
def take_up(*, correction: UUID, by: Member) -> Correction:
    """Say that one's organisation put the same right on its own side; nothing more when it was said already.

    Raises Correction.DoesNotExist, PermissionDenied.
    """
    row = Correction.objects.select_related("case").get(pk=correction, addressee=by.organisation)
    if not can_follow(by, row.case):
        raise PermissionDenied("Votre rôle ne permet pas de reprendre cette correction.")
    # The instant and the person are the database's.
    noted = Correction.objects.filter(pk=row.pk, acknowledged_at=None)
    if noted.update(acknowledged_at=row.corrected_at, acknowledged_by=by.user):
        _journal("take_up_correction", part_of(row.case_id, by), by, tuple(row.fields))
    return row


def to_take_up(by: Member, *, limit: int) -> list[Correction]:
    """What others corrected and one's own organisation has not taken up, the oldest first."""
    rows = Correction.objects.filter(addressee=by.organisation, acknowledged_at=None)
    return list(rows.select_related("organisation", "case").order_by("corrected_at", "id")[:limit])


def encrypt_formers_again(*, case: UUID, former: bytes, key: bytes) -> bool:
    """Encrypt what was corrected with the key that its case has just got; False when it changed meanwhile. After the identity itself,
    whose row is then held: no correction comes between. Raises DecryptionError. For the worker's role.
    """
    for row in Correction.objects.filter(case_id=case).order_by("corrected_at", "id"):
        place, was = former_place(row.id), bytes(row.former)
        again = crypto.encrypt(key, crypto.decrypt(former, was, at=place), at=place)
        with connection.cursor() as cursor:
            cursor.execute("SELECT encrypt_former_again(%s, %s, %s)", [row.id, was, again])
            if not cursor.fetchone()[0]:
                return False
    return True


_TRIES: Final = 2
"""A key that is renewed meanwhile changes what is stored, not what it says: read again, once."""


def _corrected(
    part: Participation,
    corrected: Identity,
    seen: UUID | None,
    by: Member,
    at: datetime,
    *,
    request: UUID | None,
) -> Correction:
    on, right = at.astimezone(ZoneInfo(by.time_zone)).date(), tidied(corrected)
    for _ in range(_TRIES):
        if last_of(part.case_id) != seen:
            raise Refused(WENT_FIRST)
        known = reading([part], lambda keys: _opened(part.case_id, keys))
        if known is None:
            raise Refused(DESTROYED)
        was, former, key = known.stored, known.identity, known.key
        check(
            Fault(said, field or None)
            for field, said in correction_problems(former, right, on=on).items()
        )  # fmt: skip
        new = uuid7()
        sealed = crypto.encrypt(key, identity_to_bytes(former), at=former_place(new))
        again = crypto.encrypt(key, identity_to_bytes(right), at=identity_place(part.case_id))
        fields = list(changed_fields(former, right))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT correct_identity(%s, %s, %s, %s, %s, %s, %s, %s)",
                [new, part.case_id, fields, was, sealed, again, request, by.user],
            )
            if cursor.fetchone()[0]:
                return Correction.objects.get(pk=new)
    raise Refused(WENT_FIRST)


@dataclass(frozen=True, slots=True)
class _Opened:
    """What is stored of a case, what it says, and its key."""

    stored: bytes
    identity: Identity
    key: bytes


def _opened(case: UUID, keys: dict[UUID, bytes]) -> _Opened | None:
    """None without a key."""
    row, key = Beneficiary.objects.filter(case_id=case).first(), keys.get(case)
    if row is None or key is None:
        return None
    was = bytes(row.identity)
    return _Opened(was, identity_from_bytes(crypto.decrypt(key, was, at=identity_place(case))), key)


def _journal(verb: str, part: Participation, by: Member, fields: tuple[str, ...], why: str = "") -> None:
    record(
        verb=verb, object_type=part.kind, object_ref=part.case_id, by=by.user, organisation=by.organisation, fields=fields, reason=why,
    )  # fmt: skip
