"""The referents of a convention on a day, what is missing, and the letter that tells of a change."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import F

from maillage.conventions.lifecycle.events import EventKind
from maillage.conventions.lifecycle.loaded import LoadedConvention
from maillage.conventions.referents.models import Referent
from maillage.conventions.referents.rules import (
    ComingVacancy,
    Held,
    Post,
    Vacancy,
    coming_vacancy,
    posts,
    to_train_by,
    vacancy,
)
from maillage.conventions.terms.steering import ChangeFormality
from maillage.core.calendar import DAY

_LEAVING: Final = frozenset({EventKind.DENUNCIATION_SENT, EventKind.TERMINATED, EventKind.RENEWAL_OPPOSED})


@dataclass(frozen=True, slots=True)
class Untrained:
    """A referent on duty whom the text wants trained, and who is not yet."""

    referent: UUID
    post: Post
    due_on: date


@dataclass(frozen=True, slots=True)
class Standing:
    """What a convention's posts lack on a day, what they will lack, and who is to be trained."""

    vacant: tuple[Vacancy, ...] = ()
    coming: tuple[ComingVacancy, ...] = ()
    untrained: tuple[Untrained, ...] = ()


@dataclass(frozen=True, slots=True)
class ReferentLetter:
    """Plain data of the letter by which a party tells the others of a change of referent (S3 art. 4)."""

    convention_title: str
    article: str
    sender: str
    recipients: tuple[str, ...]
    level: str
    former_function: str
    function: str
    mailbox: str
    phone: str
    since: date
    handover_until: date | None = None
    ends_on: date | None = None


def history(known: LoadedConvention) -> tuple[Referent, ...]:
    """All tenures, those that run first, then the most recent."""
    rows = (
        Referent.objects.filter(convention=known.row)
        .select_related("succeeds", "successor")
        .prefetch_related("trainings")
        .order_by("party_key", "level", "-since", "-id")
    )
    return tuple(sorted(rows, key=lambda row: row.until is not None))


def on_duty(known: LoadedConvention, on: date) -> tuple[Referent, ...]:
    """The tenures that run on that day."""
    return tuple(row for row in history(known) if row.since <= on and (row.until is None or row.until >= on))


def standing(known: LoadedConvention, rows: Iterable[Referent], on: date) -> Standing:
    """What the text expects and nobody holds, today or soon (row B2); only for parties that have a body here.

    `rows` are the convention's tenures, with their trainings. Nothing once it has ended.
    """
    if known.row.state == "ended":
        return Standing()
    held: dict[tuple[str, str], list[Held]] = defaultdict(list)
    named: dict[tuple[str, str], list[Referent]] = defaultdict(list)
    for row in rows:
        held[row.party_key, row.level].append(Held(row.since, row.until))
        named[row.party_key, row.level].append(row)
    bodies = {party.key for party in known.signatories} - _gone(known, on)
    vacant, coming = [], []
    untrained: list[Untrained] = []
    for post in posts(known.readable(on).referents):
        if post.party not in bodies:
            continue
        tenures = held[post.party, post.level]
        if lacking := vacancy(post, tenures, start=_asked_since(known, post, on), on=on):
            vacant.append(lacking)
        elif soon := coming_vacancy(post, tenures, on=on):
            coming.append(soon)
        untrained += _untrained(post, named[post.party, post.level], on)
    return Standing(tuple(vacant), tuple(coming), tuple(untrained))


def vacancies(known: LoadedConvention, on: date) -> tuple[Vacancy, ...]:
    """The posts that are short of referents on a day."""
    return standing(known, history(known), on).vacant


def tenures_of(conventions: Sequence[UUID]) -> dict[UUID, list[Referent]]:
    """All tenures of these conventions, with their trainings, in two queries."""
    found: dict[UUID, list[Referent]] = defaultdict(list)
    for row in Referent.objects.filter(convention__in=conventions).prefetch_related("trainings"):
        found[row.convention_id].append(row)
    return found


def _untrained(post: Post, rows: Iterable[Referent], on: date) -> Iterator[Untrained]:
    if not post.trained:
        return
    for row in rows:
        due_on = to_train_by(
            post,
            Held(row.since, row.until),
            trained=any(one.withdrawn_at is None for one in row.trainings.all()),
            on=on,
        )
        if due_on is not None:
            yield Untrained(row.pk, post, due_on)


def _gone(known: LoadedConvention, on: date) -> set[str]:
    """The parties whose denunciation has taken effect: they owe no post any more. Judged only when somebody leaves."""
    if not any(event.kind in _LEAVING for event in known.events):
        return set()
    return {left.party for left in known.facts(on).departures if left.effect <= on}


def _asked_since(known: LoadedConvention, post: Post, on: date) -> date:
    """The day from which the text asks for so many: the convention's first, or that of the avenant that asks for more."""
    signed = [event.on for event in known.events if event.kind is EventKind.SIGNED]
    first = known.row.starts_on or max(signed, default=on)
    for effect in sorted(
        (avenant.effect for avenant in known.avenants if first < avenant.effect <= on), reverse=True
    ):
        before = {
            (one.party, one.level): one.expected for one in posts(known.readable(effect - DAY).referents)
        }
        if before.get((post.party, post.level), 0) < post.expected:
            return effect
    return first


def handover(row: Referent) -> date | None:
    """The last day on which this referent and the one she succeeds are both reachable; None without a hand-over."""
    former = row.succeeds
    return former.until if former and former.until and former.until >= row.since else None


def leaves_nobody(row: Referent) -> date | None:
    """The last day of a referent whom nobody is named to succeed; None while no end is said, or when somebody is."""
    return None if row.is_given_up or hasattr(row, "successor") else row.until


def formality_of(known: LoadedConvention, party: str, on: date) -> tuple[ChangeFormality, str]:
    """What a change of this party's referent needs, and the article: a letter in S3, mutual information elsewhere."""
    for clause in known.terms(on).referents:
        if clause.party == party:
            return clause.change, clause.article
    return ChangeFormality.NOT_STATED, ""


def letter(known: LoadedConvention, referent: UUID, on: date) -> ReferentLetter:
    """The data of the letter about one tenure. Raises Referent.DoesNotExist."""
    row = Referent.objects.select_related("succeeds", "successor").get(pk=referent, convention=known.row)
    former = row.succeeds or (
        Referent.objects.filter(
            convention=known.row,
            party_key=row.party_key,
            level=row.level,
            until__lt=row.since,
            until__gte=F("since"),
        )
        .order_by("-until")
        .first()
    )
    sender = known.party(row.party_key)
    return ReferentLetter(
        convention_title=known.row.title,
        article=formality_of(known, row.party_key, on)[1],
        sender=sender.name if sender else row.party_key,
        recipients=tuple(party.name for party in known.signatories if party.key != row.party_key),
        level=row.level,
        former_function=former.function if former else "",
        function=row.function,
        mailbox=row.mailbox,
        phone=row.phone,
        since=row.since,
        handover_until=handover(row),
        ends_on=leaves_nobody(row),
    )
