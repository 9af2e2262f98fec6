"""Addresses of the library of supports. None holds the name of a file: what is served is what is current."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.supports import counts, opening, printing, publishing, reading, stocks, writing
from maillage.web.supports.tasks import due

app_name = "supports"
urlpatterns = [
    path("", reading.library, name="list"),
    path("nouveau/", writing.new, name="new"),
    path("stocks/", stocks.stocks, name="stocks"),
    path("versions/<uuid:version>/fichier/", opening.preview, name="preview"),
    path("versions/<uuid:version>/publication/", publishing.publish, name="publish"),
    path("versions/<uuid:version>/validite/", publishing.prolong, name="prolong"),
    path("versions/<uuid:version>/retrait/", publishing.withdraw, name="withdraw"),
    path("versions/<uuid:version>/abandon/", publishing.discard, name="discard"),
    path("<uuid:support>/", reading.support, name="support"),
    path("<uuid:support>/ouvrir/", opening.open_current, name="open"),
    path("<uuid:support>/affichette/", printing.poster, name="poster"),
    path("<uuid:support>/modification/", writing.change, name="change"),
    path("<uuid:support>/versions/", writing.version_new, name="version_new"),
    path("<uuid:support>/compteurs/", counts.counts, name="counts"),
    path("<uuid:support>/stock/", stocks.stock, name="stock"),
    path("<uuid:support>/stock/seuil/", stocks.threshold, name="threshold"),
]

register(due)
