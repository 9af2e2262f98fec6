"""What whoever follows a breach does: acknowledge, tell otherwise, say since when one knows, add, look in the journal, join."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.text import Truncator

from maillage.core.french import typeset
from maillage.organisations.models import Membership
from maillage.organisations.roles import Permission
from maillage.protection.breaches import following
from maillage.protection.breaches.following import Added
from maillage.protection.breaches.models import Breach, BreachNotice
from maillage.protection.breaches.notifications import reference
from maillage.protection.breaches.queries import joinable, notices_of, reaches_of
from maillage.protection.breaches.reaching import Window, work_out
from maillage.protection.breaches.reporting import reportable, touch
from maillage.protection.breaches.rules import EntryKind
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.dates import short_instant
from maillage.web.protection.forms import (
    EntryForm,
    FiledForm,
    JoinForm,
    KnowForm,
    ToldForm,
    TouchForm,
    WindowForm,
)
from maillage.web.protection.opening import followed, show_form, to_breach
from maillage.web.protection.words import zone_of
from maillage.web.rules import acting_member, page

_SHOWN: Final = 160
_NEAREST: Final = 30
"""Characters of what happened, in a list to choose from."""
_KINDS: Final = {
    "precision": (EntryKind.NOTE, "Ajouter une précision", "Ce que l’on a appris depuis, avec un document s’il y en a."),
    "mesure": (EntryKind.MEASURE, "Noter une mesure prise", "Ce qui a été fait pour arrêter la violation ou en limiter les effets."),
    "cnil": (EntryKind.FILED, "Noter la notification à la CNIL", "La première dans les 72 heures ; le reste se complète."),
    "personnes": (EntryKind.PERSONS_TOLD, "Noter l’information des personnes", "Comment, et combien de personnes."),
}  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("POST",))
def acknowledge(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Say that one's organisation received what it was told."""
    row = followed(request, breach)
    done = following.acknowledge(breach=row, by=acting_member(request), at=request.instant)
    messages.success(
        request, "Accusé de réception envoyé." if done else "Votre organisme avait déjà accusé réception."
    )
    return to_breach(row)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def conventions(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Add conventions that the breach touches; those found in the journal are ticked."""
    row, member = followed(request, breach), acting_member(request)
    told = {one.convention_id for one in notices_of([row.pk]) if one.debtor_id == member.organisation}
    offered = [(str(one.id), typeset(one.row.title)) for one in reportable(member) if one.id not in told]
    found = {one for reach in reaches_of(row, member) for one in reach.conventions}
    form = TouchForm(
        request.POST if request.method == "POST" else None,
        conventions=offered,
        ticked=[key for key, _ in offered if UUID(key) in found],
    )

    def act(values: dict[str, Any]) -> None:
        touch(breach=row, conventions=[UUID(one) for one in values["conventions"]], by=member)

    done = "Conventions ajoutées : les parties que leurs textes désignent sont prévenues."
    if request.method == "POST" and acted(request, form, act, done):
        return to_breach(row, "prevenir")
    return show_form(
        request, form, row, title="Ajouter des conventions touchées", button="Ajouter et prévenir",
        lead="Les parties que chaque texte désigne sont prévenues aussitôt, dans son délai compté depuis le constat.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def know(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Put right since when one's organisation knows."""
    row, zone = followed(request, breach), zone_of(acting_member(request))
    form = KnowForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        following.know_since(
            breach=row, aware_at=form.instant(zone), why=values["why"], by=acting_member(request), at=request.instant
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Moment corrigé."):
        return to_breach(row, "cnil")
    return show_form(
        request, form, row, title="Depuis quand votre organisme sait-il ?", button="Enregistrer",
        lead="Les 72 heures pour notifier à la CNIL se comptent du moment où le responsable du traitement a une certitude raisonnable.",
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def told(request: MemberRequest, breach_notice: UUID) -> HttpResponse:
    """Note that a party without anybody here was told by other means."""
    member = acting_member(request)
    found = (
        BreachNotice.objects.filter(pk=breach_notice, debtor=member.organisation)
        .select_related("addressee")
        .first()
    )
    if found is None:
        raise Http404
    row, zone = followed(request, found.breach_id), zone_of(member)
    form = ToldForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        following.tell_otherwise(
            notice=found.pk, means=values["means"], told_at=form.instant(zone), by=member, at=request.instant
        )

    if request.method == "POST" and acted(request, form, act, "Noté."):
        return to_breach(row, "prevenir")
    return show_form(
        request, form, row, title="Noter qu’une partie est prévenue", button="Enregistrer",
        lead=typeset(f"{found.addressee.name} n’a personne sur Maillage qui veille aux données."),
    )  # fmt: skip


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def add(request: MemberRequest, breach: UUID, kind: str) -> HttpResponse:
    """Add something to the file."""
    if kind not in _KINDS:
        raise Http404
    row, zone = followed(request, breach), zone_of(acting_member(request))
    wanted, title, lead = _KINDS[kind]
    local = request.instant.astimezone(zone)
    maker = FiledForm if wanted is EntryKind.FILED else EntryForm
    form = maker(
        request.POST if request.method == "POST" else None,
        request.FILES or None,
        initial={"happened_on": local.date(), "happened_hour": local.time().replace(second=0, microsecond=0)},
    )

    def act(values: dict[str, Any]) -> None:
        said = Added(wanted, form.instant(zone), values["text"], values.get("late_reason", ""))
        file: Any = values.get("document")
        following.add(
            breach=row, entry_id=form.new_id(), said=said, file=file,
            by=acting_member(request), at=request.instant,
        )  # fmt: skip

    if request.method == "POST" and acted(request, form, act, "Ajouté au dossier."):
        return to_breach(row, "dossier")
    return show_form(request, form, row, title=title, button="Ajouter au dossier", lead=typeset(lead))


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def reach(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Look in one's own journal for what the breach touched."""
    row, member = followed(request, breach), acting_member(request)
    zone, rows = (
        zone_of(member),
        Membership.objects.filter(organisation=member.organisation).select_related("user"),
    )
    people = {str(one.user_id): one.user.full_name for one in rows.order_by("user__full_name", "user_id")}
    local = row.noticed_at.astimezone(zone)
    form = WindowForm(
        request.POST if request.method == "POST" else None,
        people=list(people.items()),
        initial={"before_on": local.date(), "before_hour": local.time().replace(second=0, microsecond=0)},
    )

    def act(values: dict[str, Any]) -> None:
        person = UUID(values["person"]) if values["person"] else None
        window = Window(form.instant(zone, "since"), form.instant(zone, "before"), person)
        work_out(breach=row, reach_id=form.new_id(), window=window, by=member, at=request.instant)

    if request.method == "POST" and acted(request, form, act, "Étendue relevée dans votre journal."):
        return to_breach(row, "etendue")
    return show_form(
        request, form, row, title="Chercher l’étendue dans le journal", button="Chercher",
        lead="Quels dossiers ont été ouverts pendant cette période, par quels comptes. Seul votre organisme lit ce résultat.",
    )  # fmt: skip


def _joinable(rows: Sequence[Breach], zone: ZoneInfo) -> list[tuple[str, str]]:
    """What tells one report from another: when, who reported it, what happened, under which conventions."""
    titles: dict[UUID, dict[str, None]] = {}
    for one in notices_of([row.pk for row in rows]):
        titles.setdefault(one.breach_id, {})[one.convention.title] = None
    found = []
    for row in rows:
        under = list(titles.get(row.pk, {}))
        names = f" {'Conventions' if len(under) > 1 else 'Convention'} : {', '.join(under)}." if under else ""
        found.append(
            (
                str(row.pk),
                typeset(
                    f"{reference(row.pk)}, constatée le {short_instant(row.noticed_at, zone)}, signalée par {row.organisation.short_name} :"
                    f" « {Truncator(row.what).chars(_SHOWN)} »{names}"
                ),
            )
        )
    return found


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def join(request: MemberRequest, breach: UUID) -> HttpResponse:
    """Make two reports of the same facts one file."""
    row, member = followed(request, breach), acting_member(request)
    zone = zone_of(member)
    others = _joinable(joinable(row, member, _NEAREST), zone)
    form = JoinForm(request.POST if request.method == "POST" else None, others=others)

    def act(values: dict[str, Any]) -> None:
        following.join(breach=row, into=UUID(values["into"]), by=member)

    if request.method == "POST" and acted(
        request, form, act, "Signalements joints : les délais de chacun restent."
    ):
        answer = to_breach(row)
        answer["Location"] = reverse("protection:breach", args=[row.joined_to_id or row.pk])
        return answer
    lead = "Ce signalement rejoint le dossier de l’autre ; les parties de chacun lisent les deux, et les délais de chacun restent."
    if len(others) == _NEAREST:
        lead = f"{lead} Sont proposés les {_NEAREST} signalements constatés au plus près de celui-ci."
    if not others:
        lead = "Aucun autre signalement en cours ne peut être joint à celui-ci."
    shown = form if others else None
    return show_form(request, shown, row, title="Joindre à un autre signalement", button="Joindre", lead=lead)
