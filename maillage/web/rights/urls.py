"""Addresses of applications for rights once sent. An address holds ids only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.rights import board, following, letters, listing, partnering, reading, serving, working
from maillage.web.rights.tasks import due

app_name = "rights"
urlpatterns = [
    path("", listing.applications, name="list"),
    path("conventions/<uuid:convention>/suivi/", board.board, name="board"),
    path("conventions/<uuid:convention>/suivi/tirage/", board.draw, name="draw"),
    path("conventions/<uuid:convention>/suivi/export/<slug:kind>/", board.board_export, name="board_export"),
    path("<uuid:application>/", reading.application, name="application"),
    path("<uuid:application>/reception/", working.receive, name="receive"),
    path("<uuid:application>/completude/", working.complete, name="complete"),
    path("<uuid:application>/pieces-demandees/", working.ask, name="ask"),
    path("<uuid:application>/pieces-recues/", partnering.answer, name="answer"),
    path("<uuid:application>/pieces/", partnering.add_piece, name="add_piece"),
    path("<uuid:application>/pieces/<uuid:piece>/", serving.piece, name="piece"),
    path("<uuid:application>/lettres/<slug:slug>/", letters.letter, name="letter"),
    path("<uuid:application>/accord/", working.grant, name="grant"),
    path("<uuid:application>/refus/", working.refuse, name="refuse"),
    path("<uuid:application>/notification/", working.notify, name="notify"),
    path("<uuid:application>/retrait/", partnering.withdraw, name="withdraw"),
    path("<uuid:application>/annulation/", partnering.cancel, name="cancel"),
    path("<uuid:application>/suivi/", following.follow, name="follow"),
    path("<uuid:application>/suivi/fin/", following.unfollow, name="unfollow"),
    path("<uuid:application>/suivi/confier/", following.hand_over, name="hand_over"),
    path("<uuid:application>/consultation/", following.consult, name="consult"),
]

register(due)
