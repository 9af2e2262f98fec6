"""Addresses of the pages on which conventions are written, signed and told about."""

from django.urls import URLPattern, URLResolver, path

from maillage.web.conventions.writing import (
    bodies,
    commitments,
    completing,
    data_roles,
    drafting,
    exporting,
    obligations,
    planned,
    proposing,
    referents,
    relating,
    signing,
    starting,
    thresholds,
)
from maillage.web.conventions.writing.amending import signing as amendment_signing
from maillage.web.conventions.writing.amending import views as amending
from maillage.web.conventions.writing.facts import letters, preparing, views

writing_urls: list[URLPattern | URLResolver] = [
    path("nouvelle/", starting.new, name="new"),
    path("nouvelle/fichier/", starting.imported, name="import"),
    path("<uuid:convention>/redaction/", drafting.write, name="write"),
    path("<uuid:convention>/redaction/parties/<slug:key>/", bodies.choose, name="body"),
    path("<uuid:convention>/redaction/<slug:slug>/", drafting.step, name="step"),
    path("<uuid:convention>/export/<slug:kind>/", exporting.export, name="export"),
    path("<uuid:convention>/proposition/", proposing.propose, name="propose"),
    path("<uuid:convention>/proposition/reprise/", proposing.take_back, name="take_back"),
    path("<uuid:convention>/suppression/", proposing.discard, name="discard"),
    path("<uuid:convention>/signature/", signing.own, name="sign"),
    path("<uuid:convention>/signature/<slug:key>/", signing.absent, name="sign_absent"),
    path("<uuid:convention>/faits/", views.facts, name="record"),
    path("<uuid:convention>/faits/lecture/", views.retain, name="retain"),
    path("<uuid:convention>/faits/lettres/", letters.letters, name="letters"),
    path("<uuid:convention>/faits/lettres/<uuid:delivery>/", letters.letter, name="letter"),
    path("<uuid:convention>/faits/lettres/<uuid:delivery>/pdf/", preparing.letter_of, name="letter_pdf"),
    path("<uuid:convention>/faits/<slug:slug>/", views.record, name="fact"),
    path("<uuid:convention>/blancs/", completing.blanks, name="blanks"),
    path("<uuid:convention>/blancs/remplir/", completing.fill, name="fill"),
    path("<uuid:convention>/blancs/choisir/", completing.decide, name="decide"),
    path("<uuid:convention>/roles/", data_roles.data_roles, name="data_roles"),
    path("<uuid:convention>/roles/<slug:flow>/accord/", data_roles.accept, name="data_roles_accept"),
    path(
        "<uuid:convention>/roles/accords/<uuid:acceptance>/retrait/",
        data_roles.withdraw,
        name="data_roles_withdraw",
    ),
    path("<uuid:convention>/referents/", referents.referents, name="referents"),
    path("<uuid:convention>/referents/nouveau/", referents.add, name="referent_add"),
    path("<uuid:convention>/referents/<uuid:referent>/remplacer/", referents.change, name="referent_change"),
    path("<uuid:convention>/referents/<uuid:referent>/fin/", referents.end, name="referent_end"),
    path("<uuid:convention>/referents/<uuid:referent>/prevu/", planned.plan, name="referent_plan"),
    path(
        "<uuid:convention>/referents/<uuid:referent>/formation/<uuid:training>/retrait/",
        planned.strike_training,
        name="referent_training_withdraw",
    ),
    path("<uuid:convention>/referents/<uuid:referent>/formation/", referents.train, name="referent_train"),
    path("<uuid:convention>/referents/<uuid:referent>/prevenues/", referents.told, name="referent_told"),
    path(
        "<uuid:convention>/referents/<uuid:referent>/lettre/<slug:key>/",
        referents.letter,
        name="referent_letter",
    ),
    path("<uuid:convention>/seuils/", thresholds.thresholds, name="thresholds"),
    path("<uuid:convention>/liens/", relating.relations, name="relations"),
    path("<uuid:convention>/liens/<uuid:relation>/retrait/", relating.remove, name="relation_remove"),
    path("<uuid:convention>/engagements/", commitments.register, name="commitments"),
    path(
        "<uuid:convention>/engagements/retrait/<uuid:evidence>/",
        commitments.cancel,
        name="evidence_cancel",
    ),
    path("<uuid:convention>/engagements/<slug:key>/preuve/", commitments.note, name="evidence"),
    path("<uuid:convention>/obligations/", obligations.obligations, name="obligations"),
    path(
        "<uuid:convention>/obligations/reponse/<uuid:mark>/<slug:verb>/",
        obligations.finish,
        name="obligation_answer",
    ),
    path("<uuid:convention>/obligations/<slug:key>/<slug:verb>/", obligations.begin, name="obligation"),
    path("<uuid:convention>/avenants/", amending.listed, name="amendments"),
    path("<uuid:convention>/avenants/clauses/", amending.choose, name="amendment_clauses"),
    path("<uuid:convention>/avenants/clause/", amending.clause, name="amendment_clause"),
    path("<uuid:convention>/avenants/changement/", amending.change, name="amendment_change"),
    path("<uuid:convention>/avenants/<uuid:amendment>/", amending.shown_one, name="amendment"),
    path(
        "<uuid:convention>/avenants/<uuid:amendment>/retrait/<int:number>/",
        amending.withdraw,
        name="amendment_withdraw",
    ),
    path(
        "<uuid:convention>/avenants/<uuid:amendment>/proposition/", amending.propose, name="amendment_propose"
    ),
    path("<uuid:convention>/avenants/<uuid:amendment>/abandon/", amending.abandon, name="amendment_abandon"),
    path(
        "<uuid:convention>/avenants/<uuid:amendment>/signature/<slug:key>/",
        amendment_signing.sign,
        name="amendment_sign",
    ),
]
