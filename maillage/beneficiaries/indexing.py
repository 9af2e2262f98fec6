"""Keyed digests of the people of each organisation's cases, made by jobs under that organisation. For the worker's role or the owner's."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from maillage.beneficiaries.correcting import formers
from maillage.beneficiaries.models import BlindIndex, Correction, Objection
from maillage.beneficiaries.queries import identities
from maillage.beneficiaries.rules import Identity, indexed_as, known_as
from maillage.beneficiaries.stopping import keep_hers, mark_again
from maillage.cases.models import Participation
from maillage.cases.queries import reading
from maillage.core import crypto
from maillage.core.row_security import acting
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed

BATCH: Final = 200
_LOCK: Final = 7302
"""Of an organisation's index: shared by the jobs that add to it, alone for who renews its key."""
_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What was done: cases indexed, and those left out since nobody opens them here any more."""

    indexed: int = 0
    left_out: int = 0


def index_waiting(*, tell: Callable[[int], None] = lambda _: None) -> Indexed:
    """Index every case that waits, organisation by organisation; each batch is committed by itself."""
    done, failed = Indexed(), set[UUID]()
    while found := _waiting(failed):
        organisation, cases = found
        try:
            indexed = _index_batch(organisation, cases)
        except crypto.DecryptionError:  # the key of its index opens with no master key: the others go on
            _logger.error("the index key of organisation %s does not open", organisation)  # noqa: TRY400 - nothing more to say
            failed.add(organisation)
            continue
        done = Indexed(done.indexed + indexed, done.left_out + len(cases) - indexed)
        tell(done.indexed)
    return done


def index_again(organisation: UUID) -> int:
    """Forget the digests of an organisation and put all its cases among those that wait; how many were added. Those of its running
    objections are made again at once."""
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        mark_again(organisation)
        cursor.execute("SELECT index_again()")
        return int(cursor.fetchone()[0])


def renew_index(organisation: UUID) -> int | None:
    """A new key for an organisation's index: its digests are forgotten and all its cases wait to be indexed under it. Those of its
    running objections are made again at once: nobody who objected is sent meanwhile.

    How many wait; None when it had no index. A job that is indexing under the former key is waited for, and the next one
    reads the new key.
    """
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK, str(organisation)])
        if not vault().renew_index_key(organisation):
            return None
        if left := mark_again(organisation):
            _logger.error(
                "%d objections of organisation %s were noted before whom they are about was kept: note them again",
                left,
                organisation,
            )
        cursor.execute("SELECT index_again()")
        return int(cursor.fetchone()[0])


def _index_batch(organisation: UUID, cases: Sequence[UUID]) -> int:
    with transaction.atomic(), acting(organisation=organisation), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))", [_LOCK, str(organisation)])
        # They wait no more before they are read: an identity that is corrected meanwhile waits for this, then waits again.
        cursor.execute("SELECT persons_indexed(%s)", [list(cases)])
        return _index(organisation, cases)


def _waiting(failed: set[UUID]) -> tuple[UUID, Sequence[UUID]] | None:
    """Some cases that wait, all of one organisation: ids, which jobs may ask of all."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, of_case FROM persons_to_index(%s, %s)", [sorted(failed), BATCH])
        rows = cursor.fetchall()
    return (rows[0][0], [case for _, case in rows]) if rows else None


def _index(organisation: UUID, cases: Sequence[UUID]) -> int:
    """How many of these cases could be read and are indexed."""
    key = vault().ensure_index_key(organisation)
    running = Q(until__isnull=True) | Q(until__gt=Now())
    parts = list(
        Participation.objects.filter(running, organisation=organisation, case_id__in=cases).order_by(
            "case_id"
        )
    )
    people = _people(parts)
    _follow_corrections(organisation, parts, people, key)
    rows = [row for case, person in people.items() for row in _rows(organisation, case, person, key)]
    _forget_former(organisation, people, rows)
    BlindIndex.objects.bulk_create(rows, ignore_conflicts=True)
    return len(people)


def _forget_former(organisation: UUID, cases: Iterable[UUID], rows: Iterable[BlindIndex]) -> None:
    """Nobody is found any more under what was wrong: the digests of these cases that are no longer theirs are removed."""
    right = {(row.case_id, row.kind, bytes(row.digest)) for row in rows}
    known = BlindIndex.objects.filter(organisation=organisation, case_id__in=list(cases))
    former = [one.pk for one in known if (one.case_id, one.kind, bytes(one.digest)) not in right]
    if former:
        known.filter(pk__in=former).delete()


def _follow_corrections(
    organisation: UUID, parts: Sequence[Participation], people: Mapping[UUID, Identity], key: bytes
) -> None:
    """An objection that runs knows her as her corrected case says her."""
    if not Objection.objects.filter(organisation=organisation, lifted_at=None).exists():
        return
    rows = Correction.objects.filter(case_id__in=list(people))
    corrected = set(rows.values_list("case_id", flat=True))
    for part in (one for one in parts if one.case_id in corrected):
        case = part.case_id
        try:
            past = reading([part], lambda keys, case=case: formers(case, keys.get(case)))  # type: ignore[misc]  # bound now
            chain = [known_as(one.identity) for one in past if one.identity is not None]
            keep_hers(organisation, case=case, chain=[*chain, known_as(people[case])], key=key)
        except (crypto.DecryptionError, KeyDestroyed):
            _logger.error("an objection does not follow the corrections of case %s", case)  # noqa: TRY400 - nothing more to say


def _people(parts: Sequence[Participation]) -> dict[UUID, Identity]:
    """Who is in these cases; one that was altered leaves out itself, not the others."""
    try:
        return reading(parts, identities)
    except crypto.DecryptionError:
        found: dict[UUID, Identity] = {}
        for part in parts:
            try:
                found |= reading([part], identities)
            except crypto.DecryptionError:
                continue
        return found


def _rows(organisation: UUID, case: UUID, person: Identity, key: bytes) -> Iterator[BlindIndex]:
    for kind, values in indexed_as(person).items():
        digest = crypto.blind_index(key, kind, *values)
        yield BlindIndex(organisation_id=organisation, case_id=case, kind=kind, digest=digest)
