"""Addresses of referrals. An address holds ids only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.referrals import (
    advising,
    drafting,
    ending,
    enrolling,
    finding,
    following,
    forwarding,
    guiding,
    keying,
    messaging,
    own,
    printing,
    reading,
    soliciting,
    stopping,
    working,
)
from maillage.web.referrals.tasks import due

app_name = "referrals"
urlpatterns = [
    path("", reading.referrals, name="list"),
    path("recherche/", finding.find, name="find"),
    path("nouvelle/", drafting.new, name="new"),
    path("conseil/<uuid:convention>/<str:route>/", advising.advise, name="advise"),
    path("conseil/<uuid:convention>/<str:route>/guide/<slug:place>/", guiding.guide_of, name="guide"),
    path("brouillons/<uuid:draft>/envoi/", drafting.send, name="send"),
    path("brouillons/<uuid:draft>/suppression/", drafting.discard, name="discard"),
    path("brouillons/<uuid:draft>/<slug:slug>/", drafting.step, name="step"),
    path("feuilles/", keying.papers, name="papers"),
    path("feuilles/<uuid:paper>/saisie/", keying.key_in, name="paper_key"),
    path("feuilles/<uuid:paper>/retrait/", keying.drop, name="paper_drop"),
    path("prado/<uuid:prado>/", enrolling.listed, name="enrolments"),
    path("prado/<uuid:prado>/nouvelle/", enrolling.enrol, name="enrol"),
    path("prado/inscriptions/<uuid:enrolment>/", enrolling.enrolment, name="enrolment"),
    path("prado/inscriptions/<uuid:enrolment>/<slug:slug>/", enrolling.note, name="enrolment_note"),
    path("<uuid:case>/", reading.case, name="case"),
    path("<uuid:case>/papier/", printing.filled, name="filled"),
    path("<uuid:case>/suivi/", following.follow, name="follow"),
    path("<uuid:case>/suivi/fin/", following.unfollow, name="unfollow"),
    path("<uuid:case>/suivi/confier/", following.hand_over, name="hand_over"),
    path("<uuid:case>/consultation/", following.consult, name="consult"),
    path("<uuid:case>/solliciter/", soliciting.solicit, name="solicit"),
    path("<uuid:case>/reception/", working.acknowledge, name="acknowledge"),
    path("<uuid:case>/acceptation/", working.accept, name="accept"),
    path("<uuid:case>/refus/", working.refuse, name="refuse"),
    path("<uuid:case>/contact/", working.contact, name="contact"),
    path("<uuid:case>/pause/", working.pause, name="pause"),
    path("<uuid:case>/reprise/", working.resume, name="resume"),
    path("<uuid:case>/question/", working.ask, name="ask"),
    path("<uuid:case>/message/", messaging.message, name="message"),
    path("<uuid:case>/pieces/<uuid:attachment>/", messaging.attachment, name="attachment"),
    path("<uuid:case>/messages/lus/", messaging.messages_read, name="messages_read"),
    path("<uuid:case>/cloture/", ending.close, name="close"),
    path("<uuid:case>/issues/", ending.settle, name="settle"),
    path("<uuid:case>/redirection/", forwarding.redirect_elsewhere, name="redirect"),
    path("<uuid:case>/transmission/", forwarding.forward, name="forward"),
    path("<uuid:case>/repartir/", forwarding.restart, name="restart"),
    path("<uuid:case>/bilan/", own.assess, name="assess"),
    path("<uuid:case>/plan/", own.plan, name="plan"),
    path("actions/<uuid:action>/", own.end_action, name="end_action"),
    path("questions/<uuid:question>/", stopping.answer, name="answer"),
    path("<uuid:case>/arret/", stopping.withdraw, name="withdraw"),
    path("<uuid:case>/annulation/", stopping.cancel, name="cancel"),
]

register(due)
register(messaging.messages_due)
