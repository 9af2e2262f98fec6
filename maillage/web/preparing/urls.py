"""Addresses of files being prepared. An address holds ids only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.preparing import importing, listing, pieces, printing, writing
from maillage.web.preparing.tasks import tables_waiting

app_name = "preparations"
urlpatterns = [
    path("", listing.preparations, name="list"),
    path("nouveau/", writing.new, name="new"),
    path("tableaux/", importing.tables, name="imports"),
    path("tableaux/<uuid:table>/", importing.one, name="import"),
    path("tableaux/<uuid:table>/avancement/", importing.progress, name="import_progress"),
    path("tableaux/<uuid:table>/colonnes/", importing.columns, name="import_columns"),
    path("tableaux/<uuid:table>/confirmation/", importing.confirm, name="import_confirm"),
    path("tableaux/<uuid:table>/abandon/", importing.abandon, name="import_abandon"),
    path("tableaux/<uuid:table>/oubli/", importing.forget, name="import_forget"),
    path("tableaux/<uuid:table>/a-corriger.<slug:kind>", importing.wrong, name="import_wrong"),
    path("nouveau/<uuid:case>/", writing.new_from, name="new_from"),
    path("<uuid:preparation>/envoi/", writing.send, name="send"),
    path("<uuid:preparation>/suppression/", writing.discard, name="discard"),
    path("<uuid:preparation>/liste/", printing.paper, name="paper"),
    path("<uuid:preparation>/pieces/<uuid:prepared>/", pieces.piece, name="piece"),
    path("<uuid:preparation>/pieces/<uuid:prepared>/retrait/", pieces.remove_piece, name="remove_piece"),
    path("<uuid:preparation>/<slug:slug>/", writing.step, name="step"),
]

register(tables_waiting)
