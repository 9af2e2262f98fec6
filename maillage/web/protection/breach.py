"""One breach on one page: what comes next, its clocks and why, who decides, what was done, what one's own journal tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst

from maillage.core.french import typeset
from maillage.organisations.member import Member
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.models import BreachDecision, BreachEntry, BreachNotice
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.policies import can_update
from maillage.protection.breaches.queries import (
    controllers_left,
    decisions_of,
    entries_of,
    extents_of,
    files_of,
    first_said,
    joined_to,
    last_known,
    notices_of,
    parties_of,
    reaches_of,
)
from maillage.protection.breaches.rules import ENTRY_WORDS, EntryKind
from maillage.protection.breaches.states import RUNNING, WORDS, State
from maillage.protection.policies import can_follow
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import DueBadge, Event, Fact
from maillage.web.presentation.dates import long_instant
from maillage.web.protection.next_step import File, for_the_reporter, next_step
from maillage.web.protection.opening import above, reached
from maillage.web.protection.readings import ended_at, searches
from maillage.web.protection.words import (
    TONES,
    authority_badge,
    differs,
    first,
    goes_on,
    how_many,
    kinds,
    means_words,
    moment,
    names,
    natures,
    notice_why,
    told_badge,
    zone_of,
)
from maillage.web.rules import acting_member, page


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One party to tell, as it is drawn."""

    who: str
    by: str
    convention: str
    badge: DueBadge | None
    said: Sequence[str]
    tell_url: str = ""


@dataclass(frozen=True, slots=True)
class DecisionLine:
    """One decision, as it is drawn: its facts, who agreed, who has not."""

    title: str
    facts: Sequence[Fact]
    agreed: str
    waits: str
    agree_url: str = ""


@page()
def breach(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Everything of one breach that its reader may read."""
    row, member = reached(request, breach), acting_member(request)
    files, zone = files_of(row), zone_of(member)
    found = File(
        row, parties_of(row.pk), notices_of(files), entries_of(files), decisions_of(row), extents_of(row)
    )
    follows, mine = can_follow(member), found.mine(member)
    to_receive = [
        one
        for one in found.notices
        if one.addressee_id == member.organisation and one.told_at and not one.acknowledged_at
    ]
    ended = ended_at(row, found.decisions)
    context = {
        "row": row,
        "title": f"Violation {reference(row.pk)}",
        "breadcrumb": above(),
        "state": "Jointe à une autre" if row.joined_to_id else WORDS[State(row.state)],
        "tone": TONES[row.state],
        "joined_url": reverse("protection:breach", args=[row.joined_to_id]) if row.joined_to_id else "",
        "joined": [
            (reference(one.pk), reverse("protection:breach", args=[one.pk]), how_many(own))
            for one, own in joined_to(row, files)
        ],
        "follows": follows,
        "next": next_step(found, member, receives=bool(to_receive)) if follows else for_the_reporter(row),
        "receives": follows and bool(to_receive),
        "facts": _facts(found, zone),
        "notices": [_notice(one, member, request.instant, zone) for one in found.notices],
        "untouched": found.is_untouched,
        "delays_differ": len({(one.within, one.start) for one in found.notices}) > 1,
        "authorities": _authorities(found, member, request.instant, zone),
        "deciders": ", ".join(one.name for one in found.parties if one.decides),
        "decisions": _decisions(found, member),
        "events": _events(found, member, zone),
        "searches": searches(reaches_of(row, member), ended, member, request.instant) if follows else [],
        "reach_from": ended,
        "runs": row.state in RUNNING and not row.joined_to_id,
        "decides": mine is not None and mine.decides and row.state != State.CLOSED and not row.joined_to_id,
        "updates": follows and can_update(row),
        "controls": mine is not None and mine.controls,
        "closes": row.state == State.CONFIRMED,
    }  # fmt: skip
    return render(request, "protection/breach.html", context)


def _facts(found: File, zone: ZoneInfo) -> list[Fact]:
    row, was, now = found.row, first_said(found.row), last_known(found.row, found.extents)
    facts = [
        Fact("Ce qui s’est passé", row.what),
        Fact("Constatée le", long_instant(row.noticed_at, zone)),
        Fact("Signalée le", long_instant(row.recorded_at, zone), row.organisation.name),
        Fact("Nature", natures(now), first(natures(was), natures(now))),
        Fact("Données touchées", kinds(now), first(kinds(was), kinds(now))),
        Fact("Étendue", how_many(now), first(how_many(was), how_many(now))),
        Fact("Se poursuit", goes_on(now), first(goes_on(was), goes_on(now))),
        *(
            Fact(term, moment(instant, zone))
            for term, instant in (("Commencée le", now.began_at), ("Terminée le", now.stopped_at))
            if instant
        ),
    ]
    if row.lessons:
        facts.append(Fact("Ce qu’elle apprend", row.lessons))
    return facts


def _notice(one: BreachNotice, member: Member, at: datetime, zone: ZoneInfo) -> NoticeLine:
    said = []
    if one.told_at:
        said.append(f"Prévenu le {long_instant(one.told_at, zone)}, {means_words(one)}.")
    if one.acknowledged_at:
        said.append(f"Accusé de réception le {long_instant(one.acknowledged_at, zone)}.")
    elif one.told_at:
        said.append("Pas encore d’accusé de réception.")
    why, badge = notice_why(one, zone), told_badge(one, at, zone)
    own = one.debtor_id == member.organisation
    tell = reverse("protection:told", args=[one.pk]) if own and not one.told_at and can_follow(member) else ""
    to = " (délégué à la protection des données)" if one.to_dpo else ""
    return NoticeLine(
        f"{one.addressee.name}{to}",
        one.debtor.name,
        typeset(f"« {one.convention.title} », {one.article} : {why.rule}"),
        badge,
        said,
        tell,
    )


def _authorities(
    found: File, member: Member, at: datetime, zone: ZoneInfo
) -> list[tuple[str, DueBadge | None, str, str, str]]:
    """Each controller: its 72 hours, what it filed, and for one's own where the moment is put right and the form is printed."""
    drawn = []
    silent = _not_to_notify(found)
    filings = [one for one in found.entries if one.kind == EntryKind.FILED]
    left = {one.organisation for one in controllers_left(found.row, found.parties, found.entries)}
    for one in found.parties:
        if not one.controls:
            continue
        own_ones = [entry for entry in filings if entry.recorded_for_id == one.organisation]
        told = f"Notifiée le {long_instant(own_ones[0].happened_at, zone)}." if own_ones else silent
        if filings and not told and one.here and one.organisation not in left:
            told = f"Notifiée pour tous ceux qui répondent ensemble du traitement, par {filings[0].recorded_for.name}."
        own = one.organisation == member.organisation and can_follow(member)
        runs = found.row.state in RUNNING and not told
        drawn.append(
            (
                one.name,
                authority_badge(one, at, zone) if runs else None,
                told or ("" if one.aware_at else "N’en a pas encore connaissance."),
                reverse("protection:know", args=[found.row.pk]) if own else "",
                reverse("protection:notice", args=[found.row.pk]) if own else "",
            )
        )
    return drawn


def _not_to_notify(found: File) -> str:
    """That all agreed not to notify the authority, and why; empty while that is not so."""
    newest = found.newest
    if newest is None or newest.tells_authority or not found.is_held:
        return ""
    return typeset(f"Décidé : pas de notification, parce que : {newest.authority_reason or newest.reason}")


def _decisions(found: File, member: Member) -> list[DecisionLine]:
    drawn = []
    deciders = [one for one in found.parties if one.decides]
    mine = found.mine(member)
    for one in found.decisions:
        agreed = found.agreed_to(one)
        waits = [party for party in deciders if party.organisation not in agreed]
        may = one is found.newest and mine in waits and can_follow(member) and found.row.state != State.CLOSED
        drawn.append(
            DecisionLine(
                f"Décision {one.number}, proposée par {one.recorded_for.name}",
                _decision_facts(one),
                ", ".join(party.name for party in deciders if party.organisation in agreed),
                ", ".join(party.name for party in waits),
                reverse("protection:agree", args=[one.pk]) if may else "",
            )
        )
    return drawn


def _decision_facts(one: BreachDecision) -> list[Fact]:
    if not one.is_breach:
        return [Fact("Violation", "Non, la suspicion est écartée", one.reason)]
    return [
        Fact("Violation", "Oui"),
        Fact("Conséquences probables", one.consequences),
        Fact("Mesures", one.measures),
        Fact("Notifier à la CNIL", "Oui" if one.tells_authority else "Non", one.authority_reason),
        Fact("Informer les personnes", "Oui" if one.tells_persons else "Non", one.persons_reason),
    ]


def _events(found: File, member: Member, zone: ZoneInfo) -> list[Event]:
    """What was added and what was updated, in the order in which it happened."""
    said: list[BreachEntry | BreachExtent] = [*found.entries, *found.extents]
    people = names(*(one.recorded_by for one in said if one.recorded_for_id == member.organisation))

    def event(
        one: BreachEntry | BreachExtent, instant: datetime, words: str, detail: str, url: str = ""
    ) -> tuple[datetime, Event]:
        who = ", ".join(filter(None, (people.get(one.recorded_by, ""), one.recorded_for.short_name)))
        return instant, Event(long_instant(instant, zone), words, who, detail, url)

    drawn, former = [], first_said(found.row)
    for update in found.extents:
        now = last_known(found.row, [update])
        told = f"{capfirst(differs(former, now, zone))}. {update.why}"
        drawn.append(event(update, update.recorded_at, "Étendue mise à jour", told))
        former = now
    for one in found.entries:
        words = ENTRY_WORDS[EntryKind(one.kind)]
        if one.decision is not None:
            words += f" {one.decision.number}"
        detail = " ".join(
            filter(None, (one.text, one.late_reason and f"Motif du retard : {one.late_reason}"))
        )
        url = reverse("protection:document", args=[one.pk]) if one.document_id and can_follow(member) else ""
        drawn.append(event(one, one.happened_at, words, detail, url))
    return [told for _, told in sorted(drawn, key=lambda pair: pair[0])]
