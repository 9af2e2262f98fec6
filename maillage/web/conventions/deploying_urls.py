"""Addresses of the pages on which the deployment of a framework is followed."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.conventions.deploying import pages
from maillage.web.conventions.deploying.tasks import reviews_due
from maillage.web.home.tasks import register

register(reviews_due)
deploying_urls: list[URLPattern | URLResolver] = [
    path("deploiement/", pages.own, name="deployments"),
    path("deploiement/motif/", pages.reason, name="deployment_reason"),
    path("<uuid:convention>/deploiement/", pages.framework, name="deployment"),
    path("<uuid:convention>/deploiement/export/<slug:kind>/", pages.export, name="deployment_export"),
]
