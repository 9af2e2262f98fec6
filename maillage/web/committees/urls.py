"""Addresses of committees and local actions. An address holds ids and words of ours only."""

from django.urls import path

from maillage.web.committees import acting, deciding, files, listing, local, meeting, proposing, writing
from maillage.web.committees.tasks import due
from maillage.web.home.tasks import register

app_name = "committees"
urlpatterns = [
    path("<uuid:convention>/", listing.committees, name="list"),
    path("<uuid:convention>/reunions/nouvelle/", acting.plan, name="plan"),
    path("<uuid:convention>/mots/nouveau/", listing.remark, name="remark"),
    path("<uuid:convention>/actions-locales/", local.actions, name="local_actions"),
    path("<uuid:convention>/actions-locales/nouvelle/", local.describe, name="local_action_new"),
    path("<uuid:convention>/actions-proposees/", proposing.national, name="national"),
    path("actions-locales/<uuid:local_action>/proposition/", proposing.propose, name="proposal_new"),
    path(
        "actions-locales/<uuid:local_action>/proposition/retrait/",
        proposing.take_back,
        name="proposal_take_back",
    ),
    path("actions-locales/<uuid:local_action>/<slug:step>/", local.step, name="local_action"),
    path("mots/<uuid:remark>/retrait/", listing.withdraw, name="remark_withdraw"),
    path("reunions/<uuid:meeting>/", meeting.meeting, name="meeting"),
    path("reunions/<uuid:meeting>/convocation/", acting.convene, name="convene"),
    path("reunions/<uuid:meeting>/convocation/pdf/", files.convocation, name="convocation"),
    path("reunions/<uuid:meeting>/annulation/", acting.cancel, name="cancel"),
    path("reunions/<uuid:meeting>/points/", acting.item, name="item"),
    path("reunions/<uuid:meeting>/tenue/", acting.hold, name="hold"),
    path("reunions/<uuid:meeting>/compte-rendu/", writing.minutes, name="minutes"),
    path("reunions/<uuid:meeting>/validation/", writing.validate, name="validate"),
    path("reunions/<uuid:meeting>/decisions/", deciding.decide, name="decide"),
    path("decisions/<uuid:decision>/<slug:verb>/", deciding.follow, name="decision"),
    path("reunions/<uuid:meeting>/dossier/", files.freeze, name="pack"),
    path("dossiers/<uuid:pack>/<slug:kind>/", files.file, name="pack_file"),
]

register(due)
