"""Addresses of the provisions of a convention."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.provision import reading, writing

app_name = "provision"
urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:convention>/provisions/", reading.board, name="board"),
    path("<uuid:convention>/provisions/nouvelle/", writing.new, name="new"),
    path("<uuid:convention>/provisions/<int:year>/<slug:slug>/", reading.provision, name="provision"),
    path("<uuid:convention>/provisions/<int:year>/<slug:slug>/realise/", writing.actual, name="actual"),
]
