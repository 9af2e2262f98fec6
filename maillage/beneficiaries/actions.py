"""Writing down the person of a case, and what she was told."""

from datetime import date, datetime
from uuid import UUID

from django.db import connection, transaction

from maillage.beneficiaries.agreement import Agreement, settled
from maillage.beneficiaries.models import Beneficiary, Consent, Information
from maillage.beneficiaries.rules import Identity, Told, identity_to_bytes
from maillage.core import crypto
from maillage.core.statements import insert
from maillage.organisations.member import Member


def identity_place(case: UUID) -> bytes:
    """Where an encrypted identity belongs: moved to another case, it no longer opens."""
    return crypto.place("beneficiaries_beneficiary", "identity", case)


@transaction.atomic(savepoint=False)  # part of a sending: it stands or falls with it
def register_person(*, case: UUID, key: bytes, identity: Identity) -> None:
    """Keep the identity of the person of a case, encrypted with the case's key."""
    sealed = crypto.encrypt(key, identity_to_bytes(identity), at=identity_place(case))
    insert(Beneficiary(case_id=case, identity=sealed))


def encrypt_person_again(*, case: UUID, former: bytes, key: bytes) -> bool:
    """Encrypt the identity with the key that its case has just got, in the same transaction; False when it changed meanwhile.

    A case without a person has nothing to encrypt. Raises DecryptionError. For the worker's role.
    """
    row = Beneficiary.objects.filter(case_id=case).first()
    if row is None:
        return True
    place, sealed = identity_place(case), bytes(row.identity)
    again = crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)
    with connection.cursor() as cursor:
        cursor.execute("SELECT encrypt_identity_again(%s, %s, %s)", [case, sealed, again])
        return bool(cursor.fetchone()[0])


@transaction.atomic(savepoint=False)  # part of a sending: it stands or falls with it
def record_information(*, case: UUID, told: Told, recipient: UUID, by: Member) -> date:
    """Keep the proof that the person was told, and of which recipient (H7, H18)."""
    row = Information(
        case_id=case,
        given_on=told.given_on,
        means=told.means,
        language=told.language,
        notice=told.notice,
        by=by.user,
        recipient_id=recipient,
    )
    insert(row)
    return told.given_on


def mandate_place(case: UUID) -> bytes:
    """Where the encrypted reference of a mandate belongs."""
    return crypto.place("beneficiaries_consent", "sealed_mandate", case)


@transaction.atomic(savepoint=False)  # part of a sending: it stands or falls with it
def record_consent(*, case: UUID, key: bytes, agreement: Agreement, by: Member, at: datetime) -> None:
    """Keep what the person answered, or that nobody asked her; the reference of a mandate is encrypted with the case's key."""
    kept = settled(agreement)
    mandate = crypto.encrypt(key, kept.mandate.encode(), at=mandate_place(case)) if kept.mandate else None
    row = Consent(
        case_id=case,
        answer=kept.answer,
        how=kept.how,
        sealed_mandate=mandate,
        progress=kept.progress,
        noted_at=at,
        noted_by=by.user,
    )
    insert(row)


def encrypt_mandate_again(*, case: UUID, former: bytes, key: bytes) -> bool:
    """Encrypt the reference of a mandate with the key that its case has just got; False when it changed meanwhile.

    Raises DecryptionError. For the worker's role.
    """
    sealed = Consent.objects.filter(case_id=case).values_list("sealed_mandate", flat=True).first()
    if sealed is None:
        return True
    again = crypto.encrypt(
        key, crypto.decrypt(former, bytes(sealed), at=mandate_place(case)), at=mandate_place(case)
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT encrypt_mandate_again(%s, %s, %s)", [case, bytes(sealed), again])
        return bool(cursor.fetchone()[0])
