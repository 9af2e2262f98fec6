"""What breaches, roles and destructions ask of a member today, for « À faire ». Never a person's name."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.urls import reverse

from maillage.conventions.data_roles.queries import awaiting
from maillage.conventions.queries import Texts, texts_in_force
from maillage.conventions.terms.base import article_named
from maillage.organisations.member import Member
from maillage.protection.breaches.extent_models import BreachExtent
from maillage.protection.breaches.extent_rules import to_complete
from maillage.protection.breaches.models import BreachDecision, BreachEntry, BreachNotice, BreachParty
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import (
    acts_of,
    known_now,
    newest_decisions,
    newest_extents,
    running,
    together,
    untouched,
)
from maillage.protection.breaches.reporting import shortest_asked
from maillage.protection.breaches.rules import EntryKind, authority_due
from maillage.protection.breaches.states import State
from maillage.protection.destruction.models import Destruction
from maillage.protection.destruction.queries import left_open_by_the_absent, to_come, to_countersign
from maillage.protection.destruction.states import State as Fate
from maillage.protection.firsts import Firsts, firsts
from maillage.protection.policies import can_follow
from maillage.web.conventions.reading.values import article_words
from maillage.web.home.tasks import Task
from maillage.web.presentation.components import Explanation
from maillage.web.presentation.dates import long_date
from maillage.web.presentation.typography import typeset
from maillage.web.protection.cut import rest
from maillage.web.protection.words import shortest_why, zone_of

_KIND: Final = "breach"
_ROLES: Final = "data_roles"


def due(member: Member, on: date) -> list[Task]:  # noqa: ARG001 -- every source is asked for a day
    """What is to be acknowledged, told, decided, notified. Breaches come before everything else."""
    if not can_follow(member):
        return []
    return [*_notices(member), *_files(member)]


def roles_due(member: Member, on: date) -> list[Task]:
    """The flows that wait for this organisation: nobody has said who answers for their data (GDPR, articles 26 and 28)."""
    return roles_of(texts_in_force(member, on=on), on) if can_follow(member) else []


def roles_of(texts: Texts, on: date) -> list[Task]:
    """The same, of texts that were read already."""
    found = []
    for known, one in awaiting(texts, on=on):
        where = article_words(one.said.article)
        reason = (
            Explanation(
                fact=f"Ce flux était ouvert avant que ses rôles soient demandés. Sans eux, il se ferme le {long_date(one.until)}.",
                rule="Trente jours laissés aux parties pour les renseigner, ou pour accepter par écrit de commencer sans eux.",
                article=where,
            )
            if one.until
            else None
        )
        yes = "se ferme bientôt" if one.until else "est bloqué"
        found.append(
            Task(
                typeset(f"Dire qui est quoi : {one.said.flow.label}, {known.row.title}"),
                reverse("conventions:data_roles", args=[known.id]),
                one.until,
                typeset(f"Ce flux {yes} : ses rôles RGPD ne sont pas renseignés ({where})."),
                _ROLES,
                reason,
            )
        )
    return found


def _notices(member: Member) -> Iterator[Task]:
    zone = zone_of(member)
    rows = BreachNotice.objects.filter(
        addressee=member.organisation, acknowledged_at=None, told_at__isnull=False
    )
    told = firsts(rows.order_by("told_at", "id"))
    for breach in dict.fromkeys(one.breach_id for one in told):
        url = reverse("protection:breach", args=[breach])
        title = f"Accuser réception d’une violation de données, {reference(breach)}"
        yield Task(title, url, None, "Une autre partie vous a prévenus.", _KIND, is_urgent=True)
    rows = BreachNotice.objects.filter(debtor=member.organisation, told_at=None).select_related("addressee")
    to_tell = firsts(rows.order_by("due_at", "id"))
    for one in to_tell:
        url = reverse("protection:told", args=[one.pk])
        day = one.due_at.astimezone(zone).date() if one.due_at else None
        title = f"Prévenir autrement d’une violation de données, {reference(one.breach_id)} : {one.addressee.short_name}"
        yield Task(title, url, day, "Cette partie n’a personne sur Maillage.", _KIND, is_urgent=True)
    url = reverse("protection:breaches")
    yield from rest(told, "violations dont accuser réception", url, _KIND, is_urgent=True)
    yield from rest(to_tell, "parties à prévenir d’une violation", url, _KIND, is_urgent=True)


def _files(member: Member) -> Iterator[Task]:
    """What the running files ask, three questions for all of them; a few more where a controller filed and another did not."""
    parts = running(member)
    files = [part.breach_id for part in parts]
    decisions = newest_decisions(files) if files else {}
    acts = acts_of(files, member) if files else {}
    agreed = {one.decision_id for known in acts.values() for one in known if one.kind == EntryKind.AGREED}
    filed = _filed_for(parts, acts, member)
    extents = _extents(parts, filed, member)
    yield from _untouched(untouched(parts, decisions, member), member)
    for part in parts:
        newest = decisions.get(part.breach_id)
        yield from _to_the_authority(part, newest, member, filed[part.breach_id], extents.get(part.breach_id))
        if part.breach.organisation_id == member.organisation and known_now(part.breach, extents).goes_on:
            yield _going_on(part)
        if newest is not None and part.decides and newest.pk not in agreed:
            title = f"Donner votre accord sur une violation de données, {reference(part.breach_id)}"
            url = reverse("protection:breach", args=[part.breach_id])
            yield Task(title, f"{url}#decision", None, "Une décision est proposée.", _KIND, is_urgent=True)
        elif part.decides and filed[part.breach_id] and part.breach.state == State.SUSPECTED:
            title = f"Décider de la suite d’une violation de données, {reference(part.breach_id)}"
            url = reverse("protection:breach", args=[part.breach_id])
            why = (
                "Votre accord est donné, celui des autres manque." if newest else "Rien n’est encore décidé."
            )
            yield Task(title, f"{url}#decision", None, f"La CNIL est prévenue. {why}", _KIND, is_urgent=True)
    yield from rest(parts, "violations en cours", reverse("protection:breaches"), _KIND, is_urgent=True)


def _filed_for(
    parts: Sequence[BreachParty], acts: Mapping[UUID, Sequence[BreachEntry]], member: Member
) -> dict[UUID, list[datetime]]:
    """When the authority was told of each file for one's organisation: by itself, or by one with whom it answers, as the texts say."""
    filings = {
        part.breach_id: [one for one in acts.get(part.breach_id, ()) if one.kind == EntryKind.FILED]
        for part in parts
    }
    shared = [
        part.breach
        for part in parts
        if part.controls
        and any(one.recorded_for_id != member.organisation for one in filings[part.breach_id])
    ]
    groups = together(shared) if shared else {}
    found = {}
    for part in parts:
        with_it = {member.organisation}.union(
            *(one for one in groups.get(part.breach_id, ()) if member.organisation in one)
        )
        found[part.breach_id] = [
            one.happened_at for one in filings[part.breach_id] if one.recorded_for_id in with_it
        ]
    return found


def _extents(
    parts: Sequence[BreachParty], filed: Mapping[UUID, Sequence[datetime]], member: Member
) -> dict[UUID, BreachExtent]:
    """The last update of those that one's organisation reported, or of which the authority was told; nothing asks for the others'."""
    asked = [
        part.breach
        for part in parts
        if part.breach.organisation_id == member.organisation or filed[part.breach_id]
    ]
    return newest_extents(asked) if asked else {}


def _going_on(part: BreachParty) -> Task:
    return Task(
        f"Arrêter une violation qui se poursuit, {reference(part.breach_id)}",
        reverse("protection:extent", args=[part.breach_id]),
        None,
        "Elle continue, d’après ce qui est enregistré : mettez l’étendue à jour dès qu’elle a pris fin.",
        _KIND,
        is_urgent=True,
    )


def _untouched(parts: Sequence[BreachParty], member: Member) -> Iterator[Task]:
    """The reports of which nobody said yet under which conventions the data were: the shortest delay of all of them is kept."""
    zone = zone_of(member)
    delays = shortest_asked(member, [part.breach.noticed_at for part in parts])
    for part in parts:
        shortest = delays.get(part.breach.noticed_at)
        yield Task(
            f"Dire quelles conventions sont touchées, {reference(part.breach_id)}",
            reverse("protection:conventions", args=[part.breach_id]),
            shortest.due_at.astimezone(zone).date() if shortest else None,
            "Tant que personne ne le dit, aucune autre partie n’est prévenue.",
            _KIND,
            shortest_why(shortest, part.breach.noticed_at, zone) if shortest else None,
            is_urgent=True,
        )


def _to_the_authority(
    part: BreachParty,
    newest: BreachDecision | None,
    member: Member,
    filed: Sequence[datetime],
    extent: BreachExtent | None,
) -> Iterator[Task]:
    """To notify, once for all those who answer together; then to complete what was filed, once its extent is better known."""
    held = newest if part.breach.state == State.CONFIRMED else None
    if not part.controls or (held is not None and not held.tells_authority):
        return
    url = reverse("protection:breach", args=[part.breach_id])
    if filed:
        if to_complete(filed, extent.recorded_at if extent else None):
            title = f"Compléter la notification à la CNIL, {reference(part.breach_id)}"
            why = "L’étendue est mieux connue depuis la notification (RGPD, article 33.4)."
            yield Task(title, f"{url}#cnil", None, why, _KIND, is_urgent=True)
        return
    if part.aware_at is None:
        return
    yield Task(
        f"{'Notifier' if held else 'Décider de notifier'} à la CNIL, {reference(part.breach_id)}",
        url,
        authority_due(part.aware_at).astimezone(zone_of(member)).date(),
        "72 heures depuis que votre organisme sait (RGPD, article 33.1).",
        _KIND,
        is_urgent=True,
    )


def destructions_due(member: Member, on: date) -> list[Task]:  # noqa: ARG001 - every source is asked for a day
    """What is about to go, what the text leaves open, what waits for a signature."""
    return destructions_of(member, to_come(member))


def destructions_of(member: Member, coming: Firsts[Destruction]) -> list[Task]:
    """The same, of what is to come that was read already."""
    return list(_destructions(member, coming))


def _destructions(member: Member, coming: Firsts[Destruction]) -> Iterator[Task]:
    for one in coming:
        url = reverse("protection:destruction", args=[one.convention_id])
        if one.state == Fate.UNKNOWN:
            title = f"Fixer le sort des données de la convention finie : {one.convention.title}"
            yield Task(title, url, None, "Le texte ne dit pas quand elles sont détruites.", "destruction")
        elif one.due_on is not None:
            title = f"Données détruites au terme : {one.convention.title}"
            yield Task(
                title,
                url,
                one.due_on,
                "Ce jour-là, votre organisme n’en lira plus rien.",
                "destruction",
                why_destroyed(one),
            )
    left_open, signed = left_open_by_the_absent(member), to_countersign(member)
    for one in left_open:
        url = reverse("protection:destruction", args=[one.convention_id])
        title = f"Fixer le sort des données de {one.organisation.short_name} : {one.convention.title}"
        yield Task(
            title, url, None, "Cet organisme n’a plus personne ici pour le fixer lui-même.", "destruction"
        )
    for one in signed:
        url = reverse("protection:destruction", args=[one.convention_id])
        title = f"Contresigner le certificat de destruction : {one.convention.title}"
        yield Task(title, url, None, "Les données de votre organisme ont été détruites.", "destruction")
    url = reverse("protection:destructions")
    yield from rest(coming, "destructions à venir", url, "destruction")
    yield from rest(left_open, "données dont le sort est à fixer", url, "destruction")
    yield from rest(signed, "destructions à contresigner", url, "destruction")


def why_destroyed(one: Destruction) -> Explanation:
    """Why these data go on that day, by which article."""
    return Explanation(
        fact=f"La convention est finie depuis le {long_date(one.ended_on)}.",
        rule=f"{one.why} Jour fixé par l’organisme : {one.reason}" if one.reason else one.why,
        article=article_named(one.article),
    )
