"""Addresses of the credits of a convention."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.credits import reading, writing
from maillage.web.credits.tasks import due
from maillage.web.home.tasks import register

app_name = "credits"
register(due)

urlpatterns: list[URLPattern | URLResolver] = [
    path("<uuid:convention>/credits/", reading.board, name="board"),
    path("<uuid:convention>/credits/nouvelle/", writing.new, name="new"),
    path("<uuid:convention>/credits/import/", writing.imported, name="import"),
    path("<uuid:convention>/credits/<uuid:envelope>/", reading.envelope, name="envelope"),
    path("<uuid:convention>/credits/<uuid:envelope>/chiffre/", writing.figure, name="figure"),
    path("<uuid:convention>/credits/<uuid:envelope>/mesure/", writing.measure, name="measure"),
]
