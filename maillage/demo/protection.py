"""Protection of data in the demonstration: authorisations and assessments, one of each settled, one of each that waits."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from maillage.conventions.lifecycle.models import Convention
from maillage.conventions.lifecycle.queries import load
from maillage.core.clock import now, today
from maillage.core.identifiers import uuid7
from maillage.demo.conventions import PARIS, acting_for, body_of, convention_id
from maillage.demo.secondments import NAME as RED_CROSS
from maillage.organisations.member import Member
from maillage.protection.assessments.asking import Answered
from maillage.protection.assessments.asking import answer as answer_contribution
from maillage.protection.assessments.asking import ask as ask_contribution
from maillage.protection.assessments.models import Assessment, AssessmentContribution
from maillage.protection.assessments.queries import kind_of_flow
from maillage.protection.assessments.rules import Decision, FearedEvent, Kind, Scores, Stance
from maillage.protection.assessments.saying import stamp
from maillage.protection.assessments.validating import validate
from maillage.protection.assessments.writing import Feared, open_version, write_necessity, write_risk
from maillage.protection.authorisations import rules as authorisations
from maillage.protection.authorisations.answering import Said
from maillage.protection.authorisations.answering import answer as answer_request
from maillage.protection.authorisations.asking import Asked
from maillage.protection.authorisations.asking import ask as ask_authorisation
from maillage.protection.authorisations.models import TransferRequest

CCAS: Final = "ccas_montbrison_2024"
_OFFICER, _ADMINISTRATOR = "dpo@cpam.example.org", "admin@cpam.example.org"
_CCAS, _RED_CROSS = "admin@ccas.example.org", "admin@croix-rouge.example.org"
_REGIME, _DETECTIONS = "application_locale", "detections"
_HOSTING: Final = Asked(
    regime=_DETECTIONS,
    kind=authorisations.Kind.SUB_PROCESSOR,
    body="Hébergeur d’Exemple",
    country="France",
    what="Identité et situation des personnes orientées vers la mission accompagnement santé.",
    purpose="Héberger le logiciel de suivi social du CCAS.",
    guarantees="Contrat de l’article 28 ; hébergement en France, certifié pour les données de santé.",
    starts_on=None,
)
_TRANSLATING: Final = Asked(
    regime=_REGIME,
    kind=authorisations.Kind.THIRD_PARTY,
    body="Interprètes d’Exemple",
    country="France",
    what="Prénom, langue parlée, heure du rendez-vous. Rien sur la santé ni sur les droits.",
    purpose="Envoyer une personne interprète aux rendez-vous de l’agent délégué.",
    guarantees="Engagement de confidentialité de chaque interprète ; liste effacée après le rendez-vous.",
    starts_on=None,
)
_NECESSITY: Final = (
    "La caisse ne peut rappeler la personne, ni instruire son dossier, sans son identité, un moyen de la joindre et sa demande."
    " Rien d’autre n’est demandé : pas de diagnostic, pas de récit de vie."
    " L’orientation par téléphone a été écartée : elle ne laisse ni trace ni preuve."
)
_RISKS: Final = {
    FearedEvent.ACCESS: Feared(
        "Un poste laissé ouvert à l’accueil, un compte qui n’a pas été fermé au départ d’une personne.",
        "La situation d’une personne, ses difficultés de santé ou d’argent, connues de quelqu’un qui n’a pas à les connaître.",
        "Second facteur, fermeture de session, dossiers chiffrés par convention, lecture journalisée, départ annoncé.",
        Scores(3, 3, 3, 1),
    ),
    FearedEvent.CHANGE: Feared(
        "Une erreur de saisie à l’accueil, deux dossiers confondus.",
        "Un droit demandé pour une autre personne, un appel qui ne vient pas.",
        "Recherche d’un dossier déjà ouvert, relecture avant l’envoi, rectification reprise par chaque organisme.",
        Scores(2, 3, 2, 1),
    ),
    FearedEvent.LOSS: Feared(
        "Une panne de l’hébergement, une sauvegarde qui ne se relit pas.",
        "Une demande à refaire, des soins reportés.",
        "Sauvegarde chiffrée chaque jour, relue, restaurée dans un essai ; pièces gardées par la personne.",
        Scores(2, 2, 2, 1),
    ),
}

_QUESTION: Final = "Qui a accès aux données chez vous, sur quels postes, et comment un accès se ferme-t-il ?"
_PRACTICE: Final = Answered(
    "Quatre personnes, formées, ont un compte ; deux postes, chiffrés, se verrouillent après cinq minutes."
    " Le responsable de l’accueil annonce chaque départ le jour même. Rien n’est imprimé."
)
_OPINION: Final = Answered(
    "Les données sont limitées à ce que la demande exige et chaque lecture laisse une trace."
    " À revoir si un nouveau service s’ajoute.",
    Stance.FAVOURABLE.value,
)


def load_protection() -> None:
    """Enter what is missing, once: each half is there whole or not at all."""
    with transaction.atomic(), acting_for("ccas", _CCAS) as ccas:
        is_asked = TransferRequest.objects.filter(organisation=ccas.organisation).exists()
    if not is_asked:
        with transaction.atomic():
            _authorise()
    with transaction.atomic(), acting_for("cpam", _ADMINISTRATOR) as cpam:
        is_led = Assessment.objects.filter(organisation=cpam.organisation).exists()
    if not is_led:
        with transaction.atomic():
            _assess()


def _authorise() -> None:
    """The caisse answered the CCAS; the Croix-Rouge waits for an answer."""
    at, on = now(), today(PARIS)
    with acting_for("ccas", _CCAS) as ccas:
        hosting = _ask(CCAS, _HOSTING, on, ccas, at)
    with acting_for("cpam", _OFFICER) as officer:
        said = Said(
            granted=True,
            words="Accord donné pour l’hébergement seul. Toute sauvegarde reste en France ; un changement d’hébergeur se redemande.",
            day=on,
            until=on + timedelta(days=300),
            to_term=False,
        )
        answer_request(
            transfer=hosting,
            answer_id=uuid7(),
            body=officer.organisation,
            said=said,
            file=None,
            by=officer,
            at=at,
        )
    with acting_for("croix_rouge", _RED_CROSS) as red_cross:
        _ask(RED_CROSS, _TRANSLATING, on + timedelta(days=14), red_cross, at)


def _ask(convention: str, said: Asked, on: date, by: Member, at: datetime) -> UUID:
    known = load(Convention.objects.get(pk=convention_id(convention)))
    return ask_authorisation(
        transfer_id=uuid7(), known=known, said=replace(said, starts_on=on), file=None, by=by, at=at
    ).pk


def _assess() -> None:
    """The exchanges with the Croix-Rouge, validated for two years; those with the CCAS, which is asked how it works."""
    red_cross = _written(RED_CROSS, _REGIME, "")
    opinion = _contribute(red_cross, Kind.OPINION, "cpam", "Votre avis avant la validation.")
    practice = _contribute(red_cross, Kind.DOCUMENTATION, "croix_rouge", _QUESTION)
    _answer(practice, "croix_rouge", _RED_CROSS, _PRACTICE)
    _answer(opinion, "cpam", _OFFICER, _OPINION)
    with acting_for("cpam", _ADMINISTRATOR) as leader:
        validate(
            assessment=red_cross,
            known=load(Convention.objects.get(pk=red_cross.convention_id)),
            decision=Decision.WITH_MEASURES.value,
            review_on=today(PARIS) + timedelta(days=730),
            by=leader,
            at=now(),
        )
    ccas = _written(CCAS, _DETECTIONS, "L’annexe qui le dirait manque : la caisse reçoit les orientations.")
    _contribute(ccas, Kind.DOCUMENTATION, "ccas", _QUESTION)


def _written(convention: str, regime: str, why_leads: str) -> Assessment:
    """A version opened by the caisse, its necessity and its three risks described."""
    with acting_for("cpam", _ADMINISTRATOR) as leader:
        kind = kind_of_flow(leader, convention_id(convention), regime, now())
        if kind is None:
            raise LookupError(f"{convention} no longer says {regime}")
        row = open_version(assessment_id=uuid7(), kind=kind, lead_reason=why_leads, by=leader, at=now())
        row = write_necessity(
            assessment=row, necessity=_NECESSITY, seen=stamp(row.written_at), by=leader, at=now()
        )
        for event, said in _RISKS.items():
            write_risk(assessment=row, event=event, said=said, seen=stamp(None), by=leader, at=now())
        return row


def _contribute(row: Assessment, kind: Kind, body: str, question: str) -> AssessmentContribution:
    with acting_for("cpam", _ADMINISTRATOR) as leader:
        return ask_contribution(
            assessment=row,
            known=load(Convention.objects.get(pk=row.convention_id)),
            contribution_id=uuid7(),
            whom=f"{kind}:{body_of(body).id}",
            question=question,
            due_on=today(PARIS) + timedelta(days=21),
            by=leader,
            at=now(),
        )


def _answer(asked: AssessmentContribution, body: str, address: str, said: Answered) -> None:
    with acting_for(body, address) as someone:
        answer_contribution(contribution=asked, said=said, file=None, by=someone, at=now())
