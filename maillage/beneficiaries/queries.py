"""Reading the persons of cases whose keys one holds."""

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from maillage.beneficiaries.actions import identity_place, mandate_place
from maillage.beneficiaries.models import Beneficiary, BlindIndex, Consent, Information
from maillage.beneficiaries.rules import Identity, identity_from_bytes, searched_as
from maillage.cases.following import running
from maillage.cases.models import Case
from maillage.cases.queries import reading, visible_to
from maillage.core import crypto
from maillage.organisations.member import Member
from maillage.vault.actions import vault

KNOWN_AT_MOST: Final = 1_000
"""Cases of one person whose names are looked for in a text, the newest first: each is opened to be compared."""

FOUND_AT_MOST: Final = 500
"""Cases that a search finds: a common surname alone has more in a large caisse, and the page shows fifty."""


def identities(keys: Mapping[UUID, bytes]) -> dict[UUID, Identity]:
    """The identity of each case whose key is given, in one query; raises DecryptionError for a row that was tampered with."""
    rows = Beneficiary.objects.filter(case_id__in=list(keys))
    return {
        row.case_id: identity_from_bytes(
            crypto.decrypt(keys[row.case_id], bytes(row.identity), at=identity_place(row.case_id))
        )
        for row in rows
    }


def identities_in(keys: Mapping[UUID, bytes], sealed: Mapping[UUID, bytes]) -> dict[UUID, Identity]:
    """As `identities`, from rows that were read already with something else; asked anew when a key was renewed since."""
    try:
        return {
            case: identity_from_bytes(crypto.decrypt(keys[case], found, at=identity_place(case)))
            for case, found in sealed.items()
            if case in keys
        }
    except crypto.DecryptionError:
        return identities(keys)


def names_followed(member: Member, convention: UUID) -> list[tuple[str, str]]:
    """Surname and given name of those whose cases the member follows under a convention: what she must not write elsewhere.

    Compared with what she typed and shown to nobody: no reading is journalled.
    """
    mine = running(member).filter(user_id=member.user, until__isnull=True, case_id=OuterRef("case_id"))
    rows = visible_to(member).filter(Exists(mine), convention_id=convention).order_by("-since", "-id")
    known = reading(list(rows[:KNOWN_AT_MOST]), identities)
    return [(one.surname, one.given_name) for one in known.values()]


def cases_of_person(
    *, by: Member, nir: str = "", surname: str = "", birth_date: date | None = None
) -> list[UUID]:
    """The cases of a person in the member's own organisation, found by her NIR, or by her surname, with her birth date
    where it is known.

    The newest first, `FOUND_AT_MOST` of them. By keyed digests: nothing is decrypted, and what a job has not indexed yet is not
    found (a minute or two).
    """
    rows = indexed_under(by=by, nir=nir, surname=surname, birth_date=birth_date)
    return list(rows.order_by("-case_id").values_list("case_id", flat=True).distinct()[:FOUND_AT_MOST])


def indexed_under(
    *, by: Member, nir: str = "", surname: str = "", birth_date: date | None = None
) -> QuerySet[BlindIndex]:
    """The lines of the organisation's index under which a person is found, to be asked for with something else."""
    key = vault().index_key(by.organisation)
    searched = searched_as(nir=nir, surname=surname, birth_date=birth_date)
    if key is None or not searched:
        return BlindIndex.objects.none()
    wanted = Q()
    for kind, values in searched.items():
        wanted |= Q(kind=kind, digest=crypto.blind_index(key, kind, *values))
    return BlindIndex.objects.filter(wanted, organisation=by.organisation)


def consent_of(case: Case) -> Consent | None:
    """What the person of this case answered; None for what was sent before answers were kept."""
    return getattr(case, "consent", None)


def mandate_of(case: Case, key: bytes | None) -> str:
    """The reference of the mandate by which she agreed; empty without one, or without the key. Raises DecryptionError."""
    found = consent_of(case)
    if found is None or found.sealed_mandate is None or key is None:
        return ""
    return crypto.decrypt(key, bytes(found.sealed_mandate), at=mandate_place(case.id)).decode()


def information_of(case: UUID) -> Information | None:
    """What the person of this case was told first, with its recipient."""
    return Information.objects.filter(case_id=case).select_related("recipient").order_by("id").first()
