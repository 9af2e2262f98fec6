"""One request on one page: what comes next, by when and why, who asks, her cases here, who else answers, the papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from maillage.cases.rules import RESTRICTIONS
from maillage.catalogue.services import service_name
from maillage.conventions.terms.base import article_named
from maillage.conventions.terms.protection import DataRight
from maillage.organisations.member import Member
from maillage.protection.policies import can_follow
from maillage.protection.requests.begun import Named, begun_named, sent_since
from maillage.protection.requests.contacts import contacts_in
from maillage.protection.requests.correcting import corrected_since
from maillage.protection.requests.deciding import said_of, undecided
from maillage.protection.requests.models import Rectification, RequestFile, RequestPart
from maillage.protection.requests.notifications import reference
from maillage.protection.requests.objecting import came_all_the_same, objections_of
from maillage.protection.requests.people import Along, Person
from maillage.protection.requests.queries import (
    check_passed_on,
    parts_in,
    parts_of,
    person_of,
    rectifications_of,
)
from maillage.protection.requests.restricting import restrictions_of
from maillage.protection.requests.rules import (
    RIGHT_WORDS,
    Channel,
    Check,
    Outcome,
    Subject,
    Told,
    ground_words,
)
from maillage.protection.requests.saying import tell_journal
from maillage.protection.requests.states import WORDS, State
from maillage.referrals.references import reference as case_reference
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.components import DueBadge, Fact
from maillage.web.presentation.dates import long_date, long_instant, short_date
from maillage.web.protection.requests.contacts import contact_words
from maillage.web.protection.requests.opening import above, reached, received_here, today
from maillage.web.protection.requests.words import badge, corrected_words, rights_words, state_words
from maillage.web.protection.words import zone_of
from maillage.web.referrals.identity.words import case_url
from maillage.web.rules import acting_member, page

_PUT_RIGHT = {DataRight.RECTIFICATION.value, DataRight.RESTRICTION.value}
"""The rights for which the identity of her cases is corrected: a restriction is often asked while it is verified (18.1 a)."""


_ALONG = "Lisible par vous seuls, et effacé avec la demande."
_UNREADABLE = (
    "Ce qui est gardé de qui demande ne s’ouvre pas : écrivez-le vous-même, avec « Compléter ou corriger »."
)


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One of her cases: its reference, what it is, where it is read; what was corrected since she asked, and where it is."""

    code: str
    words: str
    url: str
    corrected: Sequence[str]
    correct_url: str


@dataclass(frozen=True, slots=True)
class PartLine:
    """One organisation that answers, as it is drawn."""

    who: str
    said: Sequence[str]


@page()
def request(request: MemberRequest, rights_request: UUID) -> HttpResponse:
    """Everything of one request that its reader may read."""
    file, member = reached(request, rights_request), acting_member(request)
    follows, zone = can_follow(member), zone_of(member)
    parts = parts_of(file.request) if follows else []
    checked = _checked(file, member, zone) if follows else ""
    mine = None if received_here(file, member) else next(iter(parts), None)
    asked, open_ = file.request, file.state == State.ASKED
    stopped = _objections(file, member, zone) if follows else []
    known = person_of(file) if follows else None
    due: DueBadge | None = badge(asked, member, today(request)) if open_ and follows else None
    context = {
        "file": file,
        "asked": asked,
        "title": f"Demande {reference(asked.pk)}",
        "breadcrumb": above(),
        "state": state_words(file, follows=follows)[0],
        "tone": state_words(file, follows=follows)[1],
        "follows": follows,
        "due": due,
        "next": next_step(file, checked) if follows else _FOR_THE_WRITER,
        "facts": _facts(file, zone, follows=follows),
        "person": _person(file, known, zone, checked) if follows else [],
        "passed": _passed(file, mine, member, checked, known) if mine else [],
        "shared": _cases(file, mine.cases, member, zone) if mine else [],
        "passed_by": asked.organisation.name,
        "cases": _cases(file, sorted({*file.cases, *sent_since(file.begun)}), member, zone)
        if follows
        else [],
        **(_begun(file, member, zone) if follows else {}),
        "contacts": _contacts(file, member, request) if follows else [],
        "may_be_contact": asked.subject == Subject.CONTACT or bool(file.contacts),
        "is_portable": bool(file.contacts) and _is_granted(file, DataRight.PORTABILITY),
        "parts": [_part(one, zone, member) for one in parts],
        "rectifications": [_rectified(one, zone) for one in rectifications_of(asked)] if follows else [],
        "open": open_,
        "answers": _answers(file) if follows else [],
        "restrictions": _restrictions(file, member, zone) if follows else [],
        "objections": stopped,
        "came": _came(file, member, zone) if stopped else [],
        "receiver": received_here(file, member),
        "may_extend": open_ and received_here(file, member) and asked.extended_on is None,
        "may_draw": file.check_made != Check.PENDING and file.searched_at is not None and file.holds,
        "may_answer": open_ and file.check_made != Check.PENDING and file.searched_at is not None,
        "has_letter": not open_ or (asked.extended_on is not None and received_here(file, member)),
    }
    return render(request, "protection/request.html", context)


_FOR_THE_WRITER = (
    "Merci. Votre délégué à la protection des données, ou votre administration, répond à la personne. "
    "Rien d’autre ne vous est demandé."
)


def next_step(file: RequestFile, checked: str) -> str:
    """For whoever answers, in one sentence; `checked`, who recognised her before."""
    if file.state != State.ASKED:
        return "Votre organisme a répondu. Imprimez la lettre si ce n’est pas fait, et envoyez-la."
    if file.check_made == Check.PENDING:
        return (
            f"Identité {checked}. Dites si ce contrôle vous suffit, ou comment vous l’avez vérifiée vous-même."
            if checked
            else "Dites comment l’identité de la personne a été vérifiée : ce qui est gardé ne se donne qu’à elle."
        )
    if file.searched_at is None and file.request.subject == Subject.CONTACT:
        return "Cherchez la personne parmi vos contacts, puis cochez les siens ; n’en trouver aucun est aussi une réponse."
    if file.searched_at is None:
        return "Cherchez la personne dans vos dossiers, puis cochez les siens ; n’en trouver aucun est aussi une réponse."
    if file.holds and any(one is not DataRight.ACCESS for one in undecided(file)):
        return "Répondez à chacun des droits qu’elle demande, puis dites ici que votre organisme a répondu : une seule lettre dira tout."
    return (
        "Relisez ce que vous gardez sur elle, envoyez-lui, puis dites ici que votre organisme a répondu."
        if file.holds
        else "Rien n’est noté comme le sien. Dites ici que votre organisme a répondu : la lettre le dit."
    )


def _facts(file: RequestFile, zone: ZoneInfo, *, follows: bool) -> list[Fact]:
    """What was asked; what was answered, and why it took longer, for whoever answers alone: it would tell whether she is known."""
    asked = file.request
    facts = [
        Fact("Ce qu’elle demande", rights_words(asked)),
        Fact("Au sujet de", Subject.of(asked.subject).label),
        Fact(
            "Reçue le",
            long_date(asked.received_on),
            f"{asked.organisation.name}, {Channel.of(asked.channel).label}",
        ),
        Fact("Notée le", long_instant(asked.recorded_at, zone)),
        Fact("À répondre au plus tard le", long_date(asked.due_on)),
    ]
    if not follows:
        return facts
    if asked.extended_on is not None:
        facts.append(Fact("Prolongée le", long_date(asked.extended_on), asked.extension_reason))
    if file.ended_at is not None:
        facts.append(Fact("Votre organisme a répondu le", long_instant(file.ended_at, zone)))
    if file.ground:
        facts.append(Fact("Motif du refus", _ground(file), file.words))
    return facts


def _ground(file: RequestFile) -> str:
    """On what all of it was refused; with the article of the right where one alone was asked."""
    rights = file.request.rights
    return ground_words(file.ground, DataRight.of(rights[0]) if len(rights) == 1 else None)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """What is answered to one right; `url`, where it is answered, while it is not."""

    right: str
    said: str
    url: str


def _answers(file: RequestFile) -> list[AnswerLine]:
    known = {one.right: one for one in said_of(file)}
    found = []
    for right in map(DataRight.of, file.request.rights):
        one = known.get(right)
        waits = one is None and file.state == State.ASKED
        if one is None:
            said = "pas encore répondu" if waits else WORDS[State(file.state)].lower()
        else:
            ground = f" : {ground_words(one.ground, right)}" if one.ground else ""
            said = ". ".join(
                f"{part[0].upper()}{part[1:]}".removesuffix(".")
                for part in (f"{one.outcome.label}{ground}", one.done, one.words)
                if part
            )
        url = reverse("protection:request_decide", args=[file.request_id, right.value]) if waits else ""
        found.append(AnswerLine(RIGHT_WORDS[right], said, url))
    return found


def _restrictions(file: RequestFile, member: Member, zone: ZoneInfo) -> list[str]:
    """What one's organisation restricts now of her cases."""
    return [
        f"Dossier {case_reference(row.case_id)}, depuis le {long_instant(row.since, zone)} : {RESTRICTIONS[row.ground]}."
        for row in restrictions_of(file, member)
    ]


def _objections(file: RequestFile, member: Member, zone: ZoneInfo) -> list[str]:
    """What one's own organisation stopped for her."""
    return [
        f"{service_name(row.service)}, avec {row.counterpart.name}, depuis le {long_instant(row.since, zone)} : votre organisme n’y envoie"
        " plus rien sur elle."
        for row in objections_of(file, member)
    ]


def _came(file: RequestFile, member: Member, zone: ZoneInfo) -> list[str]:
    """What came all the same, or stayed open, under what she objects to: whoever works it refuses or ends it."""
    return [
        f"Dossier {case_reference(one.case_id)}, de {one.case.sender.name}, ouvert le {long_instant(one.since, zone)}."
        for one in came_all_the_same(member)
        if one.stopped_for == file.request_id
    ]


def _checked(file: RequestFile, member: Member, zone: ZoneInfo) -> str:
    """Which organisation recognised her before, how, and when; nothing where it was not told, or did not."""
    passed = None if received_here(file, member) else check_passed_on(file.request)
    if passed is None or passed[0] is Check.PENDING:
        return ""
    made, at = passed
    day = f" le {short_date(at.astimezone(zone).date())}" if at else ""
    return f"contrôlée par {file.request.organisation.name}{day} : {made.label}"


def _passed(
    file: RequestFile, mine: RequestPart, member: Member, checked: str, known: Person | None
) -> list[Fact]:
    """What another organisation passed on with its request; reading who asks is journalled."""
    facts = [
        Fact("Identité", checked or "pas encore vérifiée, ou rien n’est commun : voyez-le avec cet organisme")
    ]
    if mine.along:
        tell_journal("read_passed", file.request_id, member, fields=tuple(mine.along))
        told = ", ".join(one.label for one in Along if one.value in mine.along)
        unreadable = file.sealed is not None and known is None
        facts.append(Fact("Avec la demande", told, "Ne s’ouvre pas : illisible." if unreadable else _ALONG))
    return facts


def _person(file: RequestFile, known: Person | None, zone: ZoneInfo, checked: str) -> list[Fact]:
    facts = []
    if known is None and file.sealed is not None:
        facts.append(Fact("Qui demande", "illisible", _UNREADABLE))
    if known is not None:
        facts.append(Fact("Qui demande", f"{known.surname.upper()} {known.given_name}", known.address))
        if known.birth_date is not None:
            facts.append(Fact("Date de naissance", long_date(known.birth_date)))
        if known.asker:
            facts.append(Fact("Demande faite pour elle par", known.asked_by))
    day = f"le {short_date(file.checked_at.astimezone(zone).date())}" if file.checked_at else ""
    relied = checked if file.check_made == Check.RELAYED else ""
    facts.append(Fact("Identité", relied or Check.of(file.check_made).label, day))
    return facts


def _cases(file: RequestFile, cases: Sequence[UUID], member: Member, zone: ZoneInfo) -> list[CaseLine]:
    """Each of these cases, and what was put right in it."""
    parts = parts_in(member, cases)
    done = corrected_since(file) if parts else {}
    puts_right = bool(_PUT_RIGHT & set(file.request.rights))
    return [
        CaseLine(
            case_reference(one.case_id),
            f"{service_name(one.case.service, one.case.authorisation.label)}, ouvert le {short_date(one.since.date())}",
            case_url(one.kind, one.case_id),
            [corrected_words(row, zone) for row in done.get(one.case_id, ())],
            reverse("protection:request_correct", args=[file.request_id, one.case_id])
            if puts_right and one.case_id in file.cases
            else "",
        )
        for one in parts
    ]


def _begun(file: RequestFile, member: Member, zone: ZoneInfo) -> dict[str, list[str]]:
    """What is begun and not sent, and what is never sent: which, who began it."""
    found = begun_named(member, file.begun)
    return {
        "begun": _named([one for one in found if one.key.kind.is_sent], zone),
        "enrolled": _named([one for one in found if not one.key.kind.is_sent], zone),
    }


def _named(found: Sequence[Named], zone: ZoneInfo) -> list[str]:
    return [
        f"{one.key.kind.label[0].upper()}{one.key.kind.label[1:]}, {one.author}, {one.key.kind.saved} le {long_instant(one.saved_at, zone)}"
        for one in found
    ]


def _contacts(file: RequestFile, member: Member, request: MemberRequest) -> list[tuple[str, str]]:
    """Each contact that is her, and why it still serves."""
    hers = contacts_in(member, file.contacts, request.instant)
    return [(contact_words(one), one.why_needed) for one in hers]


def _is_granted(file: RequestFile, right: DataRight) -> bool:
    return any(one.right is right and one.outcome is Outcome.GRANTED for one in said_of(file))


def _rectified(one: Rectification, zone: ZoneInfo) -> PartLine:
    """What was told to another organisation, and whether it took it up."""
    taken = (
        f"Reprise le {long_instant(one.acknowledged_at, zone)}."
        if one.acknowledged_at
        else "Pas encore reprise."
    )
    kind = Told.of(one.kind).label
    told = f"{kind[0].upper()}{kind[1:]}, dossier {case_reference(one.case_id)}, dit le {long_instant(one.told_at, zone)}."
    return PartLine(one.addressee.name, [one.what, told, taken])


def _by_post(one: RequestPart, member: Member) -> tuple[str, str]:
    """What is done where nothing is shared, and where nobody is here: for whoever passes the request on, then for whoever is asked."""
    if one.along:
        told = ", ".join(known.label for known in Along if known.value in one.along)
        return (f"Aucun dossier commun. Avec la demande : {told}.", "")
    if one.receiver_id == member.organisation:
        return (
            "Aucun dossier commun : transmettez-lui aussi la demande par courrier, il ne saurait pas de qui il s’agit.",
            "Cet organisme n’a personne sur Maillage qui veille aux données : transmettez-lui la demande par courrier.",
        )
    return (
        f"Aucun dossier commun : attendez le courrier de {one.receiver.name}, qui dit de qui il s’agit, ou demandez-le-lui.",
        "",
    )


def _part(one: RequestPart, zone: ZoneInfo, member: Member) -> PartLine:
    said, (unshared, absent) = [], _by_post(one, member)
    if one.convention is not None:
        place = article_named(one.article)
        said.append(
            f"Saisi le {long_instant(one.asked_at, zone)} ({', '.join(part for part in (one.convention.title, place) if part)})."
        )
        shared = ", ".join(map(case_reference, one.cases))
        said.append(f"Dossiers communs : {shared}." if shared else unshared)
        if absent and not one.is_here:
            said.append(absent)
    said.append(
        f"A répondu le {long_instant(one.answered_at, zone)}."
        if one.answered_at
        else "N’a pas encore répondu."
    )
    return PartLine(one.organisation.name, said)
