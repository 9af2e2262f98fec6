"""Addresses of the conventions: what is read, and what is written."""

from django.urls import URLPattern, URLResolver

from maillage.web.conventions.deploying_urls import deploying_urls
from maillage.web.conventions.reading_urls import reading_urls
from maillage.web.conventions.soliciting_urls import soliciting_urls
from maillage.web.conventions.writing_urls import writing_urls

app_name = "conventions"
urlpatterns: list[URLPattern | URLResolver] = [
    *writing_urls,
    *soliciting_urls,
    *deploying_urls,
    *reading_urls,
]
