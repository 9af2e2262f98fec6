"""All pages: each room lists its own."""

from allauth.account import views as account
from django.urls import URLPattern, URLResolver, include, path

from maillage.web.accounts import confirm, emails, factors, oidc, oidc_leaving, second_factor, sessions
from maillage.web.accounts import views as accounts
from maillage.web.home import views as home
from maillage.web.people import entry, invited, leaving, roles
from maillage.web.supports import opening

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("organisme/", home.switch, name="switch"),
    path("glossaire/", home.glossary, name="glossary"),
    path("confidentialite/", home.privacy, name="privacy"),
    path("connexion/", account.login, name="account_login"),
    path("connexion/second-facteur/", second_factor.second_factor, name="second_factor"),
    path("connexion/fournisseur/", oidc.leave_for_provider, name="provider"),
    path("connexion/fournisseur/retour/", oidc.return_from_provider, name="provider_return"),
    path("connexion/fournisseur/fin/", oidc_leaving.left_provider, name="provider_left"),
    path("deconnexion/", oidc_leaving.sign_out, name="account_logout"),
    path("mon-compte/mot-de-passe/", accounts.password, name="password"),
    path("mon-compte/absence/", leaving.my_absence, name="my_absence"),
    path("mon-compte/entree/", entry.entry, name="entry"),
    path("mon-compte/entree/formation/", entry.training, name="entry_training"),
    path("invitation/<str:token>/", invited.invitation, name="invitation"),
    path("qui-peut-quoi/", roles.roles, name="roles"),
    path("organisme/membres/", include("maillage.web.people.urls")),
    path("mon-compte/confirmer/", confirm.confirm, name="confirm"),
    path("mon-compte/second-facteur/", factors.factors, name="factors"),
    path("mon-compte/second-facteur/application/", factors.application, name="factor_application"),
    path("mon-compte/second-facteur/cle/", factors.key, name="factor_key"),
    path("mon-compte/second-facteur/codes/", factors.recovery_codes, name="recovery_codes"),
    path("mon-compte/e-mails/", emails.emails, name="emails"),
    path("mon-compte/sessions/", sessions.sessions, name="sessions"),
    path("annuaire/", include("maillage.web.directory.urls")),
    path("conventions/", include("maillage.web.conventions.urls")),
    path("bilans/", include("maillage.web.indicators.urls")),
    path("comites/", include("maillage.web.committees.urls")),
    path("conventions/", include("maillage.web.sheets.urls")),
    path("conventions/", include("maillage.web.credits.urls")),
    path("conventions/", include("maillage.web.provision.urls")),
    path("orientations/", include("maillage.web.referrals.urls")),
    path("dossiers/", include("maillage.web.referrals.identity.urls")),
    path("droits/preparations/", include("maillage.web.preparing.urls")),
    path("agents-delegues/", include("maillage.web.secondments.urls")),
    path("supports/", include("maillage.web.supports.urls")),
    path("s/<str:code>", opening.by_code, name="support_code"),
    path("formations/", include("maillage.web.training.urls")),
    path("droits/", include("maillage.web.rights.urls")),
    path("journal/", include("maillage.web.journal.urls")),
    path("protection/", include("maillage.web.protection.urls")),
]
