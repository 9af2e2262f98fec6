"""Addresses of an organisation's people. An address holds ids only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.people import cases, cdr, changing, leaving, members
from maillage.web.people.tasks import trainings_due

app_name = "people"
urlpatterns = [
    path("", members.members, name="members"),
    path("inviter/", changing.invite, name="invite"),
    path("invitations/<uuid:invitation>/renvoi/", changing.invite_again, name="invite_again"),
    path("invitations/<uuid:invitation>/annulation/", changing.revoke_invitation, name="revoke_invitation"),
    path("roles/<uuid:membership>/fin/", changing.end_role, name="end_role"),
    path("cdr/", cdr.register, name="cdr"),
    path("cdr/export/", cdr.export, name="cdr_export"),
    path("cdr/ouverture/", cdr.grant, name="cdr_grant"),
    path("cdr/consultation/", cdr.consult, name="cdr_consult"),
    path("cdr/<uuid:access>/retrait/", cdr.revoke, name="cdr_revoke"),
    path("absences/<uuid:absence>/fin/", leaving.cancel_absence, name="cancel_absence"),
    path("<uuid:person>/absence/", leaving.absence, name="absence"),
    path("<uuid:person>/depart/", leaving.departure, name="departure"),
    path("<uuid:person>/dossiers/", cases.hand_cases, name="hand_cases"),
    path("dossiers/<uuid:bulk>/annulation/", cases.undo_hand, name="undo_hand"),
    path("<uuid:person>/remise/", leaving.hand, name="hand_over"),
    path("<uuid:person>/", members.person, name="person"),
    path("<uuid:person>/role/", changing.give_role, name="give_role"),
    path("<uuid:person>/formation/", changing.training, name="training"),
]

register(trainings_due)
