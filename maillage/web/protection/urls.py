"""Addresses of the data-protection desk. An address holds ids and words of ours only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.protection import acting, breach, deciding, desk, destroying, files, reporting
from maillage.web.protection.tasks import due

app_name = "protection"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("violations/", reporting.breaches, name="breaches"),
    path("violations/nouvelle/", reporting.new, name="breach_new"),
    path("violations/registre.xlsx", files.register, name="register"),
    path("violations/<uuid:breach>/", breach.breach, name="breach"),
    path("violations/<uuid:breach>/reception/", acting.acknowledge, name="acknowledge"),
    path("violations/<uuid:breach>/conventions/", acting.conventions, name="conventions"),
    path("violations/<uuid:breach>/connaissance/", acting.know, name="know"),
    path("violations/<uuid:breach>/etendue/", acting.reach, name="reach"),
    path("violations/<uuid:breach>/jonction/", acting.join, name="join"),
    path("violations/<uuid:breach>/pieces/<slug:kind>/", acting.add, name="add"),
    path("violations/<uuid:breach>/decision/", deciding.propose, name="propose"),
    path("violations/<uuid:breach>/cloture/", deciding.close, name="close"),
    path("violations/<uuid:breach>/notification/", files.notice, name="notice"),
    path("violations/avis/<uuid:breach_notice>/", acting.told, name="told"),
    path("violations/decisions/<uuid:breach_decision>/accord/", deciding.agree, name="agree"),
    path("violations/pieces/<uuid:breach_entry>/", files.document, name="document"),
    path("destructions/", destroying.destructions, name="destructions"),
    path("destructions/<uuid:convention>/", destroying.destruction, name="destruction"),
    path("destructions/<uuid:convention>/jour/", destroying.destruction_day, name="destruction_day"),
    path("destructions/<uuid:convention>/contreseing/", destroying.destruction_sign, name="destruction_sign"),
    path(
        "destructions/<uuid:convention>/certificat/<slug:party>/",
        destroying.destruction_certificate,
        name="destruction_certificate",
    ),
]

register(due)
register(destroying.destructions_due)
