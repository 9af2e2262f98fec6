"""Addresses of the data-protection desk. An address holds ids and words of ours only."""

from django.urls import path

from maillage.web.home.tasks import register
from maillage.web.protection import (
    acting,
    breach,
    deciding,
    desk,
    destroying,
    extent,
    files,
    keeping,
    network,
    readings,
    reporting,
    training,
)
from maillage.web.protection.assessments import acting as assessing
from maillage.web.protection.assessments import assessment as one_assessment
from maillage.web.protection.assessments import listing as assessments
from maillage.web.protection.assessments import papers as assessment_papers
from maillage.web.protection.assessments.tasks import due as assessments_due
from maillage.web.protection.authorisations import acting as authorising
from maillage.web.protection.authorisations import reading as authorisations
from maillage.web.protection.authorisations.tasks import due as transfers_due
from maillage.web.protection.durations import acting as stating
from maillage.web.protection.durations import listing as durations
from maillage.web.protection.durations.tasks import due as durations_due
from maillage.web.protection.records import evidence, record
from maillage.web.protection.requests import acting as answering
from maillage.web.protection.requests import contacts, papers, receiving
from maillage.web.protection.requests import deciding as answering_each
from maillage.web.protection.requests import request as one_request
from maillage.web.protection.requests.tasks import due as requests_due
from maillage.web.protection.tasks import destructions_due, due, roles_due

app_name = "protection"
urlpatterns = [
    path("", desk.desk, name="desk"),
    path("reseau/", network.network, name="network"),
    path("formations/", training.people, name="training"),
    path("violations/", reporting.breaches, name="breaches"),
    path("violations/nouvelle/", reporting.new, name="breach_new"),
    path("violations/registre.xlsx", files.register, name="register"),
    path("violations/<uuid:breach>/", breach.breach, name="breach"),
    path("violations/<uuid:breach>/reception/", acting.acknowledge, name="acknowledge"),
    path("violations/<uuid:breach>/conventions/", acting.conventions, name="conventions"),
    path("violations/<uuid:breach>/connaissance/", acting.know, name="know"),
    path("violations/<uuid:breach>/mise-a-jour/", extent.extent, name="extent"),
    path("violations/<uuid:breach>/etendue/", acting.reach, name="reach"),
    path("violations/<uuid:breach>/etendue/<uuid:breach_reach>/", readings.listing, name="readings"),
    path(
        "violations/<uuid:breach>/etendue/<uuid:breach_reach>/dossiers.xlsx",
        readings.file,
        name="readings_file",
    ),
    path("violations/<uuid:breach>/jonction/", acting.join, name="join"),
    path("violations/<uuid:breach>/pieces/<slug:kind>/", acting.add, name="add"),
    path("violations/<uuid:breach>/decision/", deciding.propose, name="propose"),
    path("violations/<uuid:breach>/cloture/", deciding.close, name="close"),
    path("violations/<uuid:breach>/notification/", files.notice, name="notice"),
    path("violations/avis/<uuid:breach_notice>/", acting.told, name="told"),
    path("violations/decisions/<uuid:breach_decision>/accord/", deciding.agree, name="agree"),
    path("violations/pieces/<uuid:breach_entry>/", files.document, name="document"),
    path("calendrier/", keeping.calendar, name="calendar"),
    path("durees/", durations.durations, name="durations"),
    path("durees/nouvelle/", stating.new, name="duration_new"),
    path("durees/<uuid:case_duration>/retrait/", stating.withdraw, name="duration_withdraw"),
    path("destructions/", destroying.destructions, name="destructions"),
    path("destructions/<uuid:convention>/", destroying.destruction, name="destruction"),
    path("destructions/<uuid:convention>/jour/", destroying.destruction_day, name="destruction_day"),
    path(
        "destructions/<uuid:convention>/jour/<slug:party>/",
        destroying.destruction_day_for,
        name="destruction_day_for",
    ),
    path("destructions/<uuid:convention>/contreseing/", destroying.destruction_sign, name="destruction_sign"),
    path(
        "destructions/<uuid:convention>/certificat/<slug:party>/",
        destroying.destruction_certificate,
        name="destruction_certificate",
    ),
    path("registre/", record.record_today, name="record"),
    path("registre/version/", record.record_keep, name="record_keep"),
    path("registre/versions/<uuid:record_version>/", record.record_version, name="record_version"),
    path("registre/versions/<uuid:record_version>/registre.pdf", record.record_pdf_file, name="record_pdf"),
    path(
        "registre/versions/<uuid:record_version>/registre.xlsx",
        record.record_workbook_file,
        name="record_workbook",
    ),
    path("registre/preuves/<uuid:convention>/", evidence.evidence, name="evidence"),
    path("registre/preuves/<uuid:convention>/dossier.zip", evidence.evidence_file, name="evidence_file"),
    path("analyses/", assessments.assessments, name="assessments"),
    path("analyses/nouvelle/<uuid:convention>/<slug:regime>/", assessments.open_one, name="assessment_open"),
    path("analyses/<uuid:impact_assessment>/", one_assessment.assessment, name="assessment"),
    path("analyses/<uuid:impact_assessment>/necessite/", assessing.necessity, name="assessment_necessity"),
    path("analyses/<uuid:impact_assessment>/risques/<slug:feared>/", assessing.risk, name="assessment_risk"),
    path("analyses/<uuid:impact_assessment>/demande/", assessing.ask, name="assessment_ask"),
    path("analyses/<uuid:impact_assessment>/validation/", assessing.decide, name="assessment_validate"),
    path("analyses/<uuid:impact_assessment>/dossier/", assessment_papers.printed, name="assessment_print"),
    path(
        "analyses/demandes/<uuid:assessment_contribution>/",
        assessing.contribution,
        name="assessment_contribution",
    ),
    path(
        "analyses/demandes/<uuid:assessment_contribution>/retrait/",
        assessing.withdraw,
        name="assessment_withdraw",
    ),
    path(
        "analyses/demandes/<uuid:assessment_contribution>/lettre/",
        assessment_papers.letter,
        name="assessment_letter",
    ),
    path(
        "analyses/demandes/<uuid:assessment_contribution>/document/",
        assessment_papers.document,
        name="assessment_document",
    ),
    path("demandes/", receiving.requests, name="requests"),
    path("demandes/nouvelle/", receiving.new, name="request_new"),
    path("demandes/<uuid:rights_request>/", one_request.request, name="request"),
    path("demandes/<uuid:rights_request>/identite/", answering.identify, name="request_identify"),
    path("demandes/<uuid:rights_request>/recherche/", answering.search, name="request_search"),
    path("demandes/<uuid:rights_request>/dossiers/", answering.attach, name="request_attach"),
    path("demandes/<uuid:rights_request>/contacts/", contacts.search, name="request_contacts"),
    path("demandes/<uuid:rights_request>/contacts/noter/", contacts.attach, name="request_contacts_attach"),
    path(
        "demandes/<uuid:rights_request>/portabilite/<slug:form>/", contacts.portable, name="request_portable"
    ),
    path("demandes/<uuid:rights_request>/transmission/", answering.ask, name="request_ask"),
    path("demandes/<uuid:rights_request>/prolongation/", answering.extend, name="request_extend"),
    path("demandes/<uuid:rights_request>/reponse/", answering.answer, name="request_answer"),
    path("demandes/<uuid:rights_request>/refus/", answering.refuse, name="request_refuse"),
    path(
        "demandes/<uuid:rights_request>/reponses/<slug:right>/", answering_each.decide, name="request_decide"
    ),
    path("demandes/<uuid:rights_request>/levee/", answering_each.lift, name="request_lift"),
    path("demandes/<uuid:rights_request>/levee/lettre/", papers.lifting, name="request_lifting_letter"),
    path(
        "demandes/<uuid:rights_request>/opposition/levee/",
        answering_each.lift_objection,
        name="request_lift_objection",
    ),
    path(
        "demandes/<uuid:rights_request>/dossiers/<uuid:case>/correction/",
        answering.correct,
        name="request_correct",
    ),
    path("demandes/<uuid:rights_request>/rectification/", answering.rectify, name="request_rectify"),
    path("demandes/rectifications/<uuid:rectification>/reprise/", answering.take_up, name="take_up"),
    path("demandes/<uuid:rights_request>/lettre/", papers.letter, name="request_letter"),
    path("demandes/<uuid:rights_request>/contenu/", papers.held, name="request_held"),
    path("demandes/<uuid:rights_request>/contenu.json", papers.machine, name="request_machine"),
    path("autorisations/", authorisations.listing, name="transfers"),
    path("autorisations/nouvelle/", authorising.new, name="transfer_new"),
    path("autorisations/convention/<uuid:convention>/", authorisations.of_convention, name="transfers_of"),
    path("autorisations/<uuid:transfer>/", authorisations.one, name="transfer"),
    path("autorisations/<uuid:transfer>/reponse/", authorising.answer, name="transfer_answer"),
    path("autorisations/<uuid:transfer>/retrait/", authorising.withdraw, name="transfer_withdraw"),
    path("autorisations/<uuid:transfer>/contrat/", authorisations.document, name="transfer_document"),
    path(
        "autorisations/reponses/<uuid:transfer_answer>/",
        authorisations.answer_document,
        name="transfer_answer_document",
    ),
]

register(due)
register(durations_due)
register(roles_due)
register(destructions_due)
register(requests_due)
register(transfers_due)
register(assessments_due)
