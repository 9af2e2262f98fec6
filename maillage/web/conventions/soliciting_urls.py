"""Addresses of the pages by which referents are called on."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.conventions.soliciting import box, pages
from maillage.web.conventions.soliciting.tasks import answers_due
from maillage.web.home.tasks import register

register(answers_due)

soliciting_urls: list[URLPattern | URLResolver] = [
    path("sollicitations/", pages.solicitations, name="solicitations"),
    path("sollicitations/<uuid:solicitation>/", pages.solicitation, name="solicitation"),
    path("sollicitations/<uuid:solicitation>/reponse/", pages.answer_plain, name="solicitation_answer"),
    path(
        "sollicitations/<uuid:progress>/reponse/dossier/",
        pages.answer_progress,
        name="solicitation_progress_answer",
    ),
    path("sollicitations/<uuid:asked>/retrait/", pages.withdraw_plain, name="solicitation_withdraw"),
    path(
        "sollicitations/<uuid:asked_progress>/retrait/dossier/",
        pages.withdraw_progress,
        name="solicitation_progress_withdraw",
    ),
    path("<uuid:convention>/boite/", box.box, name="box"),
    path("<uuid:convention>/solliciter/", pages.solicit, name="solicit"),
]
