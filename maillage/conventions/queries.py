"""What awaits a member about her organisation's conventions, over several sub-rooms: signatures, dates, roles, vacancies."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from maillage.conventions.amendments.models import Amendment
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load_all, visible_to
from maillage.conventions.referents.queries import Standing, standing, tenures_of
from maillage.conventions.referents.rules import Post
from maillage.conventions.signatures.models import Signature
from maillage.conventions.terms import Terms
from maillage.conventions.terms.processings import lacking, leaves_out
from maillage.organisations.member import Member

COMING_DAYS: Final = 120
_MOST: Final = 200
_SIGNABLE: Final = ("proposed", "partly_signed")
Texts = Sequence[tuple[LoadedConvention, Terms]]


@dataclass(frozen=True, slots=True)
class Vacancy:
    """A post of referent of the member's own party that nobody holds, or will hold from `on` on while `is_coming`.

    `since`: the first day without; `is_first`: it was never filled; `due_on`: the day by which it is to be filled.
    """

    convention: UUID
    title: str
    level: str
    missing: int
    article: str
    since: date
    due_on: date
    is_first: bool = False
    is_coming: bool = False


@dataclass(frozen=True, slots=True)
class ToTrain:
    """A referent of the member's own party whom the text wants trained by a day."""

    convention: UUID
    referent: UUID
    title: str
    level: str
    article: str
    due_on: date


def to_sign(member: Member) -> QuerySet[Convention]:
    """Texts proposed to the member's organisation that it has not signed."""
    mine = Signature.objects.filter(
        convention=OuterRef("pk"),
        organisation=member.organisation,
        amendment__isnull=True,
        voided_at__isnull=True,
    )
    return (
        _as_party(member)
        .filter(state__in=_SIGNABLE)
        .exclude(Exists(mine))
        .order_by("sort_title", "id")[:_MOST]
    )


def amendments_to_sign(member: Member) -> QuerySet[Amendment]:
    """Avenants proposed to the member's organisation that it has not signed."""
    mine = Signature.objects.filter(
        amendment=OuterRef("pk"), organisation=member.organisation, voided_at__isnull=True
    )
    return (
        Amendment.objects.filter(state__in=_SIGNABLE, convention__in=_as_party(member))
        .exclude(Exists(mine))
        .select_related("convention")
        .order_by("convention__sort_title", "number")[:_MOST]
    )


def drafts_of(member: Member) -> QuerySet[Convention]:
    """Drafts that the member's organisation writes."""
    return (
        visible_to(member)
        .filter(drafted_by=member.organisation, state="draft")
        .order_by("sort_title", "id")[:_MOST]
    )


def coming_up(member: Member, *, on: date) -> QuerySet[Convention]:
    """Conventions of the member's organisation with something due within 120 days, or late."""
    return (
        _as_party(member)
        .filter(state__in=["signed", "in_force"], next_due_on__lte=on + timedelta(days=COMING_DAYS))
        .order_by("next_due_on", "sort_title", "id")[:_MOST]
    )


def texts_in_force(member: Member, *, on: date) -> list[tuple[LoadedConvention, Terms]]:
    """The conventions of the member's organisation that are signed or in force, with their text of that day."""
    rows = _as_party(member).filter(state__in=["signed", "in_force"]).order_by("sort_title", "id")[:_MOST]
    return [(known, known.readable(on)) for known in load_all(rows)]


def roles_to_fill(texts: Texts) -> list[tuple[Convention, int, int]]:
    """Conventions under which the role of the member's party is not said for some data: for how many of them nobody's is, for how
    many its own is left out."""
    found = []
    for known, terms in texts:
        if known.mine is not None and (missing := lacking(terms, known.mine.key)):
            left_out = sum(leaves_out(one, known.mine.key) for one in missing)
            found.append((known.row, len(missing) - left_out, left_out))
    return found


def standings(texts: Texts, *, on: date) -> list[tuple[LoadedConvention, Standing]]:
    """What the posts of referents of these conventions lack, all parties together."""
    rows = tenures_of([known.id for known, _ in texts])
    return [(known, standing(known, rows.get(known.id, []), on)) for known, _ in texts]


def vacancies(found: Iterable[tuple[LoadedConvention, Standing]], *, on: date) -> list[Vacancy]:
    """Posts that the text asks of the member's own party, and that nobody holds today, or within 30 days."""
    empty = []
    for known, now in found:
        mine = known.mine.key if known.mine else ""
        for one in now.vacant:
            if one.post.party == mine:
                first = one.is_first
                empty.append(_post(known, one.post, one.missing, one.since, one.alarm_on, is_first=first))
        empty += [
            _post(known, soon.post, 1, soon.on, soon.on, is_coming=True)
            for soon in now.coming
            if soon.post.party == mine and soon.warning_on <= on
        ]
    return sorted(empty, key=lambda one: (one.title, one.level))


def to_train(found: Iterable[tuple[LoadedConvention, Standing]]) -> list[ToTrain]:
    """Referents on duty of the member's own party whom the text wants trained, and who are not."""
    return [
        ToTrain(known.id, one.referent, known.row.title, one.post.level, one.post.article, one.due_on)
        for known, now in found
        for one in now.untrained
        if known.mine is not None and one.post.party == known.mine.key
    ]


def _post(
    known: LoadedConvention, post: Post, missing: int, since: date, due_on: date, **flags: bool
) -> Vacancy:
    return Vacancy(known.id, known.row.title, post.level, missing, post.article, since, due_on, **flags)


def _as_party(member: Member) -> QuerySet[Convention]:
    """One join: two `filter` calls would look at two different rows of parties."""
    return Convention.objects.filter(
        parties__organisation=member.organisation, parties__role__in=["drafter", "signatory"]
    )
