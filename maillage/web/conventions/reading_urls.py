"""Addresses of the pages on which conventions are read."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.conventions.reading import (
    adhesion,
    calendar,
    documents,
    library,
    lists,
    papers,
    sheet,
    texts,
)
from maillage.web.conventions.reading.beyond import beyond_due
from maillage.web.conventions.reading.tasks import convention_tasks
from maillage.web.home.tasks import register

register(convention_tasks)
register(beyond_due)

reading_urls: list[URLPattern | URLResolver] = [
    path("", lists.conventions, name="list"),
    path("calendrier/", calendar.calendar, name="calendar"),
    path("calendrier/adresse/", calendar.new_address, name="feed_address"),
    path("calendrier/abonnement/<str:token>.ics", calendar.feed, name="feed"),
    path("textes/", library.texts, name="library"),
    path("textes/<str:name>/", library.text, name="library_text"),
    path("<uuid:convention>/", sheet.convention, name="convention"),
    path("<uuid:convention>/texte/", texts.text, name="text"),
    path("<uuid:convention>/comparaison/", texts.difference, name="difference"),
    path("<uuid:convention>/papier/<slug:flow>/<slug:kind>/", papers.paper, name="paper"),
    path("<uuid:convention>/prado.csv", adhesion.export, name="adhesion"),
    path("<uuid:convention>/documents/<uuid:document>/", documents.document, name="document"),
]
