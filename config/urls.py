"""Addresses. Each room of pages lists its own in `maillage/web/<room>/urls.py`."""

from django.urls import include, path

urlpatterns = [path("", include("maillage.web.urls"))]

handler400 = "maillage.web.errors.bad_request"
handler403 = "maillage.web.errors.permission_denied"
handler404 = "maillage.web.errors.page_not_found"
handler500 = "maillage.web.errors.server_error"
