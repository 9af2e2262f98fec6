"""Reading the enrolments in PRADO: the service that a text gives to a caisse, its own rows, and how many enrolled."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count as Counted
from django.db.models import Q, QuerySet
from django.db.models.functions import TruncMonth

from maillage.audit.actions import record
from maillage.catalogue.facts import FACTS
from maillage.catalogue.services import ENROLLED
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.conventions.lifecycle.queries import visible_to as conventions_of
from maillage.conventions.terms import Terms
from maillage.conventions.terms.criteria import Value
from maillage.conventions.terms.services import Service
from maillage.core.crypto import DecryptionError
from maillage.organisations.member import Member
from maillage.organisations.models import Organisation
from maillage.organisations.roles import Permission
from maillage.referrals.enrolment_files import Mother, mother_of
from maillage.referrals.models import AdhesionRelease, Enrolment, EnrolmentCorrection
from maillage.referrals.prado.models import WAITING
from maillage.referrals.prado.rules import Count, Step, step_of
from maillage.referrals.proposing import prepared
from maillage.referrals.routing.router import Question, Route
from maillage.referrals.routing.situation import situation_of
from maillage.vault.actions import vault
from maillage.vault.store import KeyDestroyed

PAGE: Final = 50
_LAST_PAGE: Final = 10_000


@dataclass(frozen=True, slots=True)
class Rendered:
    """A convention under which the member's caisse renders PRADO, its text of the day, and the service there."""

    convention: LoadedConvention
    terms: Terms
    service: Service

    @property
    def is_open(self) -> bool:
        """Whether enrolments may be opened under it."""
        return self.convention.row.state == "in_force"

    def judged(self, facts: Mapping[str, Value], answers: Mapping[str, bool], on: date) -> Route:
        """The service's own conditions for a mother (S0 art. 2.1), each met, not met or unknown."""
        ready = prepared(self.terms).routing.ready
        situation = situation_of(facts, on=on, answers=answers)
        return next(one for one in ready if one.service.key == self.service.key).of(situation)

    def questions(self, on: date) -> list[Question]:
        """What the visit asks: the facts that the conditions read, and the lines that no fact decides."""
        found: dict[str, Question] = {}
        for requirement in self.judged({}, {}, on).requirements:
            for one in requirement.conditions:
                for key in one.facts:
                    found[key] = Question(key, FACTS[key].question, FACTS[key])
                if not one.facts:
                    found[one.id] = Question(one.id, one.label)
        return list(found.values())


@dataclass(frozen=True, slots=True)
class Opened:
    """An enrolment and its sealed part; None where it no longer opens."""

    row: Enrolment
    mother: Mother | None

    @property
    def step(self) -> Step:
        """What comes next."""
        return standing(self.row)


def standing(row: Enrolment) -> Step:
    """Where an enrolment stands."""
    return step_of(
        eligible=row.eligible,
        presented=row.presented_on is not None,
        answer=row.answer,
        has_midwife=row.has_midwife,
    )


def can_enrol(member: Member) -> bool:
    """Someone of a caisse whose role works with the persons: the adviser who visits the maternity (S0 art. 5)."""
    return member.may(Permission.WORK_REFERRALS)


def prado_of(terms: Terms) -> Service | None:
    """The service of a text that is PRADO maternité."""
    return next((one for one in terms.services if one.key in ENROLLED), None)


def renders(terms: Terms, service: Service, *, party: str, kind: str) -> bool:
    """Whether a party renders the service: it is named, or a network or a service of its own is."""
    network = {third.key: third for third in terms.third_parties}
    return any(
        key == party
        or (
            key in network
            and network[key].of == party
            and (network[key].kind is None or network[key].kind == kind)
        )
        for key in service.debtors
    )


def rendered(member: Member, convention: UUID, *, at: datetime) -> Rendered:
    """The convention as one under which the member's caisse renders PRADO. Raises Convention.DoesNotExist where it does not."""
    known = load(conventions_of(member).get(id=convention))
    terms = known.readable(at.astimezone(known.zone).date())
    service = prado_of(terms)
    mine = known.mine
    if service is None or mine is None or not mine.signs:
        raise Convention.DoesNotExist
    if not renders(terms, service, party=mine.key, kind=member.organisation_kind):
        raise Convention.DoesNotExist
    return Rendered(known, terms, service)


def visible_to(member: Member) -> QuerySet[Enrolment]:
    """The enrolments of the member's organisation; row security says the same."""
    return Enrolment.objects.filter(organisation=member.organisation)


def page_of(
    member: Member, convention: UUID, page: int, *, waiting: bool = True
) -> tuple[list[Opened], bool]:
    """One page of the enrolments under a convention, the newest first, and whether others follow. `waiting`: something is still to do.

    The reading is journalled: names are shown.
    """
    rows = visible_to(member).filter(convention_id=convention).select_related("maternity")
    if waiting:
        rows = rows.filter(WAITING)
    first = (min(max(page, 1), _LAST_PAGE) - 1) * PAGE
    found = [opened(row) for row in rows.order_by("-opened_at", "id")[first : first + PAGE + 1]]
    shown = found[:PAGE]
    record(
        verb="prado.read_list",
        object_type="enrolment",
        object_ref=",".join(str(one.row.id) for one in shown),
        by=member.user,
        organisation=member.organisation,
        fields=("identity",),
    )
    return shown, len(found) > PAGE


def waiting(member: Member) -> QuerySet[Enrolment]:
    """The enrolments of the member's organisation where something is to be done, those of which the key is gone left out."""
    rows = visible_to(member).filter(WAITING)
    under = set(rows.order_by().values_list("convention_id", flat=True).distinct())
    gone = [one for one in under if vault().store.is_destroyed(member.organisation, one)]
    return rows.exclude(convention_id__in=gone) if gone else rows


def corrections_of(row: Enrolment) -> Sequence[EnrolmentCorrection]:
    """What was noted of it before each correction, the last one first."""
    return list(EnrolmentCorrection.objects.filter(enrolment=row).order_by("-corrected_at", "-id"))


def enrolment_of(member: Member, enrolment: UUID) -> Enrolment:
    """An enrolment, nothing decrypted. Raises Enrolment.DoesNotExist."""
    return visible_to(member).select_related("maternity").get(id=enrolment)


def read(member: Member, enrolment: UUID) -> Opened:
    """An enrolment, opened; its reading is journalled. Raises Enrolment.DoesNotExist."""
    row = enrolment_of(member, enrolment)
    record(
        verb="prado.read",
        object_type="enrolment",
        object_ref=enrolment,
        by=member.user,
        organisation=member.organisation,
        fields=("identity", "situation"),
    )
    return opened(row)


def opened(row: Enrolment) -> Opened:
    """A row with its sealed part; without it where its key was destroyed, or where what is stored no longer opens."""
    with suppress(KeyDestroyed, DecryptionError):
        return Opened(row, mother_of(row))
    return Opened(row, None)


def maternities(member: Member, *, on: date) -> Sequence[Organisation]:
    """The hospitals among which one chooses: those of the caisse's département, by name."""
    rows = Organisation.objects.filter(Q(closed_on=None) | Q(closed_on__gt=on), kind="hospital")
    return list(rows.filter(departement=member.departement).order_by("sort_name", "id")[:200])


def own_counts(member: Member, convention: UUID) -> list[tuple[str, Count]]:
    """What the member's organisation counts itself, exact: by month, the newest first, and by maternity."""
    rows = (
        visible_to(member)
        .filter(convention_id=convention, presented_on__isnull=False)
        .annotate(month=TruncMonth("presented_on"))
        .values("month", "maternity__name", "maternity")
        .annotate(met=Counted("id"), enrolled=Counted("id", filter=Q(answer="accepted")))
        .order_by("-month", "maternity__name", "maternity")
    )
    return [(row["maternity__name"], Count(row["month"], row["met"], row["enrolled"])) for row in rows]


def released_counts(convention: UUID) -> list[Count | date]:
    """What the parties may read, the newest month first: its figures, or the month alone where they are not told."""
    rows = AdhesionRelease.objects.filter(convention_id=convention).order_by("-month")
    return [
        row.month
        if row.presented is None or row.accepted is None
        else Count(row.month, row.presented, row.accepted)
        for row in rows
    ]


def release() -> int:
    """Decide the figures of each month that is over for a fortnight; for the worker's role. Returns how many months; again, none."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT referrals_release_adhesions()")
        (made,) = cursor.fetchone()
    return int(made)
