"""All pages: each room lists its own."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from maillage.web.accounts import views as accounts
from maillage.web.home import views as home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("organisme/", home.switch, name="switch"),
    path("glossaire/", home.glossary, name="glossary"),
    path("confidentialite/", home.privacy, name="privacy"),
    path("connexion/", account.login, name="account_login"),
    path("deconnexion/", account.logout, name="account_logout"),
    path("mon-compte/mot-de-passe/", accounts.password, name="password"),
    path("conventions/", include("maillage.web.conventions.urls")),
    path("orientations/", include("maillage.web.referrals.urls")),
    path("journal/", include("maillage.web.journal.urls")),
]
