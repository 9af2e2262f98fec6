"""Addresses of the journal. An address holds ids and days only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.journal import alerts, reading

app_name = "journal"
urlpatterns = [
    path("", reading.journal, name="journal"),
    path("export/<slug:kind>/", reading.export, name="export"),
    path("signalements/", alerts.alerts, name="alerts"),
    path("signalements/<uuid:alert>/", alerts.alert, name="alert"),
    path("seuil/", alerts.threshold, name="threshold"),
]

register(alerts.due)
