"""Addresses of trainings."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.training import organising, reading, registering, signing
from maillage.web.training.tasks import due

app_name = "training"
urlpatterns = [
    path("", reading.sessions, name="list"),
    path("modules/", reading.modules, name="modules"),
    path("modules/nouveau/", organising.module_new, name="module_new"),
    path("modules/<uuid:module>/", organising.module_change, name="module_change"),
    path("modules/<uuid:module>/retrait/", organising.module_withdraw, name="module_withdraw"),
    path("conventions/<uuid:convention>/", reading.convention, name="convention"),
    path("personnes/", registering.people, name="people"),
    path("personnes/<uuid:attendee>/", registering.person, name="person"),
    path("inscriptions/<uuid:registration>/retrait/", registering.withdraw, name="withdraw"),
    path("presences/<uuid:presence>/attestation/", signing.certificate, name="certificate"),
    path("seances/nouvelle/", organising.session_new, name="session_new"),
    path("seances/<uuid:session>/", reading.session, name="session"),
    path("seances/<uuid:session>/modification/", organising.session_change, name="session_change"),
    path("seances/<uuid:session>/annulation/", organising.cancel, name="cancel"),
    path("seances/<uuid:session>/inscription/", registering.register, name="register"),
    path("seances/<uuid:session>/agenda/", signing.calendar, name="calendar"),
    path("seances/<uuid:session>/feuille/", signing.sheet, name="sheet"),
    path("seances/<uuid:session>/feuille-signee/", signing.signed_sheet, name="signed_sheet"),
    path("seances/<uuid:session>/emargement/", signing.sign_off, name="sign_off"),
    path("seances/<uuid:session>/attestations/", signing.certificates, name="certificates"),
]

register(due)
