"""Fixing a duration, withdrawing one."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.organisations.roles import Permission
from maillage.protection.retention import stating
from maillage.protection.retention.durations import KINDS, NOTICE, Duration
from maillage.protection.retention.keeping import durations_of, signed_by
from maillage.web.conventions.writing.refusals import acted
from maillage.web.middleware import MemberRequest
from maillage.web.protection.durations.forms import DurationForm, WithdrawForm
from maillage.web.protection.durations.words import months_words, scope_key, scope_words
from maillage.web.rules import acting_member, page

_MOST = 500
_LEAD = (
    f"Rien ne s’efface dans les {NOTICE.days} jours qui suivent : le temps de voir une erreur. Ensuite, la nuit qui suit le dernier jour "
    "d’un dossier clos, votre organisme n’en lit plus rien, et cela ne se défait pas. Les autres organismes gardent leur part. Ce que dit "
    "la convention passe avant."
)


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"), fresh=True)
def new(request: MemberRequest) -> HttpResponse:
    """Fix how long closed cases are kept: of one convention, of one kind, of all."""
    member = acting_member(request)
    offered = [
        (scope_key(None, ""), scope_words("", "")),
        *((scope_key(None, kind), scope_words("", kind)) for kind in KINDS),
        *(
            (scope_key(pk, ""), scope_words(title, ""))
            for pk, title in signed_by(member).values_list("pk", "title")[:_MOST]
        ),
    ]
    form = DurationForm(request.POST if request.method == "POST" else None, offered=offered)

    def act(values: dict[str, Any]) -> None:
        what, _, which = values["scope"].partition(":")
        stating.state(
            months=values["months"],
            reason=values["reason"],
            convention=UUID(which) if what == "convention" else None,
            kind=which if what == "kind" else "",
            by=member,
            at=request.instant,
        )

    if request.method == "POST" and acted(request, form, act, "Durée fixée."):
        return redirect("protection:durations")
    return _show(
        request,
        form,
        title="Fixer combien de temps garder les dossiers clos",
        lead=_LEAD,
        button="Fixer cette durée",
    )


@page(permission=Permission.PROTECT_DATA, methods=("GET", "POST"))
def withdraw(request: MemberRequest, case_duration: UUID) -> HttpResponse:
    """Say that a duration counts no more; of one that counts no more already, back to the list."""
    member = acting_member(request)
    one = _running(case_duration, member.organisation)
    form = WithdrawForm(request.POST if request.method == "POST" else None)

    def act(values: dict[str, Any]) -> None:
        stating.withdraw(
            convention=one.convention, kind=one.kind, reason=values["reason"], by=member, at=request.instant
        )

    if request.method == "POST" and acted(
        request, form, act, "Durée retirée : plus rien ne s’efface par elle."
    ):
        return redirect("protection:durations")
    titles = signed_by(member).filter(pk__in=[one.convention] if one.convention else [])
    title = titles.values_list("title", flat=True).first() or ""
    lead = (
        f"{scope_words(title, one.kind)}, {months_words(one.months)} après la clôture. Dès cet instant plus rien ne s’efface par cette "
        "durée ; une durée moins précise s’applique, s’il y en a une."
    )
    return _show(request, form, title="Retirer une durée", lead=lead, button="Retirer cette durée")


def _running(case_duration: UUID, organisation: UUID) -> Duration:
    """One's organisation's own that counts. Raises Http404."""
    found = next((one for one in durations_of(organisation).values() if one.id == case_duration), None)
    if found is None:
        raise Http404
    return found


def _show(
    request: MemberRequest, form: DurationForm | WithdrawForm, *, title: str, lead: str, button: str
) -> HttpResponse:
    above = [("Durées des dossiers clos", reverse("protection:durations"))]
    known = {
        "form": form,
        "title": title,
        "lead": lead,
        "button": button,
        "breadcrumb": above,
        "back": above[-1][1],
    }
    return render(request, "one_form.html", known)
