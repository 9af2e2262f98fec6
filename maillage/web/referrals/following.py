"""Following a case, handing it to a colleague, and consulting it without following it: the pages of those acts."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from maillage.cases import following
from maillage.cases.models import Case, Participation
from maillage.cases.rules import LONGEST_MOTIVE, SHORTEST_MOTIVE
from maillage.core.refusals import Refused
from maillage.organisations.member import Member
from maillage.organisations.roles import Permission
from maillage.referrals import queries
from maillage.referrals.models import Referral
from maillage.referrals.references import reference
from maillage.web.middleware import MemberRequest
from maillage.web.presentation.forms import ParagraphsField
from maillage.web.referrals.tasks import local_day
from maillage.web.rules import acting_member, page


class MotiveForm(forms.Form):
    """Why one consults a case that one does not follow."""

    motive = ParagraphsField(
        label="Pourquoi consultez-vous ce dossier ?",
        help_text=(
            f"{SHORTEST_MOTIVE} caractères au moins. Ce motif est lu par l’administration et le DPO de votre organisme : "
            "n’y écrivez ni nom, ni information de santé."
        ),
        max_length=LONGEST_MOTIVE,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={
            "required": f"Dites pourquoi, en {SHORTEST_MOTIVE} caractères au moins.",
            "max_length": f"Écrivez {LONGEST_MOTIVE} caractères au plus.",
        },
    )


class ColleagueForm(forms.Form):
    """Who takes the case over."""

    to = forms.ChoiceField(
        label="À qui ?",
        error_messages={
            "required": "Choisissez un ou une collègue de la liste.",
            "invalid_choice": "Choisissez un ou une collègue de la liste.",
        },
    )

    def __init__(self, data: Any = None, *, people: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(data)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - declared above
        field.choices = [("", "Choisir"), *((str(user), name) for user, name in people)]


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def follow(request: MemberRequest, case: UUID) -> HttpResponse:
    """Take the case on: its identity opens."""
    following.follow(case=_referral(request, case).case, by=acting_member(request), at=request.instant)
    messages.success(request, "Vous suivez maintenant ce dossier.")
    return redirect("referrals:case", case)


@page(permission=Permission.READ_REFERRALS, methods=("POST",))
def unfollow(request: MemberRequest, case: UUID) -> HttpResponse:
    """Stop following: the identity closes."""
    if following.unfollow(case=_referral(request, case).case, by=acting_member(request), at=request.instant):
        messages.success(request, "Vous ne suivez plus ce dossier.")
    return redirect("referrals:case", case)


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), while_frozen=True)
def hand_over(request: MemberRequest, case: UUID) -> HttpResponse:
    """Hand the case to a colleague, who follows it from then on."""
    return handing_over(request, _referral(request, case).case, reverse("referrals:case", args=[case]))


def handing_over(request: MemberRequest, case: Case, back: str) -> HttpResponse:
    """The page of handing a case of any kind to a colleague; its own page is `back`."""
    member = acting_member(request)
    people = following.colleagues(member, on=local_day(request.instant, member))
    form = ColleagueForm(request.POST if request.method == "POST" else None, people=people)
    if form.is_valid():
        to = UUID(form.cleaned_data["to"])
        try:
            following.hand_over(case=case, to=to, by=member, at=request.instant)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            messages.success(request, f"Dossier confié à {dict(people)[to]}. Vous ne le suivez plus.")
            return redirect(back)
    context = {
        "form": form,
        "has_colleagues": bool(people),
        "reference": reference(case.id),
        "case_url": back,
    }
    return render(request, "referrals/hand_over.html", context)


@page(permission=Permission.READ_REFERRALS, methods=("GET", "POST"), fresh=True, while_frozen=True)
def consult(request: MemberRequest, case: UUID) -> HttpResponse:
    """Open the identity for the rest of the day, for a reason that is kept, and told at once."""
    _referral(request, case)
    return consulting(request, case, reverse("referrals:case", args=[case]))


def consulting(request: MemberRequest, case: UUID, back: str) -> HttpResponse:
    """The page of consulting a case of any kind; its own page is `back`."""
    form = MotiveForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        motive = form.cleaned_data["motive"]
        try:
            following.consult(case=case, motive=motive, by=acting_member(request), at=request.instant)
        except Refused as refused:
            form.add_error(refused.field, str(refused))
        else:
            return redirect(back)
    context = {"form": form, "case": case, "reference": reference(case), "case_url": back}
    return render(request, "referrals/consult.html", context)


def closed_context(member: Member, found: queries.NotFollowed) -> dict[str, Any]:
    """What a colleague who does not follow the case is shown of it, besides its state: who follows, and what she may do."""
    case = found.participation.case
    return {
        **_named(case.id),
        "followers": [one.name for one in following.followers(member, case.id)],
        "can_follow": following.can_follow(member, case),
        "consult_url": reverse("referrals:consult", args=[case.id]),
    }


def following_urls(room: str, case: UUID) -> dict[str, str]:
    """Where a case of a room is followed, no longer followed, handed over."""
    return {
        f"{act}_url": reverse(f"{room}:{act}", args=[case]) for act in ("follow", "unfollow", "hand_over")
    }


def _named(case: UUID) -> dict[str, Any]:
    return {"case": case, "reference": reference(case), "case_url": reverse("referrals:case", args=[case])}


def _referral(request: MemberRequest, case: UUID) -> Referral:
    try:
        return queries.referral_of(acting_member(request), case)
    except Participation.DoesNotExist as unknown:
        raise Http404 from unknown
