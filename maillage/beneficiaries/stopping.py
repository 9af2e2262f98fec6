"""A person objected to a flow: nothing more of hers is sent along it by that organisation until the objection is lifted (GDPR art. 21)."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BinaryField, F, Func, OuterRef, Q, QuerySet, Subquery

from maillage.beneficiaries.models import BlindIndex, Objection
from maillage.beneficiaries.rules import LONGEST_WHY, Identity, Person, known_as, stays_hers, surely
from maillage.cases.freezing import restrained
from maillage.cases.models import Participation
from maillage.cases.queries import visible_to
from maillage.core import crypto
from maillage.core.calendar import french
from maillage.core.identifiers import uuid7
from maillage.core.refusals import Fault, Refused, check
from maillage.organisations.member import Member
from maillage.vault.actions import vault
from maillage.vault.own_seals import seal_again
from maillage.vault.renewing import BATCH, Done, Tell

CHANGED_HER_MIND: Final = (
    "si elle a changé d’avis, demandez à qui veille aux données personnelles dans votre organisme de lever l’opposition,"
    " puis recommencez."
)

_INSTEAD: Final = {
    (
        "referral",
        "recipient",
    ): "Accusez réception de la demande si ce n’est pas fait, puis refusez-la, ou terminez-la.",
    ("referral", "sender"): "Arrêtez la demande.",
    (
        "application",
        "recipient",
    ): "Refusez la demande, ou demandez à l’organisme qui l’a déposée de la retirer.",
    ("application", "sender"): "Retirez la demande.",
}
_CANCEL: Final = "Annulez le rendez-vous, à la demande de la personne."

Flow = tuple[UUID, str]
"""The other organisation and the service."""


_LOCK: Final = 7307  # the class of the advisory locks on a flow
_ALONE: Final = "SELECT pg_advisory_xact_lock(%s, hashtext(%s))"
_WITH_OTHERS: Final = "SELECT pg_advisory_xact_lock_shared(%s, hashtext(%s))"


def alone_on(flows: Iterable[Flow], by: Member) -> None:
    """Until the end of this transaction nothing is sent along these flows by one's own organisation: of an objection and a sending at
    once, one sees the other. Taken before any case is touched, so that neither waits for what the other holds.
    """
    _held(_ALONE, flows, by)


def _held(lock: str, flows: Iterable[Flow], by: Member) -> None:
    with connection.cursor() as cursor:
        for counterpart, service in sorted(set(flows)):
            cursor.execute(lock, [_LOCK, f"{by.organisation}:{counterpart}:{service}"])


def mark(
    *, flows: Iterable[Flow], people: Iterable[Person], request: UUID, by: Member, at: datetime
) -> list[Objection]:
    """Stop these flows for somebody, known by each of the ways in which she was written down.

    An organisation without any case yet gets the key of its index here: what comes later is recognised by it. Raises Refused at
    `outcome` where nothing of her could find her again.
    """
    wanted = sorted(set(flows))
    alone_on(wanted, by)
    known = [person for person in people if surely(person)]
    if not known:
        raise Refused(
            "Rien ne permettrait de la reconnaître : il faut son nom et sa date de naissance, ou son numéro. Complétez qui demande.",
            "outcome",
        )
    key = vault().ensure_index_key(by.organisation)
    digests = sorted({one for person in known for one in _digests(key, person)})
    rows = [
        Objection(
            id=uuid7(), organisation_id=by.organisation, counterpart_id=counterpart, service=service, request_id=request,
            digests=digests, since=at, noted_by=by.user,
        )
        for counterpart, service in wanted
    ]  # fmt: skip
    said = _to_bytes(known)
    sealed = vault().seal_many_for_self(
        [(said, person_place(row.id)) for row in rows], organisation=by.organisation
    )
    for row, one in zip(rows, sealed, strict=True):
        row.sealed = one
    return Objection.objects.bulk_create(rows)


def mark_again(organisation: UUID) -> int:
    """Make the digests of an organisation's running objections again, under the key that its index has just got; how many are left
    as they were, since whom they are about was not kept. For the worker's role or the owner's, in the renewal's own transaction.

    Raises KeyDestroyed, DecryptionError.
    """
    key = vault().index_key(organisation)
    rows = Objection.objects.filter(organisation=organisation, lifted_at=None)
    known = list(rows.select_for_update().order_by("id")) if key else []
    for row in known:
        if key and row.sealed is not None:
            people = _from_bytes(vault().open_for_self(bytes(row.sealed), at=person_place(row.id)))
            row.digests = sorted({one for person in people for one in _digests(key, person)})
            row.save(update_fields=["digests"])
    return sum(row.sealed is None for row in known)


def keep_hers(organisation: UUID, *, case: UUID, chain: Sequence[Person], key: bytes) -> int:
    """Let an organisation's running objections that knew the person of a case know her as it says her now: `chain`, what it said before
    each correction, then now. What was wrong leaves them, unless another of its cases still says it; how many changed.

    For the worker's role or the owner's, where the case is indexed again. One noted before whom it is about was kept stays as it was.
    Raises KeyDestroyed, DecryptionError.
    """
    rows = Objection.objects.filter(organisation=organisation, lifted_at=None).exclude(sealed=None)
    changed = 0
    for row in rows.select_for_update().order_by("id"):
        people = known = _from_bytes(vault().open_for_self(bytes(row.sealed or b""), at=person_place(row.id)))
        for former, corrected in pairwise(chain):
            if stays_hers(known, former, corrected):
                still = _says_so(organisation, former, case, key)
                known = [
                    *(one for one in known if one != corrected and (one != former or still)),
                    corrected,
                ]
        if known != people:
            row.digests = sorted({one for person in known for one in _digests(key, person)})
            row.sealed = vault().seal_for_self(
                _to_bytes(known), organisation=organisation, at=person_place(row.id)
            )
            row.save(update_fields=["digests", "sealed"])
            changed += 1
    return changed


def _says_so(organisation: UUID, person: Person, case: UUID, key: bytes) -> bool:
    """Whether another case of the organisation is of somebody of this name, born that day."""
    values = surely(person).get("name_birth", ())
    rows = BlindIndex.objects.filter(organisation=organisation, kind="name_birth")
    digest = crypto.blind_index(key, "name_birth", *values)
    return rows.filter(digest=digest).exclude(case_id=case).exists()


def reseal_objections(
    organisation: UUID, *, pairs: Sequence[UUID], batch: int = BATCH, tell: Tell = lambda _: None
) -> Done:
    """Seal again whom objections are about that are under these retired pairs; for the worker's role or the owner's."""
    return seal_again(Objection, person_place, organisation=organisation, pairs=pairs, batch=batch, tell=tell)


def person_place(objection: UUID) -> bytes:
    """Where whom an objection is about belongs, sealed."""
    return crypto.place("beneficiaries_objection", "sealed", objection)


def objections(by: Member, request: UUID) -> QuerySet[Objection]:
    """What one's own organisation stopped for a request and has not lifted."""
    rows = Objection.objects.filter(organisation=by.organisation, request_id=request, lifted_at=None)
    return rows.select_related("counterpart").order_by("counterpart__sort_name", "service", "id")


def lift(*, rows: Iterable[Objection], why: str, by: Member, at: datetime) -> int:
    """Lift objections: their digests go with whom they are about, and only that it was lifted, when and why stays. How many.

    Raises Refused at `why`.
    """
    words = why.strip()
    check([None if words else Fault("Dites pourquoi : ce qu’elle a dit, et comment.", "why")])
    check([Fault(f"{LONGEST_WHY} caractères au plus.", "why") if len(words) > LONGEST_WHY else None])
    known = Objection.objects.filter(
        pk__in=[one.pk for one in rows], organisation=by.organisation, lifted_at=None
    )
    return known.update(digests=[], sealed=None, lifted_at=at, lifted_by=by.user, lifted_why=words)


def objected_since(*, person: Identity, counterpart: UUID, service: str, by: Member) -> datetime | None:
    """Since when she objects to this flow, as one's own organisation noted it; None when she does not. Reads no other's data."""
    rows = Objection.objects.filter(
        organisation=by.organisation, counterpart=counterpart, service=service, lifted_at=None
    )
    running = list(rows.order_by("since").values_list("since", "digests"))
    key = vault().index_key(by.organisation) if running else None
    if key is None:
        return None
    hers = _digests(key, known_as(person))
    return next((since for since, known in running if hers & set(map(bytes, known))), None)


def must_not_object(*, person: Identity, counterpart: UUID, service: str, by: Member) -> None:
    """Raise Refused, with what to do, where she objected to this flow: nothing is sent. An objection that is being granted is waited
    for; one that comes after waits for this sending.
    """
    _held(_WITH_OTHERS, [(counterpart, service)], by)
    since = objected_since(person=person, counterpart=counterpart, service=service, by=by)
    if since is not None:
        day = french(since.astimezone(ZoneInfo(by.time_zone)).date())
        raise Refused(
            f"Cette personne s’est opposée le {day} à l’envoi de ses données pour ce service. Rien n’est parti, ce que vous avez écrit"
            f" est gardé ; {CHANGED_HER_MIND}",
            None,
            "RGPD, article 21",
        )


# What came in for her: the digests of her case are those of her objection. Nothing is opened, and only one's own rows are asked.
_STOPPED: Final = """
SELECT stopped.since
  FROM beneficiaries_objection stopped
  JOIN cases_case known ON known.id = %s
 WHERE stopped.organisation_id = %s AND stopped.lifted_at IS NULL
   AND stopped.service = known.service AND stopped.counterpart_id IN (known.sender_id, known.caisse_id)
   AND EXISTS (SELECT FROM beneficiaries_blindindex hers WHERE hers.organisation_id = stopped.organisation_id
                  AND hers.case_id = known.id AND hers.digest = ANY (stopped.digests))
 ORDER BY stopped.since
 LIMIT 1
"""


def must_not_be_stopped(*, case: UUID, kind: str, by: Member) -> None:
    """Raise Refused, with what to do with a case of this kind, where one's own organisation granted her objection to its flow.

    As the index knows her: what came in since the last job that indexes (a minute) is known at the next act.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STOPPED, [case, by.organisation])
        row = cursor.fetchone()
    if row is not None:
        raise Refused(
            f"{stopped_words(row[0], by)} {instead(kind)} Rien n’est enregistré ; {CHANGED_HER_MIND}", None, "RGPD, article 21"
        )  # fmt: skip


def instead(kind: str, role: str = "recipient") -> str:
    """What to do with a case of somebody who objected to its flow, by its kind, for one of its sides."""
    return _INSTEAD.get((kind, role), _CANCEL)


def stopped_words(since: datetime, by: Member) -> str:
    """That she objected, for whoever has a case of hers before her."""
    day = french(since.astimezone(ZoneInfo(by.time_zone)).date())
    return (
        f"Cette personne s’est opposée le {day} à ce que votre organisme se serve de ses données pour ce service :"
        " n’utilisez pas ce dossier."
    )


def with_stopped(rows: QuerySet[Participation], by: Member) -> QuerySet[Any]:
    """The participations with `stopped_since`, since when she objects to their flow as one's own organisation noted it, and
    `stopped_for`, the request that it answers; None where she does not. No query more."""
    hers = BlindIndex.objects.filter(organisation=by.organisation, case_id=OuterRef(OuterRef("case_id")))
    found = Objection.objects.filter(
        Q(counterpart=OuterRef("case__sender_id")) | Q(counterpart=OuterRef("case__caisse_id")),
        organisation=by.organisation,
        lifted_at=None,
        service=OuterRef("case__service"),
        digests__overlap=ArraySubquery(hers.values("digest")),
    ).order_by("since", "id")
    said = {"stopped_since": Subquery(found.values("since")[:1]), "stopped_for": Subquery(found.values("request_id")[:1])}  # fmt: skip
    return rows.annotate(**said)


def came_all_the_same(by: Member, *, limit: int) -> list[Any]:
    """The open cases of those who object to their flow, with `stopped_since` and `stopped_for`: they came after, or were not
    ticked. The first objection first; a case that is restricted waits until it no longer is."""
    known = Objection.objects.filter(organisation=by.organisation, lifted_at=None)
    digests = known.annotate(one=Func(F("digests"), function="unnest", output_field=BinaryField()))
    hers = BlindIndex.objects.filter(
        organisation=by.organisation, kind__in=["nir", "name_birth"], digest__in=digests.values("one")
    )
    cases = list(hers.values_list("case_id", flat=True).distinct())
    if not cases:
        return []  # no objection runs, nearly always: nothing else is asked
    rows = visible_to(by).filter(closed_at=None, case_id__in=cases).exclude(restrained())
    found = with_stopped(rows, by).filter(stopped_since__isnull=False).select_related("case__sender")
    return list(found.order_by("stopped_since", "id")[:limit])


def _to_bytes(people: Iterable[Person]) -> bytes:
    return json.dumps([[nir, surname, born and born.isoformat()] for nir, surname, born in people]).encode()


def _from_bytes(data: bytes) -> list[Person]:
    return [
        (nir, surname, date.fromisoformat(born) if born else None) for nir, surname, born in json.loads(data)
    ]


def _digests(key: bytes, person: Person) -> set[bytes]:
    return {crypto.blind_index(key, kind, *values) for kind, values in surely(person).items()}
