"""Addresses of the action sheets of a convention."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.sheets import board, reading, writing

app_name = "sheets"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:convention>/fiches/", board.board, name="board"),
    path("<uuid:convention>/fiches/element/<uuid:entry>/", writing.change, name="change"),
    path("<uuid:convention>/fiches/element/<uuid:entry>/livraison/", writing.deliver, name="deliver"),
    path("<uuid:convention>/fiches/etude/<uuid:study>/<slug:slug>/", writing.step, name="step"),
    path("<uuid:convention>/fiches/<slug:sheet>/", reading.sheet, name="sheet"),
    path("<uuid:convention>/fiches/<slug:sheet>/<slug:slug>/", writing.add, name="add"),
]
