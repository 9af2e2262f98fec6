"""The stages of a sign-in after the first factor."""

from allauth.account.stages import LoginStage
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from maillage.credentials.actions import factors_of, proves

STRONG = "strong"  # of a login's state: the provider gave a level that stands for our second factor


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth has no types
    """Whoever has a second factor gives it; nobody has entered until then."""

    key = "second_factor"
    urlname = "second_factor"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """Lead to the page of the second factor, or go on."""
        if self.login.state.get(STRONG) or not proves(factors_of(self.login.user)):
            return None, True
        return HttpResponseRedirect(reverse(self.urlname)), True
