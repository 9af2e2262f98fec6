"""The second factor, between the password and the entrance."""

from typing import cast

from allauth.account.stages import LoginStageController
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from maillage.organisations.models import User
from maillage.web.accounts.confirming import ProofForm
from maillage.web.accounts.stages import SecondFactorStage


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def second_factor(request: HttpRequest) -> HttpResponse:
    """Give it, or begin again; whoever gave no first factor is led to the door."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    if stage is None:
        return redirect(settings.LOGIN_URL)
    user = stage.login.user
    if not isinstance(user, User) or not user.is_active or "annuler" in request.POST:
        return cast("HttpResponse", stage.abort())
    form = ProofForm(request, user, at_sign_in=True)
    if not form.has_factor:  # taken away in the meantime: from the beginning
        messages.info(request, "Reprenez la connexion depuis le début.")
        return cast("HttpResponse", stage.abort())
    if form.is_bound and form.is_valid():
        request.second_factor = form.way  # type: ignore[attr-defined]  # read by the adapter
        return cast("HttpResponse", stage.exit())
    return render(request, "account/second_factor.html", {"form": form, "challenge": form.challenge()})
