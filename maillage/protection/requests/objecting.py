"""An objection that is upheld: what is open ends, nothing more is sent along that flow, whoever else has her data is told (GDPR 19, 21)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError, transaction

from maillage.beneficiaries import stopping
from maillage.beneficiaries.models import Objection
from maillage.beneficiaries.rules import Person, known_as
from maillage.cases.models import Authorisation, Participation
from maillage.catalogue.services import service_name
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.protection.breaches.saying import text_faults
from maillage.protection.policies import can_follow
from maillage.protection.requests.ending import end_for_her
from maillage.protection.requests.models import RequestFile
from maillage.protection.requests.queries import parts_in, person_of
from maillage.protection.requests.receiving import read_identities, require_follower
from maillage.protection.requests.restricting import told_to_others
from maillage.protection.requests.rules import Told
from maillage.protection.requests.saying import tell_journal
from maillage.referrals.references import reference

SQLSTATE: Final = "MF021"
"""What PostgreSQL answers to whoever would use a case of which one's own organisation granted the objection."""
SHOWN: Final = 50
NOTED: Final = (
    "nous ne gardons aucun dossier sur vous. Votre opposition est notée : notre organisme n’enverra rien sur vous pour ces services, et"
    " n’utilisera pas ce qu’on lui enverrait. Pour la respecter, nous gardons de quoi vous reconnaître, chiffré, et rien d’autre ;"
    " dites-nous si vous changez d’avis."
)
"""Told to somebody of whom no case is kept: what is kept of her from now on, and why (GDPR art. 21)."""
OBJECTED: Final = (
    "Opposition de la personne (RGPD, article 21) : ce dossier est fini ; n’en ouvrez pas d’autre pour elle."
)


def is_refusal(error: BaseException) -> bool:
    """Whether this is the database refusing to use a case to which the person objected."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    return getattr(cause, "sqlstate", None) == SQLSTATE


@dataclass(frozen=True, slots=True)
class OpenFlow:
    """What may be sent about somebody between one's own organisation and another, under a convention in force."""

    counterpart: UUID
    service: str
    name: str
    label: str
    is_sent: bool

    @property
    def key(self) -> str:
        """What a form posts for it."""
        return f"{self.counterpart}:{self.service}"


def flows_open(by: Member, at: datetime) -> list[OpenFlow]:
    """What one's own organisation may send, or receive, today; each organisation and service once."""
    rows = Authorisation.objects.filter(open_during__contains=at).exclude(service="")
    found: dict[str, OpenFlow] = {}
    for row in rows.select_related("sender", "recipient").order_by("service", "id"):
        is_sent = row.sender_id == by.organisation
        other = row.recipient if is_sent else row.sender
        one = OpenFlow(other.pk, row.service, other.name, service_name(row.service, row.label), is_sent)
        found.setdefault(one.key, one)
    return sorted(found.values(), key=lambda one: (not one.is_sent, one.name, one.label))


def stop(*, file: RequestFile, flows: Sequence[str] = (), by: Member, at: datetime) -> int:
    """End what is open of hers, stop the flows of her cases and these (`OpenFlow.key`), tell whoever takes part in her cases; how many
    organisations are told. Somebody who was never sent is so kept from being, by the digests that recognise her and nothing more.

    What one's own side has no way to end refuses this answer, so that no letter says that it stopped before it did. Raises Refused at
    `outcome`, `flows`.
    """
    offered = {one.key: (one.counterpart, one.service) for one in flows_open(by, at)} if flows else {}
    if not set(flows) <= set(offered):
        raise Refused("Choisissez dans la liste.", "flows")
    parts = parts_in(by, file.cases)
    stopped = {(_other(part, by), part.case.service) for part in parts} | {offered[key] for key in flows}
    stopping.alone_on(stopped, by)
    still = [
        reference(part.case_id)
        for part in parts
        if part.closed_at is None and not end_for_her(part, by=by, at=at)
    ]
    if still:
        raise Refused(
            "Votre organisme ne peut pas terminer d’ici tout ce qui est en cours pour elle : une demande de droit se décide, une"
            " limitation se lève, un rendez-vous passé se note. Terminez-le d’abord, puis notez cette réponse. Dossiers encore"
            f" ouverts : {', '.join(still)}.",
            "outcome",
            "RGPD, article 21",
        )
    stopping.mark(flows=stopped, people=_people(file, parts, by), request=file.request_id, by=by, at=at)
    return told_to_others(
        request=file.request_id, cases=file.cases, what=OBJECTED, kind=Told.OBJECTION, by=by
    )


def objections_of(file: RequestFile, by: Member) -> list[Objection]:
    """What one's own organisation stopped for this request and has not lifted."""
    return list(stopping.objections(by, file.request_id))


def came_all_the_same(by: Member) -> list[Participation]:
    """Her open cases that her objection, which one's own organisation granted, does not let be used: each is to be ended."""
    return stopping.came_all_the_same(by, limit=SHOWN) if can_follow(by) else []


@transaction.atomic
def lift(*, file: RequestFile, why: str, by: Member, at: datetime) -> int:
    """Lift the objection, since she changed her mind; how many flows are open to her again.

    Raises PermissionDenied, Refused at `why`.
    """
    require_follower(by)
    rows = objections_of(file, by)
    if not rows:
        raise Refused("Aucune opposition n’est en cours pour cette demande.", "why")
    faults = [one for one in text_faults({"why": why}, by=by, needed=("why",)) if one]
    if faults:
        raise Refused.because(faults)
    lifted = stopping.lift(rows=rows, why=why, by=by, at=at)
    tell_journal("lift_objection", file.request_id, by)
    return lifted


def _other(part: Participation, by: Member) -> UUID:
    case = part.case
    return case.caisse_id if case.sender_id == by.organisation else case.sender_id


def _people(file: RequestFile, parts: Sequence[Participation], by: Member) -> list[Person]:
    """As she says who she is, and as each of her cases does."""
    asker = person_of(file)
    said = [("", asker.surname, asker.birth_date)] if asker is not None else []
    known = read_identities(parts, by=by, why="opposition de la personne")
    return [*said, *map(known_as, known.values())]
