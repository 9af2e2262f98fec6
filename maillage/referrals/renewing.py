"""A new key for each case of an organisation: what the case holds is encrypted again and sealed again, all in one transaction.

For the worker's role or the owner's. Whoever had kept the former key reads nothing that is written from then on, nor
what is in the database: only what copies of it, made before, still hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

from django.db import connection, transaction

from maillage.beneficiaries.actions import encrypt_mandate_again, encrypt_person_again
from maillage.beneficiaries.correcting import encrypt_formers_again
from maillage.cases.actions import CasePart, case_parts, renew_case_key
from maillage.conventions.solicitations.renewing import encrypt_solicitations_again, solicitations_to_renew
from maillage.core import crypto
from maillage.core.row_security import acting
from maillage.exchange.renewing import encrypt_messages_again, messages_to_renew
from maillage.referrals.actions import narrative_place, situation_place
from maillage.referrals.sealed_words import encrypt_words_again, words_to_renew
from maillage.vault.actions import SealedKey, vault
from maillage.vault.renewing import PAGE, Done, Tell, in_batches, retried

BATCH = 50
"""Cases of one transaction."""
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Also:
    """What a room above keeps sealed with the keys of cases: read and locked before a case gets a new key, then encrypted again.

    `encrypt_again(case, rows, former=, key=)` answers False when a row was written again meanwhile.
    """

    to_renew: Callable[[UUID], list[Any]]
    encrypt_again: Callable[..., bool]


class _Changed(Exception):
    """Something of the case was sealed or written again between reading and writing: to try once more."""


def renew_cases(
    organisation: UUID,
    *,
    before: datetime,
    batch: int = BATCH,
    tell: Tell = lambda _: None,
    also: Sequence[Also] = (),
) -> Done:
    """Give a new key to each running case of an organisation whose key was made before an instant; `also`: what rooms above hold.

    Started again with the same instant it goes on where it was. A case that does not open is left as it is, and counted.
    """
    found, last = Done(), None
    while page := _page(organisation, before, last):
        last = page[-1].case
        for rows in in_batches(page, batch):
            found += retried(lambda rows=rows: _renew_all(organisation, rows, also))  # type: ignore[misc]  # bound now
            tell(found.changed)
    return found


def _page(organisation: UUID, before: datetime, last: UUID | None) -> Sequence[SealedKey]:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM cases_to_renew(%s, %s, %s)", [before, last, PAGE])
        return [SealedKey(case, organisation, under, bytes(key)) for case, under, key in cursor.fetchall()]


def _renew_all(organisation: UUID, rows: Sequence[SealedKey], also: Sequence[Also]) -> Done:
    """What one transaction did. Whose key was destroyed opens nothing: another participant renews the case for itself."""
    found = Done()
    with transaction.atomic(), acting(organisation=organisation):
        for row in rows:
            if not vault().store.is_destroyed(organisation, row.convention):
                found += Done(1) if _renew(row, also) else Done(unreadable=1)
    return found


def _renew(row: SealedKey, also: Sequence[Also]) -> bool:
    for _ in range(_TRIES):
        try:
            with transaction.atomic():
                return _renew_once(row.case, row.organisation, also)
        except _Changed:
            continue
        except crypto.DecryptionError:
            return False
    return False


def _renew_once(case: UUID, organisation: UUID, also: Sequence[Also]) -> bool:
    # Locked first, as by whoever works the referral: then its participations.
    above = [one.to_renew(case) for one in also]
    with connection.cursor() as cursor:
        cursor.execute("SELECT narrative_to_renew(%s), situation_to_renew(%s)", [case, case])
        narrative, situation = cursor.fetchone()
    asked, words = solicitations_to_renew(case), words_to_renew(case)
    written = messages_to_renew(case)
    parts = case_parts(case)
    former = _key(parts, organisation)
    if former is None:
        return False
    key = crypto.new_key()
    if not renew_case_key(case=case, key=key, parts=parts) or not encrypt_person_again(
        case=case, former=former, key=key
    ):
        raise _Changed
    if not encrypt_formers_again(case=case, former=former, key=key) or not encrypt_mandate_again(
        case=case, former=former, key=key
    ):
        raise _Changed
    if narrative is not None and not _encrypt_again("narrative", case, bytes(narrative), former, key):
        raise _Changed
    if situation is not None and not _encrypt_again("situation", case, bytes(situation), former, key):
        raise _Changed
    if not encrypt_solicitations_again(asked, former=former, key=key):
        raise _Changed
    if not encrypt_words_again(case, words, former=former, key=key):
        raise _Changed
    if not encrypt_messages_again(case, written, former=former, key=key):
        raise _Changed
    if not all(
        one.encrypt_again(case, rows, former=former, key=key) for one, rows in zip(also, above, strict=True)
    ):
        raise _Changed
    return True


def _key(parts: Sequence[CasePart], organisation: UUID) -> bytes | None:
    own = [part.key for part in parts if part.key.organisation == organisation]
    return next(iter(vault().open_case_keys(own).values()), None)


_AGAIN: Final = {
    "narrative": (narrative_place, "SELECT encrypt_narrative_again(%s, %s, %s)"),
    "situation": (situation_place, "SELECT encrypt_situation_again(%s, %s, %s)"),
}


def _encrypt_again(
    what: Literal["narrative", "situation"], case: UUID, sealed: bytes, former: bytes, key: bytes
) -> bool:
    place_of, statement = _AGAIN[what]
    place = place_of(case)
    again = crypto.encrypt(key, crypto.decrypt(former, sealed, at=place), at=place)
    with connection.cursor() as cursor:
        cursor.execute(statement, [case, sealed, again])
        return bool(cursor.fetchone()[0])
