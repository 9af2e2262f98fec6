"""Addresses of the yearly figures of a convention."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.indicators import answering, bilan, bringing, campaigns
from maillage.web.indicators.tasks import due

app_name = "indicators"
register(due)

urlpatterns = [
    path("campagnes/", campaigns.campaigns, name="campaigns"),
    path("campagnes/ouvrir/", campaigns.open_on_template, name="campaign_open_template"),
    path("campagnes/ouvrir/<uuid:convention>/", campaigns.open_campaign, name="campaign_open"),
    path("campagnes/<uuid:campaign>/", campaigns.campaign, name="campaign"),
    path("campagnes/<uuid:campaign>/cloture/", campaigns.close, name="campaign_close"),
    path("campagnes/<uuid:campaign>/date/", campaigns.move, name="campaign_move"),
    path("campagnes/<uuid:campaign>/<slug:kind>/", campaigns.campaign_export, name="campaign_export"),
    path("<uuid:convention>/", bilan.newest, name="newest"),
    path("<uuid:convention>/<int:year>/", bilan.bilan, name="bilan"),
    path("<uuid:convention>/<int:year>/reponses/<int:block>/", answering.answers, name="answers"),
    path("<uuid:convention>/<int:year>/fiche/", bringing.bring, name="sheet_bring"),
    path("<uuid:convention>/<int:year>/fiche/modele.xlsx", bringing.taken, name="sheet_taken"),
    path("<uuid:convention>/<int:year>/etape/<slug:verb>/", answering.step, name="step"),
    path("<uuid:convention>/<int:year>/retour/<slug:verb>/", answering.back, name="back"),
    path("<uuid:convention>/<int:year>/<slug:kind>/", bilan.export, name="bilan_export"),
]
