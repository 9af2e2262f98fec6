"""The page that asks again who one is."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from maillage.credentials.models import Factor
from maillage.web.accounts.confirming import ProofForm, next_page
from maillage.web.accounts.proofs import remember_proof
from maillage.web.accounts.shown import signed_in_user
from maillage.web.middleware import MemberRequest
from maillage.web.rules import page


@page(at_the_door=True, methods=("GET", "POST"), meanwhile=True)
@sensitive_post_parameters()
def confirm(request: MemberRequest) -> HttpResponse:
    """Prove that it is still she, then go on to the page that asked."""
    form = ProofForm(request, signed_in_user(request))
    target = next_page(request, reverse("home"))
    if form.is_bound and form.is_valid():
        remember_proof(request, request.instant.timestamp(), second_factor=isinstance(form.proof, Factor))
        return redirect(target)
    context = {"form": form, "challenge": form.challenge(), "next": target}
    return render(request, "account/confirm.html", context)
