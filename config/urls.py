"""Addresses. Each room of pages lists its own in `maillage/web/<room>/urls.py`."""

from django.urls import include, path

urlpatterns = [path("", include("maillage.web.urls"))]
