"""Addresses of seconded agents. An address holds ids and hours only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.secondments import arranging, booking, following, reading, working
from maillage.web.secondments.tasks import due

app_name = "secondments"
urlpatterns = [
    path("", reading.secondments, name="list"),
    path("nouveau/", arranging.new, name="new"),
    path("permanences/<uuid:permanence>/fin/", arranging.permanence_end, name="permanence_end"),
    path("rendez-vous/<uuid:appointment>/", working.appointment, name="appointment"),
    path("rendez-vous/<uuid:appointment>/suite/", booking.again, name="again"),
    path("rendez-vous/<uuid:appointment>/deplacement/", booking.move, name="move"),
    path("rendez-vous/<uuid:appointment>/annulation/", working.cancel, name="cancel"),
    path("rendez-vous/<uuid:appointment>/tenu/", working.hold, name="hold"),
    path("rendez-vous/<uuid:appointment>/absence/", working.miss, name="miss"),
    path("rendez-vous/<uuid:appointment>/suivi/", following.follow, name="follow"),
    path("rendez-vous/<uuid:appointment>/suivi/fin/", following.unfollow, name="unfollow"),
    path("rendez-vous/<uuid:appointment>/suivi/confier/", following.hand_over, name="hand_over"),
    path("rendez-vous/<uuid:appointment>/consultation/", following.consult, name="consult"),
    path("<uuid:secondment>/", reading.secondment, name="secondment"),
    path("<uuid:secondment>/modification/", arranging.change, name="change"),
    path("<uuid:secondment>/permanences/", arranging.permanence_new, name="permanence_new"),
    path("<uuid:secondment>/agenda/", reading.agenda, name="agenda"),
    path("<uuid:secondment>/journee/", reading.day, name="day"),
    path("<uuid:secondment>/rendez-vous/", booking.book, name="book"),
]

register(due)
