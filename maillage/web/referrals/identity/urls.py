"""Addresses of the identity of a case, whatever its kind. An address holds ids only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.referrals.identity import pages
from maillage.web.referrals.identity.tasks import due

app_name = "identity"
urlpatterns = [
    path("<uuid:case>/identite/", pages.former, name="former"),
    path("<uuid:case>/identite/corriger/", pages.correct, name="correct"),
    path("corrections/<uuid:correction>/reprise/", pages.take_up, name="take_up"),
]

register(due)
