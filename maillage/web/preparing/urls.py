"""Addresses of files being prepared. An address holds ids only."""

from django.urls import path

from maillage.web.preparing import listing, pieces, printing, writing

app_name = "preparations"
urlpatterns = [
    path("", listing.preparations, name="list"),
    path("nouveau/", writing.new, name="new"),
    path("nouveau/<uuid:case>/", writing.new_from, name="new_from"),
    path("<uuid:preparation>/envoi/", writing.send, name="send"),
    path("<uuid:preparation>/suppression/", writing.discard, name="discard"),
    path("<uuid:preparation>/liste/", printing.paper, name="paper"),
    path("<uuid:preparation>/pieces/<uuid:prepared>/", pieces.piece, name="piece"),
    path("<uuid:preparation>/pieces/<uuid:prepared>/retrait/", pieces.remove_piece, name="remove_piece"),
    path("<uuid:preparation>/<slug:slug>/", writing.step, name="step"),
]
