"""The directory: reading it, keeping one's own sheet, managing the whole."""

from django.urls import path

from maillage.web.directory import importing, keeping, managing, reading
from maillage.web.directory.tasks import imports_to_confirm
from maillage.web.home.tasks import register

app_name = "directory"
urlpatterns = [
    path("", reading.organisations, name="list"),
    path("communes/", reading.communes, name="communes"),
    path("commune/<slug:place>/", reading.place, name="place"),
    path("organisme/<uuid:organisation>/", reading.organisation, name="organisation"),
    path("ma-fiche/", keeping.sheet, name="sheet"),
    path("ma-fiche/assurer/", keeping.assure, name="assure"),
    path("ma-fiche/fermer/", keeping.close_own, name="close_own"),
    path("offres/nouvelle/", keeping.new_offer, name="offer_new"),
    path("offres/<uuid:offer>/", keeping.offer, name="offer"),
    path("offres/<uuid:offer>/retirer/", keeping.withdraw_offer, name="offer_withdraw"),
    path("boites/nouvelle/", keeping.new_mailbox, name="mailbox_new"),
    path("boites/<uuid:mailbox>/", keeping.mailbox, name="mailbox"),
    path("boites/<uuid:mailbox>/retirer/", keeping.withdraw_mailbox, name="mailbox_withdraw"),
    path("ouvrir/", managing.open_organisation, name="open"),
    path("organisme/<uuid:organisation>/fermer/", managing.close, name="close"),
    path("organisme/<uuid:organisation>/rouvrir/", managing.reopen, name="reopen"),
    path("imports/", importing.imports, name="imports"),
    path("imports/<uuid:directory_import>/", importing.one, name="import"),
    path("imports/<uuid:directory_import>/avancement/", importing.progress, name="import_progress"),
    path("imports/<uuid:directory_import>/confirmer/", importing.confirm, name="import_confirm"),
    path("imports/<uuid:directory_import>/abandonner/", importing.abandon, name="import_abandon"),
    path("imports/<uuid:directory_import>/compte-rendu.csv", importing.report, name="import_report"),
    path("imports/<uuid:directory_import>/compte-rendu.xlsx", importing.workbook, name="import_workbook"),
]

register(imports_to_confirm)
